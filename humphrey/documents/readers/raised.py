"""Raised and lowered figures, kept apart from the number before them.

A reader marks what is raised or lowered with `RAISED`, `LOWERED` and `LEVEL`; `apart` decides what it is. The mark of a
note becomes "[1]", a power "^6", an index of a number "_2"; a fraction keeps a blank before it. What stands after a
letter of a unit or a formula, such as m2 or CO2, and letters, such as the th of 20th, stay as they are.
"""

import re

RAISED, LOWERED, LEVEL = "\x02", "\x03", "\x04"
"""Signs before raised and lowered words and after them; no text contains them, since control characters are removed."""


_MARKED = re.compile(f"([{RAISED}{LOWERED}])([^{RAISED}{LOWERED}{LEVEL}]*){LEVEL}")


_SMALL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


# Small figures of Unicode after a number; folding would make them digits of it.
_SMALL_AFTER_NUMBER = re.compile(r"(?<=\d)[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")


_FIGURES = re.compile(r"\d{1,3}(?:\s*[,;]\s*\d{1,3})*")


_NUMBER = re.compile(r"[£$€]?\d[\d,.]*$")


# Letters that take a power: of units, and of variables in formulas.
_TAKES_POWER = re.compile(r"(?<![^\W\d_])(?:[kcdmn]?m|ft|in|yd|mi|kg|[a-z]|R)$")


_FRACTION_LINE = ("⁄", "/")


_NEAR = 40
"""Characters before a raised figure that decide what it is; bounded, because a hostile page may have a million."""


def apart(text: str) -> str:
    """Return a text without signs, with raised and lowered figures apart from what stands before them."""
    if RAISED in text or LOWERED in text:
        text = _MARKED.sub(_settled, text)
        text = re.sub(f"[{RAISED}{LOWERED}{LEVEL}]", "", text)
    if text.isascii():
        return text
    return _SMALL_AFTER_NUMBER.sub(
        lambda found: _raised(found[0].translate(_SMALL), _before(found), _after(found)), text
    )


def _before(found: re.Match[str]) -> str:
    return re.sub(f"[{RAISED}{LOWERED}{LEVEL}]", "", found.string[max(0, found.start() - _NEAR) : found.start()])


def _after(found: re.Match[str]) -> str:
    return found.string[found.end() : found.end() + _NEAR].lstrip(RAISED + LOWERED + LEVEL)


def _settled(found: re.Match[str]) -> str:
    said, before = found[2].strip(), _before(found)
    after = _after(found)
    if found[1] == RAISED:
        return _raised(said, before, after)
    return f"_{said}" if said[:1].isdigit() and before[-1:].isdigit() else said


def _raised(said: str, before: str, after: str) -> str:
    """Return raised words as they stand after the words before them."""
    if after.startswith(_FRACTION_LINE) and said.isdigit():
        return f" {said}" if before[-1:].isdigit() else said
    if _FIGURES.fullmatch(said):
        return _figures(said, before, after)
    # Letters as in 20th stay; a negative or lettered power would be read as part of the number.
    return f"^{said}" if before[-1:].isdigit() and re.search(r"\d", said) and "[" not in said else said


def _figures(said: str, before: str, after: str) -> str:
    if number := _NUMBER.search(before):
        if _is_power(number[0], said):
            return f"^{said}"
    elif said in {"2", "3", "4"} and _TAKES_POWER.search(before):
        return said
    mark = "".join(f"[{one}]" for one in re.findall(r"\d+", said))
    opens = not before or before[-1:].isspace()
    return f"{mark} " if opens and after[:1].isalnum() else mark


def _is_power(number: str, said: str) -> bool:
    """Return whether figures raised after a number are its power: of ten from the second, of two from the third."""
    return said.isdigit() and ((number == "10" and int(said) > 1) or (number == "2" and int(said) > 2))
