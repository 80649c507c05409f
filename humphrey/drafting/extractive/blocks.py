"""Blocks of a passage: its paragraphs, lists and tables, the smallest pieces that an answer is cut into.

A list stays with its lead-in line, a table with all its rows, an answer with its question, and a paragraph that refers
back with the one that it refers to. So no block is shown as complete while a part of it is missing.
"""

import re
from functools import lru_cache
from itertools import pairwise

from humphrey.drafting.extractive.quotable import is_item, is_row, leads_on, limits, points_back
from humphrey.text.sentences import Span, sentences

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")


# Every question about a passage cuts it into blocks again, and the same passages answer many questions.
@lru_cache(maxsize=512)
def blocks(text: str) -> tuple[Span, ...]:
    """Return the blocks of a passage's text, in order; everything but blank lines is in exactly one."""
    found: list[Span] = []
    for paragraph in _paragraphs(text):
        if found and _belongs(found[-1].of(text), paragraph.of(text)):
            found[-1] = Span(found[-1].start, paragraph.end)
        else:
            found.append(paragraph)
    return tuple(found)


def _paragraphs(text: str) -> list[Span]:
    edges = [0, *(edge for gap in _BLANK_LINE.finditer(text) for edge in gap.span()), len(text)]
    stretches = [Span(first, last) for first, last in pairwise(edges)][::2]
    return [span for span in stretches if span.of(text).strip()]


def _belongs(before: str, paragraph: str) -> bool:
    """Return whether a paragraph continues the block before it."""
    last = before.splitlines()[-1]
    if is_item(paragraph):
        return is_item(last) or leads_on(last)
    if is_row(paragraph):
        return is_row(last) or leads_on(last)
    first = next(iter(sentences(paragraph)), Span(0, len(paragraph))).of(paragraph)
    return leads_on(last) or last.endswith("?") or limits(first) or points_back(first)
