"""SQL of model usage: a row for each day, person and model, with numbers only."""

from datetime import date

from sqlalchemy import insert, select, update

from humphrey.database.engine import Database, rows
from humphrey.database.tables.usage import usage
from humphrey.database.transaction import Transaction
from humphrey.papers.draft import Usage


def of_person(database: Database, day: date, person: str) -> Usage:
    """Return a person's usage of a day; zeros if there is none."""
    return by_person(database, day).get(person, Usage(0, 0, 0))


def by_person(database: Database, day: date) -> dict[str, Usage]:
    """Return the usage of a day by person."""
    query = select(usage).where(usage.c.day == day).order_by(usage.c.person)
    with database.reading() as connection:
        found = rows(connection, query)
    taken: dict[str, Usage] = {}
    for row in found:
        before = taken.get(row.person, Usage(0, 0, 0))
        taken[row.person] = Usage(
            before.calls + row.calls,
            before.tokens_in + row.tokens_in,
            before.tokens_out + row.tokens_out,
            before.cost + row.cost,
        )
    return taken


def add(tx: Transaction, day: date, person: str, model: str, taken: Usage) -> None:
    """Add usage of a model to a person's day."""
    more = {name: getattr(taken, name) for name in ("calls", "tokens_in", "tokens_out", "cost")}
    row = (usage.c.day == day) & (usage.c.person == person) & (usage.c.model == model)
    added = update(usage).where(row).values({name: usage.c[name] + value for name, value in more.items()})
    if not tx.connection.execute(added).rowcount:
        tx.connection.execute(insert(usage).values(day=day, person=person, model=model, **more))
