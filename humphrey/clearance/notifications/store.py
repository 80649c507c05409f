"""SQL of notifications: stored in the transaction of the act they report, read and sent later."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, insert, select, update

from humphrey.clearance.notifications.model import Notification, NotificationEvent
from humphrey.database.engine import Database, rows
from humphrey.database.tables.accounts import people as known
from humphrey.database.tables.clearance import notices, reviews
from humphrey.database.transaction import Transaction

_SEEDED_DRAFT_EVENTS: frozenset[NotificationEvent] = frozenset(
    {"handed_over", "mentioned", "revealed", "not_independent"}
)
"""The only events of seeded drafts that notify people. The original's asker never sent the copy and gets none."""


@dataclass(frozen=True)
class PendingMail:
    """A notification to send by e-mail, with its address and the number of attempts so far."""

    notice: Notification
    email: str
    attempts: int


@dataclass(frozen=True)
class UnsentMail:
    """The numbers of waiting and abandoned e-mails, and the reason of the latest failure."""

    waiting: int
    given_up: int
    failure: str


def notifications_of(database: Database, person: str, limit: int) -> list[Notification]:
    """Return the notifications of a person, latest first."""
    latest = select(notices, reviews.c.reference, reviews.c.title, reviews.c.asked_by)
    latest = latest.outerjoin(reviews, reviews.c.id == notices.c.review)
    latest = latest.where(notices.c.person == person).order_by(notices.c.at.desc(), notices.c.id)
    with database.reading() as connection:
        return [
            _notification(row, row.read_at, row.title if row.asked_by == person else "")
            for row in rows(connection, latest.limit(limit))
        ]


def count_unread(database: Database, person: str) -> int:
    """Return the number of unread notifications of a person."""
    unread = select(func.count()).where(notices.c.person == person, notices.c.read_at.is_(None))
    with database.reading() as connection:
        return connection.execute(unread).scalar_one()


def pending_mail(database: Database, now: datetime, since: datetime, limit: int) -> list[PendingMail]:
    """Return the notifications to send by e-mail now, longest waiting first.

    Those read on the page, older than `since`, or to a disabled person are not sent.
    """
    due = (
        select(notices, known.c.email, reviews.c.reference)
        .join(known, known.c.name == notices.c.person)
        .outerjoin(reviews, reviews.c.id == notices.c.review)
        .where(_to_send(since), known.c.disabled_at.is_(None), notices.c.next_try <= now)
        .order_by(notices.c.at, notices.c.id)
    )
    with database.reading() as connection:
        return [PendingMail(_notification(row), row.email, row.attempts) for row in rows(connection, due.limit(limit))]


def count_unsent(database: Database, since: datetime) -> UnsentMail:
    """Return the numbers of waiting and abandoned e-mails since a moment."""
    mine = select(func.count()).select_from(notices.join(known, known.c.name == notices.c.person))
    given_up = and_(notices.c.at > since, notices.c.next_try.is_(None), notices.c.mailed_at.is_(None))
    latest = select(notices.c.failure).where(given_up).order_by(notices.c.at.desc()).limit(1)
    with database.reading() as connection:
        waiting = connection.execute(mine.where(_to_send(since), notices.c.next_try.is_not(None))).scalar_one()
        lost = connection.execute(select(func.count()).where(given_up)).scalar_one()
        return UnsentMail(waiting, lost, connection.execute(latest).scalar() or "")


def add(
    tx: Transaction, people: Iterable[str], event: NotificationEvent, review: str, at: datetime, detail: str = ""
) -> None:
    """Notify people of one event; the caller leaves out the person who caused it."""
    seeded = select(reviews.c.seeded).where(reviews.c.id == review)
    if event not in _SEEDED_DRAFT_EVENTS and tx.connection.execute(seeded).scalar():
        return
    for person in sorted(set(people)):
        tx.connection.execute(
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


def not_yet_read(tx: Transaction, event: NotificationEvent, review: str) -> set[str]:
    """Return the people who have not yet read a notification of one event of a review."""
    told = select(notices.c.person).where(notices.c.event == event, notices.c.review == review)
    return set(tx.connection.execute(told.where(notices.c.read_at.is_(None))).scalars())


def mark_read(tx: Transaction, person: str, notice_id: str, at: datetime) -> bool:
    """Mark a person's notification as read; False if it is not theirs or was read before."""
    mine = (notices.c.id == notice_id, notices.c.person == person, notices.c.read_at.is_(None))
    return tx.connection.execute(update(notices).where(*mine).values(read_at=at)).rowcount == 1


def claim_for_mail(tx: Transaction, letter: PendingMail, until: datetime) -> bool:
    """Claim a notification for sending until `until`; False if another process claimed it first."""
    waiting = (
        notices.c.id == letter.notice.id,
        notices.c.attempts == letter.attempts,
        notices.c.mailed_at.is_(None),
    )
    taken = update(notices).where(*waiting).values(attempts=letter.attempts + 1, next_try=until)
    return tx.connection.execute(taken).rowcount == 1


def mark_mailed(tx: Transaction, notice_id: str, at: datetime) -> None:
    """Record that a notification was sent."""
    sent = update(notices).where(notices.c.id == notice_id, notices.c.mailed_at.is_(None))
    tx.connection.execute(sent.values(mailed_at=at, failure=""))


def mark_unmailed(tx: Transaction, notice_id: str, reason: str, next_try: datetime | None) -> None:
    """Record why a notification was not sent, and when to try again; None means never."""
    unsent = update(notices).where(notices.c.id == notice_id, notices.c.mailed_at.is_(None))
    tx.connection.execute(unsent.values(failure=reason, next_try=next_try))


def _notification(row: Row[Any], read_at: datetime | None = None, title: str = "") -> Notification:
    held = (row.id, row.person, row.event, row.review, row.at, row.detail)
    return Notification(*held, read_at, row.reference or "", title)


def _to_send(since: datetime) -> ColumnElement[bool]:
    return and_(known.c.email != "", notices.c.mailed_at.is_(None), notices.c.read_at.is_(None), notices.c.at > since)
