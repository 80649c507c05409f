"""Everyday words in a question, and what guidance calls the same thing: "ChatGPT" is a generative AI tool."""

import re
from collections.abc import Iterator

from humphrey.text.words import load_pairs

_PAIRS = tuple(
    (re.compile(rf"\b(?:{said})\b", re.IGNORECASE), official)
    for said, official in load_pairs("official_words")["said"].items()
)


# Among many official words none tells what is asked.
_MOST = 3


def in_official_words(question: str) -> str:
    """Return a question followed by the official words for what it says in everyday ones; unchanged if it says none.

    The official words form a last sentence that asks nothing, so that the question stays as it was typed.
    """
    found = dict.fromkeys(official for _, official in _everyday(_flat(question)))
    if not found or len(found) > _MOST:
        return question
    return f"{question.rstrip()}{'' if question.rstrip().endswith(('?', '.', '!')) else '.'} {'; '.join(found)}."


def officially(question: str) -> str:
    """Return a question with the official words in place of the everyday ones; unchanged if it says none.

    Guidance has no "bottle of wine": beside "gifts", it would only make what is found look far from the question.
    """
    flat = _flat(question)
    found = sorted(_everyday(flat), key=lambda each: each[0].span())
    if not found or len({official for _, official in found}) > _MOST:
        return question
    parts, at = list[str](), 0
    for said, official in found:
        # Of two expressions that overlap, the second adds only its official words.
        parts += [flat[at : said.start()], f" {official} "]
        at = max(at, said.end())
    return " ".join("".join((*parts, flat[at:])).split())


def _everyday(flat: str) -> Iterator[tuple[re.Match[str], str]]:
    """Yield the first place of each everyday expression of a question, with its official words if these are not there.

    Expressions with the same official words count once.
    """
    lower, seen = flat.lower(), set[str]()
    for shape, official in _PAIRS:
        said = None if official in seen or official.split(",")[0].lower() in lower else shape.search(flat)
        if said:
            seen.add(official)
            yield said, official


def _flat(question: str) -> str:
    return " ".join(question.replace("’", "'").split())
