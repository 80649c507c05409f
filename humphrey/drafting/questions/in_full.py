"""A question in full: spelt right, with the subject of the questions before it, and in the words of guidance."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from humphrey.drafting.questions.follow_ups import Resolved, resolved
from humphrey.drafting.questions.misspellings import read_right
from humphrey.drafting.questions.official_words import beside_everyday, in_official_words, officially


def in_full(question: str, earlier: Sequence[str]) -> Resolved:
    """Return what is searched for and answered.

    Args:
        question: the current question as typed.
        earlier: the earlier questions of the same conversation, oldest first.
    """
    return _in_full(question, tuple(earlier))


# Asked once to search and again to answer.
@lru_cache(maxsize=64)
def _in_full(question: str, earlier: tuple[str, ...]) -> Resolved:
    found = resolved(read_right(question)[0], [read_right(each)[0] for each in earlier])
    official = officially(found.asked)
    if official == found.asked:
        return found
    return replace(found, asked=in_official_words(found.asked), official=official, beside=beside_everyday(found.asked))
