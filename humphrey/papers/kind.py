"""The kinds of paper as values: fields, sections, time limit, and what a reviewer looks for. `kinds/` has the data.

`loader` reads them, `facts` accepts the facts of a paper, and `assembly` puts its text together.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

FieldType = Literal[
    "text", "long_text", "date", "email", "person", "number", "money", "choice", "yes_no", "rows", "source"
]
"""The type of a fact.

One line, many lines, a date, an e-mail address, a person's name with their title, a number, an amount in pounds, one of
some options, yes or no, rows of further fields, or material to work from (a letter, a transcript, notes).
"""


@dataclass(frozen=True)
class Option:
    """One option of a choice: its stored value, its label, the words that a text says for it, and its tags."""

    value: str
    label: str
    says: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class When:
    """A condition on one fact: it is one of `among`, has the tag, or is given (or not, where `given` is false).

    `field` is a field's id, or `rows.field` for a field of the row at hand.
    """

    field: str
    among: tuple[str, ...] = ()
    tagged: str = ""
    given: bool = True


@dataclass(frozen=True)
class Field:
    """One fact that a paper needs.

    Attributes:
        id: its name in files of facts.
        label: its name on pages and in messages.
        type: its type.
        required: whether a paper without it says so in its place.
        hint: what to enter, in a sentence.
        group: the heading under which forms show it.
        max_chars: the longest fact accepted.
        default: replaces an omitted fact; `today` is the day of the draft.
        holds: the kinds of personal data that the fact is meant to contain, as keys of `PERSONAL_DATA_LABELS`;
            personal data of any other kind is refused.
        options: the options of a choice.
        fields: the fields of a row.
        max_rows: the most rows.
        when: the condition under which it is asked for.
    """

    id: str
    label: str
    type: FieldType = "text"
    required: bool = True
    hint: str = ""
    group: str = ""
    max_chars: int = 500
    default: str = ""
    holds: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    fields: tuple["Field", ...] = ()
    max_rows: int = 100
    when: When | None = None

    @property
    def allowed(self) -> frozenset[str]:
        """Return the kinds of personal data that the fact may contain; an `email` field always allows an address."""
        return frozenset((*self.holds, "email") if self.type == "email" else self.holds)

    def option(self, value: str) -> Option | None:
        """Return the option with a value; None if there is none."""
        return next((each for each in self.options if each.value == value), None)


@dataclass(frozen=True)
class Column:
    """One column of a table: its title, and the field of a row that fills it."""

    title: str
    field: str


@dataclass(frozen=True)
class PaperSection:
    """One part of a paper.

    Attributes:
        title: its name, and its heading if it has one.
        heading: whether the text shows the title.
        text: its set wording with `{{field}}` places; what stands in `[[ ]]` is left out if a place in it is empty.
        write: what a model at an endpoint writes in place of the set wording; empty if the wording stays as it is.
        rows: the field of type `rows` whose rows repeat the text.
        table: the columns of a table that has a line for each of those rows.
        when: the condition under which it is part of the paper.
        numbered: whether its paragraphs are numbered.
        internal: whether it stays in the department, apart from the text that leaves.
    """

    title: str
    heading: bool = False
    text: str = ""
    write: str = ""
    rows: str = ""
    table: tuple[Column, ...] = ()
    when: When | None = None
    numbered: bool = False
    internal: bool = False


@dataclass(frozen=True)
class DueRule:
    """The time limit of a paper: its rule, and the fields that give the days and numbers it is counted from.

    Attributes:
        rule: a key of `RULES` or of `UNCOMPUTABLE`; a rule that cannot be computed takes the day itself as a fact.
        counted_from: the day that starts the clock, or the day set by the department.
        extended: a yes or no field that says whether the longer limit applies.
        tabled: the day a named day question was tabled.
        stopped: the day the clock stopped.
        resumed: the day it went on.
        working_days: a number of working days.
        day: a day that the office was told; it goes first.
    """

    rule: str
    counted_from: str
    extended: str = ""
    tabled: str = ""
    stopped: str = ""
    resumed: str = ""
    working_days: str = ""
    day: str = ""


@dataclass(frozen=True)
class Paper:
    """One kind of paper.

    A kind that is not `commissioned` is made by rule from stored records; nobody can ask for it to be written.

    Attributes:
        kind: its name, that of its folder.
        title: what it is called.
        purpose: what it is for, in a sentence.
        fields: the facts that it needs.
        checks: the names of its checks, in order.
        prompt: what a model is told.
        family: the heading under which kinds are listed.
        parameters: the parameters of a check, by its name.
        sections: its parts, in order.
        computed: the names of what is worked out from its facts.
        due: its time limit; None if it has none.
        marking: its protective marking, unless another is chosen.
        clears: who sees it before it is signed off.
        signs_off: who decides that it is given out.
        leaves_department: whether it goes to people outside.
        max_words: the most words beside what was given.
        tone: how it is written.
        looks_for: what a reviewer must look for.
        commissioned: whether it can be asked for.
        set_by: the section of the law or guidance that it follows.
    """

    kind: str
    title: str
    purpose: str
    fields: tuple[Field, ...]
    checks: tuple[str, ...]
    prompt: str
    family: str = ""
    parameters: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    sections: tuple[PaperSection, ...] = ()
    computed: tuple[str, ...] = ()
    due: DueRule | None = None
    marking: str = "OFFICIAL"
    clears: tuple[str, ...] = ()
    signs_off: str = ""
    leaves_department: bool = True
    max_words: int | None = None
    tone: tuple[str, ...] = ()
    looks_for: tuple[str, ...] = ()
    commissioned: bool = True
    set_by: str = ""

    @property
    def worded(self) -> bool:
        """Whether it is put together from the wording of its sections."""
        return any(section.text or section.table for section in self.sections)

    def field(self, name: str) -> Field | None:
        """Return the field with an id, or the field `rows.field` of a row; None if there is none."""
        outer, _, inner = name.partition(".")
        found = next((each for each in self.fields if each.id == outer), None)
        return next((each for each in found.fields if each.id == inner), None) if found and inner else found


Papers = Mapping[str, Paper]
"""Every kind of paper, by its name."""


PLACE = re.compile(r"\{\{\s*(\w+(?:\.\w+)?)\s*\}\}")
"""A place in a wording: `{{field}}`, `{{rows.field}}`, or one of the values that are worked out, such as `{{due}}`."""
