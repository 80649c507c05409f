"""The kinds of paper: what each needs to be told, what it contains, when it is due. Data, read from `papers/`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FieldType = Literal["text", "long_text", "date", "email"]
"""How a fact is asked for: one line, many lines, a day, or an address."""


@dataclass(frozen=True)
class Field:
    """One fact that a paper needs; `max_chars` bounds what is accepted."""

    id: str
    label: str
    type: FieldType = "text"
    required: bool = True
    hint: str = ""
    max_chars: int = 500


@dataclass(frozen=True)
class DueRule:
    """The time limit of a paper: a rule of `core.calendar`, counted from the day that one field holds."""

    rule: str
    counted_from: str


@dataclass(frozen=True)
class Paper:
    """One kind of paper. `pattern` is its text with `{{field}}` places; empty for a kind the model writes freely."""

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


Papers = Mapping[str, Paper]
"""Every kind that humphrey knows, by its name."""
