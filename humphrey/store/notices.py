"""Notices in the database: kept in the transaction of the act they tell of, read and sent later."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert

from humphrey.core.notices import Event
from humphrey.store.tables import notices


class NoticeWrites:
    """Adding notices inside one transaction."""

    connection: Connection

    def notify(self, people: Iterable[str], event: Event, review: str, at: datetime, detail: str = "") -> None:
        """Tell each of some people of one event; whoever caused it is not among them, which is for the caller to see."""
        for person in sorted(set(people)):
            self.connection.execute(
                insert(notices).values(
                    id=secrets.token_hex(8),
                    person=person,
                    event=event,
                    review=review,
                    detail=detail,
                    at=at,
                    attempts=0,
                    next_try=at,
                    failure="",
                )
            )
