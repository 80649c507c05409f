"""SQL of retention: texts that may be disposed of, disposal itself, and holds that forbid it.

Disposal replaces words by their digests. The database file is rewritten afterwards, because a database keeps deleted
text in pages that it has not used again.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    true,
    update,
)

from humphrey.conversations.model import title_of
from humphrey.database.engine import Database, rows, store_errors
from humphrey.database.tables.clearance import (
    comments,
    decisions,
    deferrals,
    notices,
    rechecks,
    review_sources,
    reviews,
    seeds,
    versions,
)
from humphrey.database.tables.conversations import conversations, exchanges, feedback
from humphrey.database.tables.delivery import outbox
from humphrey.database.tables.records import disclosures, disposals, holds
from humphrey.database.transaction import Transaction
from humphrey.digests import canonical, sha256
from humphrey.errors import RecordError
from humphrey.papers.draft import Commission, Draft, ModelName, from_json, to_json
from humphrey.records.retention.model import CONVERSATIONS, DisposalCandidate, Hold, disposal_notice, tombstone
from humphrey.text.dates import parse_date

_BY_HOLD, _BY_PACK = "a legal hold", "an open disclosure pack"


_WARNING_EVENT = "disposal_due"


def closed_reviews(connection: Connection, review_id: str = "") -> list[DisposalCandidate]:
    """Return the delivered or refused reviews whose words are still stored; with an id, only that one."""
    left = select(func.max(outbox.c.delivered_at)).where(outbox.c.review == reviews.c.id).scalar_subquery()
    unseen = exists().where(seeds.c.source == reviews.c.id, seeds.c.revealed_at.is_(None))
    settled: Select[Any] = (
        select(
            reviews.c.id,
            reviews.c.kind,
            reviews.c.marking,
            reviews.c.asked_by.label("owner"),
            func.coalesce(left, reviews.c.decided_at).label("since"),
            _forbidden_by(_review_held(), disclosures.c["items"].contains(reviews.c.id)),
        )
        .where(reviews.c.state.in_(("delivered", "refused")), reviews.c.disposed_at.is_(None))
        .where(~reviews.c.seeded, ~unseen, reviews.c.id == review_id if review_id else true())
    )
    return [DisposalCandidate(**row._mapping) for row in rows(connection, settled)]


def closed_conversations(connection: Connection, conversation_id: str = "") -> list[DisposalCandidate]:
    """Return the conversations without an unfinished review; with an id, only that one."""
    here = exchanges.c.conversation == conversations.c.id
    sent = exists().where(
        here, exchanges.c.review == reviews.c.id, reviews.c.state.in_(("open", "returned", "released"))
    )
    packed = exists().where(here, disclosures.c["items"].contains(exchanges.c.id)).correlate(conversations, disclosures)
    idle: Select[Any] = select(
        conversations.c.id,
        literal(CONVERSATIONS).label("kind"),
        literal("").label("marking"),
        conversations.c.owner,
        conversations.c.latest_at.label("since"),
        _forbidden_by(_conversation_held(here), packed),
    ).where(~sent, conversations.c.id == conversation_id if conversation_id else true())
    return [DisposalCandidate(**row._mapping) for row in rows(connection, idle)]


def _forbidden_by(held: ColumnElement[bool], packed: ColumnElement[bool]) -> ColumnElement[str]:
    """Return the reason that forbids a disposal; empty if there is none."""
    pack = reviews.alias("pack")
    unsent = ~exists().where(pack.c.id == disclosures.c.review, pack.c.state.in_(("delivered", "refused")))
    open_ = exists(select(disclosures.c.id).where(packed, unsent))
    in_force = exists(select(holds.c.id).where(holds.c.lifted_at.is_(None), held))
    return case((in_force, _BY_HOLD), (open_, _BY_PACK), else_="").label("kept_for")


def _review_held() -> ColumnElement[bool]:
    part = (
        holds.c.subject.in_((reviews.c.asked_by, reviews.c.recipient)),
        *(
            # Two levels below the query of reviews, so it must be correlated explicitly.
            exists().where(table.c.review == reviews.c.id, table.c[who] == holds.c.subject).correlate(reviews, holds)
            for table, who in ((versions, "editor"), (decisions, "reviewer"), (comments, "by"))
        ),
    )
    return or_(
        and_(holds.c.what == "review", holds.c.subject == reviews.c.id),
        and_(holds.c.what == "kind", holds.c.subject == reviews.c.kind),
        and_(holds.c.what == "person", or_(*part)),
    )


def _conversation_held(here: ColumnElement[bool]) -> ColumnElement[bool]:
    # Canonical JSON writes the kind in exactly one way, and escapes quotes, so no other text can match.
    of_kind = exists().where(here, exchanges.c.draft.contains('"kind":"' + holds.c.subject + '"'))
    sent = exists().where(here, exchanges.c.review == holds.c.subject).correlate(conversations, holds)
    return or_(
        and_(holds.c.what == "person", holds.c.subject == conversations.c.owner),
        and_(holds.c.what == "review", sent),
        and_(holds.c.what == "kind", or_(holds.c.subject == CONVERSATIONS, of_kind.correlate(conversations, holds))),
    )


def warned_days(connection: Connection) -> dict[date, datetime]:
    """Return when administrators were first warned of each disposal date."""
    told = select(notices.c.detail, notices.c.at).where(notices.c.event == _WARNING_EVENT).order_by(notices.c.at.desc())
    # The first warning of a day counts. It is read last, so it overwrites the later ones.
    return {parse_date(row.detail.partition(":")[0]): row.at for row in rows(connection, told)}


_SCRUBBED_TABLES = (
    "reviews", "versions", "decisions", "comments", "deferrals", "rechecks", "exchanges", "feedback", "conversations",
    "notices", "outbox", "seeds", "disclosures", "texts", "passages", "documents",
)  # fmt: skip
"""The tables that disposal removes words from."""


def disposal_candidates(database: Database) -> list[DisposalCandidate]:
    """Return every settled review and idle conversation whose words are still stored, the oldest first."""
    with database.reading() as connection:
        found = [*closed_reviews(connection), *closed_conversations(connection)]
    return sorted(found, key=lambda each: (each.since, each.id))


def warned_on(database: Database | Transaction) -> dict[date, datetime]:
    """Return when administrators were first warned of each disposal date."""
    with database.reading() as connection:
        return warned_days(connection)


def list_holds(database: Database) -> list[Hold]:
    """Return every hold ever placed, the oldest first."""
    with database.reading() as connection:
        found = rows(connection, select(holds).order_by(holds.c.at, holds.c.id))
    return [Hold(**row._mapping) for row in found]


def unscrubbed_parts(database: Database) -> list[tuple[str, str]]:
    """Return the (subject, part) pairs disposed of whose words may remain in unused pages of the files."""
    waiting = select(disposals.c.subject, disposals.c.part).where(disposals.c.scrubbed_at.is_(None))
    with database.reading() as connection:
        return [(row.subject, row.part) for row in rows(connection, waiting)]


def scrub(database: Database) -> bool:
    """Rewrite the database without deleted words; return False if a reader prevented it.

    Raises:
        StoreError: the disk is full, or the database cannot be written.
    """
    if database.engine.dialect.name == "sqlite":
        return _scrub_sqlite(database)
    with (
        store_errors(database.where),
        database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        for table in _SCRUBBED_TABLES:
            connection.execute(text(f'VACUUM (FULL) "{table}"'))
    return True


def _scrub_sqlite(database: Database) -> bool:
    with store_errors(database.where), database.engine.connect() as connection:
        # A raw cursor, because SQLAlchemy would begin a transaction, and neither statement works inside one.
        cursor = connection.connection.cursor()
        try:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            answer = cursor.fetchone()
        finally:
            cursor.close()
    # The row is: busy, pages in the log, pages checkpointed. Busy 0 means that the checkpoint completed.
    return answer is not None and answer[0] == 0


def may_dispose(tx: Transaction, what: DisposalCandidate) -> bool:
    """Return whether something may still be disposed of, checked inside the write transaction."""
    find = closed_conversations if what.kind == CONVERSATIONS else closed_reviews
    return any(not each.kept_for for each in find(tx.connection, what.id))


def conversation_of(tx: Transaction, review_id: str) -> str:
    """Return the conversation of a review; empty if there was none or the draft is unreadable."""
    latest = select(versions.c.draft).where(versions.c.review == review_id).order_by(versions.c.n.desc()).limit(1)
    try:
        return from_json(json.loads(tx.connection.execute(latest).scalar() or "")).commission.conversation
    except (ValueError, TypeError, KeyError):
        return ""


def dispose_review(tx: Transaction, review_id: str, at: datetime) -> Mapping[str, Mapping[str, str]]:
    """Remove the words of a review and of its seeded copies; return the digests of the parts, by review."""
    seeded = select(seeds.c.review).where(seeds.c.source == review_id).order_by(seeds.c.review)
    ids = [*(row.review for row in rows(tx.connection, seeded)), review_id]
    gone = {each: _empty_review(tx, each, at) for each in ids}
    for each, parts in gone.items():
        _insert_disposals(tx, each, parts, at)
    return gone


def note_conversation(tx: Transaction, conversation_id: str, at: datetime) -> Mapping[str, str]:
    """Store the digests of a conversation's exchanges before it is dropped; return them."""
    here = select(exchanges).where(exchanges.c.conversation == conversation_id).order_by(exchanges.c.n)
    gone = {f"exchange {row.id}": _digest(row.draft) for row in rows(tx.connection, here)}
    _insert_disposals(tx, conversation_id, gone, at)
    return gone


