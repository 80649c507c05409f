"""Citations of a revised draft: a sentence keeps the markers it rests on, and a lost citation is reported."""

from collections.abc import Iterator, Mapping, Sequence

from humphrey.checks.agreement.words import ParsedSentence, parse_passage
from humphrey.checks.sentences import MARKERS, cited_in, states_fact
from humphrey.documents.sources import source_name
from humphrey.papers.draft import Citation, Draft, Finding
from humphrey.text.sentences import Span, sentences

# A sentence that a model left without a marker rests on a quotation if that has this share of its content words, of
# which it has at least three.
_SHARE, _FEWEST = 0.6, 3


def keep_markers(before: Draft, text: str, *, reworded: bool = False) -> str:
    """Return a new wording in which each sentence has the markers that it rested on before.

    Args:
        before: the draft that was revised.
        text: the new wording.
        reworded: whether sentences may have new words, so that one without a marker is compared with the quotations.
    """
    rests = _rests(before)
    after = Draft(before.commission, before.status, text, before.model, before.citations)
    wanted = [(span, _markers(after, span, rests, before.citations if reworded else ())) for span in sentences(text)]
    for n, (span, markers) in reversed(list(enumerate(wanted))):
        following = wanted[n + 1][1] if n + 1 < len(wanted) else ()
        # One marker after the last item covers a lead-in and short items, as in a quotation.
        if markers and (states_fact(span.of(text), before) or markers != following):
            text = f"{text[: span.end]} {''.join(f'[{each}]' for each in markers)}{text[span.end :]}"
    return text


def lost(before: Draft, after: Draft) -> Iterator[Finding]:
    """Yield a finding that names the citations which a revision lost: blocking if none is left, else a warning."""
    gone = [cited for cited in before.citations if not any(_overlap(cited, each) for each in after.citations)]
    if gone and not after.citations:
        message = "the draft cited passages, and as it was changed, it cites none; tell it again, or amend it"
        yield Finding("citations_resolve", "block", message)
    elif gone:
        named = ", ".join(f"[{each.marker}] {source_name(each)}" for each in gone)
        message = f"the draft no longer cites what it cited as {named}; check that nothing left in it rests on that"
        yield Finding("citations_resolve", "warn", message)


def _rests(before: Draft) -> Mapping[str, tuple[str, ...]]:
    """Return the markers that each sentence of a draft rests on, by its words without them."""
    spans = sentences(before.text)
    return {_plain(span.of(before.text)): tuple(cited_in(before, span)) for span in spans}


def _markers(
    after: Draft, span: Span, rests: Mapping[str, tuple[str, ...]], quotations: Sequence[Citation]
) -> tuple[str, ...]:
    """Return the markers that a sentence lacks; none if it, or the quotation that it is part of, has its own."""
    sentence = span.of(after.text)
    if any(f"[{marker}]" in after.text for marker in cited_in(after, span)):
        return ()
    return rests.get(_plain(sentence), ()) or _supporting(sentence, after, quotations)


def _supporting(sentence: str, draft: Draft, quotations: Sequence[Citation]) -> tuple[str, ...]:
    content = ParsedSentence(sentence).content
    if not states_fact(sentence, draft) or len(content) < _FEWEST:
        return ()
    shares = {each.marker: len(content & parse_passage(each.quote).content) / len(content) for each in quotations}
    best = max(shares, key=lambda marker: shares[marker], default="")
    return (best,) if best and shares[best] >= _SHARE else ()


def _plain(sentence: str) -> str:
    return MARKERS.sub("", sentence).strip()


def _overlap(one: Citation, other: Citation) -> bool:
    return one.document == other.document and one.start < other.end and other.start < one.end
