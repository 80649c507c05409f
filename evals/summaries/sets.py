"""Texts that were published with a summary, and that summary separated from the text."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from humphrey.app.guidance import read_documents
from humphrey.documents.model import Document, Heading

PAGES = ("govuk_pages_2024/original_json", "govuk_content_api")


FILES = ("uk_gov_docx/docx", "uk_gov_pdf_odt/files")


_FEWEST_PAGE_WORDS, _FEWEST_FILE_WORDS, _FEWEST_SUMMARY_WORDS = 300, 600, 40


_SUMS_UP = re.compile(
    r"(?:\d+\.?\s*)?(?:executive summary|overview of the (?:act|instrument)|purpose of the instrument|summary)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sample:
    """A text without its summary, and the summary."""

    document: Document
    summary: str


def pages(folder: Path) -> list[Sample]:
    """Return pages of GOV.UK in English with their published description; the text does not contain it."""
    described = dict(_descriptions(folder))
    documents, _ = read_documents([folder / name for name in PAGES if (folder / name).is_dir()])
    once = {document.id: document for document in documents}
    return [
        Sample(_without_lead(document, described[document.id]), described[document.id])
        for document in once.values()
        if described.get(document.id) and _long_english(document)
    ]


def files(folder: Path) -> list[Sample]:
    """Return explanatory memoranda, notes on Acts and strategies, each without its own summary section."""
    documents, _ = read_documents([folder / name for name in FILES if (folder / name).is_dir()])
    found = (_parted(document) for document in documents)
    return [sample for sample in found if sample and len(sample.document.text.split()) >= _FEWEST_FILE_WORDS]


def _long_english(document: Document) -> bool:
    return document.imprint.locale == "en" and len(document.text.split()) >= _FEWEST_PAGE_WORDS


def _descriptions(folder: Path) -> Iterator[tuple[str, str]]:
    for name in PAGES:
        for path in sorted((folder / name).rglob("*.json")):
            page = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(page, Mapping) and isinstance(page.get("description"), str) and page.get("base_path"):
                yield str(page["base_path"]).lstrip("/"), page["description"]


def _without_lead(document: Document, description: str) -> Document:
    """Return a page without the description if it stands first, as it does on some kinds of page."""
    if not document.text.startswith(description):
        return document
    return _without(document, 0, len(description), 0, 0)


def _parted(document: Document) -> Sample | None:
    """Return a file without its first summary section, and that section; None without one of enough length."""
    for n, heading in enumerate(document.headings):
        if _SUMS_UP.fullmatch(heading.title.strip()):
            after = n + 1
            while after < len(document.headings) and document.headings[after].level > heading.level:
                after += 1
            end = document.headings[after].start if after < len(document.headings) else len(document.text)
            summary = document.text[heading.end : end].strip()
            if len(summary.split()) >= _FEWEST_SUMMARY_WORDS:
                return Sample(_without(document, heading.start, end, n, after), summary)
    return None


def _without(document: Document, start: int, end: int, first: int, after: int) -> Document:
    """Return a document without a stretch of its text and the headings from `first` to before `after`."""
    later = (_moved(heading, start - end) for heading in document.headings[after:])
    text = document.text[:start] + document.text[end:]
    return replace(document, text=text, headings=(*document.headings[:first], *later))


def _moved(heading: Heading, by: int) -> Heading:
    return replace(heading, start=heading.start + by, end=heading.end + by)
