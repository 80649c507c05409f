"""Citations from a model's markers: every `[n]` is tied to exact words of passage n, or removed.

A model may invent a marker or a quotation. An invented marker is removed and reported. Words that no passage holds lose
their quotation marks, because readers take a quotation for the source's own words. So do words of a summary that was
written for humphrey, because readers would take them for the publisher's.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from humphrey.documents.model import Imprint, Passage
from humphrey.documents.sources import original_of
from humphrey.papers.draft import Citation, Finding
from humphrey.search.model import Hit
from humphrey.text.sentences import Span, sentences, statements, words

# The forms in which models write markers: "[1]", "[1, 2]", "[^3]", "[passage 4]", "【5】", alone or in a row.
_GROUP = re.compile(
    r"(?<![ \t])[ \t]*(?:[\[【]\s*\^?(?:passage\s*)?\d{1,3}(?:\s*[,;]\s*\d{1,3})*\s*[\]】][ \t]*)+", re.IGNORECASE
)


_QUOTATION = re.compile(r"“([^“”\n]{1,2000})”|\"([^\"\n]{1,2000})\"")


# Quotation marks, dashes and spaces in one shape each; models and documents write them differently.
_ALIKE = str.maketrans("‘’“”–—\u00a0", "''\"\"-- ")


# A line set as a quotation.
_QUOTE_LINE = re.compile(r"^[ \t]*>[ \t]*(\S.*)$", re.MULTILINE)


_MARKER = re.compile(r"\[\d{1,3}\]")


# The characters of the longest marker, "[123]".
_MARKER_CHARS = 5


_TOKEN = re.compile(r"\S+")


_BULLETS = frozenset("-*•")


# A marker may stand behind a quotation of several paragraphs. At most this many are tried.
_PARAGRAPHS = 8


QUOTED_WORDS = 4
"""Fewer words than this in quotation marks are a term, not a quotation."""


@dataclass(frozen=True)
class CitedText:
    """A text whose markers count from 1 in order of first use.

    Attributes:
        text: the text.
        citations: one for each marker.
        findings: what was removed from the text.
    """

    text: str
    citations: tuple[Citation, ...]
    findings: tuple[Finding, ...]


def cite(text: str, passages: Mapping[int, Hit], question: str = "") -> CitedText:
    """Tie the markers of a text to the words that support the claims before them.

    Args:
        text: a model's text with markers `[n]`.
        passages: the passages shown to the model, by number.
        question: the asker's words, which may be quoted.
    """
    known = QuotationSources.of([(hit.passage.text, hit.imprint.summary) for hit in passages.values()], [question])
    unquoted, quotations = _unquoted(text, known)
    work = _Work(unquoted, passages)
    for group in _GROUP.finditer(unquoted):
        work.take(group)
    work.rest()
    return CitedText(work.written, tuple(work.citations), (*work.findings, *_placed(work.written, quotations)))


def found_in(quote: str, text: str) -> Span | None:
    """Return where a text has these words; None if it does not.

    Spaces, dashes and the shape of quotation marks make no difference.
    """
    # Nearly every quotation is exact, and is found without reading the text in another notation.
    exact = quote.strip()
    if exact[:1].isalnum() and exact[-1].isalnum() and (at := text.find(exact)) >= 0:
        return Span(at, at + len(exact))
    claim_words, _ = _flat(quote)
    flat, places = _flat(text)
    at = flat.find(claim_words) if claim_words else -1
    return Span(places[at], places[at + len(claim_words) - 1] + 1) if at >= 0 else None


def quotations(text: str) -> list[Span]:
    """Return the spans inside quotation marks that are long enough to read as quotations."""
    spans = (Span(*found.span(1 if found[1] is not None else 2)) for found in _QUOTATION.finditer(text))
    return [span for span in spans if len(words(span.of(text))) >= QUOTED_WORDS]


def quoted_lines(text: str) -> list[Span]:
    """Return the spans of the words of lines that are set as quotations, which begin with `>`.

    The markers after a line's words are not among them.
    """
    spans = (Span(found.start(1), _end_of_words(text, *found.span(1))) for found in _QUOTE_LINE.finditer(text))
    return [span for span in spans if len(words(span.of(text))) >= QUOTED_WORDS]


def _end_of_words(text: str, start: int, end: int) -> int:
    """Return where the words of a line end, read from its end: before its last markers and blanks."""
    while end > start:
        marker = text.rfind("[", max(start, end - _MARKER_CHARS), end)
        if text[end - 1] in " \t":
            end -= 1
        elif marker >= 0 and _MARKER.fullmatch(text, marker, end):
            end = marker
        else:
            break
    return end


@dataclass(frozen=True)
class QuotationSources:
    """The texts that words may be quoted from, and the summaries, whose words are not a publisher's."""

    theirs: tuple[str, ...]
    ours: tuple[str, ...]

    @classmethod
    def of(cls, sources: Iterable[tuple[str, bool]], given: Iterable[str]) -> "QuotationSources":
        """Return them from sources, each a text and whether it is a summary, and from words that people gave."""
        texts = list(sources)
        theirs = (*given, *(text for text, summary in texts if not summary))
        return cls(theirs, tuple(text for text, summary in texts if summary))

    def may_be_quoted(self, said: str) -> bool:
        """Return whether a publisher or a person said these words, or a summary itself quotes them."""
        bare, marked = said.rstrip(".,;"), f"“{said}”"
        return any(found_in(bare, text) for text in self.theirs) or any(found_in(marked, text) for text in self.ours)

    def summed_up(self, said: str) -> bool:
        """Return whether a summary has these words."""
        return any(found_in(said.rstrip(".,;"), text) for text in self.ours)


