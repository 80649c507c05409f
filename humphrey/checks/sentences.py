"""Checks of single sentences: each cites its source and agrees with the passages it cites.

A sentence is compared with what it cites, or, in a task on the asker's own text, with that text. Figures may also come
from computed results, the question or titles of documents read; names from the question or those titles.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial

from humphrey.checks.agreement import disagreements
from humphrey.checks.agreement.words import Disagreement, DisagreementKind, parse_passage
from humphrey.documents.model import DocumentLookup
from humphrey.papers.citations import found_in
from humphrey.papers.draft import Citation, Draft, Finding
from humphrey.papers.given import names_looked_at
from humphrey.papers.kind import Paper
from humphrey.papers.own_words import ours
from humphrey.text.figures import figures, values
from humphrey.text.sentences import Span, sentences, words

_MARKER = re.compile(r"\[(\d{1,3})\]")


MARKERS = re.compile(r"(?:\s?\[\d{1,3}\])+")
"""A row of markers, with the space before each."""


# Words of the name of a law or scheme, and what stands before the number of a provision.
_LAW = re.compile(r"\b(?:Acts?|Bill|Regulations?|Orders?|Directive|Scheme|Charter|Protocol|Circular|Concordat)\b")
_PROVISION = re.compile(
    r"\b(?:section|paragraph|para|regulation|article|schedule|clause|annex|chapter|rule)s?\s+$", re.IGNORECASE
)


# A sentence with fewer words states no fact that would need a citation.
_FACTUAL_WORDS = 5


# Characters of the document before and after a quotation that its sentence may also be based on.
_AROUND_QUOTE = 500


AGREEING: Mapping[str, tuple[DisagreementKind, ...]] = {
    "figures_agree": ("figure", "unit"),
    "names_agree": ("name",),
    "negation_agrees": ("negation",),
    "strength_agrees": ("strength",),
    "roles_agree": ("roles", "doer"),
    "limits_agree": ("bound", "quantity"),
    "conditions_kept": ("condition",),
    "claim_supported": ("support",),
}
"""The kinds of disagreement that each check of a sentence against its sources reports."""


_CHECK_OF = {kind: name for name, kinds in AGREEING.items() for kind in kinds}


SENTENCE_CHECKS = ("sentences_cited", *AGREEING)
"""The names of all checks of single sentences, as a paper lists them."""


def sentences_cited(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about each sentence that states a fact without citing a passage or giving a computed result."""
    if draft.status in {"not_in_guidance", "clarify"} or _own_text(draft):
        return
    for span in sentences(draft.text):
        if states_fact(span.of(draft.text), draft) and not cited_in(draft, span) and not worked_out(draft, span):
            message = "this sentence cites no passage; check it against the guidance"
            yield Finding("sentences_cited", "warn", message, *span)


def worked_out(draft: Draft, span: Span) -> bool:
    """Return whether computed results support a sentence: they contain its words, or all of its figures."""
    sentence, told = span.of(draft.text), _computed(draft)
    figured = {figure.value for figure in figures(sentence)}
    return sentence in told or bool(figured and figured <= values(told))


