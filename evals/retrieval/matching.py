"""Which passages of a data set a piece of text contains, however the piece was split.

Texts are compared by their pairs of neighbouring words, in lower case and without punctuation, since every reader
writes a table or a list a little differently.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

HOLDS = 0.6
"""The share of a passage's pairs that a piece must have to contain it."""


SHOWS = 0.5
"""The share of the piece in a section, or of the section in the piece, at which it counts as showing that section."""


_WORD = re.compile(r"\w+")


Pairs = Counter[tuple[str, str]]


@lru_cache(maxsize=200_000)
def pairs(text: str) -> Pairs:
    """Return the pairs of neighbouring words of a text, counted; of a single word, that word alone."""
    words = _WORD.findall(text.lower())
    return Counter(pairwise(words)) if len(words) > 1 else Counter((word, "") for word in words)


def share(part: Pairs, whole: Pairs) -> float:
    """Return how much of `part` is in `whole`, from 0.0 to 1.0."""
    return (part & whole).total() / part.total() if part else 0.0


def held(piece: str, passages: Mapping[str, str]) -> frozenset[str]:
    """Return the ids of the passages that a piece of their page contains."""
    has = pairs(piece) + Counter((word, "") for word in set(_WORD.findall(piece.lower())))
    return frozenset(name for name, text in passages.items() if share(pairs(text), has) >= HOLDS)


def sections(piece: str, held_by_page: Mapping[str, str]) -> Sequence[str]:
    """Return the ids of the sections that a piece of their page shows, the nearest first; at least the nearest one."""
    has = pairs(piece)
    near = {name: max(share(has, pairs(text)), share(pairs(text), has)) for name, text in held_by_page.items()}
    ordered = sorted(near, key=lambda name: -near[name])
    return [name for name in ordered if near[name] >= SHOWS] or ordered[:1]
