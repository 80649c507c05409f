"""Checks of what is cited: no order in a quotation, and no two sources with different figures for one thing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

from humphrey.checks.agreement.figures import CountedFigure, counted
from humphrey.checks.agreement.words import ParsedSentence, parse_passage
from humphrey.documents.model import DocumentLookup
from humphrey.papers.draft import Citation, Draft, Finding
from humphrey.papers.kind import Paper
from humphrey.text.sentences import Span
from humphrey.text.words import load

SOURCE_CHECKS = ("orders_quoted", "sources_agree")
"""The names of the checks of this module, as a paper lists them."""


_ORDERS, (_SUSPECT,) = (load("orders")[name] for name in ("in a source", "suspect"))


# Two sentences speak of one thing if they share this much of all their content words without figures, and at least
# this many. Two of one document are about one thing only if neither has a word of its own to tell them apart.
_ALIKE, _FEWEST = 0.6, 3


@dataclass(frozen=True)
class _Stated:
    """A sentence with its figures, and its content words without them."""

    text: str
    figures: Sequence[CountedFigure]
    words: frozenset[str]


def orders_quoted(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about words of a cited passage that give orders to humphrey, its model or the reviewer."""
    for citation in draft.citations:
        if order := _order(citation.quote):
            message = f"the source [{citation.marker}] gives an order, “{order}”; read it as data and judge the source"
            yield Finding("orders_quoted", "warn", message, *_place(draft, citation))


@lru_cache(maxsize=1024)
def _order(quote: str) -> str:
    """Return the words of a quotation that give an order, at most 80 characters; empty if none do."""
    # Most passages have none of the words that such an order needs, and searching for the orders takes longer.
    if not _SUSPECT.search(quote):
        return ""
    found = (order for each in _ORDERS if (order := each.search(quote)))
    return next((" ".join(order[0].split())[:80] for order in found), "")


def sources_agree(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about two cited passages that give different figures for one thing; once for each pair of citations."""
    for one, other in combinations(draft.citations, 2):
        if figures := _differing(one.quote, other.quote, one.document == other.document):
            message = (
                f"[{one.marker}] says {figures[0]} and [{other.marker}] says {figures[1]}, it seems of one thing; "
                "check which of them holds"
            )
            yield Finding("sources_agree", "warn", message, *_place(draft, other))


def _differing(quote: str, other_quote: str, one_document: bool) -> tuple[str, str] | None:
    """Return a figure of each quotation, in its words, if both are about one thing with other values of one unit."""
    for one, other in product(_stated(quote), _stated(other_quote)):
        if _of_one_thing(one.words, other.words, one_document):
            ours, theirs = _lacking(one, other), _lacking(other, one)
            # Where several figures of one page differ, each sentence is a case of its own: an age with its rate.
            pairs = product(ours, theirs) if not one_document or len(ours) == len(theirs) == 1 else ()
            for first, second in pairs:
                if _of_a_kind(first, second):
                    return one.text[first.start : first.end], other.text[second.start : second.end]
    return None


def _lacking(one: _Stated, other: _Stated) -> list[CountedFigure]:
    """Return the figures of a sentence that another has not."""
    values = {each.value for each in other.figures}
    return [each for each in one.figures if each.value not in values]


@lru_cache(maxsize=1024)
def _stated(quote: str) -> tuple[_Stated, ...]:
    """Return the sentences of a quotation that have figures."""
    return tuple(
        _Stated(said.text, found, said.content - ParsedSentence(" ".join(_words(said.text, found))).content)
        for said in parse_passage(quote).said
        if (found := counted(said.text))
    )


def _words(text: str, found: Sequence[CountedFigure]) -> Iterator[str]:
    return (text[each.start : each.end] for each in found)


def _of_one_thing(one: frozenset[str], other: frozenset[str], one_document: bool) -> bool:
    if one_document:
        return one == other and len(one) >= _FEWEST
    return len(one & other) >= max(_FEWEST, _ALIKE * len(one | other))


def _of_a_kind(one: CountedFigure, other: CountedFigure) -> bool:
    return one.unit == other.unit and _shape(one.value) == _shape(other.value)


def _shape(value: str) -> str:
    """Return a value without its digits: amounts, shares, dates and numbers differ in what is left."""
    return re.sub(r"[\d.]+", "", value)


def _place(draft: Draft, citation: Citation) -> Span:
    at = draft.text.find(f"[{citation.marker}]")
    return Span(at, at + len(citation.marker) + 2) if at >= 0 else Span(0, 0)
