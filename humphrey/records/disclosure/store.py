"""SQL of disclosure: the texts of the record as excerpts, and the disclosure packs."""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, insert, select, true, update

from humphrey.clearance.model import Review
from humphrey.clearance.store.reviews import readable_reviews
from humphrey.database.engine import Database, rows
from humphrey.database.tables.clearance import reviews
from humphrey.database.tables.conversations import conversations, exchanges, feedback
from humphrey.database.tables.records import disclosures
from humphrey.database.transaction import Transaction
from humphrey.digests import canonical
from humphrey.errors import RecordError, StoreError
from humphrey.papers.draft import Commission, Draft, from_json
from humphrey.papers.given import rests_on
from humphrey.records.disclosure.model import DisclosurePack, Excerpt, PackItem, Redaction, SearchCriteria

_BATCH_SIZE = 200
"""The number of reviews, or exchanges, in memory at a time."""


OnMissing = Callable[[str, str], None]
"""Called with each review and exchange that cannot be searched: its id, and `unreadable` or `disposed`."""


def excerpts(database: Database, missing: OnMissing) -> Iterator[Excerpt]:
    """Yield every text of the record as of one moment; seeded drafts are excluded, because no person wrote them."""
    with database.reading() as connection:
        yield from _excerpts_of_reviews(connection, true(), missing)
        yield from _excerpts_of_exchanges(connection, true(), missing)


def excerpts_by_id(database: Database, ids: Collection[str]) -> dict[str, Excerpt]:
    """Return the texts of some ids; ids that no longer exist are missing from the result."""
    names = [each.split("/")[1] for each in ids]
    with database.reading() as connection:
        found = [
            *_excerpts_of_reviews(connection, reviews.c.id.in_(names), _ignore_missing),
            *_excerpts_of_exchanges(connection, exchanges.c.id.in_(names), _ignore_missing),
        ]
    return {piece.id: piece for piece in found if piece.id in set(ids)}


def list_packs(database: Database) -> list[DisclosurePack]:
    """Return every disclosure pack, the latest first."""
    with database.reading() as connection:
        found = rows(connection, select(disclosures).order_by(disclosures.c.at.desc(), disclosures.c.id))
    return [_pack(row) for row in found]


def pack(database: Database | Transaction, pack_id: str) -> DisclosurePack:
    """Return the disclosure pack of an id.

    Raises:
        RecordError: there is no such pack.
    """
    with database.reading() as connection:
        return _one(connection, pack_id)


def add_pack(tx: Transaction, pack: DisclosurePack) -> None:
    """Insert a new pack."""
    tx.connection.execute(insert(disclosures).values(id=pack.id, by=pack.by, at=pack.at, **_written(pack)))


def save_pack(tx: Transaction, pack: DisclosurePack) -> None:
    """Save a changed pack."""
    this = disclosures.c.id == pack.id
    tx.connection.execute(update(disclosures).where(this).values(review=pack.review or None, **_written(pack)))


def _excerpts_of_reviews(connection: Connection, which: ColumnElement[bool], missing: OnMissing) -> Iterator[Excerpt]:
    chosen = select(reviews.c.id, reviews.c.disposed_at).where(which, ~reviews.c.seeded).order_by(reviews.c.id)
    found = rows(connection, chosen)
    for row in found:
        if row.disposed_at is not None:
            missing(row.id, "disposed")
    ids = [row.id for row in found if row.disposed_at is None]
    for first in range(0, len(ids), _BATCH_SIZE):
        some = ids[first : first + _BATCH_SIZE]
        read = readable_reviews(connection, reviews.c.id.in_(some))
        for unread in sorted(set(some) - {review.id for review in read}):
            missing(unread, "unreadable")
        for review in read:
            yield from _review_excerpts(review)


