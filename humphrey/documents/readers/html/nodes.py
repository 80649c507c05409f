"""HTML nodes, turned into text, and taken out of their page."""

import re
from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from humphrey.documents.readers.list_numbers import spelt
from humphrey.documents.readers.plain_text import clean
from humphrey.documents.readers.raised import LEVEL, LOWERED, RAISED, apart

INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img"}
    | {"ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt"}
    | {"u", "var", "wbr"}
)
"""Elements that do not break a line; the words before and after them may join."""


_LEVELS = {"sup": RAISED, "sub": LOWERED}
"""Elements whose words are raised or lowered, with the sign that `apart` looks for."""


LEVEL_ATTRIBUTE = "data-level"
"""The attribute of a span that a style raises ("sup") or lowers ("sub")."""


NUMBER_ATTRIBUTE = "data-number"
"""The attribute of an item that says its number as it is written."""


WITHOUT_NUMBERS = "none"
"""The type of an ordered list whose numbers are not shown."""


def walk(root: LexborNode, is_whole: Callable[[LexborNode], object]) -> Iterator[tuple[LexborNode, bool]]:
    """Yield every node below `root` in order with whether it is being left; whole elements come only once.

    An element comes twice, on entering and on leaving. The children of a whole element are not visited.
    """
    # A stack instead of recursion, because some pages nest a thousand levels deep.
    waiting = [(child, False) for child in root.iter(include_text=True)][::-1]
    while waiting:
        node, leaving = waiting.pop()
        yield node, leaving
        if leaving or node.tag == "-text" or is_whole(node):
            continue
        waiting.append((node, True))
        waiting.extend([(child, False) for child in node.iter(include_text=True)][::-1])


def nothing(_: LexborNode) -> bool:
    """Take no element as a whole, so that a walk visits every node."""
    return False


def outermost(root: LexborHTMLParser | LexborNode, selector: str) -> list[LexborNode]:
    """Return the elements that a selector selects, without those inside another one, and without the page itself."""
    found = {node.mem_id for node in root.css(selector) if node.tag not in {"html", "body", "main"}}
    top = root if isinstance(root, LexborNode) else root.root
    if not found or top is None:
        return []
    inside = walk(top, lambda node: node.mem_id in found)
    return [node for node, leaving in inside if not leaving and node.mem_id in found]


def remove(root: LexborHTMLParser | LexborNode, selector: str) -> None:
    """Take the elements that a selector selects out of a page."""
    # Only the outermost, because what is inside another one is gone with it.
    for node in outermost(root, selector):
        node.decompose()


def text_of(root: LexborNode) -> str:
    """Return the text of a node on one line."""
    words = [word for node, leaving in walk(root, nothing) for word in words_of(node, leaving=leaving)]
    return " ".join(apart("".join(words)).split())


def level_of(node: LexborNode) -> str:
    """Return the sign of raised or lowered words; empty for an element that leaves them on the line."""
    tag = (node.attributes.get(LEVEL_ATTRIBUTE) or "") if node.tag in {"span", "font"} else node.tag
    return _LEVELS.get(tag or "", "")


def words_of(node: LexborNode, *, leaving: bool) -> Iterator[str]:
    """Yield what a node adds to a line: its words, the sign of a level, or the blank of a block."""
    if node.tag == "-text":
        yield clean(node.text(deep=False))
    elif level := level_of(node):
        yield LEVEL if leaving else level
    elif node.tag not in INLINE:
        yield " "


class ListNumbers:
    """The numbers of items of ordered lists, counted as a walk comes to them."""

    def __init__(self) -> None:
        self._next: dict[int, int] = {}

    def of(self, item: LexborNode) -> str:
        """Count an item and return its number, such as "3."; empty for an item without one."""
        parent = item.parent
        if said := item.attributes.get(NUMBER_ATTRIBUTE):
            return clean(said)
        if parent is None or parent.tag != "ol" or _has_no_numbers(parent):
            return ""
        attributes = parent.attributes
        number = _integer(item.attributes.get("value"), self._next.get(parent.mem_id, _first(parent)))
        self._next[parent.mem_id] = number - 1 if "reversed" in attributes else number + 1
        return f"{spelt(number, attributes.get('type') or '1')}."


def _first(ordered: LexborNode) -> int:
    items = sum(child.tag == "li" for child in ordered.iter()) if "reversed" in ordered.attributes else 1
    return _integer(ordered.attributes.get("start"), items)


def _has_no_numbers(ordered: LexborNode) -> bool:
    """Return whether a list shows no numbers: by its style, or as those of GOV.UK that are ordered for machines."""
    classes = (ordered.attributes.get("class") or "").split()
    plain = "govuk-list" in classes and "govuk-list--number" not in classes
    return plain or ordered.attributes.get("type") == WITHOUT_NUMBERS


def _integer(value: str | None, otherwise: int) -> int:
    # Nine digits bound the number that a hostile page can give.
    return int(value) if value and re.fullmatch(r"-?\d{1,9}", value) else otherwise
