"""Given names common in the United Kingdom, and the shapes of names: enough to tell that a name is near.

Given names that are also ordinary words (Will, Mark, Grace, May) are left out. At the start of a sentence they would be
taken for names.
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

# Two capitalised words. Only a common given name as the first makes them a name.
_TWO = re.compile(rf"\b({_PART})((?: [A-Z]\.?)? (?:{_PART}))")
# Words that introduce a name: "my name is Jo Bloggs".
_CALLED = re.compile(rf"\b(?:[Mm]y name is|[Nn]ame:|[Nn]amed|[Cc]alled) (?:{_PART}) (?:{_PART})")


def name_in(text: str) -> bool:
    """Return whether a text names a person: by a title, a common given name or words that introduce a name."""
    if TITLED.search(text) or _CALLED.search(text):
        return True
    return any(found[1].lower() in GIVEN for found in _TWO.finditer(text))


def a_name(words: str, *, known: bool = False) -> bool:
    """Return whether capitalised words are a person's name and not that of an office, a law or a place.

    Args:
        words: two or three capitalised words, or a title and a name.
        known: accept only a title or a common given name.
    """
    parts = [part.lower().rstrip(".") for part in words.split()]
    if _TITLE.match(words):
        return not set(parts[1:]) & _NO_NAME
    if parts[0] in GIVEN:
        # Foundations, laws and places are called after people: a given name before such a word is no person's name.
        return not set(parts[1:]) & _CALLED_AFTER
    return not (known or set(parts) & _NO_NAME)
