"""Facts that fill every field of a kind of paper, for tests that go through all kinds."""

from collections.abc import Iterator

from humphrey.papers.kind import Field, Paper

DAYS = {"tabled": "2026-11-23", "named_day": "2026-11-30", "first_day": "2026-12-21", "last_day": "2027-01-04"}


def example_facts(paper: Paper) -> dict[str, str]:
    """Return a fact for every field of a kind, with one row of each table, two where a row needs a fellow."""
    facts: dict[str, str] = {}
    for field in paper.fields:
        if field.type != "rows":
            facts[field.id] = example(field)
            continue
        for number in (1, 2):
            facts |= {f"{field.id}.{number}.{inner.id}": example(inner, number) for inner in field.fields}
    return {name: value for name, value in facts.items() if value} | dict(_agreeing(paper))


def example(field: Field, number: int = 1) -> str:
    """Return a value that a field accepts."""
    if field.type == "choice":
        return field.options[min(number, len(field.options)) - 1].value
    return {
        "date": DAYS.get(field.id, "2026-11-23"),
        "email": "reader@example.org",
        "person": "Ms Jane Smith",
        "number": "2",
        "money": "1250.50",
        "yes_no": "no",
    }.get(field.type, f"{field.label} of example {number}"[: field.max_chars])


def _agreeing(paper: Paper) -> Iterator[tuple[str, str]]:
    """Yield the facts that have to agree with others of their kind."""
    if paper.field("responses"):
        yield "responses", "4"
    if paper.field("pattern"):
        yield "pattern", "Monday to Thursday"
    if paper.field("preferred"):
        yield "preferred", "Option of example 1"
