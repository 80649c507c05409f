"""Handing over: what an outlet gives back, how long a failure waits, and when a release is set aside."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from humphrey.clearance.gate import Release

ATTEMPTS = 20
"""How often a delivery is begun before it is set aside for somebody to look at: about fourteen hours."""


_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


_SPREAD = 0.25


@dataclass(frozen=True)
class Receipt:
    """An outlet's proof: in words, and as the digest of the very bytes that it handed over."""

    text: str
    digest: str


Send = Callable[[Release], Receipt]
"""Hands a release over.

Raises:
    Undeliverable: it will never be taken; it is set aside at once.
    DeliveryError: it was not taken now.
"""


def wait_after(key: str, attempts: int) -> timedelta:
    """How long a release waits after its delivery failed: twice as long each time, an hour at most.

    Up to a quarter is taken off, another share for each release and attempt, so that what failed together because an
    outlet was away does not come back to it all at once.

    Args:
        key: of the release.
        attempts: how often its delivery was begun before, since it was last put back.
    """
    longest = min(_FIRST_WAIT * (1 << min(attempts, 10)), _LONGEST_WAIT)
    share = hashlib.sha256(f"{key} {attempts}".encode()).digest()[0] / 255
    return longest * (1 - _SPREAD * share)


def given_up(attempts: int) -> bool:
    """Whether a release is set aside after its delivery was begun so often; each time it is put back it starts anew."""
    return attempts % ATTEMPTS == 0
