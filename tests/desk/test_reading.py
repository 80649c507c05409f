"""Drafts are written from what the asker may read, and cleared by somebody who may read what they cite."""

from collections.abc import Collection
from dataclasses import replace

import pytest
from making import ANSWER, drafter, nothing, question, unheld

from humphrey.adapters.passwords import Argon2Passwords
from humphrey.core.drafts import from_json, to_json
from humphrey.core.people import Person
from humphrey.desk import Desk
from humphrey.errors import NotPermitted, ReviewError
from humphrey.people import People

PASSWORD = "three random words"


def may_read(document: str, groups: Collection[str], _version: str = "") -> bool:
    return document != "foi" or "hr" in groups


@pytest.fixture
def desk(database, clock) -> Desk:
    people = People(database, Argon2Passwords(), demonstration=False, now=clock)
    people.add(Person("asker", ("official",), ("hr", "policy")), PASSWORD)
    people.add(Person("inside", ("reviewer",), ("hr",)), PASSWORD)
    people.add(Person("outside", ("reviewer",), ("policy",)), PASSWORD)
    return Desk(nothing, drafter, database, {"answer": ANSWER}, unheld, may_read, people, now=clock)


def test_a_commission_carries_the_groups_that_its_asker_has_and_no_others(desk):
    asked = replace(question(asked_by="asker"), groups=("finance",))

    assert desk.compose(asked).commission.groups == ("hr", "policy")
    assert desk.compose(replace(asked, asked_by="command line")).commission.groups == ()
    desk._people.disable("asker")
    assert desk.compose(asked).commission.groups == ()


def test_the_groups_are_kept_with_a_draft_and_an_older_draft_has_none(desk):
    draft = desk.compose(question(asked_by="asker"))
    before = to_json(draft)
    del before["commission"]["groups"]

    assert from_json(to_json(draft)) == draft
    assert from_json(before).commission.groups == ()


def test_a_reviewer_sees_and_decides_only_what_cites_documents_they_may_read(desk):
    review = desk.take(question(asked_by="asker"))
    digest = review.draft.digest

    assert [one.id for one in desk.awaiting("inside")] == [review.id]
    assert desk.awaiting("outside") == []
    assert desk.awaiting("nobody") == []
    assert desk.opened(review.id, "inside") == review
    for act in (
        lambda: desk.opened(review.id, "outside"),
        lambda: desk.decide(review.id, "approve", "outside", digest),
        lambda: desk.amend(review.id, "Other words.", "outside"),
    ):
        with pytest.raises(NotPermitted, match=f"review {review.id} cites a document that outside may not read"):
            act()
    assert desk.review(review.id) == review
    assert [entry.act for entry in desk.history(review.id)][3:] == ["review:open", "act:refused", "act:refused"]
    assert desk.decide(review.id, "approve", "inside", digest).state == "released"


def test_whoever_asked_may_amend_what_they_may_no_longer_read(desk, database):
    review = desk.take(question(asked_by="asker"))
    desk._may_read = lambda *_asked: False

    assert desk.amend(review.id, "Other words.", "asker").draft.text == "Other words."


def test_a_review_that_is_not_there_cannot_be_opened(desk):
    with pytest.raises(ReviewError, match="no review 'r9'"):
        desk.opened("r9", "inside")
