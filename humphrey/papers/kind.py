"""The kinds of paper: the facts that each needs, its contents and its time limit. Kinds are data, read from `papers/`.

A fact is data: it is inserted into the pattern once and is never itself read as a pattern.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from humphrey.calculations.time_limits import TimeLimit, time_limit
from humphrey.errors import CommissionError
from humphrey.text.dates import parse_date, say

FieldType = Literal["text", "long_text", "date", "email"]
"""The input type of a fact: one line, many lines, a date, or an e-mail address."""


@dataclass(frozen=True)
class Field:
    """One fact that a paper needs. `max_chars` is the longest fact accepted; `default` replaces an omitted fact.

    `holds` lists the kinds of personal data that the fact is meant to contain, as keys of `PERSONAL_DATA_LABELS`.
    Personal data of any other kind is refused.
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
        """Return the kinds of personal data that the fact may contain; an `email` field always allows an address."""
        return frozenset((*self.holds, "email") if self.type == "email" else self.holds)


@dataclass(frozen=True)
class DueRule:
    """The time limit of a paper: a rule of `core.limits`, and the field that gives the day it is counted from."""

    rule: str
    counted_from: str


@dataclass(frozen=True)
class Paper:
    """One kind of paper. `pattern` is its text with `{{field}}` placeholders; empty if the model writes it freely.

    A kind that is not `commissioned` is made by rule from stored records; nobody can ask for it to be written.
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
"""Every kind of paper, by its name."""


PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
"""A placeholder of a pattern: `{{field}}`, or `{{due}}` for the computed due date."""


def accept_facts(paper: Paper, facts: Mapping[str, str]) -> dict[str, str]:
    """Return the validated facts of a paper, trimmed, with defaults filled in and dates in ISO form.

    Raises:
        CommissionError: a fact is unknown, missing, too long or not of its type; the message names the first one.
    """
    known = {field.id for field in paper.fields}
    if unknown := sorted(set(facts) - known):
        raise CommissionError(f"{paper.kind} has no field {unknown[0]!r}; its fields are {', '.join(sorted(known))}")
    return {field.id: _accept_fact(field, facts.get(field.id, "")) for field in paper.fields}


def limit_of(paper: Paper, facts: Mapping[str, str]) -> TimeLimit | None:
    """Return the time limit of a paper with its working; None for a paper without one.

    Raises:
        CommissionError: the start day is missing, unreadable or outside the years whose bank holidays are known.
    """
    if paper.due is None:
        return None
    start = facts.get(paper.due.counted_from, "")
    if not start.strip():
        raise CommissionError(f"{paper.kind} is due by a time limit; give {paper.due.counted_from}")
    return time_limit(paper.due.rule, parse_date(start))


def render(paper: Paper, facts: Mapping[str, str], due: date | None) -> str:
    """Return the text of a paper's pattern with its placeholders filled and dates in words.

    A line that becomes empty because its fact is empty is left out.

    Raises:
        CommissionError: a required fact is missing; the message names it.
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
    # Inserted by a function, so placeholders and backslashes in a fact stay plain text.
    filled = PLACE.sub(fill, line)
    return filled if filled.strip() or not line.strip() else None


def _accept_fact(field: Field, fact: str) -> str:
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


# Loose: one @ and a dot in the domain. It finds typing mistakes; it does not prove that the address exists.
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
