"""Retention: words go when their time is over and nobody needs them, and nothing else of the record does."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from humphrey.clearance.notifications import store as notification_store
from humphrey.clearance.spot_checks.service import SpotChecks
from humphrey.digests import canonical, sha256
from humphrey.errors import IdentityError, NotPermitted, RecordError, ReviewError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import Fault, first_broken
from humphrey.papers.draft import Commission
from humphrey.records.case_files import store as case_store
from humphrey.records.case_files import verify_case
from humphrey.records.disclosure import store as disclosure_store
from humphrey.records.disclosure.model import SearchCriteria
from humphrey.records.retention import store as retention_store
from humphrey.records.retention.model import Periods
from humphrey.records.retention.service import Retention
from humphrey.records.verification import store as verification_store
from humphrey.records.verification.model import faults_of
from tests.support.records_office import Clock, Office, shown

SECRET = "Zanzibar quotas for pilchards"


PERIODS = Periods({"answer": {"": 100}, "conversations": {"": 50}}, warn_days=30)


@pytest.fixture
def forgotten() -> list[str]:
    return []


@pytest.fixture
def retention(office, forgotten) -> Retention:
    return retaining(office, forgotten)


def retaining(office: Office, forgotten: list[str], periods: Periods | None = PERIODS) -> Retention:
    return Retention(
        office.database, office.people, periods, office.desk.drafting.papers, office.drop, forgotten.append, office.now
    )


def after(clock: Clock, days: int) -> None:
    clock.now += timedelta(days=days)


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("humphrey.db*"))


def faults(office: Office) -> list[Fault]:
    """What the ledger's own verification finds, of what is stored beside it."""
    with verification_store.snapshot(office.database) as moment:
        return [fault for each in moment.reviews() for fault in faults_of(each, office.now())]


def gone(office: Office, review_id: str) -> bool:
    return office.desk.clearance.review(review_id).draft.text.startswith("Words disposed of on")


def acts(office: Office) -> list[str]:
    return [entry.act for entry in ledger_store.entries(office.database)]


def test_words_go_after_their_time_and_a_warning_and_the_record_stays_whole(
    office, retention, forgotten, clock, tmp_path
):
    review = office.delivered(f"What is said of {SECRET}?")
    digests = [version.draft.digest for version in review.versions]
    assert SECRET.encode() in bytes_of(tmp_path)
    after(clock, 70)
    assert retention.warn(clock()) == 1
    after(clock, 31)

    assert retention.dispose_due(clock()) == 1

    left = office.desk.clearance.review(review.id)
    said = "Words disposed of on 4 March 2027"
    assert [version.draft.text for version in left.versions] == [f"{said}."] * 2
    assert left.draft.commission.text == said
    assert office.desk.clearance.reviews(everything=True)[0].draft.commission.text == said
    assert office.desk.delivery.released_to("amina") == []
    assert [decision.reason for decision in left.decisions] == ["", ""]
    assert [comment.text for comment in left.comments] == ["" for _ in left.comments]
    assert [decision.digest for decision in left.decisions] == digests
    assert left.state == "delivered"
    assert forgotten == [review.id]
    for words in (SECRET, "Blackthorn", "twenty working days.” [1]"):
        assert words.encode() not in bytes_of(tmp_path), words
    assert first_broken(ledger_store.entries(office.database)) is None
    with office.database.transaction() as tx:
        kept = {part.part: part.digest for part in case_store.case_rows(tx, review.id).disposed}
    assert [kept["version 1"], kept["version 2"]] == digests
    assert kept["decision 1"] == sha256("Say which law, for Ms Blackthorn.")
    assert faults(office) == []
    entry = list(ledger_store.entries(office.database))[-1]
    assert (entry.actor, entry.act, entry.subject) == ("humphrey", "content:dispose", review.id)
    assert entry.detail == {"parts": str(len(kept)), "digest": sha256(canonical(kept))}


