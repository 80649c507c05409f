"""Styles of OpenDocument texts, each with the styles that it builds on."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:"


TEXT, TABLE, OFFICE, STYLE, SVG, FO, DRAW, FORM = (
    f"{_OASIS}{name}:1.0}}"
    for name in (
        *("text", "table", "office", "style", "svg-compatible", "xsl-fo-compatible"),
        *("drawing", "form"),
    )
)


_DEEPEST_CHAIN = 30
"""The longest chain of parent styles that is followed; a broken file may have a cycle."""


# A size of at most a point, which nobody reads.
_UNREADABLE = re.compile(r"(?:0*[01](?:\.0*)?|0*\.\d+)(?:pt|px)|0+(?:\.0*)?(?:cm|mm|in|%)")


@dataclass(frozen=True)
class TextStyles:
    """The styles of one text: those with names, and the automatic ones, which override named ones of the same name."""

    by_name: Mapping[str, Element]

    def look(self, element: Element, name: str) -> str:
        """Return a text property of an element's style or of its parent styles; empty if none sets it."""
        properties = (p for style in self.chain(element) for p in style.findall(f"{STYLE}text-properties"))
        return next((said for each in properties if (said := each.get(name))), "")

    def chain(self, element: Element) -> Iterator[Element]:
        """Yield the style of an element and its parent styles, the nearest first."""
        style = self.by_name.get(element.get(f"{TEXT}style-name", ""))
        for _ in range(_DEEPEST_CHAIN):
            if style is None:
                return
            yield style
            style = self.by_name.get(style.get(f"{STYLE}parent-style-name", ""))

    def is_hidden(self, element: Element) -> bool:
        """Return whether the letters of an element cannot be seen."""
        if self.look(element, f"{TEXT}display") == "none" or _UNREADABLE.fullmatch(
            self.look(element, f"{FO}font-size")
        ):
            return True
        return self._is_paper and self.look(element, f"{FO}color").lower() == "#ffffff"

    @cached_property
    def _is_paper(self) -> bool:
        """Whether nothing in the text has another ground than the paper, on which white letters could be seen."""
        grounds = (each.get(f"{FO}background-color") for style in self.by_name.values() for each in style)
        return all(ground in {None, "transparent"} for ground in grounds)

    def is_struck(self, element: Element) -> bool:
        """Return whether the words of an element are struck through."""
        lines = (self.look(element, f"{STYLE}text-line-through-{name}") for name in ("style", "type"))
        return any(line not in {"", "none"} for line in lines)

    def level(self, element: Element) -> str:
        """Return the HTML element for raised or lowered words; empty for others."""
        place = self.look(element, f"{STYLE}text-position").split(" ")[0]
        if place in {"", "0%"}:
            return ""
        return "sub" if place.startswith(("sub", "-")) else "sup"


def styles(*trees: Element) -> TextStyles:
    """Read the styles of a text; those of later trees override earlier ones."""
    return TextStyles({style.get(f"{STYLE}name", ""): style for tree in trees for style in tree.iter(f"{STYLE}style")})
