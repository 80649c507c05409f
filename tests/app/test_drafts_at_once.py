"""Drafts written by the embedded model take turns."""

from threading import Lock, Thread
from time import sleep

from humphrey.app import drafting
from humphrey.settings import Settings


class Request:
    """As much of a request as the drafter is chosen by."""

    def __init__(self, task: str) -> None:
        self.commission = type("Commission", (), {"task": task})


def most_at_once(monkeypatch, task: str, number: int) -> int:
    running, most, lock = 0, 0, Lock()

    def write(_request, _watch):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        sleep(0.1)
        with lock:
            running -= 1

    monkeypatch.setattr(drafting, "_build_drafters", lambda *_: (write, write))
    draft = drafting.build_drafter(Settings(threads=1), None, None, None, None)
    threads = [Thread(target=draft, args=(Request(task), None)) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return most


def test_one_answer_more_than_there_are_threads_is_written_at_once(monkeypatch):
    assert most_at_once(monkeypatch, "", 8) == 2


def test_a_text_of_the_asker_s_own_waits_for_nobody(monkeypatch):
    assert most_at_once(monkeypatch, "summarise", 4) == 4
