"""Abbreviations of a question: which of them decide what a rule says, and where a text has their words."""

import re

from humphrey.text.words import load

# No abbreviation of more letters is spelt out.
_MOST_INITIALS = 12


_ABBREVIATION = re.compile(r"\b[A-Z]{2,}s?\b(?![.’'-]?[A-Za-z])")


_NAME_SHAPES = load("names_in_questions")


def abbreviations(text: str) -> list[re.Match[str]]:
    """Return where a text has abbreviations that may decide what a rule says, those of everyday English left out."""
    return [found for found in _ABBREVIATION.finditer(text) if not is_everyday(found[0])]


def is_everyday(abbreviation: str) -> bool:
    """Return whether an abbreviation is of everyday English, such as EU or PDF."""
    return any(shape.fullmatch(abbreviation) for shape in _NAME_SHAPES["everyday abbreviations"])


def spelt_out(abbreviation: str, text: str) -> bool:
    """Return whether a text has the words of an abbreviation: words with its letters in a row, as `written_out`."""
    initials = abbreviation.removesuffix("s")
    return 1 < len(initials) <= _MOST_INITIALS and bool(re.search(rf"\b{written_out(initials)}", text, re.IGNORECASE))


def written_out(initials: str) -> str:
    """Return the pattern of words with some initials, small words between them allowed."""
    first, *others = (rf"{re.escape(letter)}\w*+" for letter in initials)
    # Atomic: where "of" could be skipped or stand for an O, trying both for each letter would take for ever.
    return first + "".join(rf"\W++(?>(?:of |and |the |for |in |to |on ){other}|{other})" for other in others)
