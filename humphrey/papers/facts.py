"""The facts of a paper: names and values as text, accepted by the fields of its kind.

A fact of a row is named `rows.2.field`, counted from 1, so that all facts are one level of names and values. What is
missing is no fault here: the text of the paper says in its place what it needs.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from humphrey.errors import CommissionError
from humphrey.papers.kind import Field, Paper, When
from humphrey.text.dates import parse_date

_ROW = re.compile(r"([a-z][a-z0-9_]*)\.(\d{1,4})\.([a-z][a-z0-9_]*)")


# Loose: one @ and a dot in the domain. It finds typing mistakes; it does not prove that the address exists.
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


_YES_NO = {"yes": "yes", "y": "yes", "true": "yes", "no": "no", "n": "no", "false": "no"}


@dataclass(frozen=True)
class Fact:
    """One fact: its name, its field, its label with the number of its row, and its value."""

    name: str
    field: Field
    label: str
    value: str


def flat_facts(given: Mapping[str, object]) -> dict[str, str]:
    """Return facts as one level of names and text, with the rows of a list numbered from 1.

    Args:
        given: names with text, numbers, true or false, days, or a list of such mappings for rows.

    Raises:
        CommissionError: a value has another shape; the message names it.
    """
    facts: dict[str, str] = {}
    for name, value in given.items():
        if not isinstance(value, list):
            facts[str(name)] = _plain(str(name), value)
            continue
        for number, row in enumerate(value, start=1):
            if not isinstance(row, Mapping):
                raise CommissionError(f"{name}: row {number} must hold one `field: value` a line")
            facts |= {
                f"{name}.{number}.{inner}": _plain(f"{name}.{number}.{inner}", each) for inner, each in row.items()
            }
    return facts


def accept_facts(paper: Paper, facts: Mapping[str, str], today: date) -> dict[str, str]:
    """Return the validated facts of a paper: trimmed, complete with empty ones, defaults filled in, days in ISO form.

    Raises:
        CommissionError: a fact is unknown, too long or not of its type; the message names every one of them.
    """
    if faults := faults_of(paper, facts):
        raise CommissionError("; ".join(faults.values()))
    accepted: dict[str, str] = {}
    for field in paper.fields:
        if field.type != "rows":
            accepted[field.id] = _accepted(field, facts.get(field.id, ""), today)
            continue
        for number, row in enumerate(_rows_given(field, facts), start=1):
            for inner in field.fields:
                accepted[f"{field.id}.{number}.{inner.id}"] = _accepted(inner, row.get(inner.id, ""), today)
    return accepted


def faults_of(paper: Paper, facts: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with the facts of a paper, by the name of the fact; empty if all can be accepted."""
    faults: dict[str, str] = {}
    for name, value in facts.items():
        found = _field_of(paper, name)
        if isinstance(found, str):
            faults[name] = found
        elif value.strip() and (fault := _fault(found.field, found.label, value.strip())):
            faults[name] = fault
    if paper.fields and not any(value.strip() for value in facts.values()):
        faults[paper.fields[0].id] = f"give at least one fact; `humphrey draft {paper.kind}` prints a template of them"
    return faults


def facts_of(paper: Paper, facts: Mapping[str, str]) -> Iterator[Fact]:
    """Yield every accepted fact of a paper, in the order of its fields and rows."""
    for field in paper.fields:
        if field.type != "rows":
            yield Fact(field.id, field, field.label, facts.get(field.id, ""))
            continue
        for number, row in enumerate(rows_of(field.id, facts), start=1):
            for inner in field.fields:
                label = f"{field.label}, row {number}: {inner.label}"
                yield Fact(f"{field.id}.{number}.{inner.id}", inner, label, row.get(inner.id, ""))


