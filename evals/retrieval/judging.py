"""Judgement of rankings: which places are right, by the text of the pieces and not by how they were split."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from evals.retrieval.matching import held, sections
from evals.retrieval.pieces import Piece
from evals.retrieval.scoring import DEPTH, Scores, scored
from evals.retrieval.sets import Question, Sets, file_name


class Judge:
    """Judges the hits of one retriever.

    Args:
        sets: the data sets.
        pieces: everything that this retriever could have found.
    """

    def __init__(self, sets: Sets, pieces: Sequence[Piece]) -> None:
        self._sets = sets
        self._pieces = pieces
        self._held: dict[Piece, frozenset[str]] = {}

    def passages(self, question: Question, found: Sequence[Piece]) -> Scores:
        """Judge by passage: a place is right if its piece has a passage that answers.

        At best all such pieces come first.
        """
        gold = question.gold
        right = [bool(self._holds(piece) & gold) for piece in found[:DEPTH]]
        shown = {name for piece in found[:DEPTH] for name in self._holds(piece)}
        could = {piece for name in gold for piece in self._holding[name]}
        return scored(right, len(shown & gold) / len(gold), len(could))

    def sections(self, question: Question, found: Sequence[Piece]) -> Scores:
        """Judge by section: a place is a piece that shows a new section; elsewhere, each document counts as one."""
        return _distinct((self._shows(piece) for piece in found), question.gold)

    def texts(self, question: Question, found: Sequence[Piece]) -> Scores:
        """Judge by document: a place is a document not shown before; those that answer are single texts."""
        gold = frozenset(file_name(name) for name in question.gold)
        return _distinct(([piece.document.rpartition("/")[2]] for piece in found), gold)

    @cached_property
    def _holding(self) -> dict[str, set[Piece]]:
        holding = defaultdict(set)
        for piece in self._pieces:
            for name in self._holds(piece):
                holding[name].add(piece)
        return holding

    def _holds(self, piece: Piece) -> frozenset[str]:
        if piece not in self._held:
            self._held[piece] = held(piece.text, self._sets.passages.get(piece.document, {}))
        return self._held[piece]

    def _shows(self, piece: Piece) -> Sequence[str]:
        page = self._sets.sections.get(piece.document)
        return sections(piece.text, page) if page else [piece.document]


def _distinct(shown: Iterable[Sequence[str]], gold: frozenset[str]) -> Scores:
    """Return a ranking of what was not shown before; a place that shows several things at once is still one place."""
    seen: set[str] = set()
    right: list[bool] = []
    for names in shown:
        new = set(names) - seen
        if new and len(right) < DEPTH:
            seen |= new
            right.append(bool(new & gold))
    return scored(right, len(seen & gold) / len(gold), len(gold))
