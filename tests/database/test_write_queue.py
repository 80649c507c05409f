"""Writers of one process take turns in the order in which they came."""

import threading
import time
from pathlib import Path

import pytest

from humphrey.database.engine import open_database
from humphrey.database.write_queue import WriteQueue


@pytest.fixture
def database(tmp_path: Path):
    database = open_database(f"sqlite:///{tmp_path / 'humphrey.db'}")
    yield database
    database.close()


def _waiting(turns: WriteQueue, count: int) -> None:
    deadline = time.monotonic() + 10
    while len(turns._waiting) < count:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_the_person_who_writes_again_at_once_comes_after_those_who_waited(database):
    order: list[str] = []

    def write(name: str) -> None:
        with database.transaction():
            order.append(name)

    others = [threading.Thread(target=write, args=(f"other {n}",)) for n in range(3)]
    with database.transaction():
        for n, other in enumerate(others, 1):
            other.start()
            _waiting(database._write_queue, n)
    write("again")
    for other in others:
        other.join()

    assert order == ["other 0", "other 1", "other 2", "again"]


def test_an_act_that_fails_gives_its_turn_to_the_next(database):
    with pytest.raises(ZeroDivisionError), database.transaction():
        raise ZeroDivisionError

    with database.transaction():
        pass


@pytest.mark.parametrize("called", [False, True])
def test_the_person_who_is_told_to_stop_while_waiting_leaves_the_line_to_the_others(called):
    turns, gone = WriteQueue(), threading.Lock()
    turns.__enter__()
    gone.acquire()
    if called:
        # Its turn had come at the very moment it was told to stop.
        turns._leave(gone)
    else:
        turns._waiting.append(gone)
        turns._leave(gone)
        turns.__exit__(None, None, None)

    assert not turns._taken
    with turns:
        pass
