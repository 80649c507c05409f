"""Several processes at once, and processes killed in the middle: one wins, and no act is without its entry."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from humphrey.clearance.gate import Release
from humphrey.database.engine import Database
from humphrey.delivery import store as outbox_store
from humphrey.errors import AlreadyDecided, HumphreyError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import Entry, first_broken
from tests.support.processes import FORKS, Popen
from tests.support.services import SHOWN, Clock, Desk, desk_on, question, store_in, wall_clock

RACERS, REVIEWS = 8, 5


WRITING = {"question:ask", "draft:write", "draft:check"}


def _decide_all(
    folder: Path, reviewer: str, ids: list[str], barrier: Barrier, won: "SimpleQueue[tuple[str, str]]"
) -> None:
    database = store_in(folder)
    desk = desk_on(database, wall_clock)
    digests = {review: desk.clearance.review(review).draft.digest for review in ids}
    for review in ids:
        barrier.wait()
        try:
            desk.clearance.decide(review, "approve", reviewer, digests[review])
        except AlreadyDecided:
            continue
        won.put((review, reviewer))
    database.close()


def test_of_eight_processes_that_decide_at_once_one_wins_and_each_other_is_on_the_record(desk, database, tmp_path):
    ids = [desk.clearance.take(question()).id for _ in range(REVIEWS)]
    barrier, won = FORKS.Barrier(RACERS, timeout=30), FORKS.SimpleQueue()
    racers = [
        FORKS.Process(target=_decide_all, args=(tmp_path, ("grace", "david")[n % 2], ids, barrier, won))
        for n in range(RACERS)
    ]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(60)
    winners = []
    while not won.empty():
        winners.append(won.get())

    assert [racer.exitcode for racer in racers] == [0] * RACERS
    assert sorted(review for review, _ in winners) == sorted(ids)
    for review, reviewer in winners:
        acts = Counter(entry.act for entry in desk.clearance.history(review))
        assert {act: n for act, n in acts.items() if act not in WRITING} == {
            "review:open": 1,
            "review:approve": 1,
            "release:mint": 1,
            "act:refused": RACERS - 1,
        }
        assert [decision.reviewer for decision in desk.clearance.review(review).decisions] == [reviewer]
    assert len(outbox_store.waiting(database, "web", wall_clock())) == REVIEWS
    assert first_broken(ledger_store.entries(database)) is None


def _deliver_all(folder: Path, barrier: Barrier, sent: "SimpleQueue[str]") -> None:
    database = store_in(folder)
    desk = desk_on(database, wall_clock)
    barrier.wait()
    desk.deliver("web", lambda release: sent.put(release.key) or SHOWN)
    database.close()


def test_of_three_processes_that_deliver_at_once_none_sends_what_another_sends(desk, clock, tmp_path):
    clock.now = wall_clock()
    for _ in range(20):
        review = desk.clearance.take(question())
        desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
    barrier, sent = FORKS.Barrier(3, timeout=30), FORKS.SimpleQueue()
    outlets = [FORKS.Process(target=_deliver_all, args=(tmp_path, barrier, sent)) for _ in range(3)]
    for outlet in outlets:
        outlet.start()
    for outlet in outlets:
        outlet.join(60)
    keys = []
    while not sent.empty():
        keys.append(sent.get())

    assert len(keys) == len(set(keys)) == 20
    assert Counter(review.state for review in desk.clearance.reviews(everything=True)) == {"delivered": 20}


ACTING = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from tests.support.services import SHOWN, desk_on, question, store_in, wall_clock
desk = desk_on(store_in(Path(sys.argv[1])), wall_clock)
print("acting", flush=True)
while True:
    review = desk.clearance.take(question())
    amended = desk.clearance.amend(review.id, "Twenty working days [1].", "amina")
    desk.clearance.decide(review.id, "approve", "grace", amended.draft.digest)
    desk.deliver("web", lambda release: SHOWN)
    print("round", flush=True)
"""
"""What a process does until it is killed; it says when it has gone round."""


