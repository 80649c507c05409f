"""The quotable statements of a passage: each reads on its own and includes the conditions that belong to it.

A sentence that refers back is quoted with the sentence that it refers to. A sentence followed by an exception is quoted
with the exception. An item of a long list is quoted under its lead-in line, and a row with its table. A quotation is
always the passage's own words, as spans of its text.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from humphrey.text.sentences import LIST_CHARS, Span, statements, words

LEAST_WORDS = 4
"""A quotation of fewer words than this says nothing by itself."""


# Openings that refer to the sentence before. The lookahead excepts the impersonal "it is possible", "this may take".
_BACK = re.compile(
    r"(?:however|this|that|these|those|they|it|its|their|he|she|but|also|or|and|so|then|such|both|either|otherwise|instead"
    r"|therefore|similarly|in (?:this|that|these|those|such) (?:cases?|circumstances|situations?)|if (?:so|not)\b"
    r"|the same|for example|the (?:former|latter)|as well|except|unless)\b"
    r"(?!\s+(?:is|may|can|will|does)?\s*(?:(?:possible|necessary|likely|important)\b|takes?\b))",
    re.IGNORECASE,
)


# Openings that match _BACK but stand alone: the guide itself ("this guide"), or a clause that completes the sentence.
_STANDS = re.compile(
    r"(?:this|these|that|such) (?:guide|guidance|page|note|service|form|section|document|helpline|number)\b|so that\b"
    r"|both (?:you|the)\b|either (?:you|the)\b|also known\b|unless (?:you|the|a|an|it|your)\b[^.]*,"
    r"|so (?:you|the)\b[^.]*,"
    r"|except (?:where|when|if|for)\b[^.]*,|those (?:who|with|that)\b",
    re.IGNORECASE,
)


# Openings of a sentence that limits the one before it; without it the quotation would promise too much.
_EXCEPTION = re.compile(
    r"(?:however|but|unless|except|only|otherwise|(?:the|this|these) exceptions?"
    r"|there (?:is|are) (?:an |some )?exceptions?"
    r"|(?:this|these|it|they|that) (?:does|do|will|is|are|may|can)(?:n’t|n't|not| not| only)\b"
    r"|if not\b|if you (?:do not|don’t|don't|are not))\b",
    re.IGNORECASE,
)


# A sentence that announces a list but ends with a full stop ("You need the following documents.").
_LEADS_ON = re.compile(r"\b(?:(?:following|these)(?: \w+){0,2}|(?:as follows|below))\.$", re.IGNORECASE)


# Readers write the columns of a table row with this separator.
_ROW = " | "


# The longest quotation: it leaves room for a list of LIST_CHARS and a sentence before or after it.
_MOST_CHARS = LIST_CHARS + 300


@dataclass(frozen=True)
class Quotable:
    """A quotation: `core` is the statement itself, `spans` the parts of the passage to quote for it, in order.

    There is one span, or two: the lead-in line of a list and one of its items.
    """

    core: Span
    spans: tuple[Span, ...]

    def pieces(self, text: str) -> tuple[str, ...]:
        """Return the words of each span."""
        return tuple(span.of(text) for span in self.spans)


@lru_cache(maxsize=512)
def quotables(text: str) -> tuple[Quotable, ...]:
    """Return the quotable statements of a passage's text, in order; empty if none stands by itself.

    Questions, lead-in lines whose list is missing, and sentences that refer back to nothing in the passage are left
    out. Cached, because the same passages answer many questions.
    """
    spans = statements(text)
    found = (_quotable(text, spans, n) for n in range(len(spans)))
    return tuple(one for one in found if one is not None)


def _quotable(text: str, spans: list[Span], n: int) -> Quotable | None:
    core = spans[n]
    said = core.of(text)
    if said.endswith(("?", ":")) or _LEADS_ON.search(said):
        return None
    if _ROW in said:
        return _row(text, spans, n)
    lead = _lead(text, spans, n)
    if lead is not None:
        return Quotable(core, (spans[lead], core))
    first = _first(text, spans, n)
    if first is None:
        return None
    whole = Span(spans[first].start, spans[_last(text, spans, n)].end)
    return Quotable(core, (whole,)) if len(words(whole.of(text))) >= LEAST_WORDS else None


def _row(text: str, spans: list[Span], n: int) -> Quotable | None:
    """Return a row quoted with its whole table, since the first row names the columns; alone if the table is long.

    The first row of several is not quotable.
    """
    first = last = n
    while first > 0 and _ROW in spans[first - 1].of(text):
        first -= 1
    while last + 1 < len(spans) and _ROW in spans[last + 1].of(text):
        last += 1
    if n == first < last:
        return None
    whole = Span(spans[first].start, spans[last].end)
    return Quotable(spans[n], (whole if whole.end - whole.start <= LIST_CHARS else spans[n],))


def _lead(text: str, spans: list[Span], n: int) -> int | None:
    """Return the index of the lead-in line of the list that statement `n` is an item of; None if it is no item."""
    if not _is_item(text, spans[n]):
        return None
    at = n
    while at > 0 and _is_item(text, spans[at]):
        at -= 1
    return at if spans[at].of(text).endswith(":") and not _is_item(text, spans[at]) else None


def _is_item(text: str, span: Span) -> bool:
    line = text.rfind("\n", 0, span.start) + 1
    return bool(re.match(r"\s*(?:[-*•]|\d{1,2}[.)])\s+", text[line : span.start + 1]))


def _first(text: str, spans: list[Span], n: int) -> int | None:
    """Return the index of the statement to begin with, so that no reference points outside the quotation.

    None if that statement is not in the passage or the quotation would exceed `_MOST_CHARS`.
    """
    at = n
    while _points_back(spans[at].of(text)):
        if at == 0 or spans[n].end - spans[at - 1].start > _MOST_CHARS or _ends_apart(text, spans[at - 1]):
            return None
        at -= 1
    return at


def _points_back(said: str) -> bool:
    return bool(_BACK.match(said)) and not _STANDS.match(said)


def _ends_apart(text: str, before: Span) -> bool:
    """Return whether the statement before cannot be referred to, because it is a question or a table row."""
    said = before.of(text)
    return said.endswith("?") or _ROW in said


def _last(text: str, spans: list[Span], n: int) -> int:
    """Return the index of the statement to end with, so that the exceptions that follow are included."""
    at = n
    while at + 1 < len(spans) and _EXCEPTION.match(spans[at + 1].of(text)):
        whole = spans[at + 1].end - spans[n].start
        if whole > _MOST_CHARS or spans[at + 1].of(text).endswith(":"):
            break
        at += 1
    return at
