"""Invisible characters that a model reads and a person does not. They can smuggle words into a text.

Characters that a script or an emoji needs are allowed. These are joiners between Persian or Hindi letters, direction
marks next to Hebrew or Arabic, the parts of an emoji, and one variation selector after a sign that Unicode varies. A
soft hyphen inside a word and a byte order mark are allowed in what a person typed or pasted, and not in what leaves.
"""

import unicodedata
from collections.abc import Iterator

import regex

# Scripts whose letters take a joiner or a non-joiner: Arabic, Syriac, Thaana, N'Ko; the Indic scripts; Sinhala to
# Khmer; Mongolian; and their extensions.
_JOINING = regex.compile(
    r"[\u0600-\u08ff\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefe]"
)


_RIGHT_TO_LEFT = frozenset({"R", "AL"})


_DIRECTION_MARKS = frozenset("\u200e\u200f\u061c")


_JOINERS = frozenset("\u200c\u200d")


# Drawn as nothing, although a soft hyphen shows at the end of a line, and Unicode calls the blank of Braille a symbol.
_UNSEEN = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]")


# Number signs of Arabic and Kaithi and the Syriac abbreviation mark are visible, although Unicode classes them as
# format characters.
_VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")


# Flags such as Scotland's are a black flag and a region code in tag characters.
_FLAG = regex.compile("\U0001f3f4[\U000e0061-\U000e007a\U000e0030-\U000e0039]{2,6}\U000e007f")


_MONGOLIAN = regex.compile(r"[\u1800-\u18af]")


_EMOJI = regex.compile(r"\p{Emoji}")


_IDEOGRAPH = regex.compile(r"\p{Unified_Ideograph}")


# Besides ideographs and emoji, Unicode varies some signs of mathematics, Myanmar and Phags-pa letters, and the full
# stops and commas of East Asia.
_VARIES_ONCE = regex.compile(r"[\p{Sm}\u1000-\u109f\ua840-\ua877\u3001\u3002\uff01\uff0c\uff0e\uff1a\uff1b\uff1f]")


_KEYCAP = "\u20e3"


def hidden_positions(text: str, *, leaves: bool = False) -> list[int]:
    """Return the positions of invisible characters that nothing around them needs; empty if there are none.

    Args:
        text: the text.
        leaves: whether the text may leave. Then a soft hyphen inside a word and a byte order mark count too.
    """
    if text.isascii():
        return []
    spared = {n for flag in _FLAG.finditer(text) for n in range(*flag.span())}
    return [n for n in _unseen(text) if n not in spared and not _needed(text, n, leaves=leaves)]


def named(sign: str) -> str:
    """Return the code point and the name of a character, such as "U+202E right-to-left override"."""
    return f"U+{ord(sign):04X} {unicodedata.name(sign, 'invisible character').lower()}"


def made_visible(text: str) -> str:
    """Return a text with the name of each invisible character in square brackets in its place."""
    hidden = set(hidden_positions(text, leaves=True))
    return "".join(f"[{named(sign)}]" if n in hidden else sign for n, sign in enumerate(text)) if hidden else text


def without_hidden(text: str) -> str:
    """Return a text without its invisible characters, soft hyphens and byte order marks included."""
    hidden = set(hidden_positions(text, leaves=True))
    return "".join(sign for n, sign in enumerate(text) if n not in hidden) if hidden else text


def _unseen(text: str) -> Iterator[int]:
    return (found.start() for found in _UNSEEN.finditer(text))


def _varies(sign: str) -> bool:
    return "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef" or sign in "\u180b\u180c\u180d\u180f"


def _needed(text: str, n: int, *, leaves: bool) -> bool:
    """Return whether the characters around an invisible one need it."""
    sign, before, after = text[n], text[n - 1 : n] if n else "", text[n + 1 : n + 2]
    if sign == "\ufeff":
        return n == 0 and not leaves  # the byte order mark that some editors put before everything
    if sign == "\u00ad":
        return before.isalpha() and after.isalpha() and not leaves
    if sign in _JOINERS:
        return bool(_JOINING.match(before)) or (sign == "\u200d" and _emoji(before) and _emoji(after))
    if sign in _DIRECTION_MARKS:
        # U+200F and U+061C are right-to-left themselves and so are no evidence of a right-to-left script.
        return any(
            unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text if letter not in "\u200f\u061c"
        )
    if sign == "\u2800":
        return any("\u2801" <= letter <= "\u28ff" for letter in text)
    return _varied(before, sign, after) if _varies(sign) else sign in _VISIBLE_FORMATS


def _emoji(sign: str) -> bool:
    return bool(sign) and (unicodedata.category(sign) in {"So", "Sk"} or "\ufe00" <= sign <= "\ufe0f")


def _varied(before: str, sign: str, after: str) -> bool:
    """Return whether Unicode has a variation of the sign before a selector."""
    if sign in "\u180b\u180c\u180d\u180f":
        return bool(_MONGOLIAN.match(before))
    if sign in "\ufe0e\ufe0f":
        return bool(_EMOJI.match(before)) and (not before.isascii() or after == _KEYCAP)
    if _IDEOGRAPH.match(before):
        return sign in "\ufe00\ufe01\ufe02" or sign >= "\U000e0100"
    return sign in "\ufe00\ufe01" and bool(_VARIES_ONCE.match(before))
