"""A progress bar on standard error, for people; scripts see nothing of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

Progress = Callable[[int, int, str], None]


@contextmanager
def bar() -> Iterator[Progress]:
    """Told (done, total, of what); shows rate and time left, and only where standard error is a terminal."""
    shown: dict[str, tqdm[Any]] = {}

    def tell(done: int, total: int, what: str) -> None:
        if what not in shown:
            shown[what] = tqdm(total=total, desc=what, unit="", disable=None)
        shown[what].total = total
        shown[what].update(done - shown[what].n)

    try:
        yield tell
    finally:
        for each in shown.values():
            each.close()