def rows_of(name: str, facts: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the rows of a field in their order, each as the facts of its fields."""
    rows: dict[int, dict[str, str]] = {}
    for each, value in facts.items():
        if (found := _ROW.fullmatch(each)) and found[1] == name:
            rows.setdefault(int(found[2]), {})[found[3]] = value
    return [rows[number] for number in sorted(rows)]


def missing_facts(paper: Paper, facts: Mapping[str, str]) -> tuple[Fact, ...]:
    """Return the required facts that are asked for and not given; of rows without any, the field itself."""
    missing = [
        each
        for each in facts_of(paper, facts)
        if each.field.required and not each.value and holds(paper, each.field.when, facts, _row_at(each.name, facts))
    ]
    empty = [
        Fact(field.id, field, field.label, "")
        for field in paper.fields
        if field.type == "rows" and field.required and not rows_of(field.id, facts) and holds(paper, field.when, facts)
    ]
    return (*missing, *empty)


def holds(paper: Paper, when: When | None, facts: Mapping[str, str], row: Mapping[str, str] | None = None) -> bool:
    """Return whether a condition holds for the facts of a paper, and for a row where it names a field of one."""
    if when is None:
        return True
    outer, _, inner = when.field.partition(".")
    value = ((row or {}).get(inner, "") if inner else facts.get(outer, "")) or ""
    if not inner and not value:
        value = "given" if rows_of(outer, facts) else ""
    if when.among:
        return value in when.among
    if when.tagged:
        field = paper.field(when.field)
        option = field.option(value) if field else None
        return option is not None and when.tagged in option.tags
    return bool(value) == when.given


def _row_at(name: str, facts: Mapping[str, str]) -> dict[str, str]:
    found = _ROW.fullmatch(name)
    return rows_of(found[1], facts)[int(found[2]) - 1] if found else {}


def _plain(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float | Decimal | date):
        return str(value)
    raise CommissionError(f"{name}: takes one value, or a list of rows; write `{name}: value`")


def _rows_given(field: Field, facts: Mapping[str, str]) -> list[dict[str, str]]:
    return [row for row in rows_of(field.id, facts) if any(value.strip() for value in row.values())]


def _field_of(paper: Paper, name: str) -> Fact | str:
    """Return the field that a fact belongs to with its label; otherwise the reason why there is none."""
    row = _ROW.fullmatch(name)
    field = paper.field(f"{row[1]}.{row[3]}" if row else name)
    if field is None or (row is None and field.type == "rows"):
        known = [f"{each.id}.1.{inner.id}" for each in paper.fields for inner in each.fields]
        known += [each.id for each in paper.fields if each.type != "rows"]
        return f"{paper.kind} has no field {name[:80]!r}; its fields are {', '.join(sorted(known))}"
    if row is None:
        return Fact(name, field, field.label, "")
    outer = paper.field(row[1])
    if outer is None or not 1 <= int(row[2]) <= outer.max_rows:
        return f"{name[:80]!r} is beyond the {outer.max_rows if outer else 0} rows that it may have; leave some out"
    return Fact(name, field, f"{outer.label}, row {row[2]}: {field.label}", "")


def _fault(field: Field, label: str, value: str) -> str:
    """Return what is wrong with a fact that is not empty; empty if nothing is."""
    if len(value) > field.max_chars:
        return f"{label!r} has {len(value):,} characters; at most {field.max_chars:,} are accepted"
    if field.type not in {"long_text", "source"} and "\n" in value:
        return f"{label!r} takes one line; put the rest elsewhere"
    if field.type == "email" and not _EMAIL.fullmatch(value):
        return f"{label!r} is not an email address; write it like name@example.org"
    try:
        _READ.get(field.type, str)(value)
    except CommissionError as error:
        return f"{label!r}: {error}"
    if field.type == "choice" and _chosen(field, value) is None:
        return f"{label!r} is none of its options; choose {', '.join(each.value for each in field.options)}"
    return ""


def _accepted(field: Field, value: str, today: date) -> str:
    value = value.strip()
    if not value:
        return today.isoformat() if field.type == "date" and field.default == "today" else field.default
    if field.type == "choice":
        return _chosen(field, value) or value
    return _READ.get(field.type, str)(value)


def _chosen(field: Field, value: str) -> str | None:
    said = value.casefold()
    return next((each.value for each in field.options if said in {each.value.casefold(), each.label.casefold()}), None)


def _day(value: str) -> str:
    return parse_date(value).isoformat()


def _amount(value: str) -> str:
    digits = value.replace(",", "").replace("£", "").strip()
    try:
        number = Decimal(digits)
    except InvalidOperation:
        raise CommissionError(f"{value[:40]!r} is not a number; write it in figures, such as 1,250.50") from None
    if not number.is_finite() or abs(number) >= 10**15:
        raise CommissionError(f"{value[:40]!r} is not a number that can be counted with; write it in figures")
    return f"{number:f}"


def _yes_or_no(value: str) -> str:
    if value.casefold() not in _YES_NO:
        raise CommissionError(f"{value[:40]!r} is neither yes nor no; write one of them")
    return _YES_NO[value.casefold()]


_READ: Mapping[str, Callable[[str], str]] = {"date": _day, "number": _amount, "money": _amount, "yes_no": _yes_or_no}
