"""The gate: what may be decided, by whom, on which words; and what may leave."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from humphrey.clearance.gate import release
from humphrey.clearance.model import Decision, Review, Verdict
from humphrey.clearance.rules import amend, decide, open_review, recheck
from humphrey.digests import canonical, sha256
from humphrey.errors import AlreadyDecided, Blocked, HumphreyError, NotPermitted, ReviewError, StaleDigest
from humphrey.ledger.model import START, Act, Entry, seal
from humphrey.papers.draft import Commission, Draft, Finding, ModelName

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


LIFE = timedelta(hours=72)


DRAFT = Draft(
    Commission("answer", "How long do we have?", "amina", "web"), "answered", "Twenty days.", ModelName("t", "t")
)


BLOCKED = replace(DRAFT, findings=(Finding("quotes_verbatim", "block", "not a quotation"),))


def ruling(verdict: Verdict = "approve", reviewer: str = "grace", draft: Draft = DRAFT, reason: str = "") -> Decision:
    return Decision(verdict, reviewer, draft.digest, reason, NOON)


def entry(act: Act, actor: str, digest: str = "", subject: str = "r1") -> Entry:
    return seal(Entry(1, NOON, actor, act, subject, {"digest": digest}, START))


def checked(findings: tuple[Finding, ...]) -> Entry:
    found = sha256(canonical([asdict(finding) for finding in findings]))
    return seal(Entry(1, NOON, "humphrey", "review:recheck", "r1", {"findings": found}, START))


def all_signed(_record: Iterable[Entry]) -> None:
    """The signatures hold; tests/ledger/test_signed_record.py has real ones."""


def opened(draft: Draft = DRAFT) -> Review:
    return open_review("r1", draft, NOON)


RECORD = [entry("review:open", "amina", DRAFT.digest), entry("review:approve", "grace", DRAFT.digest)]


def test_a_review_is_opened_in_the_name_of_the_person_who_asked():
    review = opened()

    assert (review.state, review.opened, review.draft) == ("open", NOON, DRAFT)
    assert review.authors == {"amina"}


@pytest.mark.parametrize(("verdict", "state"), [("approve", "approved"), ("return", "returned"), ("refuse", "refused")])
def test_a_ruling_is_added_and_changes_the_state(verdict: Verdict, state: str):
    review = decide(opened(), ruling(verdict, reason="Say which Act."))

    assert review.state == state
    assert review.decisions == (ruling(verdict, reason="Say which Act."),)


@pytest.mark.parametrize("verdict", ["approve", "return", "refuse"])
def test_the_person_who_asked_cannot_decide(verdict: Verdict):
    with pytest.raises(NotPermitted, match="amina asked for or changed review r1"):
        decide(opened(), ruling(verdict, "amina", reason="Mine."))


def test_the_person_who_amended_cannot_decide():
    other = replace(DRAFT, text="Twenty working days.")
    review = amend(opened(), other, "grace", NOON)

    with pytest.raises(NotPermitted):
        decide(review, ruling(reviewer="grace", draft=other))
    assert decide(review, ruling(reviewer="david", draft=other)).state == "approved"


def test_a_ruling_on_other_words_than_those_stored_is_refused():
    review = amend(opened(), replace(DRAFT, text="Twenty working days."), "david", NOON)

    with pytest.raises(StaleDigest, match="reload"):
        decide(review, ruling(draft=DRAFT))


def test_a_draft_with_a_blocking_finding_can_be_returned_and_not_approved():
    with pytest.raises(Blocked):
        decide(opened(BLOCKED), ruling(draft=BLOCKED))
    assert decide(opened(BLOCKED), ruling("return", draft=BLOCKED, reason="See finding.")).state == "returned"


def test_a_draft_with_a_warning_can_be_approved():
    warned = replace(DRAFT, findings=(Finding("length", "warn", "long"),))

    assert decide(opened(warned), ruling(draft=warned)).state == "approved"


@pytest.mark.parametrize("verdict", ["return", "refuse"])
def test_a_return_and_a_refusal_need_a_reason(verdict: Verdict):
    with pytest.raises(ReviewError, match="reason"):
        decide(opened(), ruling(verdict, reason="  \n"))


@pytest.mark.parametrize("state", ["returned", "refused", "approved", "released", "delivered"])
def test_only_an_open_review_can_be_decided(state):
    with pytest.raises(AlreadyDecided, match=state):
        decide(replace(opened(), state=state), ruling())


@pytest.mark.parametrize("state", ["refused", "approved", "released", "delivered"])
def test_nothing_is_rewritten_after_the_ruling(state):
    with pytest.raises(AlreadyDecided, match=state):
        amend(replace(opened(), state=state), replace(DRAFT, text="x"), "david", NOON)


def test_a_returned_review_is_open_again_once_amended():
    returned = decide(opened(), ruling("return", reason="Say which Act."))

    assert amend(returned, replace(DRAFT, text="Twenty working days."), "amina", NOON).state == "open"


def test_an_amendment_changes_words_and_not_what_was_asked():
    elsewhere = replace(DRAFT, commission=replace(DRAFT.commission, outlet="file"))

    with pytest.raises(ReviewError, match="send a new draft"):
        amend(opened(), elsewhere, "david", NOON)


def test_an_approved_review_makes_a_release_of_exactly_its_words():
    permit = release(decide(opened(), ruling()), RECORD, NOON, LIFE, all_signed)

    assert (permit.text, permit.outlet, permit.recipient) == (DRAFT.text, "web", "amina")
    assert (permit.approved_by, permit.approved_at) == ("grace", NOON)
    assert permit.key == f"r1:{DRAFT.digest}"


def test_a_review_without_an_approval_makes_none():
    for review in (
        opened(),
        replace(opened(), state="approved"),
        decide(opened(), ruling("return", reason="No.")),
        replace(decide(opened(), ruling("refuse", reason="No.")), state="approved"),
    ):
        with pytest.raises(ReviewError, match="only an approved one can leave"):
            release(review, RECORD, NOON, LIFE, all_signed)


def test_text_altered_after_the_approval_makes_none():
    approved = decide(opened(), ruling())
    altered = replace(approved, versions=(replace(approved.versions[0], draft=replace(DRAFT, text="Twenty days!")),))

    with pytest.raises(StaleDigest, match="does not leave"):
        release(altered, RECORD, NOON, LIFE, all_signed)


def test_an_author_slipped_in_after_the_approval_makes_none():
    approved = decide(opened(), ruling())

    with pytest.raises(NotPermitted):
        release(
            replace(approved, versions=(replace(approved.versions[0], editor="grace"),)), RECORD, NOON, LIFE, all_signed
        )


def test_an_author_on_the_record_who_was_erased_from_the_review_makes_none():
    record = [RECORD[0], entry("review:amend", "grace", DRAFT.digest), RECORD[1]]

    with pytest.raises(NotPermitted):
        release(decide(opened(), ruling()), record, NOON, LIFE, all_signed)


def test_a_blocking_finding_that_came_later_makes_none():
    approved = decide(opened(), ruling())

    with pytest.raises(Blocked):
        release(
            replace(approved, versions=(replace(approved.versions[0], draft=BLOCKED),)), RECORD, NOON, LIFE, all_signed
        )


@pytest.mark.parametrize(
    "record",
    [
        [],
        RECORD[:1],
        [*RECORD, entry("review:return", "grace", DRAFT.digest)],
        [RECORD[0], entry("review:approve", "david", DRAFT.digest)],
        [RECORD[0], entry("review:approve", "grace", "sha256:0")],
        [RECORD[0], entry("review:approve", "grace", DRAFT.digest, subject="r2")],
        [RECORD[0], replace(RECORD[1], at=NOON + timedelta(seconds=1))],
        [RECORD[0], seal(replace(RECORD[1], at=NOON + timedelta(seconds=1)))],
        [replace(RECORD[0], actor="tom"), RECORD[1]],
    ],
    ids=["nothing", "no approval", "a later return", "another reviewer", "other words", "another review", "broken seal",
         "another time", "a broken earlier entry"],
)  # fmt: skip
def test_an_approval_that_the_ledger_does_not_record_makes_none(record: list[Entry]):
    with pytest.raises(ReviewError, match="the ledger does not record this approval"):
        release(decide(opened(), ruling()), record, NOON, LIFE, all_signed)


PEOPLE = st.sampled_from(["amina", "tom", "grace", "david"])


ACTS = st.lists(
    st.tuples(st.sampled_from(["amend", "approve", "return", "refuse", "release"]), PEOPLE, st.integers(0, 3)),
    max_size=12,
)


@given(asker=PEOPLE, acts=ACTS)
@settings(max_examples=300, deadline=None)
def test_whatever_people_try_only_words_that_another_person_approved_leave(
    asker: str, acts: list[tuple[str, str, int]]
):
    words = [replace(DRAFT, commission=replace(DRAFT.commission, asked_by=asker), text=text) for text in "abcd"]
    review, record, approvals = opened(words[0]), [entry("review:open", asker)], set()
    touched = {asker}
    for act, who, choice in acts:
        try:
            if act == "amend":
                review = amend(review, words[choice], who, NOON)
                record.append(entry("review:amend", who))
                touched.add(who)
            elif act == "release":
                permit = release(review, record, NOON, LIFE, all_signed)
                assert (permit.text, permit.approved_by) in approvals
                assert permit.approved_by not in touched
            else:
                review = decide(review, ruling(act, who, words[choice], "Because."))  # type: ignore[arg-type]  # drawn
                record.append(entry(f"review:{act}", who, words[choice].digest))  # type: ignore[arg-type]  # drawn
                approvals |= {(words[choice].text, who)} if act == "approve" else set()
        except HumphreyError:
            continue


def test_checking_again_changes_neither_the_words_nor_who_may_decide():
    review = opened()
    warned = recheck(review, (Finding("source_changed", "warn", "it changed"),), NOON)

    assert [finding.message for finding in warned.draft.findings] == ["it changed"]
    assert (warned.draft.digest, warned.authors, warned.versions) == (DRAFT.digest, {"amina"}, review.versions)
    record = [RECORD[0], checked(warned.rechecks[0].findings), RECORD[1]]
    assert release(decide(warned, ruling()), record, NOON, LIFE, all_signed).text == DRAFT.text


def test_a_blocking_finding_of_a_later_check_forbids_approval_and_release():
    blocked = recheck(opened(), BLOCKED.findings, NOON)

    with pytest.raises(Blocked):
        decide(blocked, ruling())
    approved = replace(decide(opened(), ruling()), rechecks=blocked.rechecks)
    with pytest.raises(Blocked):
        release(approved, RECORD, NOON, LIFE, all_signed)


def test_what_a_later_check_found_holds_for_the_wording_it_looked_at():
    review = amend(recheck(opened(), BLOCKED.findings, NOON), replace(DRAFT, text="Other words."), "amina", NOON)

    assert review.draft.findings == ()
    assert recheck(review, BLOCKED.findings, NOON).draft.blocked


@pytest.mark.parametrize("verdict", ["approve", "refuse"])
def test_what_is_decided_is_not_checked_again(verdict: Verdict):
    with pytest.raises(AlreadyDecided, match="only an open or returned one is checked again"):
        recheck(decide(opened(), ruling(verdict, reason="No.")), (), NOON)