def test_a_case_file_of_what_was_disposed_of_says_so_and_still_verifies(office, retention, clock):
    review = office.delivered()
    after(clock, 100)
    retention.warn(clock())
    after(clock, 30)
    retention.dispose_due(clock())

    case = json.loads(office.cases.export(review.id, "iris", "json"))
    assert list(verify_case.faults(case, "")) == []
    assert case["about"]["disposed"].startswith("2027-04-02")
    assert [version["disposed"] for version in case["versions"]] == [True, True]
    html = office.cases.export(review.id, "iris", "html").decode()
    assert "The words of this review were disposed of on 2 April 2027" in html
    assert office.cases.export(review.id, "iris", "pdf").startswith(b"%PDF")


def test_nothing_is_disposed_of_that_was_not_announced_long_enough_before(office, retention, clock):
    review = office.delivered()
    after(clock, 500)
    assert retention.dispose_due(clock()) == 0
    assert retention.warn(clock()) == 1
    after(clock, 29)
    assert retention.dispose_due(clock()) == 0
    after(clock, 1)
    assert retention.dispose_due(clock()) == 1
    assert gone(office, review.id)


def test_administrators_are_told_once_for_each_day_and_nobody_else_is(office, retention, clock):
    for _ in range(3):
        office.delivered()
    after(clock, 71)
    assert [retention.warn(clock()), retention.warn(clock())] == [3, 0]
    office.delivered()
    after(clock, 80)
    assert retention.warn(clock()) == 1

    told = notification_store.notifications_of(office.database, "sam", 10)
    assert sorted(notice.detail for notice in told) == [
        "13 May 2027: one text",
        "3 March 2027: 3 texts",
    ]
    assert not any(
        notice.event == "disposal_due"
        for who in ("iris", "grace")
        for notice in notification_store.notifications_of(office.database, who, 99)
    )


@pytest.mark.parametrize("state", ["open", "returned", "released"])
def test_what_is_open_or_on_its_way_is_never_disposed_of(office, retention, clock, state):
    review = office.ask()
    if state != "open":
        verdict = "return" if state == "returned" else "approve"
        office.desk.clearance.decide(
            review.id, verdict, "grace", review.draft.digest, "Why." if state == "returned" else ""
        )
    after(clock, 1000)
    retention.warn(clock())
    after(clock, 1000)

    assert retention.dispose_due(clock()) == 0
    assert office.desk.clearance.review(review.id).draft == review.draft


def test_a_hold_on_a_person_keeps_what_they_had_a_part_in_and_nothing_else(office, retention, clock):
    theirs, others = office.delivered(), office.ask(asked_by="tom")
    office.desk.clearance.decide(others.id, "refuse", "david", others.draft.digest, "Not ours.")
    for owner in ("amina", "tom"):
        office.desk.conversations.save(
            office.desk.drafting.compose(Commission("answer", "Where is it?", owner, "web")), None
        )
    after(clock, 100)
    retention.warn(clock())
    after(clock, 30)
    retention.place("sam", "person", "grace", "The inquiry asked for it.")
    retention.place("sam", "person", "amina", "The inquiry asked for it.")

    assert retention.dispose_due(clock()) == 2
    assert [gone(office, each.id) for each in (theirs, others)] == [False, True]
    assert [len(office.desk.conversations.conversations(owner)) for owner in ("amina", "tom")] == [1, 0]


@pytest.mark.parametrize(("what", "subject"), [("review", ""), ("person", "grace"), ("person", "amina"),
                                               ("kind", "answer")])  # fmt: skip
def test_what_is_held_stays_until_the_hold_is_lifted(office, retention, clock, what, subject):
    review = office.delivered()
    other = None if what != "review" else office.delivered()
    after(clock, 100)
    retention.warn(clock())
    hold = retention.place("sam", what, subject or review.id, "The inquiry asked for it.")
    after(clock, 100)

    assert retention.dispose_due(clock()) == (1 if other else 0)
    assert not gone(office, review.id)
    assert [each.what.kept_for for each in retention.due("sam")] == ["a legal hold"]
    retention.lift("sam", hold.id)
    assert retention.dispose_due(clock()) == 1
    entries = [entry for entry in ledger_store.entries(office.database) if entry.act.startswith("hold:")]
    assert [(entry.actor, entry.act, entry.subject) for entry in entries] == [
        ("sam", "hold:place", hold.id), ("sam", "hold:lift", hold.id),
    ]  # fmt: skip
    assert "inquiry" not in str(entries)
    assert [(each.id, each.lifted_by) for each in retention.holds("sam")] == [(hold.id, "sam")]


