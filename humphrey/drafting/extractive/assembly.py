"""Assembly of selected statements into quotations: statements that adjoin are quoted together, in reading order.

The page and the passage of the best statement come first; the statements of one passage keep its order. A heading names
the source if several pages are quoted, or if a table row is, because the quoted words do not show it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from humphrey.documents.sources import source_name
from humphrey.drafting.evidence import NumberedPassage
from humphrey.drafting.extractive.quotable import Quotable
from humphrey.text.sentences import Span

_ROW = re.compile(r"[^:;.\n]{2,60}: [^;\n]+; [^:;.\n]{2,60}: |[^\n]* \| ")
"""A table row as the readers write it: "name: value; name: value", or columns separated by " | "."""


@dataclass(frozen=True)
class SelectedStatement:
    """A selected statement and its passage."""

    of: NumberedPassage
    quotable: Quotable


@dataclass(frozen=True)
class Quote:
    """Words to quote from passage `n`: one text, or the lead-in line of a list and the selected items.

    `heading` names the source; empty if it is clear or the same as the quotation before.
    """

    n: int
    pieces: tuple[str, ...]
    heading: str = ""

    @property
    def text(self) -> str:
        """Return all the words."""
        return "\n".join(self.pieces)

    def marked(self) -> str:
        """Return the words with the marker of the passage after each piece, items as a list."""
        lines = [f"{self.pieces[0]} [{self.n}]", *(f"- {piece} [{self.n}]" for piece in self.pieces[1:])]
        return "\n".join(lines)


def assemble_quotations(chosen: Sequence[SelectedStatement]) -> tuple[Quote, ...]:
    """Combine the selected statements, given best first, into quotations in reading order."""
    # Reversed, so that each page and passage keeps the rank of its best statement.
    pages = {_page(one): rank for rank, one in reversed(list(enumerate(chosen)))}
    passages = {one.of.n: rank for rank, one in reversed(list(enumerate(chosen)))}
    ordered = sorted(chosen, key=lambda one: (pages[_page(one)], passages[one.of.n], one.quotable.core))
    joined: list[tuple[NumberedPassage, tuple[Span, ...]]] = []
    for one in ordered:
        spans = one.quotable.spans
        if joined and joined[-1][0].n == one.of.n and (more := _joined(one, joined[-1][1], spans)):
            joined[-1] = (one.of, more)
        else:
            joined.append((one.of, spans))
    return tuple(_quotes(joined))


def _joined(one: SelectedStatement, before: tuple[Span, ...], spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the spans of two statements as one quotation; empty if they are apart.

    They are joined if they are items of the same list, or if only white space is between them.
    """
    if len(before) > 1 and len(spans) > 1 and before[0] == spans[0]:
        return (*before, *spans[1:])
    text = one.of.hit.passage.text
    if len(before) == len(spans) == 1 and not text[before[0].end : spans[0].start].strip():
        return (Span(before[0].start, max(before[0].end, spans[0].end)),)
    return ()


def _quotes(joined: Sequence[tuple[NumberedPassage, tuple[Span, ...]]]) -> list[Quote]:
    several = len({numbered.hit.passage.document for numbered, _ in joined}) > 1
    quotes: list[Quote] = []
    last = ""
    for numbered, spans in joined:
        pieces = tuple(span.of(numbered.hit.passage.text) for span in spans)
        heading = _heading(numbered) if several or _ROW.match(pieces[0]) else ""
        quotes.append(Quote(numbered.n, pieces, heading if heading != last else ""))
        last = heading
    return quotes


def _heading(numbered: NumberedPassage) -> str:
    names = (source_name(numbered.hit.imprint), *numbered.hit.passage.section[-1:])
    return ", ".join(name.rstrip(" .:?!") for name in names) + ":"


def _page(one: SelectedStatement) -> str:
    return one.of.hit.passage.document
