"""A progress bar on standard error, drawn only on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

Progress = Callable[[int, int, str], None]


@contextmanager
def bar() -> Iterator[Progress]:
    """Yield a callback (done, total, what) that draws a bar with rate and time left for each `what`.

    It draws only where standard error is a terminal: that is what `disable=None` means to tqdm.
    """
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