def mark_scrubbed(tx: Transaction, parts: list[tuple[str, str]], at: datetime) -> None:
    """Mark parts as removed from the database files."""
    for subject, part in parts:
        this = disposals.c.subject == subject, disposals.c.part == part
        tx.connection.execute(update(disposals).where(*this).values(scrubbed_at=at))


def place_hold(tx: Transaction, hold: Hold) -> None:
    """Insert a hold."""
    tx.connection.execute(insert(holds).values(**vars(hold)))


def lift_hold(tx: Transaction, hold_id: str, by: str, at: datetime) -> None:
    """Lift a hold.

    Raises:
        RecordError: there is no such hold, or it is already lifted.
    """
    held = update(holds).where(holds.c.id == hold_id, holds.c.lifted_at.is_(None))
    if tx.connection.execute(held.values(lifted_by=by, lifted_at=at)).rowcount != 1:
        raise RecordError(f"no hold {hold_id[:80]!r} is in force; `humphrey hold list` lists them")


def _insert_disposals(tx: Transaction, subject: str, gone: Mapping[str, str], at: datetime) -> None:
    for part, digest in gone.items():
        tx.connection.execute(insert(disposals).values(subject=subject, part=part, digest=digest, at=at))


def _empty_review(tx: Transaction, review_id: str, at: datetime) -> dict[str, str]:
    head = tx.connection.execute(select(reviews).where(reviews.c.id == review_id)).one()
    gone = dict(_replace_drafts(tx, head, at))
    for table, column, part, empty in (
        (versions, "instruction", "instruction", ""),
        (decisions, "reason", "decision", ""),
        (comments, "text", "comment", ""),
        (deferrals, "reason", "deferral", ""),
        (rechecks, "findings", "recheck", "[]"),
    ):
        about = select(table).where(table.c.review == review_id)
        for row in rows(tx.connection, about):
            if getattr(row, column) != empty:
                gone[f"{part} {row.n}"] = sha256(getattr(row, column))
        tx.connection.execute(update(table).where(table.c.review == review_id).values({column: empty}))
    gone |= dict(_empty_outbox(tx, review_id))
    _empty_copies(tx, head)
    tx.connection.execute(
        update(reviews)
        .where(reviews.c.id == review_id)
        .values(title=disposal_notice(at), recipient=head.asked_by, disposed_at=at, revision=head.revision + 1)
    )
    return gone


