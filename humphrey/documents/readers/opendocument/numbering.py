"""Numbers of list items and headings in OpenDocument texts; a file stores only the rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from humphrey.documents.readers.list_numbers import spelt
from humphrey.documents.readers.opendocument.styles import STYLE, TEXT, TextStyles

XML_ID = "{http://www.w3.org/XML/1998/namespace}id"


_MOST_LEVELS = 10


_HIGHEST = 100_000
"""The largest start of a count that is read from a file."""


@dataclass(frozen=True)
class NumberingRule:
    """The numbering rule of one level.

    Attributes:
        form: the first number in its form, such as "1" or "a"; empty for no number.
        before: what stands before the number.
        after: what stands after it.
        shown: the number of levels that are shown, this one included.
        start: the first number.
    """

    form: str = ""
    before: str = ""
    after: str = ""
    shown: int = 1
    start: int = 1


NumberingRules = Mapping[int, NumberingRule]
"""The rules of a list by level, counted from 1."""


@dataclass
class _List:
    """A list that is open: its style, its rules, and the count of each level."""

    style: str
    levels: NumberingRules
    counts: dict[int, int] = field(default_factory=dict)

    def count(self, depth: int, start: int | None = None) -> str:
        """Count an item of a level and return its number; empty if it has none."""
        level = self.levels.get(depth, NumberingRule())
        first = level.start if start is None else start
        self.counts[depth] = self.counts[depth] + 1 if start is None and depth in self.counts else first
        for below in [deep for deep in self.counts if deep > depth]:
            del self.counts[below]
        return self._written(depth, level) if level.form else ""

    def _written(self, depth: int, level: NumberingRule) -> str:
        levels = [
            (above, self.levels.get(above, NumberingRule()))
            for above in range(max(1, depth - level.shown + 1), depth + 1)
        ]
        shown = [spelt(self.counts.get(above, rule.start), rule.form) for above, rule in levels if rule.form]
        return f"{level.before}{'.'.join(shown)}{level.after}".strip()


class TextNumbers:
    """The numbers of one text, counted as its parts are read in order."""

    def __init__(self, styles: TextStyles, *trees: Element) -> None:
        self._styles = styles
        self._rules = {
            each.get(f"{STYLE}name", ""): _levels(each) for tree in trees for each in tree.iter(f"{TEXT}list-style")
        }
        outline = next((each for tree in trees for each in tree.iter(f"{TEXT}outline-style")), Element("none"))
        self._headings = _List("", _levels(outline))
        self._open: list[_List] = []
        self._by_id: dict[str, _List] = {}
        self._last: dict[str, _List] = {}

    def enter(self, listed: Element) -> None:
        """Enter a list, perhaps inside another one."""
        around = self._open[-1] if self._open else None
        name = listed.get(f"{TEXT}style-name") or (around.style if around else "")
        if around is not None and name == around.style:
            opened = around
        else:
            opened = self._continued(listed, name) or _List(name, self._rules.get(name, {}))
        self._open.append(opened)
        self._last[name] = opened
        self._by_id[listed.get(XML_ID, "")] = opened

    def _continued(self, listed: Element, name: str) -> _List | None:
        if before := listed.get(f"{TEXT}continue-list"):
            return self._by_id.get(before)
        return self._last.get(name) if listed.get(f"{TEXT}continue-numbering") == "true" else None

    def leave(self) -> None:
        """Leave the innermost list."""
        self._open.pop()

    def item(self, item: Element) -> str:
        """Count an item and return its number; empty if it has none."""
        first = next(iter(item), None)
        # An item that holds only a list is a step of depth, and counts nothing.
        if not self._open or first is None or first.tag not in {f"{TEXT}p", f"{TEXT}h"}:
            return ""
        start = item.get(f"{TEXT}start-value")
        return self._open[-1].count(len(self._open), _number(start, 1) if start else None)

    def heading(self, heading: Element, level: int) -> str:
        """Count a heading outside lists and return its number; empty if it has none."""
        named = next(
            (s for style in self._styles.chain(heading) if (s := style.get(f"{STYLE}list-style-name")) is not None),
            None,
        )
        if self._open or heading.get(f"{TEXT}is-list-header") == "true" or named == "":
            return ""
        return self._headings.count(level)


def _levels(rules: Element) -> NumberingRules:
    return {_number(each.get(f"{TEXT}level"), 1): _level(each) for each in rules if each.get(f"{TEXT}level")}


def _level(rule: Element) -> NumberingRule:
    return NumberingRule(
        form=rule.get(f"{STYLE}num-format", ""),
        before=rule.get(f"{STYLE}num-prefix", ""),
        after=rule.get(f"{STYLE}num-suffix", ""),
        shown=min(_number(rule.get(f"{TEXT}display-levels"), 1), _MOST_LEVELS),
        start=_number(rule.get(f"{TEXT}start-value"), 1),
    )


def _number(value: str | None, otherwise: int) -> int:
    return min(int(value), _HIGHEST) if value and value.isascii() and value.isdigit() else otherwise
