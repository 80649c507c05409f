"""Sentence boundaries as character positions, so that a finding can point at the words of a sentence."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

# The letters that a stroke or a hook crosses, such as "ł" and "đ", are called by their letter in Unicode.
_CROSSED = re.compile(r"LATIN (?:CAPITAL|SMALL) LETTER ([A-Z]) WITH ")


# Letters of their own, as English spells them; and the quotation marks and dashes that keyboards do not have.
_SPELT = {
    **{"æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th"},
    **{"ı": "i", "ŋ": "n", "Ŋ": "n", "ə": "a", "Ə": "a", "ß": "ss", "ẞ": "ss"},
    **dict.fromkeys("‘’‛ʼʻ`´", "'"),
    **dict.fromkeys("“”„", '"'),
    **dict.fromkeys("‐‑‒–—−", "-"),
}


def without_accents(text: str) -> str:
    """Return a text without the accents that Unicode parts from their letters; "ł" and "ø" stay as they are."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


class _Folding(dict[int, str]):
    """What each character becomes in `folded`, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        crossed = _CROSSED.match(unicodedata.name(sign, ""))
        plain = "".join(_SPELT.get(part, part) for part in without_accents(_SPELT.get(sign, sign)))
        self[code] = crossed[1] if crossed and not plain.isascii() else plain
        return self[code]


_FOLDED = _Folding()


def folded(text: str) -> str:
    """Return a text for searching: in small letters of a to z where it has a near one, without accents and line ends.

    "Łukasz" and "Lukasz" are the same, and so are "Strauß" and "Strauss".
    """
    return " ".join(text.translate(_FOLDED).casefold().split())


_MARKERS = r"(?:\s?\[\d{1,3}\])+"


# A sentence ends at punctuation before white space, or at markers that end a line; markers belong to their sentence.
# A match starts only where a run of stops or of markers starts: a run of thousands is not read thousands of times.
_END = re.compile(
    rf"(?<![.!?])[.!?]+[\"”’)]*(?:{_MARKERS})?(?=\s|$)|(?<!\d\])(?<!\d\]\s){_MARKERS}(?=\s*$)", re.MULTILINE
)


# A full stop after one of these ends no sentence. The single letters are initials.
_ABBREVIATIONS = re.compile(
    r"e\.g|i\.e|etc|nos?|art|paras?|regs?|ss?|ch|sch|vol|mrs?|ms|dr|prof|st|hon|rt|vs|cf|approx|dept|[^\W\d_]"
)


# The sign or number of a list item; an item of a document that was read may have both.
_BULLET = re.compile(r"\s*(?:[-*•]\s+(?:(?:\d{1,3}|[A-Za-z]|[ivxl]{1,6})\.\s+)?|\d{1,2}[.)]\s+)")


_WORD = re.compile(r"[^\W_]+(?:[’'.,-][^\W_]+)*")


LIST_CHARS = 700
"""A list longer than this is split into items; quoted whole, it would hide the answer."""


class Span(NamedTuple):
    """Characters `start` to `end` of a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the words of this span in a text."""
        return text[self.start : self.end]


def sentences(text: str) -> list[Span]:
    """Return the sentences of a text in order, without list signs and outer spaces, with the markers that follow.

    A sentence never continues over a line end.
    """
    return list(_sentences(text))


# Every check reads the text of a draft, and the same passages answer many questions.
@lru_cache(maxsize=512)
def _sentences(text: str) -> tuple[Span, ...]:
    return tuple(span for line in _lines(text) for span in _of_line(text, line))


def statements(text: str) -> list[Span]:
    """Return the statements of a text in order: sentences, table rows, and lists together with their lead-in line."""
    found: list[Span] = []
    lines = list(_lines(text))
    n = 0
    while n < len(lines):
        items = _items_after(text, lines, n)
        if items and items[-1].end - lines[n].start <= LIST_CHARS:
            found.append(_trimmed(text, lines[n].start, items[-1].end))
        else:
            found.extend(_of_line(text, lines[n]))
            for item in items:
                found.extend(_of_line(text, item))
        n += 1 + len(items)
    return found


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, numbers included."""
    return list(_words(text))


@lru_cache(maxsize=512)
def _words(text: str) -> tuple[str, ...]:
    return tuple(map(str.lower, _WORD.findall(text)))


def _lines(text: str) -> Iterator[Span]:
    at = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield Span(at, at + len(line.rstrip()))
        at += len(line)


def _items_after(text: str, lines: list[Span], n: int) -> list[Span]:
    lead = lines[n].of(text)
    if not lead.endswith(":") or _BULLET.match(lead):
        return []
    items: list[Span] = []
    for line in lines[n + 1 :]:
        if not _BULLET.match(line.of(text)):
            break
        items.append(line)
    return items


def _of_line(text: str, line: Span) -> Iterator[Span]:
    sign = _BULLET.match(text, line.start, line.end)
    start = sign.end() if sign else line.start
    for ending in _END.finditer(text, start, line.end):
        if _ends(text, ending, line.end):
            yield _trimmed(text, start, ending.end())
            start = ending.end()
    if text[start : line.end].strip():
        yield _trimmed(text, start, line.end)


def _ends(text: str, ending: re.Match[str], limit: int) -> bool:
    if "[" in ending[0]:
        return True
    # 12 characters hold the longest abbreviation.
    before = text[max(0, ending.start() - 12) : ending.start()].split()
    last = before[-1].lower().lstrip("(“\"'") if before else ""
    if ending[0].startswith(".") and _ABBREVIATIONS.fullmatch(last):
        return False
    # A lower-case letter continues the sentence, as after an abbreviation that is not listed.
    following = text[ending.end() : limit].lstrip()[:1]
    return not following.islower()


def _trimmed(text: str, start: int, end: int) -> Span:
    inner = text[start:end]
    return Span(start + len(inner) - len(inner.lstrip()), end - len(inner) + len(inner.rstrip()))
