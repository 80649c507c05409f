"""The quotable statements of a passage: each reads on its own and includes the conditions that belong to it.

A sentence that refers back is quoted with the sentence that it refers to. A sentence followed by an exception is quoted
with the exception. An item is quoted with its whole list, and a row with its whole table. A quotation is always the
passage's own words, as a span of its text.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from humphrey.text.sentences import LIST_CHARS, Span, sentences, statements, words

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
_ANNOUNCES = re.compile(r"\b(?:(?:following|these)(?: \w+){0,2}|(?:as follows|below))\.$", re.IGNORECASE)


# A table row as the readers write it: columns separated by " | ", or "name: value; name: value".
_ROW = re.compile(r"[^\n]* \| |[^:;.\n]{2,60}: [^;\n]+; [^:;.\n]{2,60}: ")


_ITEM = re.compile(r"\s*(?:[-*•]|\d{1,2}[.)])\s+")


_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")


# The longest quotation: it leaves room for a list of LIST_CHARS and a sentence before or after it.
_MOST_CHARS = LIST_CHARS + 300


@dataclass(frozen=True)
class Quotable:
    """A statement that may be quoted: `core` is the statement itself, `whole` the words that read on their own."""

    core: Span
    whole: Span


@lru_cache(maxsize=512)
def quotables(text: str) -> tuple[Quotable, ...]:
    """Return the quotable statements of a passage's text, in order; empty if none stands by itself.

    Questions, lead-in lines whose list is missing, and sentences that refer back to nothing in the passage are left
    out. Cached, because the same passages answer many questions.
    """
    spans = statements(text)
    found = (_quotable(text, spans, n) for n in range(len(spans)))
    return tuple(one for one in found if one is not None)


@lru_cache(maxsize=512)
def blocks(text: str) -> tuple[Span, ...]:
    """Return the blocks of a passage's text, in order: the smallest pieces that an answer is cut into.

    A block is a paragraph, a list with its lead-in line, a table with all its rows, or an answer with its question. A
    paragraph that refers back belongs to the block before it. Everything but blank lines is in exactly one block.
    """
    found: list[Span] = []
    for paragraph in _paragraphs(text):
        if found and _belongs(found[-1].of(text), paragraph.of(text)):
            found[-1] = Span(found[-1].start, paragraph.end)
        else:
            found.append(paragraph)
    return tuple(found)


def is_item(line: str) -> bool:
    """Return whether a line is an item of a list."""
    return bool(_ITEM.match(line))


def is_row(line: str) -> bool:
    """Return whether a line is a row of a table."""
    return bool(_ROW.match(line))


def _quotable(text: str, spans: list[Span], n: int) -> Quotable | None:
    core = spans[n]
    said = core.of(text)
    if _leads_on(said) or said.endswith("?"):
        return None
    if is_row(said):
        # The first row of several names the columns and says nothing itself.
        names = n + 1 < len(spans) and is_row(spans[n + 1].of(text)) and not (n and is_row(spans[n - 1].of(text)))
        return None if names else Quotable(core, _block_of(text, core))
    if is_item(_line_from(text, core)):
        return Quotable(core, _block_of(text, core))
    first = _first(text, spans, n)
    if first is None:
        return None
    whole = Span(spans[first].start, spans[_last(text, spans, n)].end)
    return Quotable(core, whole) if len(words(whole.of(text))) >= LEAST_WORDS else None


def _block_of(text: str, core: Span) -> Span:
    return next(block for block in blocks(text) if block.start <= core.start < block.end)


def _line_from(text: str, span: Span) -> str:
    """Return a statement with what its line has before it, such as the sign of an item."""
    return text[text.rfind("\n", 0, span.start) + 1 : span.end]


def _first(text: str, spans: list[Span], n: int) -> int | None:
    """Return the index of the statement to begin with, so that no reference points outside the quotation.

    None if that statement is not in the passage or the quotation would exceed `_MOST_CHARS`.
    """
    at = n
    while _points_back(spans[at].of(text)):
        if at == 0 or spans[n].end - spans[at - 1].start > _MOST_CHARS or _ends_apart(spans[at - 1].of(text)):
            return None
        at -= 1
    return at


def _points_back(said: str) -> bool:
    return bool(_BACK.match(said)) and not _STANDS.match(said)


def _ends_apart(said: str) -> bool:
    """Return whether a statement cannot be referred to, because it is a question or a table row."""
    return said.endswith("?") or is_row(said)


def _last(text: str, spans: list[Span], n: int) -> int:
    """Return the index of the statement to end with, so that the exceptions that follow are included."""
    at = n
    while at + 1 < len(spans) and _EXCEPTION.match(spans[at + 1].of(text)):
        whole = spans[at + 1].end - spans[n].start
        if whole > _MOST_CHARS or spans[at + 1].of(text).endswith(":"):
            break
        at += 1
    return at


def _leads_on(said: str) -> bool:
    return said.endswith(":") or bool(_ANNOUNCES.search(said))


def _paragraphs(text: str) -> list[Span]:
    edges = [0, *(edge for gap in _BLANK_LINE.finditer(text) for edge in gap.span()), len(text)]
    stretches = (Span(first, last) for first, last in zip(edges[::2], edges[1::2], strict=True))
    return [span for span in stretches if span.of(text).strip()]


def _belongs(before: str, paragraph: str) -> bool:
    """Return whether a paragraph continues the block before it."""
    last = before.splitlines()[-1]
    if is_item(paragraph):
        return is_item(last) or _leads_on(last)
    if is_row(paragraph):
        return is_row(last) or _leads_on(last)
    first = next(iter(sentences(paragraph)), Span(0, 0)).of(paragraph)
    goes_on = not is_row(last) and (bool(_EXCEPTION.match(first)) or _points_back(first))
    return _leads_on(last) or last.endswith("?") or goes_on