def test_a_hold_that_is_placed_between_the_listing_and_the_disposal_is_kept(office, retention, clock):
    review = office.delivered()
    after(clock, 100)
    retention.warn(clock())
    after(clock, 30)
    listed = retention._due_until(clock().date())
    retention.place("sam", "review", review.id, "Just in time.")

    assert retention._dispose_one(listed[0], "humphrey", clock()) == 0
    assert not gone(office, review.id)


@pytest.mark.parametrize(("call", "error"), [
    (lambda r: r.place("iris", "kind", "answer", "Why."), NotPermitted),
    (lambda r: r.place("sam", "kind", "letter", "Why."), RecordError),
    (lambda r: r.place("sam", "review", "r9", "Why."), ReviewError),
    (lambda r: r.place("sam", "person", "zoe", "Why."), IdentityError),
    (lambda r: r.lift("sam", "h9"), RecordError),
    (lambda r: r.dispose("grace"), NotPermitted),
])  # fmt: skip
def test_what_is_refused_is_on_the_record(office, retention, call, error):
    with pytest.raises(error):
        call(retention)
    last = list(ledger_store.entries(office.database))[-1]
    assert (last.act, last.detail["why"]) == ("act:refused", error.__name__)


def test_a_conversation_goes_when_nobody_went_on_with_it(office, retention, clock, tmp_path):
    draft = office.desk.drafting.compose(Commission("answer", f"Where are the {SECRET}?", "amina", "web"))
    kept = office.desk.conversations.save(draft, None)
    after(clock, 40)
    retention.warn(clock())
    after(clock, 30)

    assert retention.dispose_due(clock()) == 1
    assert office.desk.conversations.conversations("amina") == []
    assert SECRET.encode() not in bytes_of(tmp_path)
    entry = list(ledger_store.entries(office.database))[-1]
    assert (entry.act, entry.subject) == ("content:dispose", kept.conversation)


def test_without_periods_everything_is_kept(office, forgotten, clock):
    retention = retaining(office, forgotten, None)
    review = office.delivered()
    after(clock, 10_000)

    assert [retention.warn(clock()), retention.dispose_due(clock()), retention.due("sam")] == [0, 0, []]
    assert not gone(office, review.id)


def test_a_round_that_was_killed_is_gone_on_with(office, retention, clock, tmp_path, monkeypatch):
    reviews = [office.delivered(f"What is said of {SECRET}?") for _ in range(3)]
    after(clock, 100)
    retention.warn(clock())
    after(clock, 30)

    class Killed(BaseException):
        pass

    def forget(review_id: str) -> None:
        if done:
            raise Killed
        done.append(review_id)

    done: list[str] = []
    stopped = Retention(office.database, office.people, PERIODS, ("answer",), office.drop, forget, office.now)
    with pytest.raises(Killed):
        stopped.dispose_due(clock())
    assert sorted(gone(office, each.id) for each in reviews) == [False, False, True]
    assert retention_store.unscrubbed_parts(office.database)

    assert retention.dispose_due(clock()) == 2
    assert retention_store.unscrubbed_parts(office.database) == []
    assert SECRET.encode() not in bytes_of(tmp_path)
    assert acts(office).count("content:dispose") == 3


def test_what_could_not_be_wiped_because_a_person_read_is_wiped_in_the_next_round(office, retention, clock, tmp_path):
    office.delivered(f"What is said of {SECRET}?")
    after(clock, 100)
    retention.warn(clock())
    after(clock, 30)
    reader = sqlite3.connect(tmp_path / "humphrey.db")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM versions").fetchall()
    # New connections wait 0.1 s for the reader, and not 30 s.
    event.listen(office.database.engine, "connect", lambda made, _: made.execute("PRAGMA busy_timeout = 100"))
    office.database.engine.dispose()

    assert retention.dispose_due(clock()) == 1
    assert retention_store.unscrubbed_parts(office.database)
    reader.close()
    assert retention.dispose_due(clock()) == 0
    assert retention_store.unscrubbed_parts(office.database) == []
    assert SECRET.encode() not in bytes_of(tmp_path)


