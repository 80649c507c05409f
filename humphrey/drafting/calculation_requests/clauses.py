"""Clauses of a question: its words in pieces that end at a border or behind a day."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from humphrey.text.date_mentions import DayMention

_SENTENCE = re.compile(r"[.;?!](?=\s+(?![a-z])|\s*$)|\n")
# A piece ends at one of these or behind a day.
_BORDER = re.compile(
    r"[.,;?!](?=\s|$)|\n|\s[-–—]\s|[()]|(?<=#)(?!#)"
    r"|\b(?:and|but|then|while|whereas|though|although|because|whose|when|after)\b"
    r"|(?=\bwhich (?:we|I|she|he|they|was|were|had|has|is|[a-z]+ed|came|got)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Piece:
    """Words of one clause, up to a border or a day.

    `sentence` is the place where its sentence begins, `day` the number of the day that ends it or -1, `goes_on` whether
    only a day stands between it and the piece before.
    """

    text: str
    start: int
    sentence: int
    day: int
    goes_on: bool


def masked(text: str, days: Sequence[DayMention]) -> str:
    """Return a text with its days as signs, so that no word of a day is taken for an act; places stay the same."""
    text = text.replace("#", " ")
    for day in days:
        text = f"{text[: day.start]}{'#' * (day.end - day.start)}{text[day.end :]}"
    return text


def pieces(question: str) -> Iterator[Piece]:
    """Yield the pieces of a question whose days are masked, in order."""
    sentences = [0, *(found.end() for found in _SENTENCE.finditer(question))]
    start, day, behind_day = 0, 0, False
    for end, after in [*(found.span() for found in _BORDER.finditer(question)), (len(question), len(question))]:
        text = question[start:end]
        ends = text.endswith("#")
        if text.strip():
            opens = start + len(text) - len(text.lstrip())
            sentence = max(each for each in sentences if each <= opens)
            yield Piece(text, start, sentence, day if ends else -1, behind_day)
            day += ends
        behind_day = ends and after == end
        start = after
