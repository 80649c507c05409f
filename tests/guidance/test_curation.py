"""What reviewers do with the guidance, with the real library behind it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from humphrey.accounts.model import Person
from humphrey.accounts.passwords import Argon2Passwords
from humphrey.accounts.service import Accounts
from humphrey.database.engine import Database, open_database
from humphrey.errors import DocumentError, NotPermitted
from humphrey.guidance.curation import Curation, CurationJob
from humphrey.guidance.library import Library
from humphrey.guidance.sync import store as sync_store
from humphrey.guidance.uploads import Uploads
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken
from tests.support.indexing import library


@dataclass
class Office:
    """A library, its curator, and the folders beside the uploads."""

    data: Path
    database: Database
    library: Library
    curation: Curation
    corpus: Path

    def hand_in(self, name: str = "grace", group: str = "", **files: bytes | str) -> CurationJob:
        folder = self.curation.receive(name)
        for n, content in enumerate(files.values()):
            (folder / str(n)).write_bytes(content if isinstance(content, bytes) else content.encode())
        return self.curation.add(name, folder, group, [f"{each}.md" for each in files])

    def over(self, job: CurationJob, groups: tuple[str, ...] = ("hr", "finance")) -> CurationJob:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            now = self.curation.job(job.id, groups)
            if now is not None and now.is_over:
                return now
            time.sleep(0.01)
        raise AssertionError("the job never ended")

    def found(self, query: str, groups: tuple[str, ...] = ()) -> list[str]:
        return [hit.passage.document for hit in self.library.search(query, 5, groups)]

    def acts(self) -> list[tuple[str, str, str]]:
        return [
            (entry.actor, entry.act, entry.subject) for entry in ledger_store.entries(self.database) if ":" in entry.act
        ]


def office_at(data: Path) -> Office:
    shelf, corpus = library(data), data / "corpus"
    corpus.mkdir(exist_ok=True)
    database = open_database(f"sqlite:///{data / 'humphrey.db'}")
    people = Accounts(database, Argon2Passwords(), demonstration=False)
    if not people.everyone():
        people.add(Person("grace", ("guidance_owner",), ("hr",)), "a long password")
        people.add(Person("david", ("guidance_owner",), ("finance",)), "a long password")
        people.add(Person("amina", ("official",), ("hr",)), "a long password")
    return Office(
        data, database, shelf, Curation(shelf, people, database, Uploads(data / "uploads"), lambda: (corpus,)), corpus
    )


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = office_at(tmp_path)
    yield opened
    opened.curation.close()
    opened.library.close()


def many(n: int) -> dict[str, str]:
    return {f"note-{each}": f"Rule {each} about travel by train." for each in range(n)}


def test_what_a_reviewer_hands_in_is_found_and_is_on_the_record_with_its_version(office):
    job = office.over(office.hand_in(mileage="# Mileage\n\nThe rate for a car is 45p a mile."))

    assert (job.state, job.taken_in, job.refused) == ("done", ("mileage",), ())
    assert office.found("rate for a car") == ["mileage"]
    entry = next(each for each in ledger_store.entries(office.database) if each.act == "document:add")
    assert (entry.actor, entry.subject) == ("grace", "mileage")
    assert entry.detail["version"] == office.library.document("mileage").version
    assert first_broken(ledger_store.entries(office.database)) is None


def test_what_is_handed_in_for_a_group_is_found_by_that_group_alone(office):
    job = office.over(office.hand_in(group="hr", pay="Pay is on the 25th of the month."))

    assert office.found("when is pay", ("hr",)) == ["pay"]
    assert office.found("when is pay", ("finance",)) == []
    assert office.curation.job(job.id, ("finance",)) is None


def test_a_refused_file_is_named_with_its_reason_and_the_others_are_taken_in(office):
    job = office.over(office.hand_in(good="Travel rules.", bad=b"\x00\xff\x00"))

    assert job.taken_in == ("good",)
    assert [(each.path, "binary" in each.reason) for each in job.refused] == [("bad.md", True)]
    assert [Path(each.path).name for each in office.library.refusals()] == ["bad.md"]
    assert not (office.data / "uploads" / "everyone" / "bad.md").exists()


def test_a_refused_file_leaves_the_earlier_one_of_its_name_as_it_was(office):
    office.over(office.hand_in(leave="Leave is 25 days a year."))
    office.over(office.hand_in(leave=b"\xff\xfe\x00"))
    office.curation.resume(lambda *_told: None)

    assert office.found("days of leave") == ["leave"]
    assert office.library.document("leave").text.startswith("Leave is 25 days")


def test_who_is_no_guidance_owner_changes_nothing_and_it_is_on_the_record(office):
    acts = (
        lambda: office.curation.receive("amina"),
        lambda: office.curation.index_again("amina"),
        lambda: office.curation.remove("amina", "leave"),
        lambda: office.curation.stop("amina", "some job"),
    )
    for act in acts:
        with pytest.raises(NotPermitted, match="amina is not a guidance owner"):
            act()

    assert [act for act in office.acts() if act[:2] == ("amina", "act:refused")] == [
        ("amina", "act:refused", subject) for subject in ("documents", "guidance", "leave", "some job")
    ]


def test_a_reviewer_gives_documents_to_their_own_groups_alone(office):
    with pytest.raises(NotPermitted, match="'finance'"):
        office.hand_in(group="finance", audit="Audit rules.")

    assert office.library.list_documents(("finance",)) == []
    assert ("grace", "act:refused", "documents") in office.acts()


def test_a_removed_upload_is_gone_with_its_file_also_after_a_start(office):
    office.over(office.hand_in(leave="Leave is 25 days a year."))
    office.over(office.curation.remove("grace", "leave"))
    office.curation.resume(lambda *_told: None)

    assert office.found("leave") == []
    assert list((office.data / "uploads" / "everyone").iterdir()) == []
    assert ("grace", "document:remove", "leave") in office.acts()


def test_another_groups_document_cannot_be_removed_and_looks_like_one_that_is_not_there(office):
    office.over(office.hand_in(group="hr", pay="Pay is on the 25th."))

    for document in ("pay", "nothing"):
        with pytest.raises(DocumentError, match=f"there is no document '{document}'"):
            office.curation.remove("david", document)

    assert office.found("pay", ("hr",)) == ["pay"]


def test_a_stopped_batch_leaves_nothing_of_itself_and_what_it_replaced_comes_back(office):
    office.over(office.hand_in(**{"note-0": "The first words about travel by train."}))
    job = office.hand_in(**many(200))
    while not office.library.list_documents()[1:]:
        time.sleep(0.001)
    office.curation.stop("grace", job.id)

    assert office.over(job).state == "stopped"
    assert [each.id for each in office.library.list_documents()] == ["note-0"]
    assert office.library.document("note-0").text == "The first words about travel by train."
    assert office.found("travel by train") == ["note-0"]


def test_a_job_that_waits_says_so_and_can_be_stopped_before_it_begins(office):
    first, second = office.hand_in(**many(200)), office.hand_in(other="Something else.")
    assert office.curation.job(second.id, ()).state == "waiting"
    office.curation.stop("grace", second.id)
    office.curation.stop("grace", first.id)

    assert office.over(second).state == "stopped"
    assert office.library.list_documents() == []


def test_a_batch_that_was_not_done_when_humphrey_stopped_is_done_and_recorded_after_the_next_start(tmp_path):
    before = office_at(tmp_path)
    before.hand_in(group="hr", **many(200))
    while not before.library.list_documents(("hr",)):
        time.sleep(0.001)
    before.curation.close()
    before.library.close()
    after = office_at(tmp_path)
    after.curation.resume(lambda *_told: None)
    jobs = [after.over(job) for job in after.curation.jobs(("hr",))]

    assert [(job.by, job.state, len(job.taken_in)) for job in jobs] == [("grace", "done", 200)]
    assert len(after.library.list_documents(("hr",))) == 200
    assert after.library.list_documents() == []
    assert len([act for act in after.acts() if act[1] == "document:add"]) == 200
    after.curation.close()
    after.library.close()


def test_indexing_again_takes_in_what_is_new_in_every_folder(office):
    (office.corpus / "travel.md").write_text("Travel by train.", encoding="utf-8")
    (office.corpus / "broken.md").write_bytes(b"\xff\xfe\x00")
    job = office.over(office.curation.index_again("grace"))

    assert office.found("travel") == ["travel"]
    assert [each.path for each in job.refused] == ["broken.md"]
    assert ("grace", "guidance:index", "guidance") in office.acts()


def test_what_is_fetched_beside_it_is_taken_in_once_and_nothing_is_done_before(office):
    run, end = datetime(2026, 11, 23, 4, tzinfo=UTC), datetime(2026, 11, 23, 5, tzinfo=UTC)
    office.curation.index_after_sync()
    (office.corpus / "fetched.md").write_text("# Zebras\n\nZebras may be ridden to work.\n")
    office.curation.index_after_sync()
    assert office.curation.jobs(()) == []

    with office.database.transaction() as tx:
        sync_store.begin_run(tx, "https://www.gov.uk", run)
        sync_store.finish_run(tx, "https://www.gov.uk", end)
    office.curation.index_after_sync()
    office.curation.index_after_sync()
    [job] = office.curation.jobs(())
    office.over(job)

    assert office.found("riding zebras") == ["fetched"]
    assert ("humphrey", "guidance:index", "guidance") in office.acts()


def test_indexing_again_names_no_refused_file_of_a_group_to_other_reviewers(office):
    (office.corpus / "plan.md").write_text("Restructuring.", encoding="utf-8")
    office.library.index([office.corpus], audience=frozenset({"hr"}))
    (office.corpus / "plan.md").write_bytes(b"\xff\xfe\x00")
    job = office.over(office.curation.index_again("david"))

    assert job.refused == ()
    assert [Path(each.path).name for each in office.library.refusals(("hr",))] == ["plan.md"]


def test_a_document_of_a_folder_comes_back_when_its_file_stays_and_the_page_can_say_so(office):
    (office.corpus / "travel.md").write_text("Travel by train.", encoding="utf-8")
    office.over(office.curation.index_again("grace"))
    held = office.library.list_documents()[0]
    office.over(office.curation.remove("grace", "travel"))

    assert office.curation.reappears_after_removal(held.path)
    assert office.library.list_documents() == []
    office.over(office.curation.index_again("grace"))
    assert [each.id for each in office.library.list_documents()] == ["travel"]


def test_a_job_that_fails_says_why_and_the_next_one_is_done(office):
    office.corpus.rmdir()
    failed = office.over(office.curation.index_again("grace"))
    done = office.over(office.hand_in(leave="Leave is 25 days a year."))

    assert failed.state == "failed"
    assert "corpus does not exist" in failed.trouble
    assert done.state == "done"