def _killed(folder: Path, code: str, rounds: int, after_s: float) -> None:
    """Run code until it has gone round so often, and kill it a moment later, in the middle of the next."""
    here = str(Path(__file__).parents[2])
    process = Popen([sys.executable, "-c", code, str(folder), here], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "acting\n"
    assert [process.stdout.readline() for _ in range(rounds)] == ["round\n"] * rounds
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL


def _acts_without_entries(folder: Path, entries: list[Entry]) -> dict[str, tuple[int, int]]:
    """Per act, how many are stored and how many are on the record, where the two differ."""
    connection = sqlite3.connect(folder / "humphrey.db")
    recorded = Counter(entry.act for entry in entries)
    stored = {
        "review:open": "SELECT count(*) FROM reviews",
        "review:amend": "SELECT count(*) FROM versions WHERE n > 1",
        "review:approve": "SELECT count(*) FROM decisions",
        "release:mint": "SELECT count(*) FROM outbox",
        "release:deliver": "SELECT count(*) FROM outbox WHERE delivered_at IS NOT NULL",
    }
    counted = {act: (connection.execute(query).fetchone()[0], recorded[act]) for act, query in stored.items()}
    connection.close()
    return {act: both for act, both in counted.items() if both[0] != both[1]}


def test_killed_in_the_middle_no_act_is_without_its_entry_and_no_entry_without_its_act(desk, database, tmp_path):
    for rounds, after_s in ((3, 0.001), (2, 0.004), (4, 0.007)):
        _killed(tmp_path, ACTING, rounds, after_s)
        entries = list(ledger_store.entries(database))
        assert first_broken(entries) is None
        assert _acts_without_entries(tmp_path, entries) == {}
    assert len(list(ledger_store.entries(database))) > 20
    review = desk.clearance.take(question())
    assert desk.clearance.decide(review.id, "approve", "david", review.draft.digest).state == "released"


SENDING = """
import sys, time
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from tests.support.services import desk_on, store_in, wall_clock
def send(release):
    (Path(sys.argv[1]) / "sent").write_text(release.key)
    print("acting", flush=True)
    time.sleep(60)
desk_on(store_in(Path(sys.argv[1])), wall_clock).deliver("web", send)
"""
"""Hands a release over and is killed before its receipt is kept."""


def test_killed_between_sending_and_receipt_it_is_sent_again_under_the_same_key(database: Database, tmp_path: Path):
    clock = Clock()
    clock.now = wall_clock()
    desk: Desk = desk_on(database, clock)
    review = desk.clearance.take(question())
    desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
    _killed(tmp_path, SENDING, 0, 0)
    again: list[Release] = []

    clock.now = wall_clock() + timedelta(minutes=1)
    assert desk.deliver("web", lambda release: again.append(release) or SHOWN).delivered == ()
    clock.now += timedelta(minutes=5)
    desk.deliver("web", lambda release: again.append(release) or SHOWN)

    assert [release.key for release in again] == [(tmp_path / "sent").read_text()]
    assert desk.clearance.review(review.id).state == "delivered"


@pytest.mark.parametrize("seed", range(4))
def test_whatever_people_try_only_what_another_person_approved_leaves(desk, database, seed):
    choose = random.Random(seed)  # noqa: S311 - choices for a test, not secrets
    people = ["amina", "tom", "grace", "david", "zoe"]
    texts = ["One [1].", "Two [1].", "Three [1]."]
    ids = [desk.clearance.take(question(asked_by=choose.choice(people[:4]))).id for _ in range(3)]
    sent: list[Release] = []
    for _ in range(60):
        review, who = desk.clearance.review(choose.choice(ids)), choose.choice(people)
        try:
            match choose.choice(["amend", "approve", "approve", "return", "refuse", "deliver"]):
                case "amend":
                    desk.clearance.amend(review.id, choose.choice(texts), who)
                case "deliver":
                    desk.deliver("web", lambda release: sent.append(release) or SHOWN)
                case verdict:
                    digest = choose.choice([review.draft.digest, review.versions[0].draft.digest])
                    desk.clearance.decide(review.id, verdict, who, digest, "Because.")
        except HumphreyError:
            continue
    for release in sent:
        review = desk.clearance.review(release.review)
        assert release.approved_by in {"grace", "david"} - review.authors
        assert release.text == review.draft.text
    assert len({release.key for release in sent}) == len(sent)
    assert first_broken(ledger_store.entries(database)) is None
