"""Limits: recognising that a question gives a quantity and a statement of the guidance gives its limit.

Only the recognition is here; the comparison itself is computed (`humphrey.calculations.comparing`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from humphrey.calculations.comparing import Quantity, quantities
from humphrey.calculations.workings import Working
from humphrey.drafting.extractive.question_parts import wants_yes_or_no

_BOUNDS = {
    "minimum": re.compile(r"\b(?:at least|minimum|or more|no fewer|no less)\b", re.IGNORECASE),
    "threshold": re.compile(r"\bthresholds?\b", re.IGNORECASE),
    "limit": re.compile(
        r"\b(?:limits?|maximum|at most|(?:no|not) (?:more|longer|later) than|up to|within|or (?:fewer|less)"
        r"|must not exceed)\b",
        re.IGNORECASE,
    ),
}
"""The words that make a figure a bound, by what the bound is called; the first match counts."""


# A question that is answered by "yes" where the quantity is over the limit, and one where it is within.
_OVER = re.compile(
    r"\b(?:over|above|exceed\w*|more than|beyond|past|too (?:long|much|many|large|high|late|big)|refuse|decline|reject"
    r"|turn (?:it |this |them )?down|late|overdue|break|breach\w*)\b",
    re.IGNORECASE,
)


_WITHIN = re.compile(
    r"\b(?:within|under|below|inside|in time|on time|short enough|small enough|less than|fewer than|comply|allowed)\b",
    re.IGNORECASE,
)


# "Or" asks which of two, and a denied question ("Is it not late ...?") can be read both ways.
_UNCLEAR = re.compile(r"\b(?:or|not|without|whether|never|no|hardly|neither)\b|n['’]t\b", re.IGNORECASE)


# Before or after a figure, these make it a range or a part of a sum, which may be over the limit or not.
_RANGE_BEFORE = re.compile(
    r"(?:\b(?:over|above|under|below|up to|within|between|beyond|exceed\w*|(?:more|less|fewer|longer|shorter|greater"
    r"|higher|lower) than|at (?:least|most))(?: the| a)?|\d(?: to| and| or)?|\d ?[-–])\s*$",
    re.IGNORECASE,
)


_RANGE_AFTER = re.compile(
    r"\s*(?:\+|plus\b|(?:or|and) (?:more|less|fewer|over|above|under|below|longer)\b|at (?:least|most)\b"
    r"|each\b|apiece\b)",
    re.IGNORECASE,
)


_TIME = re.compile(r"(?:\w+ )?(?:second|minute|hour|day|week|fortnight|month|year)")


@dataclass(frozen=True)
class Comparison:
    """A quantity of the question and the bound that a statement gives for it, in their own words."""

    stated: str
    limit: str
    bound: str

    @property
    def call(self) -> tuple[str, dict[str, object]]:
        """Return the call of the tool that compares them."""
        return "compare", {"stated": self.stated, "limit": self.limit, "bound": self.bound}


def comparison(situation: str, question: str, statement: str, headings: str) -> Comparison | None:
    """Return the comparison that a question asks for; None if it asks for none or the statement has no such bound.

    Args:
        situation: everything that was said, which has the quantity.
        question: one part of the question.
        statement: words of the guidance that read on their own.
        headings: the title and headings above them.
    """
    if not (wants_yes_or_no(question) or _OVER.search(question) or _WITHIN.search(question)):
        return None
    bound = _bound(statement) or _bound(headings)
    given = list(quantities(situation)) if bound else []
    for ours in given:
        theirs = [each for each in quantities(statement) if each.unit == ours.unit]
        if len({each.value for each in theirs}) == 1 and theirs[0].value != ours.value:
            return Comparison(ours.said, theirs[0].said, bound) if _is_clear(ours, given, situation) else None
    return None


def _is_clear(ours: Quantity, given: Sequence[Quantity], situation: str) -> bool:
    """Return whether a quantity is one figure, and the only one of its kind that is given."""
    family = {(each.value, each.unit) for each in given if _family(each.unit) == _family(ours.unit)}
    before, after = situation[: ours.start], situation[ours.start + len(ours.said) :]
    return len(family) == 1 and not _RANGE_BEFORE.search(before) and not _RANGE_AFTER.match(after)


def _family(unit: str) -> str:
    """Return what a unit measures: all units of time measure one thing."""
    return "time" if _TIME.fullmatch(unit) else unit


def told(question: str, working: Working) -> str:
    """Return the sentence that gives the result, with "yes" or "no" where the question clearly asks for either.

    What is over a minimum is within the rule, so there the words for "over" and "within" ask for something else.
    """
    over, within = bool(_OVER.search(question)), bool(_WITHIN.search(question))
    if over == within or working.inputs["bound"] == "minimum" or _UNCLEAR.search(question):
        return working.explanation
    yes = (working.result == "over") == over
    return f"{'Yes' if yes else 'No'}, {working.explanation[0].lower()}{working.explanation[1:]}"


def _bound(text: str) -> str:
    return next((name for name, said in _BOUNDS.items() if said.search(text)), "")