def _replace_drafts(tx: Transaction, head: Row[Any], at: datetime) -> Iterator[tuple[str, str]]:
    """Replace every version of a review, and the exchanges it was sent from, by a tombstone; yield the digests."""
    for row in rows(tx.connection, select(versions).where(versions.c.review == head.id)):
        this = versions.c.review == head.id, versions.c.n == row.n
        tx.connection.execute(update(versions).where(*this).values(draft=_tombstone_json(row.draft, head, at)))
        yield f"version {row.n}", _digest(row.draft)
    for row in rows(tx.connection, select(exchanges).where(exchanges.c.review == head.id)):
        words = {"question": disposal_notice(at), "folded": "", "draft": _tombstone_json(row.draft, head, at)}
        tx.connection.execute(update(exchanges).where(exchanges.c.id == row.id).values(**words))
        tx.connection.execute(update(feedback).where(feedback.c.exchange == row.id).values(reason=""))
        # A conversation without a title of its own shows its first question as title.
        called = conversations.c.id == row.conversation, conversations.c.title == title_of(row.question)
        tx.connection.execute(update(conversations).where(*called).values(title="", folded=""))
        yield f"exchange {row.id}", _digest(row.draft)


def _empty_outbox(tx: Transaction, review_id: str) -> Iterator[tuple[str, str]]:
    """Remove the receipts from the outbox, because a receipt may contain an address; yield their digests."""
    about = select(outbox).where(outbox.c.review == review_id).order_by(outbox.c.queued_at, outbox.c.key)
    for n, row in enumerate(rows(tx.connection, about), start=1):
        if row.receipt:
            yield f"receipt {n}", sha256(row.receipt)
    tx.connection.execute(update(outbox).where(outbox.c.review == review_id).values(receipt="", failure=""))


def _empty_copies(tx: Transaction, head: Row[Any]) -> None:
    """Empty the copies of a review's words in other tables."""
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
    """Return the digest of a stored draft, as an approval bound it; of the raw text if it cannot be read."""
    try:
        return from_json(json.loads(stored)).digest
    except (ValueError, TypeError, KeyError):
        return sha256(stored)


def _tombstone_json(stored: str, head: Row[Any], at: datetime) -> str:
    """Return the tombstone that replaces a stored draft."""
    try:
        return canonical(to_json(tombstone(from_json(json.loads(stored)), at)))
    except (ValueError, TypeError, KeyError):
        # A damaged draft: only its row says what it was.
        asked = Commission(head.kind, "", head.asked_by, head.outlet, marking=head.marking)
        return canonical(to_json(tombstone(Draft(asked, "answered", "", ModelName("", "")), at)))
