"""Names in comments, such as `@grace`: who is told of the comment, and which names mean nobody who may read it."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

_SIGN = re.compile(r"(?<![\w@.])@(?=\w)")
"""The sign before a name; the one inside an e-mail address is none."""


_TOKEN = re.compile(r"\w+(?:[.'’-]\w+)*")


@dataclass(frozen=True)
class Mentions:
    """The people named in a comment who are told of it, and the names of nobody who may read the draft."""

    told: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Return who was not told, for the person who wrote the comment; empty if everybody was."""
        if not self.untold:
            return ""
        names = " or ".join(f"“{name}”" for name in self.untold)
        return f"Nobody called {names} may read this draft, so nobody was told under that name."


def mentions(text: str, names: Collection[str], reads: Callable[[str], bool]) -> Mentions:
    """Return who is named in a text, each once, in order.

    Args:
        text: the text.
        names: the names of all people; of several that fit the longest is meant.
        reads: returns whether the person of a name may see the draft.
    """
    told: dict[str, None] = {}
    untold: dict[str, None] = {}
    for at in (sign.end() for sign in _SIGN.finditer(text)):
        name, found = max(_names_at(text, at, names), key=len, default=""), _TOKEN.match(text, at)
        if name and (name in told or reads(name)):
            told[name] = None
        elif name or found:
            untold[name or (found[0] if found else "")] = None
    return Mentions(tuple(told), tuple(untold))


def _names_at(text: str, at: int, names: Collection[str]) -> Iterator[str]:
    for name in names:
        end = at + len(name)
        if text[at:end].casefold() == name.casefold() and not text[end : end + 1].isalnum():
            yield name
