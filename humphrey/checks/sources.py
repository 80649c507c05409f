"""Checks of what is cited: no order in a quotation, and no two sources with different figures for one thing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from humphrey.checks.agreement.figures import Counted, counted
from humphrey.checks.agreement.words import ParsedSentence, parse_passage
from humphrey.documents.model import DocumentLookup
from humphrey.papers.draft import Citation, Draft, Finding
from humphrey.papers.kind import Paper
from humphrey.text.sentences import Span
from humphrey.text.words import load

SOURCE_CHECKS = ("orders_quoted", "sources_agree")
"""The names of the checks of this module, as a paper lists them."""


_ORDERS = load("orders")["in a source"]


# Two sentences speak of one thing if they share this much of all their content words without figures, and at least
# this many. Two of one document are about one thing only if neither has a word of its own to tell them apart.
_ALIKE, _FEWEST = 0.6, 3


@dataclass(frozen=True)
class _Stated:
    """A sentence of a quotation with its figures and its content words without them."""

    citation: Citation
    said: ParsedSentence
    figures: Sequence[Counted]
    words: frozenset[str]


def orders_quoted(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about words of a cited passage that give orders to humphrey, its model or the reviewer."""
    for citation in draft.citations:
        if order := next((found for each in _ORDERS if (found := each.search(citation.quote))), None):
            words = " ".join(order[0].split())[:80]
            message = (
                f"the source [{citation.marker}] gives an order, “{words}”; nobody here follows it, so judge the source"
            )
            yield Finding("orders_quoted", "warn", message, *_place(draft, citation))


def sources_agree(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about two cited passages that give different figures for one thing; once for each pair of citations."""
    stated = [each for citation in draft.citations for each in _stated(citation)]
    told = set()
    for one, other in combinations(stated, 2):
        pair = (one.citation.marker, other.citation.marker)
        if one.citation.marker != other.citation.marker and pair not in told and (figures := _differing(one, other)):
            told.add(pair)
            message = (
                f"[{pair[0]}] says {figures[0]} and [{pair[1]}] says {figures[1]}, it seems of one thing; "
                "check which of them holds"
            )
            yield Finding("sources_agree", "warn", message, *_place(draft, other.citation))


def _stated(citation: Citation) -> Iterator[_Stated]:
    for said in parse_passage(citation.quote).said:
        if figures := counted(said.text):
            spans = [(each.start, each.end) for each in figures]
            words = frozenset(
                token.meaning
                for token in said.tokens
                if token.content and not any(start <= token.start < end for start, end in spans)
            )
            yield _Stated(citation, said, figures, words)


def _differing(one: _Stated, other: _Stated) -> tuple[str, str] | None:
    """Return a figure of each sentence, in its words, if both are about one thing and have other values of one unit."""
    shared = one.words & other.words
    if len(shared) < max(_FEWEST, _ALIKE * len(one.words | other.words)):
        return None
    if one.citation.document == other.citation.document and (one.words != shared or other.words != shared):
        return None
    here, there = (
        [each for each in a.figures if each.value not in _values(b)] for a, b in ((one, other), (other, one))
    )
    for first in here:
        for second in there:
            if _of_a_kind(first, second):
                return one.said.text[first.start : first.end], other.said.text[second.start : second.end]
    return None


def _values(stated: _Stated) -> set[str]:
    return {each.value for each in stated.figures}


def _of_a_kind(one: Counted, other: Counted) -> bool:
    return one.unit == other.unit and _shape(one.value) == _shape(other.value)


def _shape(value: str) -> str:
    """Return a value without its digits: amounts, shares, dates and numbers differ in what is left."""
    return re.sub(r"[\d.]+", "", value)


def _place(draft: Draft, citation: Citation) -> Span:
    at = draft.text.find(f"[{citation.marker}]")
    return Span(at, at + len(citation.marker) + 2) if at >= 0 else Span(0, 0)
