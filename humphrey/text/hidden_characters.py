"""Invisible characters that a model reads and a person does not. They can smuggle words into a question.

Characters that a script or an emoji needs are allowed. These are joiners between Persian or Hindi letters, direction
marks next to Hebrew or Arabic, a soft hyphen inside a word, the parts of an emoji, and one variation selector after the
sign it varies.
"""

import re
import unicodedata
from collections.abc import Iterator

# Scripts whose letters take a joiner or a non-joiner: Arabic, Syriac, Thaana, N'Ko; the Indic scripts; Sinhala to
# Khmer; Mongolian; and their extensions.
_JOINING = re.compile(r"[\u0600-\u08ff\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufeff]")


_RIGHT_TO_LEFT = frozenset({"R", "AL"})


_DIRECTION_MARKS = frozenset("\u200e\u200f\u061c")


_JOINERS = frozenset("\u200c\u200d")


# Letters and marks that are drawn as nothing, although Unicode does not class them as format characters: the combining
# grapheme joiner, Hangul fillers and two Khmer vowels.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")


# Flags such as Scotland's are a black flag and a region code in tag characters.
_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a\U000e0030-\U000e0039]{2,6}\U000e007f")


_MONGOLIAN = re.compile(r"[\u1800-\u18af]")


def hidden_positions(text: str) -> list[int]:
    """Return the positions of invisible characters that nothing around them needs; empty if there are none."""
    spared = {n for flag in _FLAG.finditer(text) for n in range(*flag.span())}
    return [n for n in _unseen(text) if n not in spared and not _needed(text, n)]


def _unseen(text: str) -> Iterator[int]:
    for n, sign in enumerate(text):
        if sign > "\x7f" and (unicodedata.category(sign) == "Cf" or sign in _BLANK or _varies(sign)):
            yield n


def _varies(sign: str) -> bool:
    return "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef" or sign in "\u180b\u180c\u180d\u180f"


def _needed(text: str, n: int) -> bool:
    """Return whether the characters around an invisible one need it."""
    sign, before, after = text[n], text[n - 1 : n], text[n + 1 : n + 2]
    if sign == "\ufeff":
        return n == 0  # the byte order mark that some editors put before everything
    if sign == "\u00ad":
        return before.isalpha() and after.isalpha()
    if sign in _JOINERS:
        return bool(_JOINING.match(before)) or (sign == "\u200d" and _emoji(before) and _emoji(after))
    if sign in _DIRECTION_MARKS:
        # U+200F and U+061C are right-to-left themselves and so are no evidence of a right-to-left script.
        return any(
            unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text if letter not in "\u200f\u061c"
        )
    if _varies(sign):
        return _varied(before, sign)
    # Number signs of Arabic and Kaithi and the Syriac abbreviation mark are visible, although Unicode classes them as
    # format characters.
    return "\u0600" <= sign <= "\u0605" or sign in "\u06dd\u070f\u08e2\U000110bd\U000110cd"


def _emoji(sign: str) -> bool:
    return bool(sign) and (unicodedata.category(sign) in {"So", "Sk"} or "\ufe00" <= sign <= "\ufe0f")


def _varied(before: str, sign: str) -> bool:
    if sign in "\u180b\u180c\u180d\u180f":
        return bool(_MONGOLIAN.match(before))
    if before and before in "0123456789#*":
        return sign in "\ufe0e\ufe0f"
    ideograph = bool(before) and unicodedata.name(before, "").startswith("CJK")
    return ideograph or (sign <= "\ufe0f" and bool(before) and unicodedata.category(before) in {"So", "Sm", "Po"})
