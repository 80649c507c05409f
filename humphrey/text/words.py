"""Word lists: words and regular expressions kept in text files next to the code.

A file of `text/word_lists/` has sections, headed `[name]`, of words or of expressions, one a line. Expressions ignore
case. An indented line continues the line before it. A line that begins with `#` is a comment. `name = expression`
before the first section defines a part, which `<<name>>` inserts into later expressions.
"""

import re
from collections.abc import Mapping
from importlib.resources import files

Phrases = Mapping[str, tuple[re.Pattern[str], ...]]
"""The compiled expressions of each section, by its name."""


def load(name: str) -> Phrases:
    """Load a file and compile the expressions of each section.

    Raises:
        re.error: an expression is not valid.
    """
    parts, sections = _read(name)
    # In the order of the file, so that a part may use the parts before it.
    filled: dict[str, str] = {}
    for part, shape in parts.items():
        filled[part] = _filled(shape, filled)
    return {
        section: tuple(re.compile(_filled(each, filled), re.IGNORECASE) for each in lines)
        for section, lines in sections.items()
    }


def load_words(name: str) -> Mapping[str, frozenset[str]]:
    """Load a file and return the set of words of each section."""
    return {section: frozenset(" ".join(lines).split()) for section, lines in _read(name)[1].items()}


def load_groups(name: str) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Load a file whose lines are groups of words, and return the groups of each section in order."""
    return {section: tuple(tuple(line.split()) for line in lines) for section, lines in _read(name)[1].items()}


def load_pairs(name: str) -> Mapping[str, Mapping[str, str]]:
    """Load a file whose lines are `old > new`, and return a mapping from old to new for each section."""
    return {section: dict(line.split(" > ") for line in lines) for section, lines in _read(name)[1].items()}


def _read(name: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the named parts of a file and the lines of each section."""
    text = files("humphrey.text").joinpath("word_lists", f"{name}.txt").read_text(encoding="utf-8")
    parts: dict[str, str] = {}
    sections: dict[str, list[str]] = {}
    for line in _joined(text.splitlines()):
        named = re.match(r"(\w+) = (.*)", line)
        if re.fullmatch(r"\[[\w ]+\]", line):
            sections[line[1:-1]] = []
        # Only before the first section; inside a section the same line is an expression.
        elif named and not sections:
            parts[named[1]] = named[2]
        else:
            sections[list(sections)[-1]].append(line)
    return parts, sections


def _joined(lines: list[str]) -> list[str]:
    joined: list[str] = []
    for line in lines:
        if line.startswith(" "):
            joined[-1] += line.strip()
        elif line and not line.startswith("#"):
            joined.append(line)
    return joined


def _filled(shape: str, parts: Mapping[str, str]) -> str:
    return re.sub(r"<<(\w+)>>", lambda found: parts[found[1]], shape)
