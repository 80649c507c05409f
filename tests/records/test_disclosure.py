"""Disclosure: the record is searched, a person decides on every redaction, and the pack goes through clearance."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from humphrey.errors import Blocked, CommissionError, NotPermitted, RecordError, ReviewError
from humphrey.guidance import store as document_store
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken
from humphrey.papers.draft import Commission
from humphrey.records.disclosure import store as disclosure_store
from humphrey.records.disclosure.model import SearchCriteria
from humphrey.text.dates import say
from tests.support.records_office import shown

NAME = "Verity Blackthorn"


def by_hand(office, question: str = "Who may see the answer?") -> str:
    """A review with names and a number in words that people wrote; its id."""
    review = office.ask(question)
    office.desk.clearance.decide(review.id, "return", "grace", review.draft.digest, f"Dr {NAME} rang on 020 7946 0018.")
    office.desk.clearance.amend(
        review.id, f"Dr {NAME} says so, and Sarah Whitcombe agrees. Yours sincerely\nHugh", "amina"
    )
    office.desk.assignment.comment(review.id, "grace", f"Ask Ms {NAME} first.")
    return review.id


def opened(office, **sought):
    criteria = SearchCriteria(**(sought or {"person": NAME}))
    return office.disclosing.open("iris", criteria, "sar", "SAR2026/7")


def decided(office, pack):
    numbers = [mark.n for mark in pack.marks]
    return office.disclosing.decide("iris", pack.id, numbers, "confirmed")


def last(office):
    return list(ledger_store.entries(office.database))[-1]


def test_a_search_finds_every_text_that_names_a_person_wherever_it_stands(office):
    review = by_hand(office)
    draft = office.desk.drafting.compose(Commission("answer", "What is the time limit?", "amina", "web"))
    kept = office.desk.conversations.save(draft, None)
    office.desk.conversations.save_feedback(kept.id, "amina", False, f"Not what {NAME} told me.")

    found = office.disclosing.search("iris", SearchCriteria(person="verity blackthorn"))

    assert sorted(piece.id for piece in found.pieces) == sorted(
        [f"review/{review}/decision/1", f"review/{review}/version/2", f"review/{review}/comment/1",
         f"exchange/{kept.id}/feedback"]
    )  # fmt: skip
    assert found.looked_at > len(found.pieces)
    assert (found.unreadable, found.disposed) == ((), ())
    entry = last(office)
    assert (entry.actor, entry.act) == ("iris", "disclosure:search")
    assert entry.detail["found"] == "4"
    assert "lackthorn" not in str(list(ledger_store.entries(office.database)))


@pytest.mark.parametrize(("sought", "count"), [
    ({"words": "twenty WORKING"}, 2), ({"kind": "foi_acknowledgement"}, 0), ({"kind": "answer", "words": "says"}, 1),
    ({"person": "grace"}, 2),
])  # fmt: skip
def test_a_search_takes_words_kinds_and_people_together(office, sought, count):
    by_hand(office)
    office.ask("Is there another?")

    assert len(office.disclosing.search("iris", SearchCriteria(**sought)).pieces) == count


def test_a_search_takes_days(office, clock):
    office.ask("Which day is the first?")
    clock.now += timedelta(days=10)
    office.ask("Which day is the last?")
    today = clock().date()

    for sought, count in (({"since": today}, 2), ({"until": today - timedelta(days=1)}, 2), ({"until": today}, 4)):
        assert len(office.disclosing.search("iris", SearchCriteria(**sought)).pieces) == count


def test_what_cannot_be_looked_at_is_accounted_for(office):
    damaged, whole = office.ask("Is this one damaged?"), office.ask("Is this one whole?")
    with office.database.transaction() as tx:
        tx.connection.exec_driver_sql("UPDATE versions SET draft = '{' WHERE review = ?", (damaged.id,))

    found = office.disclosing.search("iris", SearchCriteria(words="one"))

    assert [piece.id for piece in found.pieces] == [f"review/{whole.id}/question"]
    assert found.unreadable == (damaged.id,)


@pytest.mark.parametrize("user", ["amina", "grace", "priya", "sam"])
def test_only_auditors_search_and_others_leave_a_trace(office, user):
    with pytest.raises(NotPermitted):
        office.disclosing.search(user, SearchCriteria(person=NAME))
    assert (last(office).actor, last(office).act) == (user, "act:refused")
    with pytest.raises(NotPermitted):
        office.disclosing.packs(user)


def test_a_search_for_nothing_is_refused(office):
    with pytest.raises(CommissionError, match="say what to look for"):
        office.disclosing.search("iris", SearchCriteria())
    with pytest.raises(RecordError, match="nothing in the record matches"):
        opened(office, words="unheard of")


def test_nothing_goes_out_while_a_suggestion_is_undecided(office):
    by_hand(office)
    pack = opened(office)
    assert len(pack.undecided) == 3

    with pytest.raises(RecordError, match=r"suggestions of pack .* are undecided"):
        office.disclosing.send("iris", pack.id)
    office.disclosing.decide("iris", pack.id, [mark.n for mark in pack.marks[1:]], "confirmed")
    with pytest.raises(RecordError, match="1 suggestions"):
        office.disclosing.send("iris", pack.id)
    assert (last(office).act, last(office).detail["tried"]) == ("act:refused", "review:open")


def test_a_pack_goes_through_clearance_and_leaves_without_what_was_redacted(office):
    by_hand(office)
    pack = decided(office, opened(office))
    review = office.disclosing.send("iris", pack.id)

    text = review.draft.text
    assert review.draft.commission.kind == "disclosure_pack"
    for words in ("020 7946 0018", "Whitcombe", "Hugh"):
        assert words not in text
    assert NAME in text
    assert "[REDACTED: a telephone number]" in text
    assert "[REDACTED: another person's name]" in text
    assert "Our reference: SAR2026/7" in text
    assert not review.draft.blocked
    with pytest.raises(ReviewError):
        office.desk.clearance.decide(review.id, "approve", "iris", review.draft.digest)
    approved = office.desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    assert approved.state == "released"
    sent = []
    office.desk.deliver("file", lambda release: sent.append(release.text) or shown(release))
    assert sent == [text]
    assert disclosure_store.pack(office.database, pack.id).review == review.id
    assert first_broken(ledger_store.entries(office.database)) is None


def test_an_amendment_that_puts_a_redacted_word_back_cannot_be_approved(office):
    by_hand(office)
    review = office.disclosing.send("iris", decided(office, opened(office)).id)

    amended = office.desk.clearance.amend(review.id, review.draft.text + "\n\nRing 020 7946 0018.", "iris")

    found = [each for each in amended.draft.findings if each.check == "redactions_kept"]
    assert [amended.draft.text[each.start : each.end] for each in found] == ["020 7946 0018"]
    with pytest.raises(Blocked):
        office.desk.clearance.decide(review.id, "approve", "david", amended.draft.digest)


def test_a_person_adds_words_removes_suggestions_and_leaves_items_out(office):
    by_hand(office)
    pack = opened(office)
    titled = next(mark for mark in pack.marks if mark.reason == "a telephone number")
    decided(office, pack)
    office.disclosing.decide("iris", pack.id, [titled.n], "removed")
    office.disclosing.add("iris", pack.id, "agrees", "section 40(2), personal information")
    comment = next(item for item in pack.items if item.what == "Comment")
    office.disclosing.leave_out("iris", pack.id, comment.n, "it repeats another text")

    review = office.disclosing.send("iris", pack.id)

    assert "020 7946 0018" in review.draft.text
    assert "[REDACTED: section 40(2), personal information]" in review.draft.text
    assert "- Comment, 23 November 2026: it repeats another text" in review.draft.text
    assert [entry.actor for entry in ledger_store.entries(office.database) if entry.act == "disclosure:redact"] == [
        "iris"
    ] * 4
    assert "agrees" not in str(list(ledger_store.entries(office.database)))


def test_words_that_are_redacted_at_one_place_and_stand_at_another_are_named(office):
    office.ask("May Osbert answer it?")
    office.ask("Did osbert answer it?")
    pack = opened(office, words="osbert")
    office.disclosing.add("iris", pack.id, "Osbert", "a name")
    marks = disclosure_store.pack(office.database, pack.id).marks
    assert len(marks) == 2
    with office.database.transaction() as tx:
        held = disclosure_store.pack(tx, pack.id)
        disclosure_store.save_pack(tx, replace(held, marks=held.marks[:1]))

    with pytest.raises(RecordError, match=r"under “2\. Question"):
        office.disclosing.send("iris", pack.id)


@pytest.mark.parametrize("call", [
    lambda d, pack: d.decide("iris", pack, [99], "confirmed"),
    lambda d, pack: d.add("iris", pack, "nowhere to be found", "a name"),
    lambda d, pack: d.add("iris", pack, "says", "a [bracket]"),
    lambda d, pack: d.leave_out("iris", pack, 99, "why"),
    lambda d, pack: d.decide("iris", "p9", [1], "confirmed"),
    lambda d, pack: d.decide("sam", pack, [1], "confirmed"),
])  # fmt: skip
def test_a_decision_that_is_refused_changes_nothing_and_is_on_the_record(office, call):
    by_hand(office)
    pack = opened(office)
    with pytest.raises((RecordError, CommissionError, NotPermitted)):
        call(office.disclosing, pack.id)
    assert last(office).act == "act:refused"
    assert disclosure_store.pack(office.database, pack.id) == pack


def test_a_pack_that_was_sent_is_not_changed_and_not_sent_again(office):
    by_hand(office)
    pack = decided(office, opened(office))
    review = office.disclosing.send("iris", pack.id)

    for act in (lambda: office.disclosing.send("iris", pack.id), lambda: office.disclosing.drop("iris", pack.id)):
        with pytest.raises(RecordError, match=f"sent for clearance as review {review.id}"):
            act()


def test_a_text_that_was_altered_since_it_was_found_is_not_given_out(office):
    office.ask("May Osbert answer it?")
    pack = opened(office, words="osbert")
    with office.database.transaction() as tx:
        tx.connection.exec_driver_sql("UPDATE versions SET draft = replace(draft, 'Osbert', 'Norbert')")

    with pytest.raises(RecordError, match=r"item 1 of pack .* has changed since it was found"):
        office.disclosing.send("iris", pack.id)


def test_no_model_writes_or_changes_a_pack(office):
    with pytest.raises(CommissionError, match="made by rule from the record"):
        office.desk.drafting.compose(Commission("disclosure_pack", "Everything, please", "iris", "file"))
    by_hand(office)
    review = office.disclosing.send("iris", decided(office, opened(office)).id)
    with pytest.raises(CommissionError, match="made by rule"):
        office.desk.instructions.instruct(review.id, "Make it shorter.", "iris")


def closed(office, group: str = "policy") -> None:
    with office.database.transaction() as tx:
        document_store.set_audience(tx, "foi", frozenset({group}))


def officer(office, name: str = "iris") -> None:
    office.with_account(name, roles=("disclosure_officer",))


def test_an_auditor_finds_only_texts_that_rest_on_what_they_may_read_and_is_told_how_many_more_there_are(office):
    review = by_hand(office)
    closed(office)

    found = office.disclosing.search("iris", SearchCriteria(person=NAME))

    assert (found.pieces, found.looked_at, found.withheld) == ((), 0, (review,))
    assert "right" not in last(office).detail


def test_what_is_withheld_is_the_same_whether_it_holds_the_words_or_not(office):
    by_hand(office)
    closed(office)

    there, not_there = (office.disclosing.search("iris", SearchCriteria(words=each)) for each in (NAME, "no such word"))

    assert there == not_there


def test_a_disclosure_officer_finds_them_and_the_record_names_the_right_and_the_pack(office):
    by_hand(office)
    closed(office)
    officer(office)

    pack = opened(office)

    assert (last(office).subject, last(office).detail["right"]) == (pack.id, "disclose")
    office.disclosing.pack("iris", pack.id)
    assert (last(office).act, last(office).subject, last(office).detail) == (
        "disclosure:read", pack.id, {"right": "disclose", "by_right": str(len(pack.items))},
    )  # fmt: skip


def test_a_pack_of_such_texts_is_shown_to_no_auditor_and_cleared_by_a_reviewer_who_may_read_all_of_it(office):
    by_hand(office)
    closed(office)
    officer(office)
    pack = decided(office, opened(office))
    office.with_account("priya", roles=("auditor",))
    office.with_account("david", groups=("policy",))

    for act in (
        lambda: office.disclosing.pack("priya", pack.id),
        lambda: office.disclosing.add("priya", pack.id, "law", "s. 40"),
        lambda: office.disclosing.leave_out("priya", pack.id, 1, "out of scope"),
        lambda: office.disclosing.send("priya", pack.id),
    ):
        with pytest.raises(NotPermitted, match="ask a disclosure officer"):
            act()
    review = office.disclosing.send("iris", pack.id)
    with pytest.raises(NotPermitted, match="it can be cleared by david"):
        office.desk.clearance.review_to_clear(review.id, "grace")
    assert office.desk.clearance.review_to_clear(review.id, "david").id == review.id


@pytest.mark.parametrize(("moment", "day"), [
    ("2026-05-31T23:20", date(2026, 6, 1)),
    ("2026-10-24T23:40", date(2026, 10, 25)),
    ("2026-12-31T23:50", date(2026, 12, 31)),
])  # fmt: skip
def test_a_text_is_of_the_day_on_which_it_was_written_in_london(office, clock, moment, day):
    clock.now = datetime.fromisoformat(f"{moment}+00:00")
    office.ask("Who answers at night?")

    within = {
        each: office.disclosing.search("iris", SearchCriteria(since=each, until=each)).pieces for each in days(day)
    }

    assert {each: len(found) for each, found in within.items()} == {
        day - timedelta(1): 0,
        day: 2,
        day + timedelta(1): 0,
    }
    pack = decided(office, office.disclosing.open("iris", SearchCriteria(since=day, until=day), "foi", "FOI2026/9"))
    assert f", {say(day)}" in office.disclosing.send("iris", pack.id).draft.text


def days(middle):
    return [middle - timedelta(1), middle, middle + timedelta(1)]
