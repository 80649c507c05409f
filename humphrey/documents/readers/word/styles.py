"""The look of paragraphs in a Word file, from its chained styles and the paragraphs' own properties."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from xml.etree.ElementTree import Element

from humphrey.documents.readers.word.numbering import W

# Word's built-in style names; files keep them in English whatever the language of the program.
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)


_CONTENTS = re.compile(r"\b(toc|table of figures|contents? heading)\b", re.IGNORECASE)


_WHITE = re.compile(r"(?:[Ff][8-9A-Fa-f]){3}")


_DEEPEST_CHAIN = 30
"""The longest chain of parent styles that is followed; a broken file may have a cycle."""


_BODY_SIZE = 24
"""In half points: 12 points. Word and most departments set body text in this size or a smaller one."""


_UNREADABLE = 2
"""In half points: letters of this size or a smaller one are not meant to be read."""


_LIFTED = 6
"""In half points: words that are moved up by so much are raised; a smaller move only tidies a line."""


@dataclass(frozen=True)
class Look:
    """The look of a paragraph.

    Attributes:
        bold: all of its words are bold.
        italic: all of its words are italic.
        size: the largest letters, in half points; 0 if unknown.
        hidden: its words are hidden.
        struck: its words are struck through.
        level: "superscript" or "subscript" for raised or lowered words.
        white: its letters are white.
        shaded: it has a ground of its own, so that white letters may be seen.
        outline: its outline level counted from 0; None for none.
        number: the id of its list; empty or "0" for none.
        depth: its level in the list; None if not given.
        centred: it is centred.
        named_heading: its style is one of Word's built-in headings.
        is_title: its style is "Title".
        called_heading: the name of its style contains "heading".
    """

    bold: bool = False
    italic: bool = False
    size: int = 0
    hidden: bool = False
    struck: bool = False
    level: str = ""
    white: bool = False
    shaded: bool = False
    outline: int | None = None
    number: str = ""
    depth: int | None = None
    centred: bool = False
    named_heading: bool = False
    is_title: bool = False
    called_heading: bool = False

    @property
    def stands_out(self) -> bool:
        """Whether it differs from body text."""
        return self.bold or self.italic or self.size > _BODY_SIZE


@dataclass(frozen=True)
class Styles:
    """The styles of one file by id; `default` is the style of paragraphs that name none."""

    by_id: Mapping[str, Element]
    default: str

    def look(self, style: str, paragraph: Element) -> Look:
        """Return the look of a paragraph; bold or italic only if all of its words are."""
        base = self._styled(style or self.default)
        own = paragraph.find(f"{W}pPr")
        look = base if own is None else _changed(base, own)
        mark = paragraph.find(f"{W}pPr/{W}rPr")
        runs = [run for run in paragraph.iter(f"{W}r") if any(map(_has_letters, run.iter(f"{W}t")))]
        runs_look = [self._run(look, run) for run in runs]
        return replace(
            look,
            bold=bool(runs_look) and all(each.bold for each in runs_look),
            italic=bool(runs_look) and all(each.italic for each in runs_look),
            size=max((each.size for each in runs_look), default=0),
            hidden=look.hidden if mark is None else _switched(mark, "vanish", look.hidden),
        )

    def is_contents(self, style: str) -> bool:
        """Return whether a style belongs to a table of contents."""
        return bool(style) and bool(_CONTENTS.search(self._name(style)))

    def base(self, paragraph: Element) -> Look:
        """Return the look of words in a paragraph that have no look of their own."""
        own = paragraph.find(f"{W}pPr")
        named = paragraph.find(f"{W}pPr/{W}pStyle")
        base = self._styled((named.get(f"{W}val", "") if named is not None else "") or self.default)
        return base if own is None else _changed(base, own)

    def run(self, base: Look, run: Element, *, on_paper: bool) -> Look:
        """Return the look of a run in a paragraph; `on_paper` if nothing around it gives it another ground.

        Letters that nobody can read are hidden: white ones on paper, and those of a point at most.
        """
        look = self._run(base, run)
        unseen = (look.white and on_paper and not look.shaded) or 0 < look.size <= _UNREADABLE
        return replace(look, hidden=look.hidden or unseen)

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
            # A built-in heading style without an outline level has the one of its number.
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
        """Return the style and its parent styles, the outermost first; bounded, because a chain may be a cycle."""
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
    """Read the styles that a styles part declares; none if the part is missing."""
    found = [] if root is None else root.findall(f"{W}style")
    by_id = {each.get(f"{W}styleId", ""): each for each in found}
    default = next(
        (i for i, s in by_id.items() if s.get(f"{W}default") == "1" and s.get(f"{W}type") == "paragraph"), ""
    )
    return Styles(by_id, default)


def _lettered(look: Look, properties: Element | None) -> Look:
    """Apply the properties of a run to a look."""
    if properties is None:
        return look
    size = properties.find(f"{W}sz")
    points = size.get(f"{W}val", "") if size is not None else ""
    return replace(
        look,
        bold=_switched(properties, "b", look.bold),
        italic=_switched(properties, "i", look.italic),
        hidden=_switched(properties, "vanish", look.hidden),
        struck=_is_struck(properties, look.struck),
        level=_position(properties, look.level),
        white=_is_white(properties, look.white),
        shaded=look.shaded or _has_ground(properties),
        size=int(points) if points.isascii() and points.isdigit() else look.size,
    )


def _is_struck(properties: Element, before: bool) -> bool:
    said = [name for name in ("strike", "dstrike") if properties.find(W + name) is not None]
    return any(_switched(properties, name, before) for name in said) if said else before


def _position(properties: Element, before: str) -> str:
    """Return whether words are raised or lowered."""
    aligned, moved = properties.find(f"{W}vertAlign"), properties.find(f"{W}position")
    if aligned is not None:
        said = aligned.get(f"{W}val", "")
        return said if said in {"superscript", "subscript"} else ""
    points = moved.get(f"{W}val", "") if moved is not None else ""
    if not re.fullmatch(r"-?\d{1,4}", points) or abs(int(points)) < _LIFTED:
        return before
    return "superscript" if int(points) > 0 else "subscript"


def _is_white(properties: Element, before: bool) -> bool:
    colour = properties.find(f"{W}color")
    return before if colour is None else bool(_WHITE.fullmatch(colour.get(f"{W}val", "")))


def _has_ground(properties: Element) -> bool:
    shading, pen = properties.find(f"{W}shd"), properties.find(f"{W}highlight")
    return shading is not None or (pen is not None and pen.get(f"{W}val") != "none")


def _switched(properties: Element, name: str, before: bool) -> bool:
    switch = properties.find(W + name)
    # An on/off property of Word without a value means on.
    return before if switch is None else switch.get(f"{W}val", "true") not in {"0", "false", "off"}


def _changed(look: Look, properties: Element) -> Look:
    """Apply the properties of a paragraph to a look."""
    outline, number, depth = (
        properties.find(path) for path in (f"{W}outlineLvl", f"{W}numPr/{W}numId", f"{W}numPr/{W}ilvl")
    )
    centred = properties.find(f"{W}jc")
    return replace(
        look,
        outline=look.outline if outline is None else _level(outline),
        number=look.number if number is None else number.get(f"{W}val", ""),
        depth=look.depth if depth is None else _level(depth),
        shaded=look.shaded or properties.find(f"{W}shd") is not None,
        centred=look.centred if centred is None else centred.get(f"{W}val") == "center",
    )


def _level(element: Element) -> int | None:
    """Return a level from 0 to 8; None for 9, which means body text, or an invalid value."""
    value = element.get(f"{W}val", "")
    return int(value) if value in set("012345678") else None
