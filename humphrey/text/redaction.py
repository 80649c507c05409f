"""Redaction: suggestions for a person to decide on, and texts in which blocks with reasons replace the words.

Suggestions are personal data with a recognisable form, and names with a sign: a known person, a title, a common given
name, or the place of a signature. A person must find any other name; no rule can.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from humphrey.digests import sha256
from humphrey.text import personal_data
from humphrey.text.names import ANY_NAME, TITLED, full_names, is_person_name, without_title
from humphrey.text.sentences import folded, without_accents

ANOTHER = "another person's name"
"""The reason given for a name."""


_LABELS = "Regards|Sincerely|Thanks|Thank you|Signed|From|Name|Contact|Dear"


# A name after the closing of a letter or "my name is", or after a word such as "From" or "Dear" that begins a line.
_SIGNED = re.compile(
    r"(?:\b(?i:yours (?:sincerely|faithfully|truly)|(?:kind|best|warm|many) (?:regards|wishes|thanks)|my name is)"
    rf"|(?:^|\n)[^\S\n]*(?:{_LABELS}|{_LABELS.upper()}))[,:]?[^\S\n]*\n*[^\S\n]*({ANY_NAME})"
)


# A letter may carry its accent as a character of its own, which is no letter to Python.
_WORD = re.compile(r"(?:[^\W\u02bc]|[\u0300-\u036f])+")


def _folded_before(text: str) -> str:
    return " ".join(without_accents(text).casefold().split())


# What a word is and how it is folded; the second is how the fingerprints of version 0.1 were made.
_READINGS = ((_WORD, folded), (re.compile(r"\w+"), _folded_before))


@dataclass(frozen=True)
class Suggested:
    """Characters `start` to `end` of a text that may have to be redacted, and the reason."""

    start: int
    end: int
    reason: str


def suggest(text: str, known: Collection[str], subject: str) -> list[Suggested]:
    """Return the suggested redactions of a text, in order; overlapping ones are merged.

    Args:
        text: the text to be disclosed.
        known: the names of all people known to humphrey.
        subject: the name of the person whom the request is about, which is not suggested; empty if there is none.
    """
    own = {*_tokens(subject)}
    found = [
        Suggested(one.start, one.end, personal_data.PERSONAL_DATA_LABELS[one.kind])
        for one in personal_data.find_personal_data(text)
    ]
    found += [
        Suggested(start, end, ANOTHER)
        for start, end in _names(text, known)
        if not own or not own.issuperset(_tokens(without_title(text[start:end])))
    ]
    return _joined(sorted(found, key=lambda each: (each.start, -each.end)))


def redacted(text: str, marks: Iterable[Suggested]) -> str:
    """Return the text with a block in place of each redaction; overlapping redactions become one block.

    The words are removed from the text, not covered.
    """
    out, at = [], 0
    for mark in _joined(sorted(marks, key=lambda each: (each.start, -each.end))):
        out += [text[at : mark.start], f"[REDACTED: {mark.reason}]"]
        at = mark.end
    return "".join([*out, text[at:]])


def occurrences(text: str, words: str) -> list[tuple[int, int]]:
    """Return the positions of some words in a text, as whole words; case, accents and line breaks are ignored."""
    tokens, plain = _tokens(words), folded(text)
    # Most texts contain none of them, and comparing every word takes ten times as long.
    if not all(token in plain for token in tokens):
        return []
    return [(spans[0][0], spans[-1][1]) for spans in _windows(text, len(tokens)) if _said(text, spans) == tokens]


def fingerprint(salt: str, words: str) -> str:
    """Return "COUNT DIGEST", by which redacted words are recognised later: their number and their salted digest."""
    tokens = _tokens(words)
    return f"{len(tokens)} {sha256(' '.join([salt, *tokens]))}" if tokens else ""


def find_redacted(text: str, salt: str, fingerprints: Collection[str]) -> list[tuple[int, int]]:
    """Return the positions of redacted words in a text.

    Args:
        text: the text to search.
        salt: the salt that the fingerprints were made with.
        fingerprints: fingerprints of the redacted words, as `fingerprint` returns them.
    """
    readings = _READINGS[:1] if text.isascii() else _READINGS
    found: set[tuple[int, int]] = set()
    for count in {int(each.partition(" ")[0]) for each in fingerprints}:
        for word, fold in readings:
            for spans in _windows(text, count, word):
                if f"{count} {sha256(' '.join([salt, *_said(text, spans, fold)]))}" in fingerprints:
                    found.add((spans[0][0], spans[-1][1]))
    return sorted(found)


def _names(text: str, known: Collection[str]) -> Iterator[tuple[int, int]]:
    yield from (match.span() for match in TITLED.finditer(text))
    yield from (match.span(1) for match in _SIGNED.finditer(text))
    yield from (match.span() for match in full_names(text) if is_person_name(match[0], known=True))
    for name in known:
        for start, end in occurrences(text, name):
            # Many names are also ordinary words; a name begins with a capital.
            if text[start].isupper():
                yield start, end


def _joined(marks: Sequence[Suggested]) -> list[Suggested]:
    kept: list[Suggested] = []
    for mark in marks:
        if kept and mark.start < kept[-1].end:
            last = kept[-1]
            reason = last.reason if mark.reason in last.reason else f"{last.reason}, {mark.reason}"
            kept[-1] = Suggested(last.start, max(last.end, mark.end), reason)
        else:
            kept.append(mark)
    return kept


def _tokens(words: str) -> list[str]:
    return [folded(match[0]) for match in _WORD.finditer(words)]


def _windows(text: str, count: int, word: re.Pattern[str] = _WORD) -> Iterator[Sequence[tuple[int, int]]]:
    spans = [match.span() for match in word.finditer(text)]
    if count:
        yield from (spans[first : first + count] for first in range(len(spans) - count + 1))


def _said(text: str, spans: Sequence[tuple[int, int]], fold: Callable[[str], str] = folded) -> list[str]:
    return [fold(text[start:end]) for start, end in spans]
