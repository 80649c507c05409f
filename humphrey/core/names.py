"""Given names common in the United Kingdom, and how a person's name is written: enough to see that one is near.

Words that are names and ordinary words alike (Will, Mark, Grace, May) are left out: a capital at the start of a
sentence would make names of them.
"""

import re

from humphrey.core.phrases import load_words

_WORDS = load_words("words")
GIVEN = _WORDS["given names"]

_NO_NAME, _CALLED_AFTER = _WORDS["no names"], _WORDS["called after people"]
_TITLE = re.compile(r"(?:Mrs?|Ms|Miss|Mx|Dr|Prof(?:essor)?|Sir|Dame|Lord|Lady|Baroness)\.? ")

_PART = r"[A-Z][a-zà-ÿ]+(?:['’-][A-Z][a-zà-ÿ]+)*|(?:O['’]|Mc|Mac)[A-Z][a-zà-ÿ]+"
TITLED = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof(?:essor)?|Sir|Dame|Lord|Lady|Rev(?:erend)?)\.? (?:{_PART})(?: (?:{_PART})){{0,2}}"
)
"""A name with a title before it."""

_TWO = re.compile(rf"\b({_PART})((?: [A-Z]\.?)? (?:{_PART}))")
_CALLED = re.compile(rf"\b(?:[Mm]y name is|[Nn]ame:|[Nn]amed|[Cc]alled) (?:{_PART}) (?:{_PART})")


def name_in(text: str) -> bool:
    """Whether a text names a person, by a title, a common given name or the words that introduce a name."""
    if TITLED.search(text) or _CALLED.search(text):
        return True
    return any(found[1].lower() in GIVEN for found in _TWO.finditer(text))


def a_name(words: str, *, known: bool = False) -> bool:
    """Whether words with capitals are a person's name and not an office's, a law's or a place's.

    Args:
        words: two or three words with capitals, or a title and a name.
        known: only a title or a common given name will do.
    """
    parts = [part.lower().rstrip(".") for part in words.split()]
    if _TITLE.match(words):
        return not set(parts[1:]) & _NO_NAME
    if parts[0] in GIVEN:
        return not set(parts[1:]) & _CALLED_AFTER
    return not (known or set(parts) & _NO_NAME)
