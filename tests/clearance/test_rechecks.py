"""When the guidance changes, drafts that can still be amended are checked against it again."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from humphrey.accounts.passwords import Argon2Passwords
from humphrey.accounts.service import Accounts
from humphrey.database.engine import Database
from humphrey.documents.ingest import SourceFile
from humphrey.documents.model import Document, Imprint, split
from humphrey.guidance import store as document_store
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken
from humphrey.papers.draft import Citation, Draft, DraftRequest, Finding, ModelName, OnText
from tests.support.services import ANSWER, SHOWN, Clock, Desk, desk_from, desk_on, drafter, question

TEXT = "A department must answer within twenty working days."


PAPER = replace(ANSWER, checks=("source_current", "source_changed"))


OF_THE_DRAFTER = Finding("citations_resolve", "warn", "a marker was taken out")


def hold(database: Database, text: str = TEXT, **imprint: object) -> Document:
    document = Document("foi", Imprint("FOI time limits", "", updated=date(2026, 3, 2), **imprint), text)
    with database.transaction() as tx:
        document_store.save(
            tx, document, split(document), SourceFile("/notes//foi.md", "sha256:1"), frozenset(), Clock().now
        )
    return document


@pytest.fixture
def held(database: Database) -> Document:
    return hold(database)


@pytest.fixture
def desk(database: Database, clock: Clock, held: Document) -> Desk:
    def draft(request: DraftRequest, watch: OnText) -> Draft:
        cited = Citation("1", "foi", held.version, "FOI time limits", "", (), TEXT, 0, len(TEXT))
        name = ModelName("test", "fixed")
        return Draft(request.commission, "answered", f"{TEXT} [1]", name, (cited,), findings=(OF_THE_DRAFTER,))

    people = Accounts(database, Argon2Passwords(), demonstration=True, now=clock)
    papers = {"answer": PAPER}
    return desk_from(
        draft,
        database,
        papers,
        lookup=partial(document_store.document, database),
        may_read=anybody,
        people=people,
        now=clock,
    )


def anybody(_document: str, _groups: Collection[str], _version: str = "") -> bool:
    return True


def messages(desk: Desk, review_id: str) -> list[str]:
    return [each.message for each in desk.clearance.review(review_id).draft.findings if each.check == "source_changed"]


CHANGES: list[tuple[Callable[[Database], object], str]] = [
    (lambda database: hold(database, TEXT + " Ask early."), "FOI time limits has a new text, of 2 March 2026"),
    (lambda database: hold(database, state="withdrawn"), "FOI time limits is withdrawn now"),
    (lambda database: hold(database, state="moved", replaced_by="/new"), "FOI time limits is moved now"),
    (lambda database: drop(database), "FOI time limits is held no longer"),
]


def drop(database: Database) -> None:
    with database.transaction() as tx:
        document_store.remove(tx, "foi")


@pytest.mark.parametrize(("change", "said"), CHANGES)
def test_a_draft_in_clearance_says_that_its_source_changed(desk, database, change, said):
    review = desk.clearance.take(question())
    assert messages(desk, review.id) == []

    change(database)

    assert desk.clearance.recheck() == [review.id]
    assert messages(desk, review.id) == [f"the source changed since it was cited: {said}; read it again, or ask again"]
    assert {each.level for each in desk.clearance.review(review.id).draft.findings} == {"warn"}


def test_the_words_their_authors_and_what_a_reviewer_has_open_stay_as_they_were(desk, database):
    before = desk.clearance.take(question())
    hold(database, TEXT + " Ask early.")

    desk.clearance.recheck()
    after = desk.clearance.review(before.id)

    assert (after.draft.digest, after.authors, after.versions) == (before.draft.digest, before.authors, before.versions)
    assert after.draft.findings[0] == OF_THE_DRAFTER
    assert desk.clearance.decide(before.id, "approve", "grace", before.draft.digest).state == "released"
    assert len(desk.deliver("web", lambda release: SHOWN).delivered) == 1


def test_a_recheck_is_on_the_record_and_one_that_finds_nothing_new_is_not(desk, database, clock):
    review = desk.clearance.take(question())
    assert desk.clearance.recheck() == []
    hold(database, TEXT + " Ask early.")

    desk.clearance.recheck()

    assert desk.clearance.recheck() == []
    acts = [(entry.actor, entry.act) for entry in desk.clearance.history(review.id)]
    assert acts[3:] == [("amina", "review:open"), ("humphrey", "review:recheck")]
    assert desk.clearance.history(review.id)[1].detail["digest"] == review.draft.digest
    assert first_broken(ledger_store.entries(database)) is None


def test_a_source_that_is_again_what_was_cited_is_complained_of_no_longer(desk, database):
    review = desk.clearance.take(question())
    hold(database, TEXT + " Ask early.")
    desk.clearance.recheck()

    hold(database)

    assert desk.clearance.recheck() == [review.id]
    assert desk.clearance.review(review.id).draft.findings == (OF_THE_DRAFTER,)


def test_a_returned_draft_is_checked_again_and_one_that_is_decided_is_left(desk, database):
    returned, refused, approved = (desk.clearance.take(question()) for _ in range(3))
    desk.clearance.decide(returned.id, "return", "grace", returned.draft.digest, "Say more.")
    desk.clearance.decide(refused.id, "refuse", "grace", refused.draft.digest, "No.")
    desk.clearance.decide(approved.id, "approve", "grace", approved.draft.digest)
    hold(database, TEXT + " Ask early.")

    assert desk.clearance.recheck() == [returned.id]
    assert desk.clearance.review(returned.id).state == "returned"
    assert len(desk.deliver("web", lambda release: SHOWN).delivered) == 1


def test_other_words_are_checked_on_their_own(desk, database):
    review = desk.clearance.take(question())
    hold(database, TEXT + " Ask early.")
    desk.clearance.recheck()

    amended = desk.clearance.amend(review.id, "Ask a colleague instead.", "amina")

    assert desk.clearance.review(review.id).draft.findings == amended.draft.findings == ()
    assert desk.clearance.recheck() == []


def test_a_draft_that_cites_another_document_is_left_alone(desk, database):
    desk.clearance.take(question())
    document = Document("eir", Imprint("Environmental information", ""), "Answer soon.")
    with database.transaction() as tx:
        document_store.save(
            tx, document, split(document), SourceFile("/notes//eir.md", "sha256:2"), frozenset(), Clock().now
        )

    assert desk.clearance.recheck() == []


def test_a_paper_that_does_not_ask_whether_sources_changed_is_left_alone(database, clock):
    desk = desk_on(database, clock, drafter)
    desk.clearance.take(question())

    assert desk.clearance.recheck() == []
