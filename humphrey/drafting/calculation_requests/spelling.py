"""Misspelt words of questions about time limits: "clarifcation", "dedline", "recieved"."""

import re
from difflib import get_close_matches
from functools import lru_cache

_KNOWN = frozenset(
    " ".join(
        (
            "acknowledged acknowledgement answered arrived asked aware became calculate clarification clarified",
            "clarify complaint consultation correspondence deadline delivered discovered extension freedom",
            "information internal letter logged month noticed parliamentary posted question received replied reply",
            "request requested requester responded response review subject tabled timescale working yesterday",
            "today tomorrow monday tuesday wednesday thursday friday saturday sunday january february march april",
            "june july august september october november december",
        )
    ).split()
)
"""The words that decide, spelt right."""


_WORD = re.compile(r"[A-Za-z]{5,}")


# High enough that one letter more, less or exchanged passes, and another word of English does not.
_LIKE = 0.87


def spelt(text: str) -> str:
    """Return a text with the deciding words spelt right; all other words stay as they are."""
    return _WORD.sub(lambda found: _right(found[0].lower()) or found[0], text)


@lru_cache(maxsize=4096)
def _right(word: str) -> str:
    """Return the word that a misspelt one must be; empty if it is right or nothing is like it."""
    if word in _KNOWN or word.rstrip("s") in _KNOWN:
        return ""
    like = [
        each for each in get_close_matches(word, _KNOWN, 3, _LIKE) if each[0] == word[0] and not _inflected(word, each)
    ]
    return like[0] if like else ""


def _inflected(word: str, known: str) -> bool:
    """Return whether two words differ by their ending alone: "answer" is no misspelt "answered"."""
    stem = min(word, known, key=len).rstrip("e")
    return word.startswith(stem) and known.startswith(stem)
