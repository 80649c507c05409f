"""SQL of the queue: it lists, filters, counts and pages by the columns of `reviews` alone and reads no draft.

The database decides what a reviewer may clear. So the counts match the listed rows, and both are of one moment.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, false, func, or_, select, true

from humphrey.accounts.model import Person
from humphrey.clearance.deadlines import days_left_or_none, last_day_within
from humphrey.clearance.model import ReviewState
from humphrey.clearance.queue import QueueCounts, QueuePage, QueueQuery, QueueRow
from humphrey.database.engine import Database, rows
from humphrey.database.tables.clearance import reviews, versions
from humphrey.guidance.reading_rights import readable_keys

_COUNTED: tuple[ReviewState, ...] = ("open", "returned", "released")
"""The states that are counted. Finished reviews are not, because their number only grows."""


_LISTED = (
    *(
        reviews.c.id,
        reviews.c.reference,
        reviews.c.revision,
        reviews.c.title,
        reviews.c.kind,
        reviews.c.state,
        reviews.c.asked_by,
    ),
    *(reviews.c.outlet, reviews.c.marking, reviews.c.opened_at, reviews.c.due, reviews.c.claimed_by),
    *(reviews.c.claimed_until, reviews.c.handed_to, reviews.c.blocking, reviews.c.warnings, reviews.c.escalated_at),
    reviews.c.deferred_until,
)


_FITS = ("all", "fits")


_MOST_URGENT_FIRST = (reviews.c.due.asc().nulls_last(), reviews.c.opened_at, reviews.c.id)


_LATEST_FIRST = (reviews.c.opened_at.desc(), reviews.c.id)
"""The order of reviews among which none waits: the finished ones, of which only the last are looked for."""


def page(database: Database, reviewer: Person | None, query: QueueQuery, at: datetime, today: date) -> QueuePage:
    """Return one page of the reviews that a reviewer may clear, most urgent first, with counts of the same moment.

    Args:
        database: holds the reviews.
        reviewer: the reviewer; the caller checks that they are one. None lists every review.
        query: the filters and the page.
        at: the moment, for claims.
        today: the department's day, for what is due.

    Raises:
        CommissionError: the bank holidays that a filter needs are not known.
    """
    filters, own = and_(*_filters(query, at, today)), _own(reviewer)
    grouped = _grouped(reviewer, query, filters, at, today)
    with database.reading() as connection:
        # A reviewer's own drafts are few and have indexes, so a second query costs less than a test of each row.
        everything, own_ones = rows(connection, grouped), rows(connection, grouped.where(own))
        readable = {group.readers for group in everything}
        if reviewer:
            readable = readable_keys(connection, readable, reviewer.groups)
        chosen = _granted(reviewer), reviews.c.readers.in_(readable), own if query.own else ~own, filters
        page = select(*_LISTED).where(*chosen).order_by(*_order(query, today))
        found = rows(connection, page.limit(query.limit).offset(query.offset))
    mine, all_ = (_tally(group for group in each if group.readers in readable) for each in (own_ones, everything))
    others = all_ - mine
    total = (mine if query.own else others)[_FITS]
    return QueuePage(tuple(_row(each, at, today) for each in found), total, _counts(others, mine))


def _order(query: QueueQuery, today: date) -> tuple[ColumnElement[Any], ...]:
    if "delivered" in query.states and "open" not in query.states:
        return _LATEST_FIRST
    return (_deferred(today), *_MOST_URGENT_FIRST)


def _granted(person: Person | None) -> ColumnElement[bool]:
    """Return the condition for the kinds and classifications that a person may clear."""
    if person is None:
        return true()
    kinds = reviews.c.kind.in_(person.kinds) if person.kinds else true()
    return and_(kinds, reviews.c.classification.in_(person.markings))


def _own(person: Person | None) -> ColumnElement[bool]:
    """Return the condition for drafts that a person asked for or changed, and so cannot clear."""
    if person is None:
        return false()
    changed = select(versions.c.review).where(versions.c.editor == person.name)
    return or_(reviews.c.asked_by == person.name, reviews.c.id.in_(changed))


def _grouped(
    person: Person | None, query: QueueQuery, filters: ColumnElement[bool], at: datetime, today: date
) -> Select[Any]:
    """Return the query that counts the granted reviews by state, kind and readers; one index has that order.

    Reviews share few combinations of readers. The caller decides which of them include the person.
    """
    flags = {
        "late": reviews.c.due < today,
        "held": _held(at),
        "mine": and_(_held(at), reviews.c.claimed_by == (person.name if person else "")),
        "fits": filters,
    }
    by = (reviews.c.state, reviews.c.kind, reviews.c.readers)
    sums = (func.sum(case((flag, 1), else_=0)).label(name) for name, flag in flags.items())
    states = reviews.c.state.in_({*_COUNTED, *query.states})
    return select(*by, func.count().label("n"), *sums).where(states, _granted(person)).group_by(*by)


def _filters(query: QueueQuery, at: datetime, today: date) -> list[ColumnElement[bool]]:
    listed = (
        (reviews.c.state, query.states),
        (reviews.c.kind, query.kinds),
        (reviews.c.outlet, query.outlets),
        (reviews.c.classification, query.markings),
    )
    conditions: list[ColumnElement[bool]] = [column.in_(values) for column, values in listed if values]
    if query.asked_by:
        conditions.append(reviews.c.asked_by == query.asked_by)
    if query.days_old:
        conditions.append(reviews.c.opened_at <= at - timedelta(days=query.days_old))
    return [*conditions, *_due(query, today), *_claimed(query, at)]


def _due(query: QueueQuery, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.overdue:
        conditions.append(reviews.c.due < today)
    if query.due_within is not None:
        conditions.append(reviews.c.due <= last_day_within(query.due_within, today))
    if query.due_before is not None:
        conditions.append(reviews.c.due < query.due_before)
    return conditions


def _claimed(query: QueueQuery, at: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.claimed_by:
        conditions.append(and_(_held(at), reviews.c.claimed_by == query.claimed_by))
    if query.unclaimed:
        conditions.append(~_held(at))
    return conditions


def _held(at: datetime) -> ColumnElement[bool]:
    """Return the condition for a claim in force; a claim ends at its last moment."""
    return func.coalesce(reviews.c.claimed_until > at, false())


def _deferred(today: date) -> ColumnElement[int]:
    """Return 1 for a review that is put off until a later day than today, else 0."""
    return case((reviews.c.deferred_until > today, 1), else_=0)


def _tally(groups: Iterable[Row[Any]]) -> Counter[tuple[str, str]]:
    """Add up the groups: by state, by fit with the filter, and the open ones by kind and flag."""
    tally: Counter[tuple[str, str]] = Counter()
    for group in groups:
        tally["state", group.state] += group.n
        tally[_FITS] += group.fits
        if group.state == "open":
            tally["kind", group.kind] += group.n
            for flag in ("late", "held", "mine"):
                tally["open", flag] += getattr(group, flag)
    return tally


def _counts(others: Counter[tuple[str, str]], own: Counter[tuple[str, str]]) -> QueueCounts:
    return QueueCounts(
        state={state: others["state", state] for state in _COUNTED},
        kind={kind: n for (what, kind), n in sorted(others.items()) if what == "kind"},
        overdue=others["open", "late"],
        claimed=others["open", "held"],
        mine=others["open", "mine"],
        own=own["state", "open"],
    )


def _row(row: Row[Any], at: datetime, today: date) -> QueueRow:
    held = row.claimed_until is not None and at < row.claimed_until
    return QueueRow(
        id=row.id,
        reference=row.reference,
        revision=row.revision,
        title=row.title,
        kind=row.kind,
        state=row.state,
        asked_by=row.asked_by,
        outlet=row.outlet,
        marking=row.marking,
        opened=row.opened_at,
        due=row.due,
        days_left=days_left_or_none(row.due, today),
        claimed_by=row.claimed_by if held else "",
        claimed_until=row.claimed_until if held else None,
        handed_to=row.handed_to,
        blocking=row.blocking,
        warnings=row.warnings,
        escalated=row.escalated_at is not None,
        deferred_until=row.deferred_until if row.deferred_until and row.deferred_until > today else None,
    )
