"""Paragraph numbers of Word files. A file stores only the rules, so the numbers are counted again on each reading."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from humphrey.documents.readers.list_numbers import roman

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


_DEEPEST = 9
"""The levels of a list in Word (`w:ilvl` from 0 to 8)."""


_HIGHEST = 100_000
"""The largest number read from a file; lettered and Roman numbers grow in length with their value."""


@dataclass(frozen=True)
class Level:
    """The numbering rule of one list level.

    Attributes:
        start: the first number.
        form: the number format as Word names it, such as `decimal` or `lowerRoman`.
        pattern: the text of the number; `%1` to `%9` stand for the counts of the levels.
        style: the paragraph style bound to the level; empty for none.
        plain_above: whether all counts are shown as decimals (`w:isLgl`).
    """

    start: int = 1
    form: str = "decimal"
    pattern: str = ""
    style: str = ""
    plain_above: bool = False


@dataclass(frozen=True)
class ListNumber:
    """The number before a paragraph as text, empty for a bullet.

    Attributes:
        text: the number.
        form: its format as Word names it.
        depth: its level in the list, counted from 0.
        only_its_own: it is below the first level, and shows no count of a level above.
    """

    text: str
    form: str
    depth: int = 0
    only_its_own: bool = False


@dataclass
class Numbering:
    """The lists of one file and their current counts.

    Args:
        lists: the levels of each abstract list.
        uses: the abstract list of each list that paragraphs name.
        starts: the level starts that a named list overrides, by level.
    """

    lists: Mapping[str, Mapping[int, Level]]
    uses: Mapping[str, str]
    starts: Mapping[str, Mapping[int, int]]
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def level_of(self, number_id: str, style: str) -> int:
        """Return the level that a list binds to a style; 0 if it binds none."""
        levels = self.lists.get(self.uses.get(number_id, ""), {})
        return next((n for n, level in levels.items() if style and level.style == style), 0)

    def mark(self, number_id: str, depth: int) -> ListNumber | None:
        """Count one paragraph and return its number; None if the list or level does not exist."""
        abstract = self.uses.get(number_id, "")
        levels = self.lists.get(abstract)
        if levels is None or depth not in levels:
            return None
        counts = self._counts.setdefault(abstract, {})
        # Lists that share an abstract list continue its count, unless they override the start of a level.
        if number_id not in self._begun:
            self._begun.add(number_id)
            for deep in self.starts.get(number_id, {}):
                counts.pop(deep, None)
        begins = {**{n: level.start for n, level in levels.items()}, **self.starts.get(number_id, {})}
        _count(counts, depth, begins)
        level = levels[depth]
        text = "" if level.form == "bullet" else _written(level, counts, levels)
        above = any(f"%{n}" in level.pattern for n in range(1, depth + 1))
        return ListNumber(text, level.form, depth, only_its_own=depth > 0 and not above)


def _count(counts: dict[int, int], depth: int, begins: Mapping[int, int]) -> None:
    for above in range(depth):
        counts.setdefault(above, begins.get(above, 1))
    counts[depth] = counts[depth] + 1 if depth in counts else begins.get(depth, 1)
    # A number on one level restarts all levels below it.
    for below in [deep for deep in counts if deep > depth]:
        del counts[below]


def numbering(root: Element | None) -> Numbering:
    """Read the lists that a numbering part declares; none if the part is missing."""
    if root is None:
        return Numbering({}, {}, {})
    lists = {_value(each, "abstractNumId", own=True): _levels(each) for each in root.findall(f"{W}abstractNum")}
    uses, starts = {}, {}
    for each in root.findall(f"{W}num"):
        number_id = _value(each, "numId", own=True)
        uses[number_id] = _value(each, "abstractNumId")
        starts[number_id] = {
            _number(_value(change, "ilvl", own=True), 0): _number(_value(change, "startOverride"), 1)
            for change in each.findall(f"{W}lvlOverride")
            if change.find(f"{W}startOverride") is not None
        }
    return Numbering(lists, uses, starts)


def _levels(abstract: Element) -> dict[int, Level]:
    return {
        _number(_value(each, "ilvl", own=True), 0): Level(
            start=_number(_value(each, "start"), 1),
            form=_value(each, "numFmt") or "decimal",
            pattern=_value(each, "lvlText"),
            style=_value(each, "pStyle"),
            plain_above=each.find(f"{W}isLgl") is not None,
        )
        for each in abstract.findall(f"{W}lvl")
    }


def _value(element: Element, name: str, *, own: bool = False) -> str:
    """Return an attribute of the element itself, or the value of its child of that name; empty if missing."""
    if own:
        return element.get(W + name, "")
    child = element.find(W + name)
    return "" if child is None else child.get(f"{W}val", "")


def _number(text: str, otherwise: int) -> int:
    return min(int(text), _HIGHEST) if text.isascii() and text.isdigit() else otherwise


def _written(level: Level, counts: Mapping[int, int], levels: Mapping[int, Level]) -> str:
    text = level.pattern
    for depth in range(_DEEPEST):
        if f"%{depth + 1}" in text:
            form = levels[depth].form if depth in levels else "decimal"
            form = "decimal" if level.plain_above and form != "bullet" else form
            text = text.replace(f"%{depth + 1}", _spelt(counts.get(depth, 1), form))
    return text.strip()


def _spelt(count: int, form: str) -> str:
    if form == "none":
        return ""
    if form.endswith("Letter"):
        # Word's letters repeat: after z comes aa, then bb.
        text = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
    elif form.endswith("Roman"):
        text = roman(count)
    else:
        return f"{count:02}" if form == "decimalZero" else str(count)
    return text.upper() if form.startswith("upper") else text
