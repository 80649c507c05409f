import html
import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from evals.fidelity.run import measured, summed
from humphrey.app.guidance import read_documents
from humphrey.documents.ingest import FileRejected, IngestedFile
from humphrey.documents.model import split
from humphrey.documents.readers.files import read_files

SHARED = os.environ.get("HUMPHREY_SHARED_DATA", "")  # noqa: TID251 - says where real documents are, for tests alone


PAGES = Path(SHARED) / "govuk_content_api"


pytestmark = pytest.mark.skipif(not SHARED, reason="needs real documents: set HUMPHREY_SHARED_DATA to their folder")


@pytest.fixture(scope="module")
def pages() -> list[IngestedFile]:
    # The folder has a list of its pages too, of a kind that is not read.
    items = [item for item in read_files([PAGES], {}) if not (isinstance(item, FileRejected) and ".jsonl" in item.path)]
    assert len(items) == 131
    assert [item for item in items if not isinstance(item, IngestedFile)] == []
    return [item for item in items if isinstance(item, IngestedFile)]


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def test_no_visible_word_of_a_page_of_any_schema_is_lost(pages):
    """The words that a reader would see are found without a parser."""
    for item in pages:
        details = json.loads(Path(item.source.path).read_text(encoding="utf-8"))["details"]
        bodies = [details.get("body"), *(part["body"] for part in details.get("parts", []))]
        seen = " ".join(re.sub(r"<[^>]+>", " ", body) for body in bodies if isinstance(body, str))
        lost = words(html.unescape(seen)) - words(f"{item.document.imprint.title} {item.document.text}")
        assert lost == Counter(), item.source.path


def test_withdrawn_pages_former_governments_and_other_languages_are_marked(pages):
    imprints = [item.document.imprint for item in pages]

    withdrawn = [imprint for imprint in imprints if imprint.state == "withdrawn"]
    assert withdrawn
    assert all(imprint.withdrawn_at and imprint.reason for imprint in withdrawn)
    assert {imprint.history for imprint in imprints} == {
        "",
        "2010 to 2015 Conservative and Liberal Democrat coalition government",
        "2022 to 2024 Sunak Conservative government",
    }
    assert Counter(imprint.locale for imprint in imprints)["cy"] == 5


def test_every_real_office_file_has_text_headings_and_passages():
    documents, refused = read_documents([Path(SHARED) / "uk_gov_pdf_odt" / "files"])

    assert (len(documents), refused) == (18, [])
    for document in documents:
        assert len(document.text) > 9_000, document.id
        assert len(document.headings) >= 7, document.id
        assert all(passage.text.strip() for passage in split(document)), document.id


def test_word_files_are_read_as_faithfully_as_is_promised(tmp_path):
    """Every fifth of them, so that the test stays short; `python -m evals fidelity` does any folder."""
    whole = Path(SHARED) / "uk_gov_docx"
    (tmp_path / "docx").mkdir()
    (tmp_path / "reference_html").symlink_to(whole / "reference_html")
    for path in sorted((whole / "docx").iterdir())[::5]:
        (tmp_path / "docx" / path.name).symlink_to(path)

    scores, refused = measured(tmp_path)

    figures = summed(scores)
    assert refused == []
    assert figures["count"] >= 10
    assert figures["words_median"] >= 0.98
    assert figures["headings_mean"] >= 0.9
