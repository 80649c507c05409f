"""Seeded drafts: on the queue like any other, never released, told to nobody before a person ruled on them."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from humphrey.clearance.gate import release
from humphrey.clearance.model import Decision
from humphrey.clearance.spot_checks import store as spot_check_store
from humphrey.clearance.spot_checks.service import SpotChecks
from humphrey.clearance.store import reviews as review_store
from humphrey.database.engine import Database
from humphrey.database.tables.clearance import reviews
from humphrey.delivery import store as outbox_store
from humphrey.errors import HumphreyError, NotPermitted, ReviewError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken
from humphrey.papers.draft import Finding
from tests.support.processes import FORKS, Popen
from tests.support.services import LIFE, Desk
from tests.support.staff import TEXT, Clock, desk_on, question, shown, store_in

SHARE = 0.2


@pytest.fixture
def desk(database: Database, clock: Clock) -> Desk:
    return desk_on(database, clock)


def seeding(database, clock, share: float = SHARE, found=lambda draft: ()) -> SpotChecks:
    return SpotChecks(database, found, lambda name: name in {"grace", "david"}, share, clock)


def cleared(desk, clock, count: int) -> list[str]:
    """Drafts that were approved and delivered, a second after one another."""
    ids = []
    for n in range(count):
        clock.now += timedelta(seconds=1)
        review = desk.clearance.take(question(f"Question {n}"))
        desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
        ids.append(review.id)
    desk.deliver("web", shown)
    return ids


@pytest.fixture
def seed(desk, database, clock):
    """A seeded draft that nobody has looked at yet."""
    before = set(cleared(desk, clock, 5))
    assert seeding(database, clock).create() == 1
    return next(review for review in desk.clearance.reviews(everything=True) if review.id not in before)


def test_none_is_planted_where_the_setting_is_nought_or_the_share_is_used_up(desk, database, clock):
    cleared(desk, clock, 9)

    assert seeding(database, clock, share=0).create() == 0
    assert [seeding(database, clock, share=0.1).create() for _ in range(3)] == [0, 0, 0]
    assert [seeding(database, clock, share=0.2).create() for _ in range(3)] == [1, 0, 0]
    clock.now += timedelta(days=29)
    assert seeding(database, clock, share=0.2).create() == 0


def test_it_looks_like_any_draft_that_its_originals_asker_sent_and_has_one_error(desk, seed, clock):
    [row] = [row for row in desk.clearance.reviews(everything=False) if row.id == seed.id]

    assert row.state == "open"
    assert seed.draft.commission.text == "Question 0"
    assert seed.draft.text != TEXT
    assert (seed.opened, seed.authors) == (clock(), {"amina"})
    assert desk.clearance.review_to_clear(seed.id, "david").draft.digest == seed.draft.digest
    any_other = desk.clearance.take(question())
    assert [entry.act for entry in desk.clearance.history(seed.id)] == [
        entry.act for entry in desk.clearance.history(any_other.id)
    ]
    alike = zip(desk.clearance.history(seed.id), desk.clearance.history(any_other.id), strict=True)
    assert all(one.actor == other.actor and one.detail.keys() == other.detail.keys() for one, other in alike)


def test_the_record_says_what_it_is_and_nobody_is_said_to_have_sent_it(seed, database):
    acts = [(entry.actor, entry.act) for entry in ledger_store.entries(database, seed.id)]

    assert acts == [("humphrey", "seed:plant")]


def test_the_person_who_asked_for_its_original_never_sees_it_and_is_told_nothing(desk, seed, notices):
    before = [notice.id for notice in notices.of("amina")]
    desk.assignment.claim(seed.id, "david")
    desk.assignment.comment(seed.id, "david", "Is this right?")
    desk.clearance.decide(seed.id, "return", "david", seed.draft.digest, "The figure is wrong.")

    assert seed.id not in {review.id for review in desk.clearance.sent_by("amina")}
    assert seed.id not in {permit.review for permit in desk.delivery.released_to("amina")}
    assert [notice.id for notice in notices.of("amina")] == before
    for look in (desk.clearance.seen, desk.clearance.review_to_clear):
        with pytest.raises(NotPermitted):
            look(seed.id, "amina")
    with pytest.raises(NotPermitted):
        desk.clearance.amend(seed.id, "Mine.", "amina")


@pytest.mark.parametrize(
    ("verdict", "outcome", "said"),
    [("approve", "missed", "missed"), ("return", "found", "found"), ("refuse", "found", "found")],
)
def test_ruling_on_it_closes_it_and_reveals_it_to_the_person_who_ruled(
    desk, seed, database, notices, verdict, outcome, said
):
    assert desk.clearance.revealed(seed.id) == ""
    decided = desk.clearance.decide(seed.id, verdict, "david", seed.draft.digest, "Because.")

    assert decided.state == desk.clearance.review(seed.id).state == "closed"
    assert desk.clearance.revealed(seed.id).startswith("This was a seeded draft, and it goes nowhere: ")
    assert f"It was {outcome}." in desk.clearance.revealed(seed.id)
    kept = spot_check_store.seed(database, seed.id)
    assert (kept.found_by, kept.missed_by) == (("david", "") if outcome == "found" else ("", "david"))
    assert [entry.act for entry in ledger_store.entries(database, seed.id)][0::2] == ["seed:plant", "seed:reveal"]
    assert [entry.act for entry in desk.clearance.history(seed.id)][-1] == "seed:reveal"
    [notice] = [notice for notice in notices.of("david") if notice.event == "revealed"]
    assert notices.sentence(notice).endswith(f"You {said} it.")
    assert outbox_store.waiting(database, "web", seed.opened + timedelta(days=365)) == []
    assert first_broken(ledger_store.entries(database)) is None


def test_putting_its_error_right_finds_it_and_other_words_beside_it_do_not(desk, seed, database):
    with_more = desk.clearance.amend(seed.id, f"{seed.draft.text}\n\nYours sincerely", "grace")
    assert (with_more.state, desk.clearance.revealed(seed.id)) == ("open", "")

    right = desk.clearance.amend(seed.id, f"{TEXT}\n\nYours sincerely", "grace")
    assert right.state == desk.clearance.review(seed.id).state == "closed"
    assert spot_check_store.seed(database, seed.id).found_by == "grace"
    with pytest.raises(ReviewError):
        desk.clearance.decide(seed.id, "approve", "david", right.draft.digest)


def test_an_original_is_used_once_and_the_one_decided_longest_ago_first(desk, database, clock):
    cleared(desk, clock, 10)
    seeds = seeding(database, clock)
    planted = []
    for _ in range(4):
        clock.now += timedelta(seconds=1)
        planted.append(seeds.create())
    copies = [review.draft.commission.text for review in desk.clearance.reviews(everything=False)]

    assert (planted, copies) == ([1, 1, 0, 0], ["Question 0", "Question 1"])


def test_a_reviewers_own_drafts_are_no_originals(desk, database, clock):
    for n in range(5):
        review = desk.clearance.take(question(f"Question {n}", "grace"))
        desk.clearance.decide(review.id, "approve", "david", review.draft.digest)

    assert seeding(database, clock).create() == 0


def test_drafts_that_no_seed_can_be_made_of_do_not_stand_in_the_way_of_others(desk, database, clock):
    for n in range(20):
        review = desk.clearance.take(question(f"Question {n}", "grace"))
        desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    clock.now += timedelta(minutes=1)
    cleared(desk, clock, 1)

    assert seeding(database, clock).create() == 1


def test_what_was_not_approved_is_no_original(desk, database, clock):
    for _ in range(5):
        review = desk.clearance.take(question())
        desk.clearance.decide(review.id, "return", "grace", review.draft.digest, "Because.")

    assert seeding(database, clock).create() == 0


def test_an_error_that_the_checks_say_nothing_of_is_preferred(desk, database, clock):
    def found(draft):
        if "3 copies" not in draft.text and "20 working days" in draft.text:
            return ()
        return () if draft.text == TEXT else (Finding("figures_agree", "warn", "in no source"),)

    cleared(desk, clock, 5)
    assert seeding(database, clock, found=found).create() == 1
    [review] = desk.clearance.reviews(everything=False)

    assert "20 working days" in review.draft.text
    assert review.draft.findings == ()
    assert not spot_check_store.seed(database, review.id).flagged


def test_where_the_checks_point_at_every_error_one_is_planted_with_what_they_say_as_it_would_be_in_life(
    desk, database, clock
):
    warning = Finding("figures_agree", "warn", "in no source")
    cleared(desk, clock, 5)
    assert seeding(database, clock, found=lambda draft: () if draft.text == TEXT else (warning,)).create() == 1
    [review] = desk.clearance.reviews(everything=False)
    desk.clearance.decide(review.id, "return", "david", review.draft.digest, "Because.")

    assert review.draft.findings == (warning,)
    assert desk.clearance.revealed(review.id).endswith("The checks had pointed at it.")


def test_what_the_checks_would_block_is_no_test_of_a_reader(desk, database, clock):
    blocking = Finding("quotes_verbatim", "block", "no quotation")
    cleared(desk, clock, 5)

    assert seeding(database, clock, found=lambda draft: () if draft.text == TEXT else (blocking,)).create() == 0


def test_whatever_a_person_writes_into_the_database_a_seeded_draft_does_not_leave(desk, seed, database, clock):
    with database.writing() as connection:
        connection.execute(update(reviews).where(reviews.c.id == seed.id).values(seeded=False))
    decided = desk.clearance.decide(seed.id, "approve", "david", seed.draft.digest)
    assert decided.state == "closed"
    with database.writing() as connection:
        connection.execute(update(reviews).where(reviews.c.id == seed.id).values(state="released"))
    with pytest.raises(ReviewError, match="seeded"):
        release(
            desk.clearance.review(seed.id),
            list(ledger_store.entries(database, seed.id)),
            clock(),
            LIFE,
            lambda _record: None,
        )
    forged = Decision("approve", "david", seed.draft.digest, "", clock(), door="command")
    assert forged in desk.clearance.review(seed.id).decisions
    assert desk.deliver("web", shown).delivered == ()


@pytest.mark.parametrize("chance", range(6))
def test_whatever_people_do_in_whatever_order_no_seeded_draft_is_released(desk, seed, database, clock, chance):
    choose = random.Random(chance)  # noqa: S311 - choices for a test, not secrets
    sent = []
    for _ in range(40):
        who, review = choose.choice(["amina", "grace", "david"]), desk.clearance.review(seed.id)
        try:
            match choose.choice(["amend", "claim", "comment", "approve", "approve", "return", "deliver", "expire"]):
                case "amend":
                    desk.clearance.amend(
                        seed.id, choose.choice([TEXT, f"{seed.draft.text} More.", "Other words."]), who
                    )
                case "claim":
                    desk.assignment.claim(seed.id, who)
                case "comment":
                    desk.assignment.comment(seed.id, who, "A word.")
                case "deliver":
                    desk.deliver("web", lambda permit: sent.append(permit) or shown(permit))
                case "expire":
                    clock.now += timedelta(hours=1)
                case verdict:
                    desk.clearance.decide(seed.id, verdict, who, review.draft.digest, "Because.")
        except HumphreyError:
            continue
    desk.deliver("web", lambda permit: sent.append(permit) or shown(permit))

    assert seed.id not in {permit.review for permit in sent}
    assert desk.clearance.review(seed.id).state in {"open", "closed"}
    assert "release:mint" not in {entry.act for entry in ledger_store.entries(database, seed.id)}
    assert first_broken(ledger_store.entries(database)) is None


def _plant_all(folder: Path, barrier) -> None:
    with closing(store_in(folder)) as database:
        barrier.wait()
        seeding(database, Clock()).create()


def test_of_four_processes_that_plant_at_once_the_share_is_kept_and_no_original_used_twice(
    desk, database, clock, tmp_path
):
    cleared(desk, clock, 9)
    barrier = FORKS.Barrier(4, timeout=30)
    racers = [FORKS.Process(target=_plant_all, args=(tmp_path, barrier)) for _ in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(60)

    assert [racer.exitcode for racer in racers] == [0] * 4
    assert Counter(entry.act for entry in ledger_store.entries(database))["seed:plant"] == 1
    assert len(desk.clearance.reviews(everything=False)) == 1


APPROVING = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from datetime import timedelta
from tests.support.staff import Clock, desk_on, shown, store_in
from tests.clearance.spot_checks.test_spot_checks import cleared, seeding
clock = Clock()
store = store_in(Path(sys.argv[1]))
desk = desk_on(store, clock)
print("acting", flush=True)
while True:
    cleared(desk, clock, 5)
    seeding(store, clock).create()
    for review in desk.clearance.reviews(everything=False):
        desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    desk.deliver("web", shown)
    print("round", flush=True)
"""


@pytest.mark.parametrize("after_s", [0.002, 0.02, 0.05])
def test_killed_at_whatever_point_no_seeded_draft_has_left_and_none_is_without_its_entry(database, tmp_path, after_s):
    checkout = str(Path(__file__).parents[3])
    command = [sys.executable, "-c", APPROVING, str(tmp_path), checkout]
    process = Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert [process.stdout.readline() for _ in range(3)] == ["acting\n", "round\n", "round\n"]
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdout.close()

    record = list(ledger_store.entries(database))
    planted = {entry.subject for entry in record if entry.act == "seed:plant"}
    revealed = {entry.subject for entry in record if entry.act == "seed:reveal"}
    left = {entry.subject for entry in record if entry.act in {"release:mint", "release:deliver"}}
    stored = {
        review.id: review.state for review in review_store.find(database) if spot_check_store.seed(database, review.id)
    }
    assert first_broken(record) is None
    assert len(planted) >= 2
    assert not planted & left
    assert set(stored) == planted
    assert {review_id for review_id, state in stored.items() if state == "closed"} == revealed
