"""Everyday words in a question, and what guidance calls the same thing: "ChatGPT" is a generative AI tool."""

import re

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
    flat = " ".join(question.replace("’", "'").split())
    lower = flat.lower()
    found = dict.fromkeys(
        official for said, official in _PAIRS if said.search(flat) and official.split(",")[0].lower() not in lower
    )
    if not found or len(found) > _MOST:
        return question
    return f"{question.rstrip()}{'' if question.rstrip().endswith(('?', '.', '!')) else '.'} {'; '.join(found)}."
