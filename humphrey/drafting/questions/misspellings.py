"""Misspelt words of a question: "deadlien" is read as "deadline", so that it is searched for.

The words of English are those of the embedding model's vocabulary, which has them by frequency. A word is misspelt if
it is none of them, with or without an ending, and becomes one by adding a letter, swapping two, or undoing a double.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


# Shorter words have too many neighbours, and longer ones are no words. A capital in the sentence begins a name, which
# may be spelt in any way.
_WORD = re.compile(r"(?<![\w’'@./-])(?:(?<=[.?!] )[A-Z]|(?<=^)[A-Z]|[a-z])[a-z]{4,24}(?![\w@])(?![’'./-]\w)")


# A longer text is handed over to be worked on, and keeps its words.
_LONGEST = 4_000


# Each word that is not known takes some 600 look-ups.
_MOST_WORDS = 200


_ENDINGS = (
    *("s", "es", "ed", "d", "ing", "er", "ers", "r", "rs", "ly", "y", "ies", "able", "ible", "ion", "ions", "ation"),
    *("ise", "ised", "ises", "ising", "isation", "ness", "ment", "ments", "less", "ful", "al", "ally", "ity", "ist"),
)


# A stem with at most this many letters has too many neighbours.
_SHORTEST = 4


# The rank from which a word is too rare to be half of a compound.
_RARE = 8000


_BEGINNINGS = ("un", "re", "non", "over", "under", "sub", "pre", "mis", "dis", "out", "up", "inter", "multi")


def read_right(question: str) -> tuple[str, Mapping[str, str]]:
    """Return a question with its misspelt words put right, and what each of them was read as.

    Of a long question the first words are put right, and of a text too long to be a question none.
    """
    if len(question) > _LONGEST:
        return question, {}
    words = list(dict.fromkeys(_WORD.findall(question)))[:_MOST_WORDS]
    read = {word: f"{word[0]}{right[1:]}" for word in words if (right := _right(word.lower()))}
    return _WORD.sub(lambda found: read.get(found[0], found[0]), question), read


@lru_cache(maxsize=4096)
def _right(word: str) -> str:
    """Return the most frequent word that a misspelt one may be; empty if it is right or like no other."""
    known = _vocabulary()
    if _is_known(word):
        return ""
    for ending in ("", "s", "es", "ed", "d"):
        stem = word.removesuffix(ending)
        if len(stem) > _SHORTEST and word.endswith(ending):
            for near in _near(stem):
                # "d" alone ends no word but one in "e".
                if held := [each for each in near if each in known and (ending != "d" or each.endswith("e"))]:
                    return f"{min(held, key=known.__getitem__)}{ending}"
    return ""


def _is_known(word: str) -> bool:
    known = _vocabulary()
    # "Acess" is no plural of "aces".
    endings = _ENDINGS if not word.endswith("ss") else ("ness", "less")
    stems = {word, *(word.removesuffix(ending) for ending in endings if len(word) - len(ending) > 2)}
    # "Shredding" comes from "shred", "notified" from "notify", "scoring" from "score".
    stems |= {stem[:-1] for stem in stems - {word} if stem[-1:] == stem[-2:-1]} | {f"{stem}e" for stem in stems}
    stems |= {f"{stem[:-1]}y" for stem in stems if stem.endswith("i")} | {f"{stem}y" for stem in stems}
    # The vocabulary has some words with an ending alone: "deleted", but not "delete".
    bare = [stem.removesuffix("e") for stem in stems]
    stems |= {f"{stem}{ending}" for stem in bare for ending in ("ed", "ing", "er", "ion")} | {f"{word}s"}
    stems |= {stem.removeprefix(each) for stem in stems for each in _BEGINNINGS}
    american = word.replace("our", "or").replace("is", "iz").replace("ence", "ense")
    return not known.keys().isdisjoint({*stems, american, *_halves(word)})


def _halves(word: str) -> Iterator[str]:
    """Yield a compound, such as "payslip", if both its halves are words."""
    known = _vocabulary()
    if any(max(known.get(half, _RARE) for half in (word[:at], word[at:])) < _RARE for at in range(3, len(word) - 3)):
        yield next(iter(known))


def _near(word: str) -> Iterator[list[str]]:
    """Yield the words that one slip away makes, the commonest slips first; all have the same first letter."""
    # Another letter in one place makes too many rare words into others: "insured" is no misspelt "injured".
    parts = [(word[:at], word[at:]) for at in range(1, len(word) + 1)]
    missing = [head + letter + tail for head, tail in parts for letter in _LETTERS]
    swapped = [head + tail[1] + tail[0] + tail[2:] for head, tail in parts if len(tail) > 1]
    yield missing + swapped
    yield [head + tail[1:] for head, tail in parts if tail[:1] == head[-1]]


@cache
def _vocabulary() -> Mapping[str, int]:
    """Return the words of the vocabulary with their rank, the most frequent first."""
    file = files("humphrey.search").joinpath("data", "all-MiniLM-L6-v2", "tokenizer.json")
    ranks = json.loads(file.read_text(encoding="utf-8"))["model"]["vocab"]
    return {word: rank for word, rank in ranks.items() if len(word) > 2 and word.isalpha() and word.isascii()}
