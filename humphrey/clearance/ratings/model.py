"""Values of ratings: what a reviewer says of each sentence and citation of one wording. Evaluations use them later."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from humphrey.digests import canonical, sha256
from humphrey.errors import CommissionError
from humphrey.papers.draft import Draft
from humphrey.text.sentences import Span, sentences

SentenceRating = Literal["right", "partly", "wrong"]
"""What a reviewer says of a sentence."""


CitationRating = Literal["good", "not_good"]
"""Whether the cited passage carries what the text rests on it."""


@dataclass(frozen=True)
class Rating:
    """One person's rating of one wording; sentences and passages that they left out are not rated.

    Attributes:
        by: the reviewer.
        wording: the number of the wording; the first is 1.
        sentences: ratings by the number of the sentence, from 1, as `rated_sentences` counts them.
        citations: ratings by the marker of the citation.
        at: when.
    """

    by: str
    wording: int
    sentences: Mapping[int, SentenceRating]
    citations: Mapping[str, CitationRating]
    at: datetime


def rated_sentences(draft: Draft) -> tuple[Span, ...]:
    """Return the sentences of a draft that can be rated, as characters of its text; the first is number 1."""
    return tuple(sentences(draft.text))


def require_rating(draft: Draft, rating: Rating) -> None:
    """Require that a rating is of sentences and citations that a draft has.

    Raises:
        CommissionError: it rates nothing, or a sentence, a citation or a word of rating does not exist.
    """
    if not rating.sentences and not rating.citations:
        raise CommissionError("the rating is empty; rate a sentence or a citation")
    numbers, markers = range(1, len(rated_sentences(draft)) + 1), {each.marker for each in draft.citations}
    _require_known("sentence", rating.sentences, numbers, get_args(SentenceRating))
    _require_known("citation", rating.citations, markers, get_args(CitationRating))


def sentences_json(rating: Rating) -> str:
    """Return the ratings of sentences as they are stored."""
    return canonical({str(n): said for n, said in rating.sentences.items()})


def citations_json(rating: Rating) -> str:
    """Return the ratings of citations as they are stored."""
    return canonical(dict(rating.citations))


def rating_digest(wording: int, sentences: str, citations: str) -> str:
    """Return the digest of a rating, given its stored parts; its entry names the same."""
    return sha256(canonical([wording, sentences, citations]))


def _require_known(
    what: str, given: Mapping[int, str] | Mapping[str, str], there: Collection[object], words: Collection[str]
) -> None:
    for name, said in given.items():
        if name not in there:
            raise CommissionError(f"the draft has no {what} {str(name)[:20]!r}; rate what it has")
        if said not in words:
            raise CommissionError(f"no rating {said[:40]!r} of a {what}; it is one of {', '.join(words)}")
