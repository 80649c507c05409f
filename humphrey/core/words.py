"""Validation of typed text: not empty, not too long, and without control characters."""

import unicodedata

from humphrey.errors import CommissionError


def fit(text: str, what: str, longest: int) -> str:
    """Return the text without surrounding white space.

    Args:
        text: the typed text; any script, direction and markup is accepted and kept.
        what: the name of the text in the message, for example "the question".
        longest: the most characters accepted.

    Raises:
        CommissionError: it is empty or invisible, too long, or has control characters or lone surrogates.
    """
    if len(text) > longest:
        raise CommissionError(f"{what} has {len(text):,} characters; at most {longest:,} are accepted, so shorten it")
    # Most texts are printable, which is quick to test; only the others are searched character by character.
    if not text.isprintable() and (strange := next((letter for letter in text if _strange(letter)), None)):
        raise CommissionError(f"{what} holds U+{ord(strange):04X}, which is not text; remove it and try again")
    if not any(_visible(letter) for letter in text):
        raise CommissionError(f"{what} is empty; write it in words")
    return text.strip()


def _strange(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\r\t"


def _visible(letter: str) -> bool:
    return unicodedata.category(letter)[0] not in "CZM"
