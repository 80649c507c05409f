"""Notifications, as the reviewers' tests need them."""

import pytest

from humphrey.clearance.notifications.service import Notifications
from humphrey.database.engine import Database
from tests.support.staff import Clock


@pytest.fixture
def notices(database: Database, clock: Clock) -> Notifications:
    return Notifications(database, clock, "https://humphrey.example")
