"""The text of a paper, put together from the wording of its sections and its facts.

A fact is data: it is inserted once and is never itself read as a wording. A required fact that is missing stands in
the text as `[needs: its label]`. A line whose places are all empty is left out, and so is a stretch in `[[ ]]` that has
an empty place.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from humphrey.papers.assembly.computed import amount, say_money, say_number
from humphrey.papers.assembly.forms_of_address import salutation, sign_off
from humphrey.papers.facts import holds, rows_of
from humphrey.papers.kind import PLACE, Field, Paper, PaperSection
from humphrey.text.dates import parse_date, say

NEEDS = re.compile(r"\[needs: [^\]\n]{1,200}\]")
"""A place of a text where a required fact is missing."""


VALUES = (
    "due",
    "due_safe",
    "today",
    "salutation",
    "sign_off",
    "department",
    "department_address",
    "department_email",
    "department_phone",
    "department_reviews",
)
"""The places that every wording may have beside the fields of its kind."""


_OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


@dataclass(frozen=True)
class Assembled:
    """One section with its text: heading, wording, and the part that a model at an endpoint may write anew."""

    section: PaperSection
    heading: str
    text: str


def needs(label: str) -> str:
    """Return what stands in a text in place of a missing fact."""
    return f"[needs: {label}]"


def assemble(paper: Paper, facts: Mapping[str, str], values: Mapping[str, str]) -> tuple[Assembled, ...]:
    """Return the sections of a paper that apply to its facts, in order, each with its text.

    Args:
        paper: its kind.
        facts: its accepted facts.
        values: the values of places that are not fields, by name; one that is missing counts as empty.
    """
    found = [section for section in paper.sections if _of_rows(section) or holds(paper, section.when, facts)]
    texts = [(section, _text(paper, section, facts, values)) for section in found]
    return tuple(Assembled(each, each.title if each.heading else "", text) for each, text in texts if text)


def joined(parts: Sequence[Assembled], *, internal: bool = False) -> str:
    """Return the text of the sections that leave, or of those that stay in the department; numbered where they are."""
    numbers = iter(range(1, 10_000))
    chosen = [part for part in parts if part.section.internal == internal]
    return "\n\n".join(block for part in chosen for block in _blocks(part, numbers))


def values_for(
    paper: Paper,
    facts: Mapping[str, str],
    department: Mapping[str, str],
    today: date,
    due: date | None,
    safe: date | None,
) -> dict[str, str]:
    """Return the values of the places that are not fields: days in words, the salutation, the department."""
    name = next((facts.get(field.id, "") for field in paper.fields if field.type == "person"), "")
    missing = paper.field(paper.due.counted_from) if paper.due else None
    return {
        **department,
        "today": say(today),
        "due": say(due) if due else needs(f"the due date, counted from {missing.label!r}") if missing else "",
        "due_safe": say(safe) if safe and safe != due else "",
        "salutation": salutation(name),
        "sign_off": sign_off(name),
    }


def _of_rows(section: PaperSection) -> bool:
    """Return whether the condition of a section chooses among its rows."""
    return section.when is not None and bool(section.rows) and section.when.field.startswith(f"{section.rows}.")


def _text(paper: Paper, section: PaperSection, facts: Mapping[str, str], values: Mapping[str, str]) -> str:
    if section.table:
        return _table(paper, section, facts, values)
    if not section.rows:
        return _filled(section.text, _places(paper, facts, values, {}))
    texts = [
        _filled(
            section.text,
            _places(paper, facts, values, {f"{section.rows}.{name}": value for name, value in row.items()}),
        )
        for row in rows_of(section.rows, facts)
        if holds(paper, section.when, facts, row)
    ]
    between = "\n\n" if "\n" in section.text.strip() else "\n"
    field = paper.field(section.rows)
    if not texts and field and field.required:
        return needs(field.label)
    return between.join(text for text in texts if text)


def _table(paper: Paper, section: PaperSection, facts: Mapping[str, str], values: Mapping[str, str]) -> str:
    rows = rows_of(section.rows, facts)
    field = paper.field(section.rows)
    if not rows:
        return needs(field.label) if field and field.required else ""
    lines = [_line([column.title for column in section.table]), _line(["---"] * len(section.table))]
    for number, row in enumerate(rows, start=1):
        fill = _places(paper, facts, values, {f"{section.rows}.{name}": value for name, value in row.items()})
        cells = [
            str(number) if each.field == "row" else fill(f"{section.rows}.{each.field}")[0] for each in section.table
        ]
        lines.append(_line(cells))
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


_Fill = Callable[[str], tuple[str, bool]]
"""Return the words for a place, and whether there are any."""


def _places(paper: Paper, facts: Mapping[str, str], values: Mapping[str, str], row: Mapping[str, str]) -> _Fill:
    def fill(name: str) -> tuple[str, bool]:
        field = paper.field(name)
        if field is None:
            return values.get(name, ""), bool(values.get(name, ""))
        value = row.get(name, "") if "." in name else facts.get(name, "")
        if value:
            return say_fact(field, value), True
        inner = {each.partition(".")[2]: given for each, given in row.items()}
        needed = field.required and holds(paper, field.when, facts, inner)
        return (needs(field.label), True) if needed else ("", False)

    return fill


def say_fact(field: Field, value: str) -> str:
    """Return an accepted fact as a text says it: days in words, numbers with commas, an option in its words."""
    if field.type == "date":
        return say(parse_date(value))
    if field.type == "number":
        return say_number(amount(value))
    if field.type == "money":
        return say_money(amount(value))
    option = field.option(value) if field.type == "choice" else None
    return option.says if option else value


def _filled(wording: str, fill: _Fill) -> str:
    """Return a wording with its places filled.

    The wording is cut at its places before anything is inserted, so that brackets in a fact stay plain text.
    """
    kept = _OPTIONAL.sub(
        lambda found: found[1] if all(fill(name)[1] for name in PLACE.findall(found[1])) else "", wording
    )
    return "\n".join(
        line for line in map(lambda each: _filled_line(each, fill), kept.strip("\n").splitlines()) if line is not None
    )


def _filled_line(line: str, fill: _Fill) -> str | None:
    places = PLACE.findall(line)
    if places and not any(fill(name)[1] for name in places):
        return None
    # Inserted by a function, so that backslashes in a fact stay plain text.
    return PLACE.sub(lambda place: fill(place[1])[0], line).rstrip()


def _blocks(part: Assembled, numbers: Iterator[int]) -> Iterator[str]:
    if part.heading:
        yield f"## {part.heading}"
    text = re.sub(r"\n{3,}", "\n\n", part.text).strip()
    if not part.section.numbered:
        yield text
        return
    for paragraph in text.split("\n\n"):
        yield paragraph if paragraph.startswith(("|", "- ", "#")) else f"{next(numbers)}. {paragraph}"
