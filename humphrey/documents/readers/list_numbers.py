"""Numbers of list items as they are written: 3, c, C, iii, III."""

# In descending order with the subtractive pairs, so that taking the largest value first spells each number.
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))


_ROMAN_SMALL = ((9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


_HIGHEST_ROMAN = 5_000
"""Roman numbers grow in length with their value; no list counts so far."""


def spelt(count: int, form: str) -> str:
    """Return a count in a form that is named by its first number: "1", "a", "A", "i" or "I"."""
    if count < 1 or form not in {"a", "A", "i", "I"}:
        return str(count)
    text = _letters(count) if form in "aA" else roman(min(count, _HIGHEST_ROMAN))
    return text.upper() if form.isupper() else text


def roman(count: int) -> str:
    """Return a Roman number in small letters."""
    text = ""
    for value, letters in (*_ROMAN, *_ROMAN_SMALL):
        text += letters * (count // value)
        count %= value
    return text


def _letters(count: int) -> str:
    """Return a number in letters: after z comes aa, then ab."""
    text = ""
    while count:
        count, rest = divmod(count - 1, 26)
        text = chr(ord("a") + rest) + text
    return text
