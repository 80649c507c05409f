"""How the paragraphs of a Word file look, as its styles, each based on another, and its own properties say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from xml.etree.ElementTree import Element

from humphrey.adapters.numbering import W

_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_CONTENTS = re.compile(r"\b(toc|table of figures|contents? heading)\b", re.IGNORECASE)
_DEEPEST_CHAIN = 30
_BODY_SIZE = 24
"""Half points; what Word and most departments write their text in, or smaller."""


@dataclass(frozen=True)
class Look:
    """What a paragraph looks like; `outline` is its level as a heading counted from 0, None for none."""

    bold: bool = False
    italic: bool = False
    size: int = 0
    hidden: bool = False
    outline: int | None = None
    number: str = ""
    depth: int | None = None
    centred: bool = False
    named_heading: bool = False
    is_title: bool = False
    called_heading: bool = False

    @property
    def stands_out(self) -> bool:
        """Whether it looks different from running text."""
        return self.bold or self.italic or self.size > _BODY_SIZE


@dataclass(frozen=True)
class Styles:
    """The styles of one file, by their ids; `default` is that of paragraphs that name none."""

    by_id: Mapping[str, Element]
    default: str

    def look(self, style: str, paragraph: Element) -> Look:
        """How a paragraph looks; bold and italic only where all of its words are."""
        base = self._styled(style or self.default)
        own = paragraph.find(f"{W}pPr")
        look = base if own is None else _changed(base, own)
        runs = [run for run in paragraph.iter(f"{W}r") if any(map(_has_letters, run.iter(f"{W}t")))]
        runs_look = [self._run(look, run) for run in runs]
        return replace(
            look,
            bold=bool(runs_look) and all(each.bold for each in runs_look),
            italic=bool(runs_look) and all(each.italic for each in runs_look),
            size=max((each.size for each in runs_look), default=0),
        )

    def is_contents(self, style: str) -> bool:
        """Whether a style is that of a table of contents."""
        return bool(style) and bool(_CONTENTS.search(self._name(style)))

    def is_hidden(self, run: Element) -> bool:
        """Whether a run of words is hidden."""
        return self._run(Look(), run).hidden

    def _run(self, look: Look, run: Element) -> Look:
        properties = run.find(f"{W}rPr")
        if properties is None:
            return look
        named = properties.find(f"{W}rStyle")
        for style in self._chain(named.get(f"{W}val", "")) if named is not None else ():
            look = _lettered(look, style.find(f"{W}rPr"))
        return _lettered(look, properties)

    def _styled(self, style: str) -> Look:
        if style not in self._looks:
            look = Look()
            for each in self._chain(style):
                look = _lettered(look, each.find(f"{W}rPr"))
                properties = each.find(f"{W}pPr")
                look = look if properties is None else _changed(look, properties)
            heading = _HEADING.fullmatch(self._name(style))
            outline = int(heading[1]) - 1 if heading and look.outline is None else look.outline
            name = self._name(style).lower()
            self._looks[style] = replace(
                look,
                outline=outline,
                named_heading=bool(heading),
                is_title=name == "title",
                called_heading="heading" in name,
            )
        return self._looks[style]

    @cached_property
    def _looks(self) -> dict[str, Look]:
        return {}

    def _chain(self, style: str) -> list[Element]:
        """The style and those it is based on, the outermost first; bounded, for a chain may be a ring."""
        chain: list[Element] = []
        while style in self.by_id and len(chain) < _DEEPEST_CHAIN:
            chain.append(self.by_id[style])
            based = self.by_id[style].find(f"{W}basedOn")
            style = "" if based is None else based.get(f"{W}val", "")
        return chain[::-1]

    def _name(self, style: str) -> str:
        named = self.by_id[style].find(f"{W}name") if style in self.by_id else None
        return style if named is None else named.get(f"{W}val", "")


def _has_letters(text: Element) -> bool:
    return any(char.isalpha() for char in text.text or "")


def styles(root: Element | None) -> Styles:
    """The styles that a styles part declares; none where there is no such part."""
    found = [] if root is None else root.findall(f"{W}style")
    by_id = {each.get(f"{W}styleId", ""): each for each in found}
    default = next(
        (i for i, s in by_id.items() if s.get(f"{W}default") == "1" and s.get(f"{W}type") == "paragraph"), ""
    )
    return Styles(by_id, default)


def _lettered(look: Look, properties: Element | None) -> Look:
    """The look with what the properties of letters change."""
    if properties is None:
        return look
    size = properties.find(f"{W}sz")
    points = size.get(f"{W}val", "") if size is not None else ""
    return replace(
        look,
        bold=_switched(properties, "b", look.bold),
        italic=_switched(properties, "i", look.italic),
        hidden=_switched(properties, "vanish", look.hidden),
        size=int(points) if points.isascii() and points.isdigit() else look.size,
    )


def _switched(properties: Element, name: str, before: bool) -> bool:
    switch = properties.find(W + name)
    return before if switch is None else switch.get(f"{W}val", "true") not in {"0", "false", "off"}


def _changed(look: Look, properties: Element) -> Look:
    """The look with what the properties of a paragraph change."""
    outline, number, depth = (
        properties.find(path) for path in (f"{W}outlineLvl", f"{W}numPr/{W}numId", f"{W}numPr/{W}ilvl")
    )
    centred = properties.find(f"{W}jc")
    return replace(
        look,
        outline=look.outline if outline is None else _level(outline),
        number=look.number if number is None else number.get(f"{W}val", ""),
        depth=look.depth if depth is None else _level(depth),
        centred=look.centred if centred is None else centred.get(f"{W}val") == "center",
    )


def _level(element: Element) -> int | None:
    """A level from 0 to 8; 9 stands for none."""
    value = element.get(f"{W}val", "")
    return int(value) if value in set("012345678") else None
