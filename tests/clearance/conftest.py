"""Notifications, as the reviewers' tests need them."""

import pytest

from humphrey.clearance.notifications.service import Notices
from humphrey.database.engine import Database
from tests.support.staff import Clock


@pytest.fixture
def notices(database: Database, clock: Clock) -> Notices:
    return Notices(database, clock, "https://humphrey.example")
