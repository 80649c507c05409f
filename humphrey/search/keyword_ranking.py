"""Keyword ranking: BM25 over stemmed words without English stop words, computed over everything a person may read.

Words are compared without accents and in the letters of a to z that are nearest, so "Łódź" is found as "Lodz".

A score is divided by the weight of all words of the query, so it is the share of them that a text has: near 1.0 if it
has every word often, near 0.0 if it has one of many. So scores say how far the words of a query alone can be relied on.

Only the count of each word in each text is stored, and nothing that depends on other texts. So each reader's results
are weighted by what that reader may read. A few new texts are joined to many without counting again.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

from humphrey.text.sentences import folded

# docs/adr/0006 compares these values with 1.2 and 0.75.
_K1, _B = 0.9, 0.4


_MOST_OFTEN = 65_535
"""The largest value of the `counts` column."""


_VOCABULARY = "vocabulary.txt"


_COLUMNS = ("starts", "places", "counts", "lengths")


@dataclass(frozen=True)
class WordCounts:
    """The words of some texts, which are identified by their position. Safe to share between threads.

    Args:
        vocabulary: the number of each word.
        starts: shape (words + 1,): where the entries of each word begin in `places`.
        places: the texts that contain each word, in order; one entry for each word and text.
        counts: how often the word occurs there, for each entry of `places`.
        lengths: shape (texts,): the number of words in each text.
    """

    vocabulary: Mapping[str, int]
    starts: NDArray[np.int64]
    places: NDArray[np.int32]
    counts: NDArray[np.uint16]
    lengths: NDArray[np.int32]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "WordCounts":
        """Count the words of some texts."""
        plain = [folded(text) for text in texts]
        tokens = bm25s.tokenize(plain, stopwords="en", stemmer=Stemmer.Stemmer("english"), show_progress=False)
        vocabulary = {word: number for word, number in tokens.vocab.items() if word}
        known = np.zeros(max(tokens.vocab.values(), default=0) + 1, dtype=bool)
        known[list(vocabulary.values())] = True
        lengths = np.array([len(ids) for ids in tokens.ids], dtype=np.int64)
        numbers = np.array([number for ids in tokens.ids for number in ids], dtype=np.int64)
        at = np.repeat(np.arange(len(lengths)), lengths)[known[numbers]]
        numbers = numbers[known[numbers]]
        # One number for each pair of word and text, so that one sort groups and counts them.
        pairs, counts = np.unique(numbers * max(len(lengths), 1) + at, return_counts=True)
        number, place = np.divmod(pairs, max(len(lengths), 1))
        return cls._sorted(vocabulary, number, place, counts, np.bincount(at, minlength=len(lengths)))

    @classmethod
    def load(cls, folder: Path) -> "WordCounts":
        """Load the words that `save` wrote; the columns are read from disk on demand.

        Raises:
            OSError: a file is missing.
            ValueError: a file is damaged.
        """
        names = (folder / _VOCABULARY).read_text(encoding="utf-8").split("\n")
        columns = [np.asarray(np.load(folder / f"{column}.npy", mmap_mode="r")) for column in _COLUMNS]
        return cls({name: number for number, name in enumerate(names) if name}, *columns)

    def save(self, folder: Path) -> None:
        """Write all columns into an existing folder."""
        names = [""] * (len(self.starts) - 1)
        for name, number in self.vocabulary.items():
            names[number] = name
        (folder / _VOCABULARY).write_text("\n".join(names), encoding="utf-8")
        for column in _COLUMNS:
            np.save(folder / f"{column}.npy", getattr(self, column))

    def joined(self, kept: NDArray[np.bool_], more: "WordCounts") -> "WordCounts":
        """Return the kept texts in their order, followed by those of `more`.

        Args:
            kept: mask of the texts to keep, shape (texts,).
            more: the texts to append.
        """
        vocabulary, most = dict(self.vocabulary), len(self.starts) - 1
        for word in more.vocabulary:
            if vocabulary.setdefault(word, most) == most:
                most += 1
        renumbered = np.zeros(len(more.starts), dtype=np.int64)
        for word, number in more.vocabulary.items():
            renumbered[number] = vocabulary[word]
        moved = np.cumsum(kept) - 1
        staying = kept[self.places]
        return WordCounts._sorted(
            vocabulary,
            np.concatenate([self._numbers()[staying], renumbered[more._numbers()]]),
            np.concatenate([moved[self.places[staying]], more.places + int(kept.sum())]),
            np.concatenate([self.counts[staying], more.counts]),
            np.concatenate([self.lengths[kept], more.lengths]),
            most,
        )

    def of_word(self, word: str) -> slice:
        """Return the slice of `places` for a word; empty if no text contains it."""
        number = self.vocabulary.get(word)
        return slice(0, 0) if number is None else slice(int(self.starts[number]), int(self.starts[number + 1]))

    def _numbers(self) -> NDArray[np.int64]:
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    @classmethod
    def _sorted(
        cls,
        vocabulary: Mapping[str, int],
        numbers: NDArray[np.int64],
        places: NDArray[np.int64],
        counts: NDArray[np.int64],
        lengths: NDArray[np.int64],
        most: int = 0,
    ) -> "WordCounts":
        most = max(most, max(vocabulary.values(), default=-1) + 1)
        order = np.argsort(numbers, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(numbers, minlength=most))])
        return cls(
            vocabulary,
            starts.astype(np.int64),
            places[order].astype(np.int32),
            np.minimum(counts[order], _MOST_OFTEN).astype(np.uint16),
            lengths.astype(np.int32),
        )


def rank(among: Sequence[WordCounts], query: str, limit: int) -> list[dict[int, float]]:
    """Return the shares of a query's words that texts have, by weight, ranked as if all parts were one.

    Args:
        among: the parts that may be read.
        query: any text.
        limit: the most texts of each part.

    Returns:
        For each part of `among`, scores by text position, best first.
    """
    # A stemmer for each call, because a stemmer is not thread-safe.
    stemmer = Stemmer.Stemmer("english")
    words = bm25s.tokenize([folded(query)], stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False)[0]
    weights = _weights(among, Counter(words))
    total = sum(len(each.lengths) for each in among)
    average = sum(int(each.lengths.sum()) for each in among) / max(total, 1)
    of_all = sum(weights.values()) or 1.0
    shares = {word: weight / of_all for word, weight in weights.items()}
    return [_top(_scores(each, shares, average), limit) for each in among]


def _weights(among: Sequence[WordCounts], words: Mapping[str, int]) -> dict[str, float]:
    """Return the weight of each query word: the rarer among all texts, the higher."""
    total = sum(len(each.lengths) for each in among)
    weights = {}
    for word, times in words.items():
        spans = [each.of_word(word) for each in among]
        having = sum(span.stop - span.start for span in spans)
        if having:
            # The inverse document frequency of BM25 with 1 added, so that frequent words never weigh less than 0.
            weights[word] = times * math.log(1 + (total - having + 0.5) / (having + 0.5))
    return weights


def _scores(words: WordCounts, weights: Mapping[str, float], average: float) -> NDArray[np.float32]:
    scores = np.zeros(len(words.lengths), dtype=np.float32)
    for word, weight in weights.items():
        span = words.of_word(word)
        places, counts = words.places[span], words.counts[span].astype(np.float32)
        # BM25's length normalisation: the same count weighs less in a longer text.
        long = _K1 * (1 - _B + _B * words.lengths[places] / average)
        scores[places] += (weight * counts / (counts + long)).astype(np.float32)
    return scores


def _top(scores: NDArray[np.float32], limit: int) -> dict[int, float]:
    """Return the best scores by position; equal scores in order of position."""
    at = np.flatnonzero(scores)
    if len(at) > limit:
        at = at[scores[at] >= np.partition(scores[at], len(at) - limit)[len(at) - limit]]
    best = at[np.argsort(-scores[at], kind="stable")][:limit]
    return dict(zip(best.tolist(), scores[best].tolist(), strict=True))
