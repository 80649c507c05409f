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
    return _exchanged(question, official=True)


def beside_everyday(question: str) -> str:
    """Return the words of a question beside its everyday expressions; all of them if it says none."""
    return _exchanged(question, official=False)


def _exchanged(question: str, *, official: bool) -> str:
    """Return a question with each everyday expression exchanged for its official words once, or left out."""
    flat = _flat(question)
    found = sorted(_everyday(flat), key=lambda each: each[0].span())
    if not found or len({name for _, name in found}) > _MOST:
        return question
    parts, at, seen = list[str](), 0, set[str]()
    for said, name in found:
        parts += [flat[at : said.start()], f" {name} " if official and name not in seen else " "]
        at = max(at, said.end())
        seen.add(name)
    return " ".join("".join((*parts, flat[at:])).split())


def _everyday(flat: str) -> Iterator[tuple[re.Match[str], str]]:
    """Yield the everyday expressions of a question, with their official words if the question has not got these."""
    lower = flat.lower()
    for shape, official in _PAIRS:
        if official.split(",")[0].lower() not in lower:
            yield from ((said, official) for said in shape.finditer(flat))


def _flat(question: str) -> str:
    return " ".join(question.replace("’", "'").split())
