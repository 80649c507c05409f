"""Expected values of an input, and their comparison with its reading."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from evals.documents.reading import Found


@dataclass(frozen=True)
class Expected:
    """The expected values of one input. Line ends count as they stand in the text of the document.

    Attributes:
        holds: strings that the title and text hold.
        lacks: strings that they do not hold.
        headings: titles of headings, in their order.
        lists: strings that are listed as left out.
        refused: a string of the reason, if the file is to be refused.
        case: the kind, of an input of our own.
        content: the content of an input of our own; of a Word or OpenDocument file its body.
        styles: the styles of such a file.
        comments: the comments of a Word file.
    """

    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    refused: str = ""
    case: str = ""
    content: str = ""
    styles: str = ""
    comments: str = ""


_NAMES = frozenset(each.name for each in fields(Expected))


def expectations(path: Path) -> Mapping[str, Expected]:
    """Return the expected values of each input, read from a file."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: _expected(path, name, values) for name, values in entries.items()}


def _expected(path: Path, name: str, values: Mapping[str, Any]) -> Expected:
    if unknown := values.keys() - _NAMES:
        raise SystemExit(f"{path}: {name} has {', '.join(sorted(unknown))}; known are {', '.join(sorted(_NAMES))}")
    read: dict[str, Any] = {
        key: tuple(map(str, value)) if isinstance(value, list) else value for key, value in values.items()
    }
    return Expected(**read)


def compared(found: Found, wanted: Expected) -> Iterator[str]:
    """Yield what is wrong with a reading."""
    if wanted.refused or found.refused:
        if not wanted.refused or wanted.refused not in found.refused:
            yield f"refused: {found.refused}" if found.refused else f"is not refused with “{wanted.refused}”"
        return
    yield from (f"lacks “{string}”" for string in wanted.holds if string not in found.text)
    yield from (f"holds “{string}”" for string in wanted.lacks if string in found.text)
    yield from (f"does not list “{string}”" for string in wanted.lists if string not in found.listed)
    if wanted.headings and found.headings != wanted.headings:
        yield f"has the headings {list(found.headings)}"
