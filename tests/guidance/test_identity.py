"""A document's id and its readers: what a file says of itself takes nothing from anybody, whatever door it comes by."""

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from humphrey.documents.ingest import SourceFile
from humphrey.documents.model import Document, Imprint, split
from humphrey.documents.readers.files import read_files
from humphrey.errors import OtherReaders
from humphrey.guidance import store as document_store
from humphrey.guidance.library import Library
from tests.support.indexing import library

EVERYONE, HR, FINANCE = frozenset[str](), frozenset({"hr"}), frozenset({"finance"})

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def shelf(tmp_path: Path):
    opened = library(tmp_path / "data")
    yield opened
    opened.close()


def page(words: str, address: str = "/guidance/parking") -> str:
    return (
        f'<html><head><title>Parking</title><link rel="canonical" href="https://www.gov.uk{address}"></head>'
        f"<body><main><h1>Parking</h1><p>{words}</p></main></body></html>"
    )


def written(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def save(shelf: Library, text: str, audience: frozenset[str], document_id: str = "parking") -> None:
    made = Document(document_id, Imprint("Parking", ""), text)
    with shelf._database.transaction() as tx:
        document_store.save(tx, made, split(made), SourceFile("notes//parking.md", "sha256:1"), audience, AT)


@pytest.mark.parametrize(("first", "second"), [(EVERYONE, HR), (HR, EVERYONE), (HR, FINANCE), (HR, HR | FINANCE)])
def test_saving_a_document_under_the_id_of_one_for_other_readers_is_refused_and_changes_nothing(shelf, first, second):
    save(shelf, "Permits are free.", first)
    before = shelf.document("parking"), shelf.audience("parking")

    with pytest.raises(OtherReaders, match="'parking' is for other readers"):
        save(shelf, "Permits cost 900 pounds.", second)

    assert (shelf.document("parking"), shelf.audience("parking")) == before


def test_a_removed_version_is_not_opened_by_storing_the_same_words_for_others(shelf):
    save(shelf, "Permits are free.", HR)
    version = shelf.document("parking").version
    shelf.remove("parking")

    with pytest.raises(OtherReaders):
        save(shelf, "Permits are free.", EVERYONE)
    save(shelf, "Permits cost 30 pounds.", EVERYONE)

    assert not shelf.may_read("parking", (), version)
    assert shelf.may_read("parking", ("hr",), version)


def test_a_page_that_names_itself_as_a_page_for_others_gets_an_id_of_its_own(shelf, tmp_path):
    shelf.index([written(tmp_path / "open", "a.html", page("Permits are free."))])
    shelf.index([written(tmp_path / "hr", "b.html", page("Permits cost 900 pounds."))], audience=HR)

    assert {each.id: each.audience for each in shelf.list_documents(("hr",))} == {
        "guidance/parking": EVERYONE,
        "guidance/parking@hr": HR,
    }
    assert "Permits are free." in shelf.document("guidance/parking").text


def test_an_id_whose_file_is_gone_passes_to_a_file_for_the_same_readers_only(shelf, tmp_path):
    first = written(tmp_path / "first", "a.html", page("Permits are free."))
    shelf.index([first], audience=HR)
    (first / "a.html").unlink()

    shelf.index([written(tmp_path / "open", "a.html", page("Permits cost 900 pounds."))])
    assert shelf.audience("guidance/parking") == HR
    assert shelf.audience("guidance/parking@open") == EVERYONE

    shelf.index([written(tmp_path / "moved", "a.html", page("Permits are free, as before."))], audience=HR)
    assert "as before" in shelf.document("guidance/parking").text


@pytest.mark.parametrize("address", ["/attached/0123456789abcdef", "/Attached/x", "//attached/x"])
def test_content_never_gives_an_id_of_the_space_of_attached_files(shelf, tmp_path, address):
    told = {"title": "Parking", "base_path": address, "details": {"body": "<p>Permits are free.</p>"}}
    folder = written(tmp_path / "open", "page.html", page("Permits are free.", address))
    written(folder, "told.json", json.dumps(told))

    shelf.index([folder])

    assert {each.id for each in shelf.list_documents()} == {"page", "told"}


def test_a_path_never_gives_an_id_of_the_space_of_attached_files(shelf, tmp_path):
    written(tmp_path / "open" / "attached", "0123456789abcdef.md", "# Parking\n\nPermits are free.\n")

    report = shelf.index([tmp_path / "open"])

    assert shelf.list_documents() == []
    [refused] = report.refused
    assert "'attached/0123456789abcdef'" in refused.reason
    assert "rename its folder" in refused.reason


def test_an_earlier_version_is_never_shown_to_more_people_than_it_was(shelf, tmp_path):
    folder = written(tmp_path / "notes", "parking.md", "# Parking\n\nPermits are free.\n")
    shelf.index([folder], audience=HR)
    old = shelf.document("parking").version
    written(folder, "parking.md", "# Parking\n\nPermits cost 30 pounds.\n")
    shelf.index([folder], audience=EVERYONE)
    new = shelf.document("parking").version

    assert shelf.may_read("parking", ())
    assert shelf.may_read("parking", (), new)
    assert not shelf.may_read("parking", (), old)
    assert shelf.may_read("parking", ("hr",), old)


def test_an_earlier_version_is_closed_with_its_document_and_stays_closed_when_it_is_removed(shelf, tmp_path):
    folder = written(tmp_path / "notes", "parking.md", "# Parking\n\nPermits are free.\n")
    shelf.index([folder])
    old = shelf.document("parking").version
    written(folder, "parking.md", "# Parking\n\nPermits cost 30 pounds.\n")
    shelf.index([folder], audience=HR)
    assert not shelf.may_read("parking", (), old)

    shelf.remove("parking")

    assert not shelf.may_read("parking", (), old)
    assert shelf.may_read("parking", ("hr",), old)


def test_a_document_that_goes_from_one_group_to_another_keeps_its_earlier_versions_from_both(shelf, tmp_path):
    folder = written(tmp_path / "notes", "parking.md", "# Parking\n\nPermits are free.\n")
    shelf.index([folder], audience=HR)
    old = shelf.document("parking").version
    written(folder, "parking.md", "# Parking\n\nPermits cost 30 pounds.\n")
    shelf.index([folder], audience=FINANCE)

    assert not shelf.may_read("parking", ("hr",), old)
    assert not shelf.may_read("parking", ("finance",), old)
    assert shelf.may_read("parking", ("hr", "finance"), old)


def test_the_same_words_in_two_documents_give_no_access_to_the_other(shelf, tmp_path):
    words = "# Parking\n\nPermits are free.\n"
    shelf.index([written(tmp_path / "open", "mine.md", words)])
    shelf.index([written(tmp_path / "hr", "theirs.md", words)], audience=HR)
    version = shelf.document("mine").version

    assert shelf.document("theirs").version == version
    assert shelf.may_read("mine", (), version)
    assert not shelf.may_read("theirs", (), version)


def test_an_upload_has_the_id_of_its_name_and_keeps_the_one_that_it_has(shelf, tmp_path):
    uploads = written(tmp_path / "uploads" / "everyone", "parking.html", page("Permits are free."))
    shelf.index([uploads])
    written(uploads, "parking.html", page("Permits are free this year."))
    written(uploads, "bays.html", page("Bays are marked."))

    uploading = Library(shelf._database, partial(read_files, by_path=tmp_path / "uploads"), lambda: shelf._index)
    uploading.index([uploads])

    assert {each.id for each in uploading.list_documents()} == {"guidance/parking", "bays"}
    assert "this year" in uploading.document("guidance/parking").text
