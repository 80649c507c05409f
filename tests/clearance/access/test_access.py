"""Drafts are written from what the asker may read, and cleared by a person who may read what they cite."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from humphrey.accounts.model import Person
from humphrey.accounts.passwords import Argon2Passwords
from humphrey.accounts.service import Accounts
from humphrey.clearance.queue import QueueQuery
from humphrey.documents.ingest import SourceFile
from humphrey.documents.model import Document, Imprint, split
from humphrey.errors import IdentityError, NotPermitted, ReviewError
from humphrey.guidance import store as document_store
from humphrey.papers.draft import from_json, to_json
from tests.support.services import ANSWER, CITED, Desk, desk_from, drafter, question, unheld
from tests.support.signing import sign_entries

PASSWORD = "three random words"


def may_read(document: str, groups: Collection[str], _version: str = "") -> bool:
    return document != "foi" or "hr" in groups


@pytest.fixture
def desk(database, clock) -> Desk:
    sign_entries(database, now=clock)
    people = Accounts(database, Argon2Passwords(), demonstration=False, now=clock)
    people.add(Person("asker", ("official",), ("hr", "policy")), PASSWORD)
    people.add(Person("inside", ("reviewer",), ("hr",)), PASSWORD)
    people.add(Person("outside", ("reviewer",), ("policy",)), PASSWORD)
    return desk_from(drafter, database, {"answer": ANSWER}, unheld, may_read, people, now=clock)


def test_a_commission_carries_the_groups_that_its_asker_has_and_no_others(desk):
    asked = replace(question(asked_by="asker"), groups=("finance",))

    assert desk.drafting.compose(asked).commission.groups == ("hr", "policy")
    assert desk.drafting.compose(replace(asked, asked_by="command line")).commission.groups == ()
    desk.people.disable("asker")
    assert desk.drafting.compose(asked).commission.groups == ()


def test_the_groups_are_kept_with_a_draft_and_an_older_draft_has_none(desk):
    draft = desk.drafting.compose(question(asked_by="asker"))
    before = to_json(draft)
    del before["commission"]["groups"]

    assert from_json(to_json(draft)) == draft
    assert from_json(before).commission.groups == ()


def test_a_reviewer_sees_and_decides_only_what_cites_documents_they_may_read(desk, database, clock):
    note = Document("foi", Imprint("FOI", "https://example.org/foi"), "Answer within twenty working days.")
    cited = replace(CITED, version=note.version)
    with database.transaction() as tx:
        document_store.save(tx, note, split(note), SourceFile("foi.md", "sha256:1"), frozenset({"hr"}), clock())
    review = desk.clearance.open_review(
        replace(desk.drafting.compose(question(asked_by="asker")), citations=(cited,), given=None)
    )
    digest = review.draft.digest

    assert [row.id for row in desk.assignment.queue("inside", QueueQuery()).rows] == [review.id]
    assert desk.assignment.queue("outside", QueueQuery()).rows == ()
    with pytest.raises(IdentityError, match="there is no account 'nobody'"):
        desk.assignment.queue("nobody", QueueQuery())
    assert desk.clearance.review_to_clear(review.id, "inside") == review
    for act in (
        lambda: desk.clearance.review_to_clear(review.id, "outside"),
        lambda: desk.clearance.decide(review.id, "approve", "outside", digest),
        lambda: desk.clearance.amend(review.id, "Other words.", "outside"),
    ):
        with pytest.raises(
            NotPermitted,
            match=f"review {review.reference} rests on a document that outside may not read",
        ):
            act()
    assert desk.clearance.review(review.id) == review
    assert [entry.act for entry in desk.clearance.history(review.id)][3:] == [
        "review:open",
        "act:refused",
        "act:refused",
    ]
    assert desk.clearance.decide(review.id, "approve", "inside", digest).state == "released"


def test_the_person_who_asked_may_amend_what_they_may_no_longer_read(desk, database, monkeypatch):
    review = desk.clearance.take(question(asked_by="asker"))
    monkeypatch.setattr(desk.clearance._access, "_may_read", lambda *_asked: False)

    assert desk.clearance.amend(review.id, "Other words.", "asker").draft.text == "Other words."


def test_a_review_that_is_not_there_cannot_be_opened(desk):
    with pytest.raises(ReviewError, match="no review 'r9'"):
        desk.clearance.review_to_clear("r9", "inside")
