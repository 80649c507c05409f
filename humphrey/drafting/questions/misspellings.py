"""Misspelt words of a question: "deadlien" is read as "deadline", so that it is searched for.

A word is misspelt if neither the dictionary nor the vocabulary of the embedding model has it and one slip makes it of
another word. Names, acronyms, references and addresses stay as they are.
"""

import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

from humphrey.drafting.questions.dictionary import is_word, one_slip_away
from humphrey.text.words import load_words

# Shorter words have too many neighbours, and longer ones are no words. A capital in the sentence begins a name, which
# may be spelt in any way.
_WORD = re.compile(r"(?<![\w’'@./-])(?:(?<=[.?!] )[A-Z]|(?<=^)[A-Z]|[a-z])[a-z]{4,24}(?![\w@])(?![’'./-]\w)")


# A longer text is handed over to be worked on, and keeps its words.
_LONGEST = 4_000


# Each word that is not known takes some 600 look-ups, about a millisecond.
_MOST_WORDS = 50


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
    """Return the word that a misspelt one may be; empty if it is right or like no other."""
    return "" if word in _vocabulary() or is_word(word) else one_slip_away(word)


@cache
def _vocabulary() -> frozenset[str]:
    """Return the words of the embedding model's vocabulary, which are frequent ones, and given names."""
    file = files("humphrey.search").joinpath("data", "all-MiniLM-L6-v2", "tokenizer.json")
    ranks = json.loads(file.read_text(encoding="utf-8"))["model"]["vocab"]
    return frozenset(word for word in ranks if word.isalpha()) | load_words("words")["given names"]
