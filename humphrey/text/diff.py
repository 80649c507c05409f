"""Differences between two wordings, word by word, and the origin of each word of the last one.

Lines are compared first, so that a change never spans an unchanged line. Words and punctuation are compared within
lines that correspond. Nothing is lost: `same` and `gone` together are the earlier wording, `same` and `new` the later
one, character for character.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby
from typing import Literal, NamedTuple

Op = Literal["same", "gone", "new"]
"""What happened to some characters: kept, removed or added."""


ALIKE = 0.35
"""From this share of common words on (0.0-1.0), two lines are versions of one line.

Below it, one replaced the other.
"""


_SPLIT = 0.9
"""From this share of common words on, unequal numbers of lines hold the same text.

A paragraph was split, or two were joined.
"""


_MOST_STEPS = 2_000_000
"""Above this many comparisons, parts are shown as replaced whole, so that a hostile text cannot block a server."""


# White space belongs to the line or word after it. An empty body at the end takes what is left.
_LINE = re.compile(r"(\s*)(\S[^\n]*|\Z)")


# A citation marker, a word with its inner apostrophes, points and hyphens, or a single sign.
_WORD = re.compile(r"(\s*)(\[\d{1,3}\]|[^\W_]+(?:[’'.,:/-][^\W_]+)*|\S|\Z)")


@dataclass(frozen=True)
class DiffPiece:
    """Some characters, and what happened to them."""

    op: Op
    text: str


@dataclass(frozen=True)
class AttributedText:
    """Some characters of the last wording, and the number of the wording that added them (the first is 1)."""

    wording: int
    text: str


class _Unit(NamedTuple):
    """A line or a word, with the white space before it. The last unit of a text has an empty body."""

    lead: str
    body: str

    @property
    def whole(self) -> str:
        return self.lead + self.body


class _Change(NamedTuple):
    """Units of one wording that replace those of the other; `same` if their bodies are equal."""

    same: bool
    before: Sequence[_Unit]
    after: Sequence[_Unit]

    @property
    def size(self) -> int:
        return max(len(self.before), len(self.after))


@lru_cache(maxsize=64)
def compare(before: str, after: str) -> tuple[DiffPiece, ...]:
    """Return the changes from one wording to another, in reading order. Removed words come before their replacement."""
    pieces: list[DiffPiece] = []
    for change in _changes(_units(_LINE, before), _units(_LINE, after)):
        pieces += _equal(change) if change.same else _reworded(change)
    return tuple(_tidy(pieces))


def attribute_text(wordings: Sequence[str]) -> tuple[AttributedText, ...]:
    """Return the parts of the last wording, each with the wording that added it.

    It is empty without wordings, or if the last one is empty.
    """
    origins: list[int] = []
    earlier = ""
    for n, wording in enumerate(wordings, start=1):
        origins = list(_origins(compare(earlier, wording), origins, n))
        earlier = wording
    runs = groupby(zip(origins, earlier, strict=True), key=lambda each: each[0])
    return tuple(AttributedText(n, "".join(character for _, character in run)) for n, run in runs)


def count_words(pieces: Iterable[DiffPiece], op: Op) -> int:
    """Return how many words the pieces of one `op` have, without punctuation."""
    texts = (piece.text for piece in pieces if piece.op == op)
    return sum(any(map(str.isalnum, unit.body)) for text in texts for unit in _units(_WORD, text))


def _origins(pieces: Iterable[DiffPiece], origins: Sequence[int], n: int) -> Iterator[int]:
    at = 0
    for piece in pieces:
        if piece.op == "new":
            yield from [n] * len(piece.text)
            continue
        if piece.op == "same":
            yield from origins[at : at + len(piece.text)]
        at += len(piece.text)


def _units(pattern: re.Pattern[str], text: str) -> list[_Unit]:
    return [_Unit(match[1], match[2]) for match in pattern.finditer(text) if match[0]]


def _changes(before: Sequence[_Unit], after: Sequence[_Unit]) -> list[_Change]:
    """Return equal and changed units, in order. Equal ends are split off first, since most changes are in one place."""
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    left, right = before[head : len(before) - tail], after[head : len(after) - tail]
    found = [_Change(True, before[:head], after[:head]), *_middle(left, right)]
    found.append(_Change(True, before[len(before) - tail :], after[len(after) - tail :]))
    return [change for change in found if change.size]


def _common(before: Sequence[_Unit], after: Sequence[_Unit]) -> int:
    pairs = zip(before, after, strict=False)
    return next((n for n, (one, other) in enumerate(pairs) if one.body != other.body), min(len(before), len(after)))


def _middle(before: Sequence[_Unit], after: Sequence[_Unit]) -> list[_Change]:
    ours, theirs = [unit.body for unit in before], [unit.body for unit in after]
    if _steps(ours, theirs) > _MOST_STEPS:
        return [_Change(False, before, after)]
    codes = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    return [_Change(tag == "equal", before[a:b], after[c:d]) for tag, a, b, c, d in codes]


def _steps(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """Return a lower bound on the comparisons between two lists of units."""
    counts = Counter(theirs)
    return sum(n * counts[body] for body, n in Counter(ours).items())


def _reworded(change: _Change) -> Iterator[DiffPiece]:
    """Yield the pieces of changed lines: word by word for lines that correspond, whole for the others."""
    before, after = ("".join(unit.whole for unit in side) for side in (change.before, change.after))
    if len(change.before) != len(change.after) and _alike(_bag(before), _bag(after)) >= _SPLIT:
        yield from _by_word(before, after)
        return
    a = c = 0
    for b, d in [*_pairs(change.before, change.after), (len(change.before), len(change.after))]:
        yield from _whole("gone", change.before[a:b])
        yield from _whole("new", change.after[c:d])
        if b < len(change.before):
            yield from _by_word(change.before[b].whole, change.after[d].whole)
        a, c = b + 1, d + 1


def _pairs(before: Sequence[_Unit], after: Sequence[_Unit]) -> list[tuple[int, int]]:
    """Return which lines correspond, in order: the pairs that have most words in common in total."""
    bags = [_bag(unit.body) for unit in before], [_bag(unit.body) for unit in after]
    # The words of each pair of lines are compared, which counts as 20 steps. Above the limit, lines correspond by
    # position.
    if len(before) * len(after) * 20 > _MOST_STEPS:
        return [(n, n) for n in range(min(len(before), len(after))) if _alike(bags[0][n], bags[1][n]) >= ALIKE]
    best: list[list[tuple[float, tuple[tuple[int, int], ...]]]] = [[(0.0, ())] * (len(after) + 1)]
    for b, ours in enumerate(bags[0]):
        row = [best[b][0]]
        for d, theirs in enumerate(bags[1]):
            alike = _alike(ours, theirs)
            joined = (best[b][d][0] + alike, (*best[b][d][1], (b, d))) if alike >= ALIKE else (-1.0, ())
            row.append(max(best[b][d + 1], row[-1], joined, key=lambda each: each[0]))
        best.append(row)
    return list(best[-1][-1][1])


def _bag(text: str) -> Counter[str]:
    return Counter(unit.body.lower() for unit in _units(_WORD, text) if any(map(str.isalnum, unit.body)))


def _alike(one: Counter[str], other: Counter[str]) -> float:
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def _by_word(before: str, after: str) -> Iterator[DiffPiece]:
    for change in _readable(_changes(_units(_WORD, before), _units(_WORD, after))):
        if change.same:
            yield from _equal(change)
        else:
            yield from _whole("gone", change.before)
            yield from _whole("new", change.after)


def _readable(changes: Iterable[_Change]) -> list[_Change]:
    """Return the changes, merged over words that stayed by chance.

    An example is a lone "the" between two rewritten halves of a sentence.
    """
    kept: list[_Change] = []
    for change in changes:
        kept.append(change)
        while len(kept) > 2 and not kept[-1].same and kept[-2].size < min(kept[-3].size, kept[-1].size):
            three = kept[-3:]
            before = [unit for each in three for unit in each.before]
            after = [unit for each in three for unit in each.after]
            kept[-3:] = [_Change(False, before, after)]
    return kept


def _equal(change: _Change) -> Iterator[DiffPiece]:
    for before, after in zip(change.before, change.after, strict=True):
        if before.lead == after.lead:
            yield DiffPiece("same", before.lead)
        else:
            yield DiffPiece("gone", before.lead)
            yield DiffPiece("new", after.lead)
        yield DiffPiece("same", before.body)


def _whole(op: Op, units: Sequence[_Unit]) -> Iterator[DiffPiece]:
    yield DiffPiece(op, "".join(unit.whole for unit in units))


def _tidy(pieces: Iterable[DiffPiece]) -> Iterator[DiffPiece]:
    """Yield the pieces with neighbours of one kind joined and removals before additions.

    White space that a removal and its addition both start or end with is kept.
    """
    for same, run in groupby((piece for piece in pieces if piece.text), key=lambda piece: piece.op == "same"):
        held = list(run)
        if same:
            yield DiffPiece("same", "".join(piece.text for piece in held))
        else:
            yield from _shared(*("".join(piece.text for piece in held if piece.op == op) for op in ("gone", "new")))


def _shared(gone: str, new: str) -> Iterator[DiffPiece]:
    head = _blank(gone, new)
    tail = _blank(gone[head:][::-1], new[head:][::-1])
    parts: tuple[tuple[Op, str], ...] = (
        ("same", gone[:head]),
        ("gone", gone[head : len(gone) - tail]),
        ("new", new[head : len(new) - tail]),
        ("same", gone[len(gone) - tail :]),
    )
    yield from (DiffPiece(op, text) for op, text in parts if text)


def _blank(one: str, other: str) -> int:
    """Return how many white space characters both texts start with."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b or not a.isspace()), min(len(one), len(other)))
