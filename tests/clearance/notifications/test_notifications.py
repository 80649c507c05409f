"""Notifications: kept with the act they tell of, read by whom they are for, and sent by e-mail at least once."""

import signal
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import update

from humphrey.accounts import store as account_store
from humphrey.accounts.model import Person
from humphrey.clearance.notifications import store as notification_store
from humphrey.clearance.notifications.model import Notification, NotificationEvent, sentence, subject
from humphrey.clearance.notifications.service import MOST_TRIES, Notifications
from humphrey.database.tables.accounts import people
from humphrey.errors import ReviewError
from humphrey.mail.smtp import Mailer, MailServer
from humphrey.papers.draft import Commission
from tests.support.mail_server import free_port, postbox
from tests.support.processes import FORKS, Popen
from tests.support.staff import Clock, desk_on, store_in

SECRET = "a question of the Permanent Secretary"


def tell(
    database, clock, *told: str, event: NotificationEvent = "returned", review: str = "r1", detail: str = ""
) -> None:
    with database.transaction() as tx:
        notification_store.add(tx, told, event, review, clock(), detail)


def add(database, clock, name: str, email: str = "") -> None:
    with database.transaction() as tx:
        account_store.add_person(tx, Person(name, ("official",), email=email), "hash", clock())


def mailer(port: int, clock) -> Mailer:
    return Mailer(MailServer("127.0.0.1", port, "humphrey@office.example", tls="none", timeout_s=2), clock)


@pytest.mark.parametrize("event", get_args(NotificationEvent))
@pytest.mark.parametrize("detail", ["", "grace"])
def test_every_event_is_told_in_a_sentence_with_the_id_of_its_review(event, detail, clock):
    said = sentence(Notification("n1", "amina", event, "r1", clock(), detail))

    # What falls due for disposal is the words of several, which its detail counts.
    assert (detail if event == "disposal_due" else "r1") in said
    assert said.endswith(".")
    assert not set("{}") & set(said)
    assert "r1" not in subject(Notification("n1", "amina", event, "r1", clock(), detail))


def test_a_person_reads_their_own_notices_latest_first_and_nobody_elses(database, clock, notices):
    tell(database, clock, "amina", review="r1")
    clock.now += timedelta(minutes=1)
    tell(database, clock, "amina", "tom", event="approved", review="r2", detail="grace")

    assert [(each.review, each.read_at) for each in notices.of("amina")] == [("r2", None), ("r1", None)]
    assert notices.of("amina", limit=1)[0].review == "r2"
    assert notices.sentence(notices.of("tom")[0]) == "Draft r2 was approved by grace and is on its way out."
    assert (notices.unread("amina"), notices.unread("tom"), notices.unread("grace")) == (2, 1, 0)


def test_a_notice_is_read_once_and_only_by_whom_it_is_for(database, clock, notices):
    tell(database, clock, "amina")
    [notice] = notices.of("amina")

    assert not notices.read("tom", notice.id)
    assert notices.unread("amina") == 1
    assert notices.read("amina", notice.id)
    assert not notices.read("amina", notice.id)
    assert (notices.unread("amina"), notices.of("amina")[0].read_at) == (0, clock())


def test_no_notice_is_without_its_act(database, clock, notices):
    def fail() -> None:
        with database.transaction() as tx:
            notification_store.add(tx, ["amina"], "returned", "r1", clock())
            raise ReviewError("refused after all")

    with pytest.raises(ReviewError):
        fail()
    assert notices.of("amina") == []


def test_a_letter_holds_the_reviews_id_and_a_link_and_no_word_of_the_draft(database, clock, notices):
    desk = desk_on(database, clock)
    review = desk.clearance.take(Commission("answer", SECRET, "amina", "web", marking="OFFICIAL-SENSITIVE"))
    add(database, clock, "zoe", "zoe@office.example")
    tell(database, clock, "zoe", review=review.id, detail="grace")
    with postbox() as box:
        assert notices.mail(mailer(box.port, clock)) == 1

    [letter] = box.letters
    words = letter.read.get_content()
    assert letter.to == "zoe@office.example"
    assert letter.read["Message-ID"] == f"<{notices.of('zoe')[0].id}@office.example>"
    assert f"Draft {review.reference} was returned by grace." in words
    assert f"https://humphrey.example/reviews/{review.id}" in words
    for word in (SECRET, review.draft.text, "SENSITIVE", review.draft.digest):
        assert word not in letter.content.decode()


def test_only_the_person_who_has_an_address_and_has_not_read_it_is_sent_a_letter_and_only_news(
    database, clock, notices
):
    add(database, clock, "zoe", "zoe@office.example")
    add(database, clock, "yan")
    add(database, clock, "left", "left@office.example")
    with database.writing() as connection:
        connection.execute(update(people).where(people.c.name == "left").values(disabled_at=clock()))
    tell(database, clock, "zoe", review="old")
    clock.now += timedelta(days=8)
    tell(database, clock, "zoe", "yan", "left", "gone", review="new")
    tell(database, clock, "zoe", review="read")
    notices.read("zoe", next(each.id for each in notices.of("zoe") if each.review == "read"))
    with postbox() as box:
        assert notices.mail(mailer(box.port, clock)) == 1
        assert notices.mail(mailer(box.port, clock)) == 0

    assert [(letter.to, "Draft new" in letter.content.decode()) for letter in box.letters] == [
        ("zoe@office.example", True)
    ]


