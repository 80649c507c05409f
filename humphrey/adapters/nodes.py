"""Traversal of a parsed page: nodes in reading order, and the text of a node on one line."""

from collections.abc import Collection, Iterator

from selectolax.lexbor import LexborNode

from humphrey.adapters.plain import clean

INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img"}
    | {"ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt"}
    | {"u", "var", "wbr"}
)
"""Elements that do not break a line; the words before and after them may join."""


def steps(root: LexborNode, whole: Collection[str]) -> Iterator[tuple[LexborNode, bool]]:
    """Yield every node below `root` in order with whether it is being left; elements in `whole` come only once.

    An element comes twice, on entering and on leaving. The children of a `whole` element are not visited.
    """
    # A stack instead of recursion, because some pages nest a thousand levels deep.
    waiting = [(child, False) for child in root.iter(include_text=True)][::-1]
    while waiting:
        node, leaving = waiting.pop()
        yield node, leaving
        if leaving or node.tag == "-text" or node.tag in whole:
            continue
        waiting.append((node, True))
        waiting.extend([(child, False) for child in node.iter(include_text=True)][::-1])


def flat(root: LexborNode) -> str:
    """Return the text of a node on one line."""
    words = []
    for node, _ in steps(root, ()):
        if node.tag == "-text":
            words.append(clean(node.text(deep=False)))
        elif node.tag not in INLINE:
            words.append(" ")
    return " ".join("".join(words).split())
