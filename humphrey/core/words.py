"""What counts as text that a person wrote: something to read, not too long, and nothing that is not a character."""

import unicodedata

from humphrey.errors import CommissionError


def fit(text: str, what: str, longest: int) -> str:
    """The text without blanks around it.

    Args:
        text: what somebody typed; any script, in either direction, with any markup: it stays as it is.
        what: how the message calls it, for example "the question".
        longest: most characters that are accepted.

    Raises:
        CommissionError: it is empty or invisible, too long, or holds control characters or halves of characters.
    """
    if len(text) > longest:
        raise CommissionError(f"{what} has {len(text):,} characters; at most {longest:,} are accepted, so shorten it")
    # Nearly every text has none, and whoever has none is known at once.
    if not text.isprintable() and (strange := next((letter for letter in text if _strange(letter)), None)):
        raise CommissionError(f"{what} holds U+{ord(strange):04X}, which is not text; remove it and try again")
    if not any(_visible(letter) for letter in text):
        raise CommissionError(f"{what} is empty; write it in words")
    return text.strip()


def _strange(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\r\t"


def _visible(letter: str) -> bool:
    return unicodedata.category(letter)[0] not in "CZM"
