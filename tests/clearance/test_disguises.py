"""What a reviewer sees is what leaves: no wording with hidden characters or look-alike words is approved."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from humphrey.clearance import gate
from humphrey.clearance.store import reviews as review_store
from humphrey.errors import Blocked, CommissionError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import Entry
from tests.clearance.test_clearance_service import question


def all_signed(_record: Iterable[Entry]) -> None:
    """Find no unsigned entry."""


TRICKS = [
    "pay 5\u202e00",
    "pay\u2066 500\u2069",
    "not\u200b payable",
    "payable\U000e0041\U000e0042",
    "pay\u3164able",
    "pay\u034fable",
    "pay\u00adable",
    "p\u0430yable",
    "20\uff126",
]


@pytest.mark.parametrize("trick", TRICKS)
def test_an_amendment_in_disguise_is_kept_with_a_finding_and_cannot_be_approved(desk, trick):
    review = desk.clearance.take(question())

    amended = desk.clearance.amend(review.id, f"{review.draft.text}\n\nIt is {trick}.", "amina")

    found = [each for each in amended.draft.findings if each.check == "nothing_hidden"]
    assert "block" in [each.level for each in found]
    assert amended.draft.text[found[0].start : found[0].end] in trick
    with pytest.raises(Blocked):
        desk.clearance.decide(review.id, "approve", "grace", amended.draft.digest)
    assert desk.clearance.decide(review.id, "return", "grace", amended.draft.digest, "Type it.").state == "returned"


def test_a_wording_of_before_the_check_has_no_finding_and_cannot_be_approved_either(desk, database):
    review = desk.clearance.take(question())
    hidden = replace(review.draft, text=f"{review.draft.text}\u202e", findings=())
    old = replace(review, versions=(replace(review.versions[0], draft=hidden),))
    with database.transaction() as tx:
        review_store.load_for_update(tx, review.id)
        review_store.save(tx, old)
    stored = desk.clearance.review(review.id)

    with pytest.raises(Blocked, match=r"cannot be approved: \[U\+202E right-to-left override\] cannot be seen"):
        desk.clearance.decide(stored.id, "approve", "grace", stored.draft.digest)


def test_the_gate_lets_out_no_disguise_that_was_approved_before_the_check(desk, database, clock):
    review = desk.clearance.take(question())
    approved = desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
    hidden = replace(approved.draft, text=f"{approved.draft.text}\u202e", findings=())
    decision = replace(approved.decisions[-1], digest=hidden.digest)
    old = replace(approved, versions=(replace(approved.versions[0], draft=hidden),), decisions=(decision,))
    with database.transaction() as tx:
        record = ledger_store.entries_about(tx, review.id)

    with pytest.raises(Blocked, match="does not leave"):
        gate.release(old, record, clock(), desk.clearance._approval_life, all_signed)


@pytest.mark.parametrize("trick", TRICKS)
def test_a_comment_or_a_reason_in_disguise_is_refused_with_the_place(desk, trick):
    review = desk.clearance.take(question())

    with pytest.raises(CommissionError, match=r"the comment holds .*type it afresh"):
        desk.assignment.comment(review.id, "grace", f"It is {trick}.")
    with pytest.raises(CommissionError, match=r"the reason holds .*type it afresh"):
        desk.clearance.decide(review.id, "return", "grace", review.draft.digest, f"It is {trick}.")


def test_words_in_another_script_are_approved_and_shown(desk):
    review = desk.clearance.take(question())
    amended = desk.clearance.amend(review.id, f"{review.draft.text}\n\nThey hold a паспорт. می‌خواهم 👩‍👩‍👧", "amina")

    assert [each.level for each in amended.draft.findings if each.check == "nothing_hidden"] == ["suggest"] * 2
    assert desk.clearance.decide(review.id, "approve", "grace", amended.draft.digest).state == "released"