def test_a_seeded_draft_goes_with_what_it_was_made_of(office, retention, clock, tmp_path):
    for n in range(5):
        office.delivered(f"What is said of {SECRET} in {n}?")
    seeds = SpotChecks(office.database, office.desk.drafting.findings, lambda _name: False, 0.2, office.now)
    assert seeds.create() == 1
    seeded = next(review for review in office.desk.clearance.reviews(everything=False))
    found = office.disclosing.search("iris", SearchCriteria(words="said"))
    assert not any(seeded.id in piece.id for piece in found.pieces)
    assert len(found.pieces) >= 5
    after(clock, 100)
    retention.warn(clock())
    after(clock, 30)

    assert retention.dispose_due(clock()) == 4
    office.desk.clearance.decide(seeded.id, "return", "david", seeded.draft.digest, f"{SECRET} is wrong.")
    assert retention.dispose_due(clock()) == 1
    assert gone(office, seeded.id)
    assert SECRET.encode() not in bytes_of(tmp_path)
    assert faults(office) == []
    assert office.disclosing.search("iris", SearchCriteria(kind="answer")).pieces == ()


def test_what_an_open_disclosure_pack_holds_is_kept_until_it_was_given_out_or_given_up(office, retention, clock):
    sent, dropped, asked = (office.delivered(f"What of {what}?") for what in ("plovers", "dotterels", "knots"))
    draft = office.desk.drafting.compose(Commission("answer", "Where are the knots now?", "amina", "web"))
    kept = office.desk.conversations.save(draft, None)
    packs = [
        office.disclosing.open("iris", SearchCriteria(words=words), "foi", "F1")
        for words in ("plovers", "dotterels", "knots")
    ]
    assert len(packs[2].items) == 2
    after(clock, 100)
    retention.warn(clock())
    after(clock, 30)

    assert retention.dispose_due(clock()) == 0
    assert {each.what.kept_for for each in retention.due("sam")} == {"an open disclosure pack"}
    office.disclosing.drop("iris", packs[1].id)
    review = office.disclosing.send("iris", packs[0].id)
    # What was kept until now is announced before it goes.
    assert [retention.dispose_due(clock()), retention.warn(clock())] == [0, 1]
    after(clock, 30)
    assert retention.dispose_due(clock()) == 1
    office.desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    office.desk.deliver("file", shown)
    assert retention.dispose_due(clock()) == 1
    assert [gone(office, each.id) for each in (sent, dropped, asked)] == [True, True, False]
    assert [each.id for each in office.desk.conversations.exchanges(kept.conversation, "amina")] == [kept.id]


def test_a_pack_that_was_given_out_goes_too_with_what_was_looked_for(office, clock, forgotten, tmp_path):
    periods = Periods({"disclosure_pack": {"OFFICIAL": 10, "OFFICIAL-SENSITIVE": 900}}, warn_days=5)
    retention = retaining(office, forgotten, periods)
    office.ask(f"What is said of {SECRET}?")
    pack = office.disclosing.open("iris", SearchCriteria(words="pilchards zanzibar"), "foi", "Request of Zacharias")
    office.disclosing.add("iris", pack.id, "Zanzibar", "where Zebedee lives")
    review = office.disclosing.send("iris", pack.id)
    office.desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    office.desk.deliver("file", shown)
    after(clock, 10)
    retention.warn(clock())
    after(clock, 5)

    assert retention.dispose_due(clock()) == 1
    assert gone(office, review.id)
    assert faults(office) == []
    for words in (b"Zacharias", b"Zebedee"):
        assert words not in bytes_of(tmp_path)
    assert disclosure_store.pack(office.database, pack.id).items == ()