@dataclass
class _Work:
    """The text under reconstruction, one marker group at a time."""

    text: str
    passages: Mapping[int, Hit]
    at: int = 0
    written: str = ""
    citations: list[Citation] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def take(self, group: re.Match[str]) -> None:
        """Write the text up to a marker group, then the markers of its known passages."""
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
        """Write the text after the last marker group."""
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
    """Return the words of a passage that support a claim: the claim if it is quoted, else the closest statement."""
    for wording in _wordings(claim):
        if span := found_in(wording, passage):
            return span
    claim_words = set(words(next(iter(_wordings(claim)[::-1]), claim)))
    options = statements(passage) or [Span(0, len(passage))]
    return max(options, key=lambda span: _overlap(claim_words, span.of(passage)))


def _wordings(claim: str) -> list[str]:
    """Return what a marker may refer to, longest first: the last paragraphs, the last line, a quotation, a sentence."""
    paragraphs = [part for part in re.split(r"\n\s*\n", claim) if part.strip()][-_PARAGRAPHS:]
    tails = ["\n\n".join(paragraphs[n:]) for n in range(len(paragraphs))]
    lines = [line for line in claim.splitlines() if line.strip()][-1:]
    quoted = [span.of(claim) for span in quotations(claim)]
    last = [span.of(claim) for span in sentences(claim)][-1:]
    return [wording.strip() for wording in (*tails, *lines, *quoted, *last) if len(words(wording)) >= 2]


def _overlap(claim_words: set[str], statement: str) -> float:
    have = set(words(statement))
    # Dividing by the root of the length keeps long lists from winning by length alone.
    return len(claim_words & have) / (len(have) ** 0.5 or 1)


def _citation(marker: str, hit: Hit, span: Span) -> Citation:
    passage = hit.passage
    start, end = passage.start + span.start, passage.start + span.end
    return cited_from(hit.imprint, marker, replace(passage, text=span.of(passage.text), start=start, end=end))


def imprint_of(cited: Citation) -> Imprint:
    """Return what a citation kept of the imprint of its source."""
    day = date.fromisoformat(cited.facts_as_of) if cited.facts_as_of else None
    original = (cited.original or cited.title) if cited.summary else ""
    return Imprint(cited.title, cited.url, updated=day, state=cited.state, original=original)


def cited_from(imprint: Imprint, marker: str, cited: Passage) -> Citation:
    """Return a citation of exactly the words of a passage, with all that the imprint says of their source."""
    return Citation(
        marker=marker,
        document=cited.document,
        version=cited.version,
        title=imprint.title,
        url=imprint.url,
        section=cited.section,
        quote=cited.text,
        start=cited.start,
        end=cited.end,
        state=imprint.state,
        summary=imprint.summary,
        facts_as_of=imprint.facts_as_of,
        original=original_of(imprint),
    )


def _unquoted(text: str, known: QuotationSources) -> tuple[str, list[str]]:
    """Return the text without marks around words that may not be quoted, and those of these that no source has."""
    lost: list[str] = []
    for span in reversed(quotations(text)):
        inner = span.of(text)
        if not known.may_be_quoted(inner):
            text = text[: span.start - 1] + inner + text[span.end + 1 :]
            lost[:0] = [] if known.summed_up(inner) else [inner]
    for span in reversed(quoted_lines(text)):
        inner = span.of(text)
        if known.summed_up(inner) and not known.may_be_quoted(inner):
            text = text[: text.rfind("\n", 0, span.start) + 1] + text[span.start :]
    return text, lost


# Each citation of each check searches the draft's text and its sources, and flattening them takes most of that time.
@lru_cache(maxsize=64)
def _flat(text: str) -> tuple[str, list[int]]:
    """Return a text in one notation, and the original position of each of its characters.

    Each sign has one shape, words are separated by one space, and list bullets are left out.
    """
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
