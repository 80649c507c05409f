"""From a model's markers to citations: every `[n]` is tied to exact words of passage n, or it goes.

A model may invent a marker or a quotation. An invented marker is taken out and reported; words in quotation marks that
no passage holds lose the marks, because a reader takes a quotation for the source's own words.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from humphrey.core.drafts import Citation, Finding
from humphrey.core.search import Hit
from humphrey.core.sentences import Span, sentences, statements, words

_GROUP = re.compile(
    r"[ \t]*(?:[\[【]\s*\^?(?:passage\s*)?\d{1,3}(?:\s*[,;]\s*\d{1,3})*\s*[\]】][ \t]*)+", re.IGNORECASE
)
_QUOTATION = re.compile(r"“([^“”\n]{1,2000})”|\"([^\"\n]{1,2000})\"")
_ALIKE = str.maketrans("‘’“”–—\u00a0", "''\"\"-- ")

_TOKEN = re.compile(r"\S+")
_BULLETS = frozenset("-*•")
_PARAGRAPHS = 8

QUOTED_WORDS = 4
"""Fewer words than this in quotation marks are a term, not a quotation."""


@dataclass(frozen=True)
class Cited:
    """A text whose markers count from 1 in order of first use, its citations, and what was taken out."""

    text: str
    citations: tuple[Citation, ...]
    findings: tuple[Finding, ...]


def cite(text: str, passages: Mapping[int, Hit], question: str = "") -> Cited:
    """Tie the markers of a text to the words that support what they stand after.

    Args:
        text: a model's text, with markers `[n]`.
        passages: what the model was shown, by number.
        question: the asker's words, which may be quoted back.
    """
    unquoted, quotations = _unquoted(text, [hit.passage.text for hit in passages.values()] + [question])
    work = _Work(unquoted, passages)
    for group in _GROUP.finditer(unquoted):
        work.take(group)
    work.rest()
    return Cited(work.written, tuple(work.citations), (*work.findings, *_placed(work.written, quotations)))


def found_in(words_sought: str, text: str) -> Span | None:
    """Where a text has these words, whatever the spaces, dashes and shapes of quotation marks; None when it has not."""
    sought, _ = _flat(words_sought)
    flat, places = _flat(text)
    at = flat.find(sought) if sought else -1
    return Span(places[at], places[at + len(sought) - 1] + 1) if at >= 0 else None


def quotations(text: str) -> list[Span]:
    """The spans inside quotation marks that are long enough to be read as quotations."""
    spans = (Span(*found.span(1 if found[1] is not None else 2)) for found in _QUOTATION.finditer(text))
    return [span for span in spans if len(words(span.of(text))) >= QUOTED_WORDS]


@dataclass
class _Work:
    """The text as it is written anew, marker group by marker group."""

    text: str
    passages: Mapping[int, Hit]
    at: int = 0
    written: str = ""
    citations: list[Citation] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def take(self, group: re.Match[str]) -> None:
        claim = self.text[self.at : group.start()]
        self.written += claim
        self.at = group.end()
        numbers = list(dict.fromkeys(int(digits) for digits in re.findall(r"\d+", group[0])))
        marks = dict.fromkeys(self._mark(n, claim) for n in numbers if n in self.passages)
        if invented := [n for n in numbers if n not in self.passages]:
            self._report(invented)
        if marks:
            self.written += (" " if self.written.strip() else "") + "".join(f"[{mark}]" for mark in marks)
        if self.at < len(self.text) and not re.match(r"[\s.,;:!?)]", self.text[self.at]):
            self.written += " "

    def rest(self) -> None:
        self.written = (self.written + self.text[self.at :]).strip()

    def _mark(self, n: int, claim: str) -> str:
        hit = self.passages[n]
        span = supporting(claim, hit.passage.text)
        start, end = hit.passage.start + span.start, hit.passage.start + span.end
        for known in self.citations:
            if (known.document, known.version, known.start, known.end) == (
                hit.passage.document,
                hit.passage.version,
                start,
                end,
            ):
                return known.marker
        self.citations.append(_citation(str(len(self.citations) + 1), hit, span))
        return self.citations[-1].marker

    def _report(self, invented: Iterable[int]) -> None:
        said = sentences(self.written)
        where = said[-1] if said else Span(0, 0)
        names = ", ".join(f"[{n}]" for n in invented)
        message = f"the model cited {names}, which it was not given; read the sentence against the guidance"
        self.findings.append(Finding("citations_resolve", "warn", message, where.start, where.end))


def supporting(claim: str, passage: str) -> Span:
    """The words of a passage behind a claim: the claim itself where it is quoted, else the closest statement."""
    for wording in _wordings(claim):
        if span := found_in(wording, passage):
            return span
    sought = set(words(next(iter(_wordings(claim)[::-1]), claim)))
    options = statements(passage) or [Span(0, len(passage))]
    return max(options, key=lambda span: _overlap(sought, span.of(passage)))


def _wordings(claim: str) -> list[str]:
    """What a marker may stand behind, longest first: its last paragraphs, its last line, a quotation, a sentence."""
    paragraphs = [part for part in re.split(r"\n\s*\n", claim) if part.strip()][-_PARAGRAPHS:]
    tails = ["\n\n".join(paragraphs[n:]) for n in range(len(paragraphs))]
    lines = [line for line in claim.splitlines() if line.strip()][-1:]
    quoted = [span.of(claim) for span in quotations(claim)]
    last = [span.of(claim) for span in sentences(claim)][-1:]
    return [wording.strip() for wording in (*tails, *lines, *quoted, *last) if len(words(wording)) >= 2]


def _overlap(sought: set[str], statement: str) -> float:
    have = set(words(statement))
    # Divided by the root of the length, so that a long list does not win by length alone.
    return len(sought & have) / (len(have) ** 0.5 or 1)


def _citation(marker: str, hit: Hit, span: Span) -> Citation:
    passage = hit.passage
    return Citation(
        marker=marker,
        document=passage.document,
        version=passage.version,
        title=hit.imprint.title,
        url=hit.imprint.url,
        section=passage.section,
        quote=span.of(passage.text),
        start=passage.start + span.start,
        end=passage.start + span.end,
        state=hit.imprint.state,
    )


def _unquoted(text: str, sources: list[str]) -> tuple[str, list[str]]:
    """The text, with quotation marks only around words that a source holds, and the words that lost theirs."""
    lost: list[str] = []
    for span in reversed(quotations(text)):
        inner = span.of(text)
        if not any(found_in(inner.rstrip(".,;"), source) for source in sources):
            text = text[: span.start - 1] + inner + text[span.end + 1 :]
            lost.insert(0, inner)
    return text, lost


# A draft's text is looked through once for each citation of each check; flattening it is most of that.
@lru_cache(maxsize=8)
def _flat(text: str) -> tuple[str, list[int]]:
    """A text with one shape of each sign, one space between words and no list signs; and where each character was."""
    flat = ""
    places: list[int] = []
    for token in _TOKEN.finditer(text.translate(_ALIKE)):
        if token[0] not in _BULLETS:
            flat += f" {token[0]}" if flat else token[0]
            places += range(token.start() - bool(places), token.end())
    return flat, places


def _placed(text: str, lost: list[str]) -> Iterable[Finding]:
    for inner in lost:
        message = "these words were in quotation marks, but no passage holds them; check them against the guidance"
        at = text.find(inner)
        start, end = (at, at + len(inner)) if at >= 0 else (0, 0)
        yield Finding("quotes_verbatim", "block", message, start, end)
