"""The kinds of paper: what each needs to be told, what it contains, when it is due. Data, read from `papers/`.

A fact is data. It is put into its place of the pattern once and never read as a pattern itself.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from humphrey.core.calendar import parse_date, say
from humphrey.core.counting import TimeLimit, time_limit
from humphrey.errors import CommissionError

FieldType = Literal["text", "long_text", "date", "email"]
"""How a fact is asked for: one line, many lines, a day, or an address."""


@dataclass(frozen=True)
class Field:
    """One fact that a paper needs; `max_chars` bounds what is accepted, `default` stands where a fact is left out.

    `holds` are the kinds of personal data that the fact is for, as `core.personal.CALLED` names them: such data is
    refused everywhere else.
    """

    id: str
    label: str
    type: FieldType = "text"
    required: bool = True
    hint: str = ""
    max_chars: int = 500
    default: str = ""
    holds: tuple[str, ...] = ()

    @property
    def allowed(self) -> frozenset[str]:
        """The kinds of personal data that may stand in the fact."""
        return frozenset((*self.holds, "email") if self.type == "email" else self.holds)


@dataclass(frozen=True)
class DueRule:
    """The time limit of a paper: a rule of `core.limits`, counted from the day that one field holds."""

    rule: str
    counted_from: str


@dataclass(frozen=True)
class Paper:
    """One kind of paper. `pattern` is its text with `{{field}}` places; empty for a kind the model writes freely.

    One that is not `commissioned` is made by rule from what is held, and nobody can ask for it to be written.
    """

    kind: str
    title: str
    purpose: str
    fields: tuple[Field, ...]
    checks: tuple[str, ...]
    prompt: str
    pattern: str = ""
    sections: tuple[str, ...] = ()
    due: DueRule | None = None
    marking: str = "OFFICIAL"
    signs_off: str = ""
    leaves_department: bool = True
    max_words: int | None = None
    commissioned: bool = True


Papers = Mapping[str, Paper]
"""Every kind that humphrey knows, by its name."""

PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
"""A place of a pattern: `{{field}}`, or `{{due}}` for the computed day."""


def accepted(paper: Paper, facts: Mapping[str, str]) -> dict[str, str]:
    """The facts of a paper, trimmed and complete: required ones present, dates readable, none too long, none unknown.

    Raises:
        CommissionError: the first fact that is not so, by its label.
    """
    known = {field.id for field in paper.fields}
    if unknown := sorted(set(facts) - known):
        raise CommissionError(f"{paper.kind} has no field {unknown[0]!r}; its fields are {', '.join(sorted(known))}")
    return {field.id: _accepted(field, facts.get(field.id, "")) for field in paper.fields}


def limit_of(paper: Paper, facts: Mapping[str, str]) -> TimeLimit | None:
    """The time limit of a paper with its working; None for a paper without one.

    Raises:
        CommissionError: the day it is counted from is missing, unreadable or outside the known years.
    """
    if paper.due is None:
        return None
    start = facts.get(paper.due.counted_from, "")
    if not start.strip():
        raise CommissionError(f"{paper.kind} is due by a time limit; give {paper.due.counted_from}")
    return time_limit(paper.due.rule, parse_date(start))


def due_date(paper: Paper, facts: Mapping[str, str]) -> date | None:
    """The day a paper is due; None for a paper without a time limit.

    Raises:
        CommissionError: as `limit_of`.
    """
    limit = limit_of(paper, facts)
    return limit.due if limit else None


def render(paper: Paper, facts: Mapping[str, str], due: date | None) -> str:
    """The pattern of a paper with its places filled, days in words; lines whose only content is an empty fact go.

    Raises:
        CommissionError: a place has no fact; the message names it.
    """
    fields = {field.id: field for field in paper.fields}

    def fill(place: re.Match[str]) -> str:
        name = place[1]
        if name == "due" and due is not None:
            return say(due)
        field = fields.get(name)
        fact = facts.get(name, "").strip() or (field.default if field else "")
        if not fact and (field is None or field.required):
            raise CommissionError(f"{paper.kind} needs {field.label if field else name!r}; give the fact {name}")
        return say(parse_date(fact)) if field and fact and field.type == "date" else fact

    lines = (_filled(line, fill) for line in paper.pattern.strip().splitlines())
    return "\n".join(line for line in lines if line is not None)


def _filled(line: str, fill: Callable[[re.Match[str]], str]) -> str | None:
    filled = PLACE.sub(fill, line)
    return filled if filled.strip() or not line.strip() else None


def _accepted(field: Field, fact: str) -> str:
    fact = fact.strip()
    if not fact:
        if field.required:
            raise CommissionError(f"give {field.label!r} (the fact {field.id}); it may not be empty")
        return field.default
    if len(fact) > field.max_chars:
        raise CommissionError(f"{field.label!r} has {len(fact):,} characters; at most {field.max_chars:,} are accepted")
    if field.type in {"text", "email"} and "\n" in fact:
        raise CommissionError(f"{field.label!r} takes one line; put the rest elsewhere")
    if field.type == "email" and not _EMAIL.fullmatch(fact):
        raise CommissionError(f"{field.label!r} is not an email address; write it like name@example.org")
    if field.type == "date":
        return parse_date(fact).isoformat()
    return fact


_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
