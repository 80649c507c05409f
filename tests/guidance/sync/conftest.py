"""A Content API on loopback, and a clock that a wait moves on."""

from collections.abc import Iterator

import pytest

from tests.guidance.sync.content_server import ContentServer, serving


class Time:
    """Seconds that grow only by waiting."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


@pytest.fixture
def server() -> Iterator[ContentServer]:
    with serving() as server:
        yield server


@pytest.fixture
def time() -> Time:
    return Time()
