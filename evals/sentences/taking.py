"""Real sentences with their passages, half of the documents to tune on and half held back."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.sentences.changing import Pool, forms, names
from humphrey.app.guidance import read_documents
from humphrey.documents.model import Document, Passage, split
from humphrey.text.sentences import Span, sentences

SEED = 23


FOLDERS = ("conditionalqa_pages/html", "govuk_pages_2024/original_json", "govuk_content_api")


_FEWEST_WORDS, _MOST_WORDS = 7, 45


_WHOLE = re.compile(r"[A-Z].*[.]$", re.DOTALL)


@dataclass(frozen=True)
class Taken:
    """A sentence of a document: its place, the passage around it, and the sentence after it in its paragraph."""

    document: Document
    passage: Passage
    span: Span
    following: str

    @property
    def text(self) -> str:
        """Its words."""
        return self.span.of(self.document.text)


def taken(documents: Sequence[Document], each: int) -> list[Taken]:
    """Return at most `each` whole sentences of every document in English, chosen with a fixed seed."""
    rng = random.Random(SEED)  # noqa: S311 - a choice that can be made again, no secret
    found: list[Taken] = []
    for document in sorted(documents, key=lambda one: one.id):
        if document.imprint.locale == "en":
            whole = list(_whole(document))
            found += rng.sample(whole, min(each, len(whole)))
    return found


def halves(documents: Sequence[Document]) -> tuple[list[Document], list[Document]]:
    """Return the documents to tune on and those held back."""
    shuffled = sorted(documents, key=lambda one: one.id)
    random.Random(SEED).shuffle(shuffled)  # noqa: S311 - an even split, no secret
    middle = len(shuffled) // 2
    return shuffled[:middle], shuffled[middle:]


def documents_of(folder: Path) -> list[Document]:
    """Return the documents of the data sets in a folder, or of the folder itself if it has none of them."""
    inner = [folder / name for name in FOLDERS if (folder / name).is_dir()]
    documents, _ = read_documents(inner or [folder])
    return documents


def pools(sentences_taken: Sequence[Taken]) -> Iterator[Pool]:
    """Return for each sentence what a wrong version of it may borrow."""
    everywhere = sorted({name[0] for one in sentences_taken for name in names(one.text)})
    every_form = sorted({form for one in sentences_taken for form in forms(one.document.text)})
    for one in sentences_taken:
        near = sorted({name[0] for span in sentences(one.passage.text) for name in names(span.of(one.passage.text))})
        yield Pool(one.passage.text, near if len(near) > 1 else everywhere, every_form)


def _whole(document: Document) -> Iterator[Taken]:
    for passage in split(document):
        spans = sentences(passage.text)
        for n, span in enumerate(spans):
            text = span.of(passage.text)
            if _FEWEST_WORDS <= len(text.split()) <= _MOST_WORDS and _WHOLE.fullmatch(text) and "\n" not in text:
                placed = Span(passage.start + span.start, passage.start + span.end)
                yield Taken(document, passage, placed, _after(passage.text, spans, n))


def _after(text: str, spans: Sequence[Span], n: int) -> str:
    """Return the next sentence, if it follows on the same line and is whole."""
    if n + 1 == len(spans) or "\n" in text[spans[n].end : spans[n + 1].start]:
        return ""
    following = spans[n + 1].of(text)
    return following if _WHOLE.fullmatch(following) else ""
