"""The deciding words of an answer: in its first quoted sentence, what must or may be, what is denied, and the figures.

They are found in the text whenever it is shown. Nothing of them is stored, and no word of the text is changed.
"""

import re

from humphrey.calculations.comparing import quantities
from humphrey.papers.citations import found_in
from humphrey.papers.draft import Draft
from humphrey.text.figures import figures
from humphrey.text.sentences import Span, sentences

_DECIDES = re.compile(
    r"\b(?:must(?: not| never)?|shall(?: not)?|should(?: not)?|may(?: not| only)?|can(?:not| not| never| only)?"
    r"|never|do(?:es)? not(?: have to| need to)?|need not|(?:is|are|was|were) not|no|not|only|wrong)\b",
    re.IGNORECASE,
)


# Before the number of a provision, which names a place and decides nothing: "section 36 needs".
_PROVISION = re.compile(
    r"\b(?:articles?|chapters?|paragraphs?|parts?|regulations?|rules?|schedules?|sections?)\s+$", re.IGNORECASE
)


def deciding_words(draft: Draft) -> list[Span]:
    """Return the deciding words of an answer as characters of its text, in order; empty without a quotation."""
    lead = _lead(draft)
    if lead is None:
        return []
    said = lead.of(draft.text)
    found = [Span(*match.span()) for match in _DECIDES.finditer(said)]
    found += [Span(each.start, each.start + len(each.said)) for each in quantities(said)]
    found += [Span(each.start, each.end) for each in figures(said)]
    found = [span for span in found if not _PROVISION.search(said[: span.start])]
    return [Span(lead.start + start, lead.start + end) for start, end in _joined(sorted(found))]


def _lead(draft: Draft) -> Span | None:
    """Return the first sentence of the first quotation; None for another paper than an answer, or without one."""
    if draft.commission.kind != "answer" or draft.commission.task or not draft.citations:
        return None
    place = found_in(draft.citations[0].quote, draft.text)
    first = next((span for span in sentences(draft.text) if place and span.end > place.start), None)
    return Span(max(first.start, place.start), min(first.end, place.end)) if first and place else None


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined
