"""Going through a parsed page: its nodes in reading order, and the words of one of them on a line."""

from collections.abc import Collection, Iterator

from selectolax.lexbor import LexborNode

from humphrey.adapters.plain import clean

INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img"}
    | {"ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt"}
    | {"u", "var", "wbr"}
)


def steps(root: LexborNode, whole: Collection[str]) -> Iterator[tuple[LexborNode, bool]]:
    """Every node below `root` when it is come to, and elements again when they are left; `whole` ones only once."""
    waiting = [(child, False) for child in root.iter(include_text=True)][::-1]
    while waiting:
        node, leaving = waiting.pop()
        yield node, leaving
        if leaving or node.tag == "-text" or node.tag in whole:
            continue
        waiting.append((node, True))
        waiting.extend([(child, False) for child in node.iter(include_text=True)][::-1])


def flat(root: LexborNode) -> str:
    """The words of a node on one line."""
    words = []
    for node, _ in steps(root, ()):
        if node.tag == "-text":
            words.append(clean(node.text(deep=False)))
        elif node.tag not in INLINE:
            words.append(" ")
    return " ".join("".join(words).split())