def figures_agree(draft: Draft, _paper: Paper, lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about each number, date, amount or share that its sources do not contain with the same unit.

    Sources are what the sentence cites, computed results, the question and the titles of documents read.
    """
    yield from disagreements_found(draft, lookup)["figures_agree"]


def names_agree(draft: Draft, _paper: Paper, lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about each name that the cited passages lack or use elsewhere, unless the question or a title has it."""
    yield from disagreements_found(draft, lookup)["names_agree"]


def negation_agrees(draft: Draft, _paper: Paper, lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about each sentence that negates what its source affirms, or the reverse."""
    yield from disagreements_found(draft, lookup)["negation_agrees"]


def strength_agrees(draft: Draft, _paper: Paper, lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about each sentence that changes the strength of its source: "must", "should" or "may"."""
    yield from disagreements_found(draft, lookup)["strength_agrees"]


def roles_agree(draft: Draft, _paper: Paper, lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about each sentence that changes who does something, or to whom, compared with its source."""
    yield from disagreements_found(draft, lookup)["roles_agree"]


def limits_agree(draft: Draft, _paper: Paper, lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about a bound that its source has from the other side, and about all, some or only said otherwise."""
    yield from disagreements_found(draft, lookup)["limits_agree"]


def conditions_kept(draft: Draft, _paper: Paper, lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about each sentence that leaves out a condition or exception of its source, or turns "unless" into "if"."""
    yield from disagreements_found(draft, lookup)["conditions_kept"]


def claim_supported(draft: Draft, _paper: Paper, lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about each sentence or clause of which its sources say too little, or not in one sentence."""
    yield from disagreements_found(draft, lookup)["claim_supported"]


def disagreements_found(draft: Draft, lookup: DocumentLookup) -> Mapping[str, Sequence[Finding]]:
    """Return the findings of the checks in `AGREEING` by their names; a sentence is compared with its sources once."""
    found: dict[str, list[Finding]] = {name: [] for name in AGREEING}
    vouched = _Vouched(draft, lookup)
    text = _without_names(draft)
    for span, sources in _sourced(draft, lookup):
        sentence = MARKERS.sub(lambda found: " " * len(found[0]), span.of(text)).rstrip()
        for each in disagreements(sentence, sources.cited, around=sources.around, headings=sources.headings):
            if not vouched(each, sentence):
                name = _CHECK_OF[each.kind]
                found[name].append(Finding(name, "warn", each.message, span.start + each.start, span.start + each.end))
    found["figures_agree"] += _figures_uncited(draft, lookup)
    return found


class _Vouched:
    """Decides whether something other than the cited passages supports the words of a disagreement."""

    def __init__(self, draft: Draft, lookup: DocumentLookup) -> None:
        self._whole = cache(partial(_whole_sources, draft, lookup))
        self._figures = _vouched_figures(draft)
        self._words = frozenset(words(" ".join((_given(draft), *_names(draft)))))
        self._said = parse_passage(draft.text)

    def __call__(self, found: Disagreement, sentence: str) -> bool:
        said = sentence[found.start : found.end]
        # Who asks about a law may be mistaken in it, so the question does not vouch for one.
        if law := _law_at(found, sentence):
            return law in self._whole()
        if found.kind == "figure":
            return values(said) <= self._figures
        if found.left_out:
            left_out = parse_passage(found.left_out).content
            # Another sentence of the draft may state the condition.
            return 2 * len(left_out & self._said.content) > len(left_out)
        named = found.kind == "name" or (found.kind == "doer" and said[0].isupper() and found.start > 0)
        return named and set(words(said)) <= self._words


def _law_at(found: Disagreement, sentence: str) -> str:
    """Return the law, scheme or numbered provision that a disagreement is about, in plain form; empty if it is none."""
    said = sentence[found.start : found.end]
    if found.kind == "name" and _LAW.search(said):
        return _plain(said)
    provision = _PROVISION.search(sentence[: found.start]) if found.kind == "figure" else None
    return _plain(provision[0] + said) if provision else ""


def _whole_sources(draft: Draft, lookup: DocumentLookup) -> str:
    """Return the names and whole texts of the cited documents, what was computed, and a pasted text, in plain form."""
    wanted = dict.fromkeys((citation.document, citation.version) for citation in draft.citations)
    texts = (held.text for held in (lookup(*which) for which in wanted) if held)
    return _plain(" ".join((*_names(draft), _computed(draft), _own_text(draft), *texts)))


def _plain(text: str) -> str:
    return " ".join(words(text))


@dataclass(frozen=True)
class _Sources:
    """The quotations that a sentence cites, the text around them, and the titles and headings above them."""

    cited: Sequence[str]
    around: Sequence[str]
    headings: Sequence[str]


def _sourced(draft: Draft, lookup: DocumentLookup) -> Iterator[tuple[Span, _Sources]]:
    """Yield each sentence that has sources, with its sources."""
    own = [_own_text(draft)] if _own_text(draft) else []
    computed = [_computed(draft)] if draft.workings else []
    known = {citation.marker: citation for citation in draft.citations}
    around = {marker: _around(citation, lookup) for marker, citation in known.items()}
    for span in sentences(draft.text):
        if ours(span.of(draft.text), draft):
            continue
        cited = [known[marker] for marker in cited_in(draft, span)]
        if cited or own:
            quotes = [citation.quote for citation in cited]
            passages = [around[citation.marker] for citation in cited]
            headings = [heading for citation in cited for heading in (citation.title, *citation.section)]
            yield span, _Sources(quotes + own, passages + computed, headings)


def _figures_uncited(draft: Draft, lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about figures in uncited sentences that no cited passage, computed result, question or title contains."""
    if _own_text(draft):
        return
    text = _without_names(draft)
    stated = [
        (span, found)
        for span in sentences(draft.text)
        if not cited_in(draft, span) and not ours(span.of(draft.text), draft) and (found := figures(span.of(text)))
    ]
    if not stated:
        return
    contexts = (_around(citation, lookup) for citation in draft.citations)
    allowed = _vouched_figures(draft).union(*map(values, contexts))
    for span, found in stated:
        for figure in found:
            if figure.value not in allowed:
                said = span.of(draft.text)[figure.start : figure.end]
                message = f"{said!r} is in no passage that the draft cites; check the figure"
                yield Finding("figures_agree", "warn", message, span.start + figure.start, span.start + figure.end)


def _vouched_figures(draft: Draft) -> frozenset[str]:
    return values(_given(draft)) | values(_computed(draft)) | values(" ".join(_names(draft)))


def _names(draft: Draft) -> list[str]:
    return [title for _, title in draft.looked_at]


def _without_names(draft: Draft) -> str:
    """Return the text with blanks for the names of summaries: their day is no claim, and stands for no other figure."""
    text = draft.text
    for (_, title), name in zip(draft.looked_at, names_looked_at(draft), strict=True):
        text = text if name == title else text.replace(name, " " * len(name))
    return text


def _given(draft: Draft) -> str:
    return " ".join((draft.commission.text, *(turn.question for turn in draft.commission.earlier)))


def _computed(draft: Draft) -> str:
    return " ".join(f"{working.result} {working.explanation}" for working in draft.workings)


def _own_text(draft: Draft) -> str:
    """Return the pasted text that a task works on; empty if there is none or the text was attached."""
    return draft.commission.text if draft.commission.task and not draft.commission.attached else ""


def states_fact(sentence: str, draft: Draft) -> bool:
    """Return whether a sentence states a fact: not a question, a lead-in, a short sentence or humphrey's own notice."""
    return len(words(sentence)) >= _FACTUAL_WORDS and not ours(sentence, draft) and not sentence.endswith(("?", ":"))


def cited_in(draft: Draft, span: Span) -> list[str]:
    """Return the markers of a sentence: its own, or the marker of the quotation that the sentence is part of."""
    known = {citation.marker for citation in draft.citations}
    own = [marker for marker in _MARKER.findall(span.of(draft.text)) if marker in known]
    if own:
        return own
    # A quotation may have several sentences or list items, with one marker after the last.
    for marker, place in _quoted(draft.text, tuple((each.marker, each.quote) for each in draft.citations)):
        if place.start <= span.start and span.end <= place.end:
            return [marker]
    return []


# Three checks ask this of every sentence of a draft.
@lru_cache(maxsize=8)
def _quoted(text: str, quotes: tuple[tuple[str, str], ...]) -> tuple[tuple[str, Span], ...]:
    """Return the markers of the quotations that stand in a text, each with its place."""
    places = ((marker, found_in(quote, text)) for marker, quote in quotes)
    return tuple((marker, place) for marker, place in places if place)


def _around(citation: Citation, lookup: DocumentLookup) -> str:
    document = lookup(citation.document, citation.version)
    if document is None:
        return citation.quote
    # The text around a quotation often has the year or the unit that its sentence leaves out.
    return document.text[max(0, citation.start - _AROUND_QUOTE) : citation.end + _AROUND_QUOTE]