def _review_excerpts(review: Review) -> Iterator[Excerpt]:
    asked, opened = review.draft.commission, review.opened
    here = f"review/{review.id}"

    def piece(name: str, what: str, by: str, at: datetime, text: str) -> Iterator[Excerpt]:
        if text.strip():
            yield Excerpt(f"{here}/{name}", what, asked.kind, asked.marking, by, at, text, review.documents)

    yield from piece("question", "Question", asked.asked_by, opened, _question_text(asked))
    earlier = "\n\n".join(f"{turn.question}\n\n{turn.answer}" for turn in asked.earlier)
    yield from piece("earlier", "What was asked before it", asked.asked_by, opened, earlier)
    for n, version in enumerate(review.versions, start=1):
        yield from piece(
            f"instruction/{n}", "Instruction to the model", version.editor, version.at, version.instruction
        )
        yield from piece(f"version/{n}", f"Draft, wording {n}", version.editor, version.at, version.draft.text)
    for n, comment in enumerate(review.comments, start=1):
        yield from piece(f"comment/{n}", "Comment", comment.by, comment.at, comment.text)
    for n, deferral in enumerate(review.deferrals, start=1):
        yield from piece(f"deferral/{n}", "Reason for a deferral", deferral.by, deferral.at, deferral.reason)
    for n, ruling in enumerate(review.decisions, start=1):
        yield from piece(f"decision/{n}", "Reason for a decision", ruling.reviewer, ruling.at, ruling.reason)


def _excerpts_of_exchanges(connection: Connection, which: ColumnElement[bool], missing: OnMissing) -> Iterator[Excerpt]:
    """Yield the texts of conversations. Drafts sent for clearance are among the reviews instead."""
    every: Select[Any] = (
        select(exchanges, conversations.c.owner, feedback.c.reason, feedback.c.at.label("said_at"))
        .join(conversations, conversations.c.id == exchanges.c.conversation)
        .outerjoin(feedback, feedback.c.exchange == exchanges.c.id)
        .where(which)
        .order_by(exchanges.c.id)
    )
    for row in connection.execute(every.execution_options(yield_per=_BATCH_SIZE)):
        try:
            draft = from_json(json.loads(row.draft))
        except (ValueError, TypeError, KeyError):
            missing(row.id, "unreadable")
            continue
        yield from _exchange_excerpts(row, draft)


def _exchange_excerpts(row: Row[Any], draft: Draft) -> Iterator[Excerpt]:
    asked, rested = draft.commission, rests_on(draft)

    def piece(name: str, what: str, by: str, at: datetime, text: str) -> Excerpt:
        return Excerpt(f"exchange/{row.id}/{name}", what, asked.kind, asked.marking, by, at, text, rested)

    if row.review is None:
        yield piece("question", "Question", row.owner, row.at, _question_text(asked))
        yield piece("answer", "Answer that was not cleared", "", row.at, draft.text)
    if row.reason:
        yield piece("feedback", "What the asker thought of it", row.owner, row.said_at, row.reason)


def _question_text(asked: Commission) -> str:
    return "\n".join([asked.text, *(f"{name.replace('_', ' ')}: {value}" for name, value in asked.facts.items())])


def _ignore_missing(_id: str, _why: str) -> None:
    """Ignore missing texts: a caller that asks by id sees which ones are not returned."""


def _one(connection: Connection, pack_id: str) -> DisclosurePack:
    found = rows(connection, select(disclosures).where(disclosures.c.id == pack_id))
    if not found:
        raise RecordError(f"no disclosure pack {pack_id[:80]!r}; `humphrey disclose list` lists them")
    return _pack(found[0])


def _written(pack: DisclosurePack) -> dict[str, str]:
    criteria = asdict(pack.criteria)
    days = {name: criteria[name].isoformat() if criteria[name] else None for name in ("since", "until")}
    return {
        "criteria": canonical({**criteria, **days, "regime": pack.regime, "reference": pack.reference}),
        "items": canonical([{**asdict(item), "at": item.at.isoformat()} for item in pack.items]),
        "redactions": canonical([asdict(mark) for mark in pack.marks]),
    }


def _pack(row: Row[Any]) -> DisclosurePack:
    try:
        criteria = json.loads(row.criteria)
        regime, reference = criteria.pop("regime", "foi"), criteria.pop("reference", "")
        for name in ("since", "until"):
            criteria[name] = date.fromisoformat(criteria[name]) if criteria.get(name) else None
        items = tuple(PackItem(**{**each, "at": datetime.fromisoformat(each["at"])}) for each in json.loads(row.items))
        marks = tuple(Redaction(**each) for each in json.loads(row.redactions))
        return DisclosurePack(
            row.id, row.by, row.at, regime, reference, SearchCriteria(**criteria), items, marks, row.review or ""
        )
    except (ValueError, TypeError, KeyError) as error:
        raise StoreError(f"disclosure pack {row.id} was damaged or changed; put back a copy") from error
