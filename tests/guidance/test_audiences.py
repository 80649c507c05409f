"""Who finds and reads what, from the files to the hits."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from humphrey.errors import DocumentError, IndexingStopped
from humphrey.guidance import store as document_store
from humphrey.guidance.library import Library
from tests.support.indexing import library

HR, FINANCE = frozenset({"hr"}), frozenset({"finance"})


NOBODY, ONE, BOTH = (), ("hr",), ("hr", "finance", "legal")


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Library]:
    opened = library(tmp_path / "data")
    yield opened
    opened.close()


def folder(path: Path, **notes: str) -> Path:
    path.mkdir(exist_ok=True)
    for name, text in notes.items():
        (path / f"{name}.md").write_text(f"# {name}\n\n{text}\n", encoding="utf-8")
    return path


@pytest.fixture
def filled(shelf: Library, tmp_path: Path) -> Library:
    shelf.index([folder(tmp_path / "open", travel="Travel rules for everyone.")])
    shelf.index([folder(tmp_path / "hr", pay="Travel rules for staff on pay.")], audience=HR)
    shelf.index([folder(tmp_path / "finance", audit="Travel rules for audit.")], audience=FINANCE)
    return shelf


def found(shelf: Library, groups: tuple[str, ...], query: str = "travel rules") -> set[str]:
    return {hit.passage.document for hit in shelf.search(query, 10, groups)}


@pytest.mark.parametrize(
    ("groups", "documents"), [(NOBODY, {"travel"}), (ONE, {"travel", "pay"}), (BOTH, {"travel", "pay", "audit"})]
)
def test_people_in_no_group_in_one_and_in_several_find_read_and_are_listed_the_same(filled, groups, documents):
    assert found(filled, groups) == documents
    assert {each.id for each in filled.list_documents(groups)} == documents
    for document in ("travel", "pay", "audit"):
        version = filled.document(document).version
        assert filled.may_read(document, groups) is (document in documents)
        assert filled.may_read(document, groups, version) is (document in documents)


def test_nobody_may_read_what_was_never_held(filled):
    assert not filled.may_read("nothing", BOTH)
    assert not filled.may_read("travel", BOTH, "sha256:0")


def test_a_list_says_of_each_document_what_a_reader_wants_to_know(filled, tmp_path):
    [pay] = [each for each in filled.list_documents(ONE) if each.id == "pay"]

    assert (pay.imprint.title, pay.passages, pay.audience) == ("pay", 1, HR)
    assert pay.path == str(tmp_path / "hr" / "pay.md")
    assert pay.taken_in.tzinfo is not None


def test_indexing_again_without_a_group_leaves_everything_to_its_readers(filled, tmp_path):
    folder(tmp_path / "hr", pay="Travel rules for staff on pay, changed.", leave="Travel rules on leave.")

    report = filled.index([tmp_path / "open", tmp_path / "hr"])

    assert (report.added, report.updated) == (1, 1)
    assert found(filled, NOBODY) == {"travel"}
    assert found(filled, ONE) == {"travel", "pay", "leave"}


def test_a_new_file_where_documents_are_for_different_groups_is_refused_until_a_person_says(filled, tmp_path):
    filled.index([tmp_path / "hr" / "pay.md"], audience=FINANCE)
    folder(tmp_path / "hr", leave="Travel rules on leave.")
    filled.index([tmp_path / "hr" / "leave.md"], audience=HR)
    folder(tmp_path / "hr", new="Travel rules that are new.")

    report = filled.index([tmp_path / "hr"])

    assert [refused.path for refused in report.refused] == [str(tmp_path / "hr" / "new.md")]
    assert "with --group" in report.refused[0].reason
    assert filled.index([tmp_path / "hr"], audience=HR).added == 1


@pytest.mark.parametrize("audience", [frozenset(), FINANCE])
def test_a_file_that_is_as_it_was_changes_its_readers_with_all_its_versions(filled, tmp_path, audience):
    old = filled.document("pay").version
    folder(tmp_path / "hr", pay="Travel rules for staff on pay, changed.")
    filled.index([tmp_path / "hr"])

    report = filled.index([tmp_path / "hr"], audience=audience)

    assert (report.updated, report.unchanged) == (1, 0)
    assert found(filled, ("finance",)) == {"travel", "pay", "audit"}
    assert filled.may_read("pay", ONE) is (not audience)
    assert filled.may_read("pay", ONE, old) is (not audience)


def test_an_index_that_lags_behind_shows_nothing_that_was_restricted_meanwhile(filled, tmp_path):
    with filled._database.transaction() as tx:
        document_store.set_audience(tx, "travel", HR)

    assert found(filled, NOBODY) == set()
    assert found(filled, ONE) == {"travel", "pay"}


def test_a_removed_document_is_found_no_more_but_its_readers_can_still_check_a_citation(filled):
    version = filled.document("pay").version
    filled.remove("pay")

    assert found(filled, BOTH) == {"travel", "audit"}
    assert filled.document("pay") is None
    assert filled.document("pay", version).imprint.state == "withdrawn"
    assert filled.may_read("pay", ONE, version)
    assert not filled.may_read("pay", ("finance",), version)
    with pytest.raises(DocumentError, match="there is no document 'pay'"):
        filled.remove("pay")


def test_a_text_is_found_under_the_documents_that_had_it_and_no_other(filled):
    secret = filled.document("pay").version

    assert filled.document("travel", secret) is None


def test_a_removed_documents_name_may_be_anothers_and_its_old_words_stay_with_its_readers(filled, tmp_path):
    old = filled.document("pay").version
    filled.remove("pay")
    (tmp_path / "hr" / "pay.md").unlink()
    filled.index([folder(tmp_path / "open", pay="Travel rules on pay for everyone.")])

    assert filled.may_read("pay", NOBODY)
    assert not filled.may_read("pay", NOBODY, old)


def test_refusals_are_remembered_until_their_file_is_come_to_again(filled, tmp_path):
    (tmp_path / "open" / "bad.md").write_bytes(b"\xff\xfe")
    (tmp_path / "hr" / "worse.md").write_bytes(b"\xff\xfe")
    filled.index([tmp_path / "open"])
    filled.index([tmp_path / "hr"])
    filled.index([tmp_path / "finance"])

    assert [Path(each.path).name for each in filled.refusals()] == ["bad.md"]
    assert [Path(each.path).name for each in filled.refusals(ONE)] == ["worse.md", "bad.md"]
    (tmp_path / "open" / "bad.md").write_text("Good now.", encoding="utf-8")
    filled.index([tmp_path / "open" / "bad.md"], audience=frozenset())
    assert [Path(each.path).name for each in filled.refusals(ONE)] == ["worse.md"]


def test_what_its_publisher_no_longer_stands_by_comes_after_what_is_current(shelf, tmp_path):
    note = "---\ntitle: Mileage\nstate: {}\n---\nThe mileage rate for a private car is {}p a mile.\n"
    notes = folder(tmp_path / "open")
    for state, pence in (("superseded", 45), ("current", 55)):
        (notes / f"{state}.md").write_text(note.format(state, pence), encoding="utf-8")
    shelf.index([folder(notes, parking="Permits for parking are given by the facilities team.")])

    hits = shelf.search("What is the mileage rate for a private car that was 45p?", 2)

    assert [hit.imprint.state for hit in hits] == ["current", "superseded"]
    assert hits[0].score > hits[1].score


def test_a_page_in_another_language_is_found_by_a_query_that_asks_for_it(shelf, tmp_path):
    page = '<html lang="{}"><head><title>{}</title></head><body><main><p>{}</p></main></body></html>'
    pages = folder(tmp_path / "open")
    (pages / "leave.html").write_text(page.format("en", "Leave", "You get 25 days of leave."), encoding="utf-8")
    (pages / "gwyliau.html").write_text(
        page.format("cy", "Gwyliau", "Mae gennych hawl i 25 diwrnod o wyliau."), "utf-8"
    )
    shelf.index([pages])

    assert found(shelf, NOBODY, "gwyliau diwrnod 25") == {"leave"}
    assert found(shelf, NOBODY, "gwyliau: guidance in Welsh") == {"leave", "gwyliau"}
    assert found(shelf, NOBODY, "Faint o wyliau sydd gennyf yn y flwyddyn?") == {"leave", "gwyliau"}


def test_a_stopped_indexing_keeps_what_was_done_and_the_next_goes_on(shelf, tmp_path):
    notes = folder(tmp_path / "many", **{f"note-{n}": f"Rule {n} about travel." for n in range(300)})

    def stop(done: int, _total: int, what: str) -> None:
        if (what, done) == ("indexing", 128):
            shelf.stop()

    with pytest.raises(IndexingStopped, match="index again to continue"):
        shelf.index([notes], progress=stop)

    assert shelf.search("travel", 3) == []
    told: list[tuple[int, int, str]] = []
    report = shelf.index([notes], progress=lambda *each: told.append(each))
    assert (report.unchanged, report.passages) == (300, 300)
    assert len(shelf.search("travel", 3)) == 3


def test_stopping_between_files_leaves_the_files_that_were_read(shelf, tmp_path):
    notes = folder(tmp_path / "many", **{f"note-{n}": f"Rule {n} about travel." for n in range(20)})

    with pytest.raises(IndexingStopped):
        shelf.index([notes], progress=lambda done, _total, _what: shelf.stop() if done == 5 else None)

    assert len(shelf.list_documents()) == 5
    assert shelf.index([notes]).added == 15


def test_no_search_sees_half_a_document_while_another_thread_indexes(shelf, tmp_path):
    def long(word: str) -> str:
        return "\n\n".join(f"## Part {n}\n\nThe {word} rule {n} about travel by train." for n in range(40))

    notes = folder(tmp_path / "open", **{f"note-{n}": long("first") for n in range(4)})
    shelf.index([notes])
    folder(notes, **{f"note-{n}": long("second") for n in range(4)})
    done, seen = Event(), []
    writer = Thread(target=lambda: (shelf.index([notes]), done.set()))

    writer.start()
    while not done.is_set():
        hits = shelf.search("rule about travel by train", 100)
        seen.append({(hit.passage.document, hit.passage.version, hit.passage.text.split()[1]) for hit in hits})
    writer.join()

    for each in seen:
        assert each
        versions = {document: version for document, version, _ in each}
        assert {(document, version) for document, version, _ in each} == set(versions.items())
    assert {word for _, _, word in seen[0]} == {"first"}
    last = shelf.search("rule about travel by train", 100)
    assert {hit.passage.text.split()[1] for hit in last} == {"second"}
