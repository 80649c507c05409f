"""Dictionary: which words are spelt right, and which right words one slip of the finger away a misspelt one may be.

The words are those of pyspellchecker with their frequency, and those of government, law and offices in
`text/word_lists/spellings.txt`. They are loaded with the first word that is looked up, as they take some 25 MB.
"""

from functools import cache

from spellchecker import SpellChecker

from humphrey.text.words import load_words

# Many British forms are missing, but the American ones are there.
_BRITISH = (("our", "or"), ("is", "iz"), ("ys", "yz"), ("ence", "ense"), ("ogue", "og"), ("lled", "led"), ("mme", "m"))


# Shorter ones are often slips: "weaks" for "weeks", "acess" for "access".
_SHORTEST_PLURAL = 6


# "Collegue" is then "colleague", not "college", and "weaks" is "weeks", not "wreaks".
_RARE_SLIP = 0.05


# Another letter in place of one makes a rare word of many others. The rarest words of the dictionary have 50.
_FREQUENT = 500


def is_word(word: str) -> bool:
    """Return whether a word in lower case is spelt right, in British or American English."""
    american = (word.replace(british, form) for british, form in _BRITISH if british in word)
    singular = word.removesuffix("s") if len(word) > _SHORTEST_PLURAL else word
    return bool(_checker().known([word, singular, *american]))


def one_slip_away(word: str) -> str:
    """Return the likeliest right word that one slip turns into another; empty if there is none.

    To leave a letter out, to exchange two and to double one are likelier than one too many or another one. The first
    letter stays the same, because few people get it wrong.
    """
    checker = _checker()
    counts = {each: checker.word_frequency[each] for each in checker.known(checker.edit_distance_1(word))}
    weights = {each: count * _likelihood(word, each, count) for each, count in counts.items() if each[0] == word[0]}
    likely = {each: weight for each, weight in weights.items() if weight}
    return max(sorted(likely), key=likely.__getitem__, default="")


def _likelihood(word: str, meant: str, count: int) -> float:
    """Return how likely the slip is that makes a word of the one that was meant."""
    doubled = len(meant) < len(word) and set(meant) == set(word)
    if len(meant) > len(word) or doubled or sorted(meant) == sorted(word):
        return 1
    return _RARE_SLIP if count >= _FREQUENT else 0


@cache
def _checker() -> SpellChecker:
    checker = SpellChecker(distance=1)
    checker.word_frequency.load_words(load_words("spellings")["right"])
    return checker
