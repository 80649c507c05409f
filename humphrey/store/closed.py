"""What may be disposed of: settled reviews and conversations, since when they are so, and what keeps their words."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, literal, or_, select, true

from humphrey.core.calendar import parse_date
from humphrey.core.retention import CONVERSATIONS, Closed
from humphrey.store.engine import rows
from humphrey.store.record_tables import disclosures, holds
from humphrey.store.tables import (
    comments,
    conversations,
    decisions,
    exchanges,
    notices,
    outbox,
    reviews,
    seeds,
    versions,
)

_HELD, _PACKED = "a legal hold", "an open disclosure pack"
_TOLD = "disposal_due"


def closed_reviews(connection: Connection, review_id: str = "") -> list[Closed]:
    """Every delivered or refused review whose words are still kept, or the one of that id if it is such."""
    left = select(func.max(outbox.c.delivered_at)).where(outbox.c.review == reviews.c.id).scalar_subquery()
    unseen = exists().where(seeds.c.source == reviews.c.id, seeds.c.revealed_at.is_(None))
    settled: Select[Any] = (
        select(
            reviews.c.id,
            reviews.c.kind,
            reviews.c.marking,
            reviews.c.asked_by.label("owner"),
            func.coalesce(left, reviews.c.decided_at).label("since"),
            _kept(_review_held(), disclosures.c["items"].contains(reviews.c.id)),
        )
        .where(reviews.c.state.in_(("delivered", "refused")), reviews.c.disposed_at.is_(None))
        .where(~reviews.c.seeded, ~unseen, reviews.c.id == review_id if review_id else true())
    )
    return [Closed(**row._mapping) for row in rows(connection, settled)]


def closed_conversations(connection: Connection, conversation_id: str = "") -> list[Closed]:
    """Every conversation of which nothing is on its way, or the one of that id if it is such."""
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
        _kept(_conversation_held(here), packed),
    ).where(~sent, conversations.c.id == conversation_id if conversation_id else true())
    return [Closed(**row._mapping) for row in rows(connection, idle)]


def _kept(held: ColumnElement[bool], packed: ColumnElement[bool]) -> ColumnElement[str]:
    """What forbids a disposal, in words; empty where nothing does."""
    pack = reviews.alias("pack")
    unsent = ~exists().where(pack.c.id == disclosures.c.review, pack.c.state.in_(("delivered", "refused")))
    open_ = exists(select(disclosures.c.id).where(packed, unsent))
    in_force = exists(select(holds.c.id).where(holds.c.lifted_at.is_(None), held))
    return case((in_force, _HELD), (open_, _PACKED), else_="").label("kept_for")


def _review_held() -> ColumnElement[bool]:
    part = (
        holds.c.subject.in_((reviews.c.asked_by, reviews.c.recipient)),
        *(
            # Two levels below the query of reviews, so it must be told which review is meant.
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
    # The canonical form of a draft writes its kind in one way alone, and nothing else can look like it.
    of_kind = exists().where(here, exchanges.c.draft.contains('"kind":"' + holds.c.subject + '"'))
    sent = exists().where(here, exchanges.c.review == holds.c.subject).correlate(conversations, holds)
    return or_(
        and_(holds.c.what == "person", holds.c.subject == conversations.c.owner),
        and_(holds.c.what == "review", sent),
        and_(holds.c.what == "kind", or_(holds.c.subject == CONVERSATIONS, of_kind.correlate(conversations, holds))),
    )


def warned_days(connection: Connection) -> dict[date, datetime]:
    """When administrators were first told of the texts that fall due on a day."""
    told = select(notices.c.detail, notices.c.at).where(notices.c.event == _TOLD).order_by(notices.c.at.desc())
    # Of several warnings of one day the first counts, which is read last.
    return {parse_date(row.detail.partition(":")[0]): row.at for row in rows(connection, told)}
