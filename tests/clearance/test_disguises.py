"""What a reviewer sees is what leaves: no wording with hidden characters or look-alike words is approved."""

from contextlib import contextmanager
from dataclasses import replace

import pytest

from humphrey.checks.registry import CHECKS
from humphrey.clearance import gate, rules
from humphrey.errors import Blocked, CommissionError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.entry_signatures import first_unsigned
from humphrey.papers.draft import Draft, ModelName
from tests.clearance.test_clearance_service import question
from tests.support.services import LIFE
from tests.support.staff import CITED, TEXT, desk_on, shown

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


@contextmanager
def before_the_check(monkeypatch):
    """Act as a version did that looked for no disguise."""
    with monkeypatch.context() as before:
        before.setitem(CHECKS, "nothing_hidden", lambda *_given: iter(()))
        for module in (rules, gate):
            before.setattr(module, "first_disguise", lambda _draft: "")
        yield


@pytest.mark.parametrize("trick", TRICKS)
def test_an_amendment_in_disguise_is_kept_with_a_finding_and_cannot_be_approved(desk, trick):
    review = desk.clearance.take(question())

    amended = desk.clearance.amend(review.id, f"{review.draft.text}\n\nIt is {trick}.", "amina")

    found = [each for each in amended.draft.findings if each.check == "nothing_hidden"]
    assert "block" in {each.level for each in found}
    assert amended.draft.text[found[0].start : found[0].end] in trick
    with pytest.raises(Blocked):
        desk.clearance.decide(review.id, "approve", "grace", amended.draft.digest)
    assert desk.clearance.decide(review.id, "return", "grace", amended.draft.digest, "Type it.").state == "returned"


def test_a_wording_of_before_the_check_has_no_finding_and_cannot_be_approved_either(desk, monkeypatch):
    review = desk.clearance.take(question())
    with before_the_check(monkeypatch):
        stored = desk.clearance.amend(review.id, f"{review.draft.text}\u202e", "amina")
    assert stored.draft.findings == ()

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
        gate.release(old, record, clock(), LIFE, first_unsigned(database.signatures, review.id))


def softly(request, _watch):
    """The draft of a document that was read with its soft hyphens."""
    quotation = replace(CITED, quote="twenty work\u00ading days")
    return Draft(request.commission, "answered", TEXT, ModelName("test", "fixed"), (quotation,))


def test_a_text_that_was_delivered_before_the_check_stays_with_its_asker(database, clock, monkeypatch):
    desk = desk_on(database, clock, softly)
    with before_the_check(monkeypatch):
        review = desk.clearance.take(question())
        desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
        desk.deliver("web", shown)

    assert [release.review for release in desk.delivery.released_to("amina")] == [review.id]


def test_one_that_was_approved_before_the_check_and_waits_is_set_aside_and_its_people_are_told(
    database, clock, monkeypatch, notices
):
    desk = desk_on(database, clock, softly)
    with before_the_check(monkeypatch):
        review = desk.clearance.take(question())
        desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)

    [failure] = desk.deliver("web", shown).failed
    assert "the quotation [1]: [U+00AD soft hyphen] cannot be seen" in failure.reason
    assert [row.set_aside_at for row in desk.delivery.outbox_rows()] == [clock()]
    for name in ("amina", "grace"):
        assert "not_delivered" in {each.event for each in notices.of(name)}


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