def test_a_server_that_cannot_be_reached_is_tried_later_and_later_and_given_up_with_its_reason(
    database, clock, notices
):
    add(database, clock, "zoe", "zoe@office.example")
    tell(database, clock, "zoe")
    nowhere, began = mailer(free_port(), clock), clock.now
    tries = []
    for _ in range(600):
        before = notification_store.pending_mail(database, clock(), clock() - timedelta(days=7), 1)
        assert notices.mail(nowhere) == 0
        tries += [(clock.now - began) // timedelta(minutes=1)] if before else []
        clock.now += timedelta(minutes=1)

    assert tries == [0, 1, 3, 7, 15, 31, 63, 123]
    assert len(tries) == MOST_TRIES
    unsent = notices.unsent()
    assert (unsent.waiting, unsent.given_up) == (0, 1)
    assert "cannot be reached" in unsent.failure


def test_an_address_that_is_refused_for_good_is_given_up_at_once_and_holds_up_nobody(database, clock, notices):
    for n in range(5):
        add(database, clock, f"bad{n}", f"bad{n}@office.example")
    add(database, clock, "zoe", "zoe@office.example")
    tell(database, clock, *(f"bad{n}" for n in range(5)))
    clock.now += timedelta(seconds=1)
    tell(database, clock, "zoe")
    with postbox() as box:
        box.refused = {f"bad{n}@office.example": "550 no such user" for n in range(5)}
        assert notices.mail(mailer(box.port, clock)) == 1

    assert [letter.to for letter in box.letters] == ["zoe@office.example"]
    assert (notices.unsent().waiting, notices.unsent().given_up) == (0, 5)
    assert "no such user" in notices.unsent().failure


def test_a_server_that_takes_nothing_just_now_is_asked_three_times_and_not_for_every_letter(database, clock, notices):
    for n in range(6):
        add(database, clock, f"zoe{n}", f"zoe{n}@office.example")
        tell(database, clock, f"zoe{n}")
    with postbox() as box:
        box.answer = "451 try later"
        assert notices.mail(mailer(box.port, clock)) == 0
        assert len(notification_store.pending_mail(database, clock(), clock() - timedelta(days=7), 10)) == 3
        box.answer = "250 OK"
        clock.now += timedelta(minutes=5)
        assert notices.mail(mailer(box.port, clock)) == 6


def test_a_line_cut_after_the_letter_sends_it_again_under_the_same_name(database, clock, notices):
    add(database, clock, "zoe", "zoe@office.example")
    tell(database, clock, "zoe")
    with postbox() as box:
        box.hang_up = 1
        assert notices.mail(mailer(box.port, clock)) == 0
        clock.now += timedelta(minutes=1)
        assert notices.mail(mailer(box.port, clock)) == 1

    assert len({letter.read["Message-ID"] for letter in box.letters}) == 1
    assert len(box.letters) == 2


def _send_all(folder: Path, port: int, barrier) -> None:
    clock = Clock()
    with closing(store_in(folder)) as database:
        barrier.wait()
        Notifications(database, clock).mail(mailer(port, clock))


def test_of_three_processes_that_send_at_once_each_letter_is_sent_by_one(database, clock, notices, tmp_path):
    for n in range(12):
        add(database, clock, f"zoe{n}", f"zoe{n}@office.example")
        tell(database, clock, f"zoe{n}")
    barrier = FORKS.Barrier(3, timeout=30)
    with postbox() as box:
        senders = [FORKS.Process(target=_send_all, args=(tmp_path, box.port, barrier)) for _ in range(3)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join(60)

    assert [sender.exitcode for sender in senders] == [0, 0, 0]
    assert sorted(letter.to for letter in box.letters) == sorted(f"zoe{n}@office.example" for n in range(12))


SENDING = """
import sys
sys.path.insert(0, sys.argv[3])
from pathlib import Path
from tests.support.staff import Clock, store_in
from tests.clearance.notifications.test_notifications import mailer
from humphrey.clearance.notifications.service import Notifications
clock = Clock()
print("sending", flush=True)
Notifications(store_in(Path(sys.argv[1])), clock).mail(mailer(int(sys.argv[2]), clock))
"""


def test_killed_in_the_middle_every_letter_is_sent_at_least_once_and_again_only_under_its_own_name(
    database, clock, notices, tmp_path
):
    for n in range(40):
        add(database, clock, f"zoe{n}", f"zoe{n}@office.example")
        tell(database, clock, f"zoe{n}")
    checkout = str(Path(__file__).parents[3])
    with postbox() as box:
        command = [sys.executable, "-c", SENDING, str(tmp_path), str(box.port), checkout]
        process = Popen(command, stdout=subprocess.PIPE, text=True)
        until = time.monotonic() + 30
        while len(box.letters) < 5 and time.monotonic() < until:
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        process.stdout.close()
        arrived = len(box.letters)
        clock.now += timedelta(minutes=5)
        again = notices.mail(mailer(box.port, clock))

    assert 5 <= arrived < 40
    assert {letter.to for letter in box.letters} == {f"zoe{n}@office.example" for n in range(40)}
    assert again + arrived - 40 in {0, 1}
    names = {letter.read["Message-ID"] for letter in box.letters}
    assert len(names) == 40
    assert (notices.unsent().waiting, notices.unsent().given_up) == (0, 0)
