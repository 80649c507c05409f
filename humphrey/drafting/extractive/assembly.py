"""Assembly of an answer: the lead, which is the statement that answers, and then the passages, cut only at blocks.

The lead comes first. Its list opens the answer whole, and so does its paragraph where it begins with the lead or is
short. Of a longer paragraph the words from the lead on open the answer, and those before it follow in their place, so
that nothing is said twice. A heading names the source of each passage but the first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from humphrey.documents.sources import source_name
from humphrey.drafting.evidence import NumberedPassage
from humphrey.drafting.extractive.quotable import is_item, is_row
from humphrey.text.sentences import Span, statements

LONGEST_BLOCK = 2_000
"""The most characters of a block that is quoted whole; of a longer one the statements near the answer are quoted."""


# A lead inside a paragraph of so few words does not stand before it too.
_SHORT_WORDS = 45


PART = "Part of a longer list, from "
"""Before the name of the source where not all of a list or table is quoted."""


@dataclass(frozen=True)
class ShownPassage:
    """What an answer shows of one passage.

    Attributes:
        of: the passage.
        core: the statement of it that answers best.
        lead: the words to begin the answer with; None for a passage that does not open it.
        blocks: the blocks to show, in the order of the passage.
    """

    of: NumberedPassage
    core: Span
    lead: Span | None
    blocks: tuple[Span, ...]


@dataclass(frozen=True)
class Quote:
    """Words to quote from passage `n`; `heading` names their source, or is empty."""

    n: int
    text: str
    heading: str = ""

    def marked(self) -> str:
        """Return the words with the marker of their passage."""
        return f"{self.text} [{self.n}]"


def assemble_quotations(shown: Sequence[ShownPassage]) -> tuple[Quote, ...]:
    """Return the quotations of an answer in reading order.

    Args:
        shown: the passages, the one with the lead first.
    """
    quotes: list[Quote] = []
    for at, each in enumerate(shown):
        named = _heading(each.of) if at or _needs_name(each) else ""
        for span, part in _pieces(each):
            heading = f"{PART}{_heading(each.of)}" if part else named
            quotes.append(Quote(each.of.n, span.of(each.of.hit.passage.text), heading))
            named = ""
    return tuple(quotes)


def _pieces(shown: ShownPassage) -> Iterator[tuple[Span, bool]]:
    """Yield the spans of a passage in reading order, and whether each is only a part of a list or table."""
    text = shown.of.hit.passage.text
    for block in _ordered(text, shown):
        whole = block.end - block.start <= LONGEST_BLOCK
        yield from [(block, False)] if whole else _cut(text, block, shown.core)


def _ordered(text: str, shown: ShownPassage) -> list[Span]:
    """Return the blocks in reading order: what opens the answer first, if the passage has the lead."""
    lead = shown.lead
    if lead is None:
        return list(shown.blocks)
    home = next((block for block in shown.blocks if block.start <= lead.start and lead.end <= block.end), None)
    if home is None or _opens(text, home, lead):
        return [home or lead, *(block for block in shown.blocks if block != home)]
    if "\n" in home.of(text) or home.end - home.start > LONGEST_BLOCK:
        return [lead, *shown.blocks]
    before = Span(home.start, home.start + len(text[home.start : lead.start].rstrip()))
    return [Span(lead.start, home.end), *(before if block == home else block for block in shown.blocks)]


def _opens(text: str, block: Span, lead: Span) -> bool:
    """Return whether a block opens the answer: it begins with the lead, or is so short that the lead is seen."""
    inside = block.start <= lead.start < block.end
    return inside and (block.start == lead.start or len(block.of(text).split()) <= _SHORT_WORDS)


def _cut(text: str, block: Span, core: Span) -> Iterator[tuple[Span, bool]]:
    """Yield the statements of a long block that stand around one, after the line that leads into its list or table."""
    inside = [span for span in statements(text) if block.start <= span.start < block.end]
    near = min(range(len(inside)), key=lambda n: abs(inside[n].start - core.start))
    first = last = near
    while inside[min(last + 1, len(inside) - 1)].end - inside[max(first - 1, 0)].start <= LONGEST_BLOCK // 2:
        first, last = max(first - 1, 0), min(last + 1, len(inside) - 1)
    line = text[_line_start(text, inside[near]) : inside[near].end]
    listed = is_item(line) or is_row(line)
    if listed and first:
        yield inside[0], True
    yield Span(_line_start(text, inside[first]) if listed else inside[first].start, inside[last].end), listed


def _line_start(text: str, span: Span) -> int:
    return text.rfind("\n", 0, span.start) + 1


def _needs_name(shown: ShownPassage) -> bool:
    """Return whether the words alone do not show what they are about: a row of a table."""
    return is_row(shown.core.of(shown.of.hit.passage.text))


def _heading(numbered: NumberedPassage) -> str:
    names = (source_name(numbered.hit.imprint), *numbered.hit.passage.section[-1:])
    return ", ".join(name.rstrip(" .:?!") for name in names) + ":"
