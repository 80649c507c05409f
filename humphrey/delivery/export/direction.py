"""The direction in which words are read, by Unicode's rule: that of the first letter that has one (UAX 9, rule P2)."""

import re
import unicodedata
from collections.abc import Iterator

# The letters of Hebrew, Arabic and their neighbours, and what stands between two of them.
_FROM_RIGHT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc](?:[^A-Za-z\u00c0-\u058f]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc])?"
)


def from_right(words: str) -> bool:
    """Return whether words are read from right to left; False for words without a letter."""
    sides = (unicodedata.bidirectional(sign) for sign in words)
    return next((side != "L" for side in sides if side in {"L", "R", "AL"}), False)


def stretches(words: str) -> Iterator[tuple[str, bool]]:
    """Yield words in pieces, each with whether its letters are read from right to left."""
    at = 0
    for found in _FROM_RIGHT.finditer(words):
        if found.start() > at:
            yield words[at : found.start()], False
        yield found[0], True
        at = found.end()
    if at < len(words):
        yield words[at:], False
