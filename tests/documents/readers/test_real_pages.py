import html
import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from humphrey.documents.ingest import IngestedFile
from humphrey.documents.model import Document, split
from humphrey.documents.readers.files import read_files
from tests.support.indexing import library

SHARED = os.environ.get("HUMPHREY_SHARED_DATA", "")  # noqa: TID251 - says where real pages are, for tests alone


FOLDERS = [Path(SHARED) / "govuk_pages_2024" / "original_json", Path(SHARED) / "conditionalqa_pages" / "html"]


pytestmark = pytest.mark.skipif(not SHARED, reason="needs real pages: set HUMPHREY_SHARED_DATA to their folder")


@pytest.fixture(scope="module")
def pages() -> list[Document]:
    items = list(read_files(FOLDERS, {}))
    assert [item for item in items if not isinstance(item, IngestedFile)] == []
    return [item.document for item in items if isinstance(item, IngestedFile)]


def test_every_real_page_is_read(pages):
    assert len(pages) == 152 + 29
    assert all(page.imprint.title and page.imprint.url.startswith("https://www.gov.uk/") for page in pages)
    assert sum(page.imprint.updated is not None for page in pages) == 152


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def visible(path: Path) -> str:
    """The words of a file that a reader would see, found without a parser."""
    if path.suffix == ".html":
        return html.unescape(re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8").partition("<main>")[2]))
    details = json.loads(path.read_text(encoding="utf-8"))["details"]
    if details["parts"]:
        return html.unescape(
            re.sub(r"<[^>]+>", " ", " ".join(part["title"] + part["body"] for part in details["parts"]))
        )
    return re.sub(
        r"^ *\*\[.*|\]\([^)]*\)|<http[^>]*>|[*_#\\]|^ *\d+\. |---[-| ]*$", " ", details["body"], flags=re.MULTILINE
    )


def test_no_visible_word_of_a_real_page_is_lost():
    for item in read_files(FOLDERS, {}):
        assert isinstance(item, IngestedFile)
        page = item.document
        lost = words(visible(Path(item.source.path))) - words(f"{page.imprint.title} {page.text}")
        assert lost == Counter(), page.id


def test_every_part_of_a_real_page_is_in_a_passage_or_a_heading(pages):
    for page in pages:
        parts = [passage.text for passage in split(page)] + [heading.title for heading in page.headings]
        assert sorted("".join("".join(parts).split())) == sorted("".join(page.text.split())), page.id


def test_real_pages_of_two_kinds_are_indexed_in_one_run_and_found(tmp_path):
    """A part of them, so that the test stays short; `evals/bench/retrieval.py --folder` does any folder."""
    chosen = tmp_path / "pages"
    chosen.mkdir()
    for folder in FOLDERS:
        for path in sorted(folder.iterdir())[:6]:
            (chosen / f"{folder.name}-{path.name}").write_bytes(path.read_bytes())
    shelf = library(tmp_path / "data")

    report = shelf.index([chosen])

    assert (report.added, report.refused) == (12, ())
    found = {hit.passage.document for hit in shelf.search("How much Attendance Allowance can I get?", 3)}
    assert "attendance-allowance" in found
    shelf.close()
