"""The keyword ranking: BM25 over stemmed words without English stop words, made in memory when an index is opened.

Ten thousand passages take half a second, so nothing is kept on disk that could disagree with the database.
"""

from collections.abc import Sequence

import bm25s
import numpy as np
import Stemmer

_K1, _B = 0.9, 0.4


class Words:
    """Ranks texts by the words they share with a query. Safe to share between threads."""

    def __init__(self, texts: Sequence[str]) -> None:
        tokens = bm25s.tokenize(list(texts), stopwords="en", stemmer=Stemmer.Stemmer("english"), show_progress=False)
        self._ranking = bm25s.BM25(k1=_K1, b=_B) if tokens.vocab else None
        if self._ranking is not None:
            self._ranking.index(tokens, show_progress=False)

    def best(self, query: str, limit: int) -> dict[int, float]:
        """Scores of the best texts by their position, at most `limit`, only of those that share a word with it."""
        # A stemmer of its own: one stemmer may not serve two threads at a time.
        stemmer = Stemmer.Stemmer("english")
        words = bm25s.tokenize([query], stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False)[0]
        if self._ranking is None or not words:
            return {}
        scores = self._ranking.get_scores(words)
        best = np.argsort(-scores, kind="stable")[:limit]
        return {int(at): float(scores[at]) for at in best if scores[at] > 0}
