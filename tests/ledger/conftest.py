"""The ledger's clock goes on with every look."""

import pytest

from tests.support.ledger_books import Clock


@pytest.fixture
def clock(ticking_clock: Clock) -> Clock:
    return ticking_clock
