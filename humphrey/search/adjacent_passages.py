"""Adjacent passages: those next to each other in a document are read as one, and one that breaks off is completed.

The index cuts a page so that each piece can be found. Readers want the lead-in with its list and the rule with its
exception. Positions stay exact: a joined passage is `document_text[start:end]`, to the character, and never crosses a
heading.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from humphrey.documents.model import Document, DocumentLookup, Passage
from humphrey.search.model import Hit

MOST_CHARS = 1500
"""How many characters are read at most beyond either end of a passage that breaks off."""


CUT = -1
"""The number of a passage that was cut for one run and has no number in the index."""


_GAP = 16
"""More characters than this between two passages are more than blank lines."""


_CUT_WORDS = 80
"""A passage of fewer words ends with a whole list: only a list that is longer than a passage is cut."""


_ITEM = re.compile(r"[ \t]*(?:[-*•]|\d{1,2}[.)])[ \t]")


def join_adjacent(hits: Sequence[Hit], lookup: DocumentLookup) -> list[Hit]:
    """Return the hits, best first. Adjacent hits of one section become one, at the place of the better.

    Args:
        hits: what was found, best first.
        lookup: opens their documents. A hit whose document is no longer held stays as it is.
    """
    whole: list[Hit] = []
    for hit in hits:
        _take(whole, hit if _sound(hit.passage) else _mended(hit, lookup), lookup)
    return whole


def _take(whole: list[Hit], hit: Hit, lookup: DocumentLookup) -> None:
    """Append a hit, or join it with the hits it adjoins. It may fill the gap between two of them."""
    beside = [n for n, other in enumerate(whole) if _near(other.passage, hit.passage)]
    document = lookup(hit.passage.document, hit.passage.version) if beside else None
    if document is not None:
        beside = [n for n in beside if _adjoin(document.text, whole[n].passage, hit.passage)]
    if document is None or not beside:
        whole.append(hit)
        return
    parts = [*(whole[n].passage for n in beside), hit.passage]
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    first = whole[beside[0]]
    whole[beside[0]] = replace(first, passage=_cut(first.passage, document, start, end))
    for n in reversed(beside[1:]):
        del whole[n]


def _near(one: Passage, other: Passage) -> bool:
    """Return whether the positions of two passages allow that they adjoin: one section, and hardly a gap."""
    same = (one.document, one.version, one.section) == (other.document, other.version, other.section)
    return same and max(one.start, other.start) - min(one.end, other.end) <= _GAP


def _adjoin(text: str, one: Passage, other: Passage) -> bool:
    """Return whether two passages overlap or have only blanks between them."""
    return not text[min(one.end, other.end) : max(one.start, other.start)].strip()


def _sound(passage: Passage) -> bool:
    """Return whether a passage neither starts within a list, nor ends before one, nor perhaps within one."""
    return not _ITEM.match(passage.text) and not passage.text.endswith(":") and not _ends_in_list(passage.text)


def _ends_in_list(text: str) -> bool:
    return bool(_ITEM.match(text, text.rfind("\n") + 1)) and len(text.split()) >= _CUT_WORDS


def _mended(hit: Hit, lookup: DocumentLookup) -> Hit:
    """Return the hit with the lead-in of its first items, and with the items after its last line."""
    passage = hit.passage
    document = lookup(passage.document, passage.version)
    if document is None:
        return hit
    start, end = passage.start, passage.end
    if _ITEM.match(passage.text):
        start = _led_in(document.text, start, _floor(document, passage))
    if passage.text.endswith(":") or _ends_in_list(passage.text):
        end = _listed(document.text, end, _ceiling(document, passage))
    if (start, end) == (passage.start, passage.end):
        return hit
    return replace(hit, passage=_cut(passage, document, start, end))


def _floor(document: Document, passage: Passage) -> int:
    """Return where a passage's section starts, or the farthest position that is read back to."""
    above = [heading.end for heading in document.headings if heading.end <= passage.start]
    return max([passage.start - MOST_CHARS, 0, *above])


def _ceiling(document: Document, passage: Passage) -> int:
    below = [heading.start for heading in document.headings if heading.start >= passage.end]
    return min([passage.end + MOST_CHARS, len(document.text), *below])


def _led_in(text: str, start: int, floor: int) -> int:
    """Return the start of the line that leads into the list before `start`; `start` itself if there is none."""
    at = start
    while at > floor:
        line_end = len(text[floor:at].rstrip()) + floor
        line_start = max(text.rfind("\n", floor, line_end) + 1, floor)
        line = text[line_start:line_end]
        # A line cut by the floor is incomplete.
        if line_end <= floor or (line_start == floor and floor and text[floor - 1] != "\n"):
            return start
        if not _ITEM.match(line):
            return line_start if line.endswith(":") else start
        at = line_start
    return start


def _listed(text: str, end: int, ceiling: int) -> int:
    """Return the end of the list that follows `end`; `end` itself if no list follows."""
    last, at = end, end
    while at < ceiling:
        line_start = at + len(text[at:ceiling]) - len(text[at:ceiling].lstrip())
        line_end = text.find("\n", line_start)
        line_end = len(text) if line_end < 0 else line_end
        if line_start >= ceiling or line_end > ceiling or not _ITEM.match(text, line_start):
            return last
        last, at = line_end, line_end
    return last


def _cut(passage: Passage, document: Document, start: int, end: int) -> Passage:
    text = document.text[start:end]
    return Passage(passage.document, CUT, document.version, text, start, end, passage.section)
