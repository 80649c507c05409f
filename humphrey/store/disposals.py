"""Disposal in the database: which words may go, taking them out, and holds that forbid it.

Words are overwritten by nothing, their digests are kept, and the file is written anew afterwards: a database keeps what
was deleted in pages that it has not used again.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, text, update

from humphrey.core.conversations import title_of
from humphrey.core.drafts import Commission, Draft, ModelName, canonical, from_json, sha256, to_json
from humphrey.core.retention import CONVERSATIONS, Closed, Hold, epitaph, tombstone
from humphrey.errors import RecordError
from humphrey.store.closed import closed_conversations, closed_reviews, warned_days
from humphrey.store.engine import Database, door, rows
from humphrey.store.record_tables import disclosures, disposals, holds
from humphrey.store.tables import (
    comments,
    conversations,
    decisions,
    exchanges,
    feedback,
    notices,
    outbox,
    rechecks,
    review_sources,
    reviews,
    seeds,
    versions,
)
from humphrey.store.transaction import Transaction

_TOUCHED = (
    "reviews", "versions", "decisions", "comments", "rechecks", "exchanges", "feedback", "conversations", "notices",
    "outbox", "seeds", "disclosures", "texts", "passages", "documents",
)  # fmt: skip
"""The tables that words are taken out of."""


def closed(database: Database) -> list[Closed]:
    """Every settled review and every conversation whose words are still kept, the oldest first."""
    with database.reading() as connection:
        found = [*closed_reviews(connection), *closed_conversations(connection)]
    return sorted(found, key=lambda each: (each.since, each.id))


def warned_on(database: Database | Transaction) -> dict[date, datetime]:
    """When administrators were first told of the texts that fall due on a day."""
    with database.reading() as connection:
        return warned_days(connection)


def list_holds(database: Database) -> list[Hold]:
    """Every hold that was ever placed, the oldest first."""
    with database.reading() as connection:
        found = rows(connection, select(holds).order_by(holds.c.at, holds.c.id))
    return [Hold(**row._mapping) for row in found]


def unscrubbed(database: Database) -> list[tuple[str, str]]:
    """What was disposed of and may still stand in parts of the file that the database does not use."""
    waiting = select(disposals.c.subject, disposals.c.part).where(disposals.c.scrubbed_at.is_(None))
    with database.reading() as connection:
        return [(row.subject, row.part) for row in rows(connection, waiting)]


def scrub(database: Database) -> bool:
    """Write the database anew, so that nothing of what was deleted is in its files; False: somebody reads it now.

    Raises:
        StoreError: there is no room, or it cannot be written.
    """
    if database.engine.dialect.name == "sqlite":
        return _scrub_sqlite(database)
    with door(database.where), database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in _TOUCHED:
            connection.execute(text(f'VACUUM (FULL) "{table}"'))
    return True


def _scrub_sqlite(database: Database) -> bool:
    with door(database.where), database.engine.connect() as connection:
        # Past SQLAlchemy, which would begin a transaction first; neither works inside one.
        cursor = connection.connection.cursor()
        try:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            answer = cursor.fetchone()
        finally:
            cursor.close()
    # Busy, pages of the log, pages of it that are in the file now.
    return answer is not None and answer[0] == 0


def still_closed(tx: Transaction, what: Closed) -> bool:
    """Whether something may still be disposed of, looked at alone among writers."""
    find = closed_conversations if what.kind == CONVERSATIONS else closed_reviews
    return any(not each.kept_for for each in find(tx.connection, what.id))


def conversation_of(tx: Transaction, review_id: str) -> str:
    """The conversation that a review was asked in; empty where there was none, or nobody can tell."""
    latest = select(versions.c.draft).where(versions.c.review == review_id).order_by(versions.c.n.desc()).limit(1)
    try:
        return from_json(json.loads(tx.connection.execute(latest).scalar() or "")).commission.conversation
    except (ValueError, TypeError, KeyError):
        return ""


def dispose_review(tx: Transaction, review_id: str, at: datetime) -> Mapping[str, Mapping[str, str]]:
    """Take the words out of a review and of the seeded drafts made from it; by review, the digest of each part."""
    seeded = select(seeds.c.review).where(seeds.c.source == review_id).order_by(seeds.c.review)
    ids = [*(row.review for row in rows(tx.connection, seeded)), review_id]
    gone = {each: _emptied(tx, each, at) for each in ids}
    for each, parts in gone.items():
        _note(tx, each, parts, at)
    return gone


def note_conversation(tx: Transaction, conversation_id: str, at: datetime) -> Mapping[str, str]:
    """The digests of what a conversation holds, kept before it is dropped."""
    here = select(exchanges).where(exchanges.c.conversation == conversation_id).order_by(exchanges.c.n)
    gone = {f"exchange {row.id}": _digest(row.draft) for row in rows(tx.connection, here)}
    _note(tx, conversation_id, gone, at)
    return gone


def scrubbed(tx: Transaction, parts: list[tuple[str, str]], at: datetime) -> None:
    """Note that the files of the database hold nothing more of some parts."""
    for subject, part in parts:
        this = disposals.c.subject == subject, disposals.c.part == part
        tx.connection.execute(update(disposals).where(*this).values(scrubbed_at=at))


def place_hold(tx: Transaction, hold: Hold) -> None:
    """A new hold."""
    tx.connection.execute(insert(holds).values(**vars(hold)))


def lift_hold(tx: Transaction, hold_id: str, by: str, at: datetime) -> None:
    """A hold holds no longer.

    Raises:
        RecordError: there is no such hold, or it was lifted before.
    """
    held = update(holds).where(holds.c.id == hold_id, holds.c.lifted_at.is_(None))
    if tx.connection.execute(held.values(lifted_by=by, lifted_at=at)).rowcount != 1:
        raise RecordError(f"no hold {hold_id[:80]!r} is in force; `humphrey hold list` lists them")


def _note(tx: Transaction, subject: str, gone: Mapping[str, str], at: datetime) -> None:
    for part, digest in gone.items():
        tx.connection.execute(insert(disposals).values(subject=subject, part=part, digest=digest, at=at))


def _emptied(tx: Transaction, review_id: str, at: datetime) -> dict[str, str]:
    head = tx.connection.execute(select(reviews).where(reviews.c.id == review_id)).one()
    gone = dict(_drafts(tx, head, at))
    for table, column, part, empty in (
        (versions, "instruction", "instruction", ""),
        (decisions, "reason", "decision", ""),
        (comments, "text", "comment", ""),
        (rechecks, "findings", "recheck", "[]"),
    ):
        about = select(table).where(table.c.review == review_id)
        for row in rows(tx.connection, about):
            if getattr(row, column) != empty:
                gone[f"{part} {row.n}"] = sha256(getattr(row, column))
        tx.connection.execute(update(table).where(table.c.review == review_id).values({column: empty}))
    gone |= dict(_sent(tx, review_id))
    _beside(tx, head)
    tx.connection.execute(
        update(reviews)
        .where(reviews.c.id == review_id)
        .values(title=epitaph(at), recipient=head.asked_by, disposed_at=at, revision=head.revision + 1)
    )
    return gone


def _drafts(tx: Transaction, head: Row[Any], at: datetime) -> Iterator[tuple[str, str]]:
    """Put a tombstone in the place of every wording, and of the exchanges that the review was sent from."""
    for row in rows(tx.connection, select(versions).where(versions.c.review == head.id)):
        this = versions.c.review == head.id, versions.c.n == row.n
        tx.connection.execute(update(versions).where(*this).values(draft=_stone(row.draft, head, at)))
        yield f"version {row.n}", _digest(row.draft)
    for row in rows(tx.connection, select(exchanges).where(exchanges.c.review == head.id)):
        words = {"question": epitaph(at), "folded": "", "draft": _stone(row.draft, head, at)}
        tx.connection.execute(update(exchanges).where(exchanges.c.id == row.id).values(**words))
        tx.connection.execute(update(feedback).where(feedback.c.exchange == row.id).values(reason=""))
        # A conversation that was given no title is called by its first question.
        called = conversations.c.id == row.conversation, conversations.c.title == title_of(row.question)
        tx.connection.execute(update(conversations).where(*called).values(title="", folded=""))
        yield f"exchange {row.id}", _digest(row.draft)


def _sent(tx: Transaction, review_id: str) -> Iterator[tuple[str, str]]:
    """Take out of the outbox what outlets said: a receipt may name an address."""
    about = select(outbox).where(outbox.c.review == review_id).order_by(outbox.c.queued_at, outbox.c.key)
    for n, row in enumerate(rows(tx.connection, about), start=1):
        if row.receipt:
            yield f"receipt {n}", sha256(row.receipt)
    tx.connection.execute(update(outbox).where(outbox.c.review == review_id).values(receipt="", failure=""))


def _beside(tx: Transaction, head: Row[Any]) -> None:
    """Empty what else was made of a review's words."""
    made = or_(seeds.c.review == head.id, seeds.c.source == head.id)
    for row in rows(tx.connection, select(seeds.c.review, seeds.c.change).where(made)):
        left = {name: "" if isinstance(said, str) else said for name, said in json.loads(row.change).items()}
        emptied = update(seeds).where(seeds.c.review == row.review).values(change=canonical(left))
        tx.connection.execute(emptied)
    for statement in (
        update(notices).where(notices.c.review == head.id).values(detail="", failure=""),
        update(disclosures).where(disclosures.c.review == head.id).values(criteria="{}", items="[]", redactions="[]"),
        delete(review_sources).where(review_sources.c.review == head.id),
    ):
        tx.connection.execute(statement)


def _digest(stored: str) -> str:
    """The digest of a stored draft, as an approval bound it; of what is there, where that is no draft."""
    try:
        return from_json(json.loads(stored)).digest
    except (ValueError, TypeError, KeyError):
        return sha256(stored)


def _stone(stored: str, head: Row[Any], at: datetime) -> str:
    """What stays in the place of a stored draft."""
    try:
        return canonical(to_json(tombstone(from_json(json.loads(stored)), at)))
    except (ValueError, TypeError, KeyError):
        # One that was damaged is known by its row alone.
        asked = Commission(head.kind, "", head.asked_by, head.outlet, marking=head.marking)
        return canonical(to_json(tombstone(Draft(asked, "answered", "", ModelName("", "")), at)))
