"""Rounds: one piece that fails holds up no other, and stopping is prompt."""

import threading
import time

from humphrey.app.scheduler import Job, Scheduler
from humphrey.errors import DeliveryError


def refuse() -> int:
    raise DeliveryError("the mail server cannot be reached; see HUMPHREY_SMTP__HOST")


def crash() -> int:
    raise ZeroDivisionError


def test_each_piece_is_done_in_order_and_what_fails_says_why_and_holds_up_nothing(caplog):
    caplog.set_level("WARNING", logger="humphrey")
    order: list[str] = []

    def work(name: str, count: int):
        return Job(name, lambda: order.append(name) or count)

    done = Scheduler([work("first", 2), Job("letters", refuse), Job("odd", crash), work("last", 0)]).once()

    assert order == ["first", "last"]
    assert [(each.name, each.count) for each in done] == [("first", 2), ("letters", 0), ("odd", 0), ("last", 0)]
    assert [each.failure for each in done] == [
        "",
        "the mail server cannot be reached; see HUMPHREY_SMTP__HOST",
        "something went wrong inside humphrey (ZeroDivisionError); its log says where",
        "",
    ]
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR"]


def test_a_piece_that_keeps_failing_is_told_of_once_until_it_works_again():
    over, told, tries = threading.Event(), [], []

    def work() -> int:
        tries.append(1)
        if len(tries) == 7:
            over.set()
        return 1 if len(tries) == 4 else refuse()

    Scheduler([Job("letters", work)]).until(over, 0.001, told.append)

    assert told == ["letters: the mail server cannot be reached; see HUMPHREY_SMTP__HOST"] * 2


def test_going_round_ends_at_once_when_told_to_and_after_the_piece_in_hand():
    over, begun, order = threading.Event(), threading.Event(), []

    def slow() -> int:
        begun.set()
        over.wait(10)
        order.append("slow")
        return 1

    work = Scheduler([Job("slow", slow), Job("next", lambda: order.append("next") or 1)])
    thread = threading.Thread(target=work.until, args=(over, 3600, order.append))
    thread.start()
    begun.wait(10)
    began = time.monotonic()
    over.set()
    thread.join(10)

    assert not thread.is_alive()
    assert time.monotonic() - began < 1
    assert order == ["slow"]


def test_the_pause_between_two_rounds_ends_with_them():
    over, done = threading.Event(), threading.Event()
    work = Scheduler([Job("quick", lambda: done.set() or 0)])
    thread = threading.Thread(target=work.until, args=(over, 3600, print))
    thread.start()
    done.wait(10)
    over.set()
    thread.join(2)

    assert not thread.is_alive()
