"""HTML of an opened review: its text, with each finding first and at its words, and its history.

Links go both ways: between a number and its passage, a passage and the sentences that cite it, and a finding and its
words.
"""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote, urlencode

from humphrey.checks.sentences import cited_in, states_fact, worked_out
from humphrey.clearance.deciding.findings import passages_of
from humphrey.clearance.model import Comment, Review
from humphrey.clearance.source_changes import SourceChange
from humphrey.documents.model import DocumentLookup
from humphrey.papers.draft import Draft, Finding
from humphrey.text.sentences import sentences
from humphrey.web import copy_text, draft_view
from humphrey.web.clearance import passages_view, versions_view
from humphrey.web.clearance.review_view import DECIDED, decision_reasons, destination_and_marking, facts
from humphrey.web.escaping import MarkedSpan, as_html, safe, sentence
from humphrey.web.provenance_view import byline, count_of, missing, note, provenance

LEVELS = {"block": "Must be put right", "warn": "To be weighed", "suggest": "Might read better"}
"""Label of a finding's level for a reviewer."""


def review(opened: Review, lookup: DocumentLookup, now: datetime, changes: Sequence[SourceChange]) -> str:
    """Return a review as HTML: the text next to its passages, the findings, the workings and the history.

    Args:
        opened: the review.
        lookup: returns the documents that it cites.
        now: the present time.
        changes: the changes of these documents since the draft was sent.
    """
    beside = passages(opened, lookup)
    columns = f'<div class="columns"><section class="text">{_text(opened)}</section>{beside}</div>'
    return (
        f'<div class="review" id="review-{safe(opened.id)}">{_top(opened, now, changes)}{columns}{_rest(opened)}</div>'
    )


def reading(opened: Review, now: datetime, changes: Sequence[SourceChange]) -> str:
    """Return the same without the passages, for a page that shows them in a pane of their own."""
    shown = f'{_top(opened, now, changes)}<section class="text">{_text(opened)}</section>{_rest(opened)}'
    return f'<div class="review" id="review-{safe(opened.id)}">{shown}</div>'


def passages(opened: Review, lookup: DocumentLookup) -> str:
    """Return the passages of a review's draft."""
    return passages_view.passages(opened.draft, _key(opened), lookup)


def _key(opened: Review) -> str:
    return f"v{opened.id}"


def _top(opened: Review, now: datetime, changes: Sequence[SourceChange]) -> str:
    written = opened.draft
    return (
        f'<h2 class="asked" tabindex="-1" dir="auto">{safe(draft_view.title(written, 1000))}</h2>{_about(opened, now)}'
        f"{draft_view.due(written)}{_findings(written, _key(opened))}{missing(written)}{_source_changes(changes)}"
    )


def _text(opened: Review) -> str:
    written, key = opened.draft, _key(opened)
    return (
        f'<h3>The text</h3><article class="draft"><p class="label"><strong class="tag {opened.state}">'
        f"{_cleared(opened)}</strong> <span>{draft_view.status_line(written)}</span></p>"
        f'<div class="words">{_words(written, key)}</div></article>{note(written)}{_bare(written, key)}'
        f"{byline(written)}{provenance(written)}"
    )


def _rest(opened: Review) -> str:
    written, key = opened.draft, _key(opened)
    return (
        f"{facts(written)}{_conversation(written)}{draft_view.workings(written)}{_looked_at(written)}"
        f"{versions_view.version_list(opened, key)}{versions_view.authorship(opened, key)}{_decisions(opened)}"
    )


def comments(said: Sequence[Comment]) -> str:
    """Return the comments on a draft, oldest first."""
    if not said:
        return ""
    items = "".join(
        f'<li><p class="hint">{safe(each.by)}, {draft_view.format_time(each.at)}</p>{as_html(each.text)}</li>'
        for each in said
    )
    return f'<section class="comments"><h3>Comments</h3><ul class="plain">{items}</ul></section>'


def _cleared(opened: Review) -> str:
    """Return the label above a text: who cleared it, or that it is not cleared."""
    cleared = opened.state in {"approved", "released", "delivered"}
    return f"Cleared by {safe(opened.decisions[-1].reviewer)}" if cleared else copy_text.NOT_CLEARED


def _about(opened: Review, now: datetime) -> str:
    asked = opened.draft.commission
    handed = f" Handed to {safe(opened.handed_to)}." if opened.handed_to else ""
    return (
        f'<p class="hint">{safe(opened.name)} · {safe(asked.kind.replace("_", " "))} · '
        f"{safe(destination_and_marking(asked))} · "
        f"asked by {safe(asked.asked_by)}, {draft_view.format_age(opened.opened, now)}.{handed}</p>"
    )


def _words(written: Draft, key: str) -> str:
    """Return the text; each sentence has an id, and a number after the words of a finding links to the finding."""
    spans = [MarkedSpan(*place, "sentence", f"{key}-s{n}") for n, place in enumerate(sentences(written.text), 1)]
    spans += [
        MarkedSpan(each.start, each.end, f"finding-{each.level}", f"{key}-w{n}", f"{key}-f{n}", _number(n))
        for n, each in enumerate(written.findings, 1)
        if each.end > each.start
    ]
    # Not the deciding words: they would cut the sentence that a link from its passage leads to.
    spans += draft_view.conditions(written.text)
    return as_html(written.text, spans, draft_view.citation_targets(written.citations, key))


def _number(n: int) -> str:
    return f'<span class="unseen">finding </span>{n}'


def _findings(written: Draft, key: str) -> str:
    if not written.findings:
        return '<p class="hint">The checks found nothing to question.</p>'
    numbered = list(enumerate(written.findings, 1))
    grave = "".join(_finding(n, each, written, key) for n, each in numbered if each.level != "suggest")
    mild = "".join(_finding(n, each, written, key) for n, each in numbered if each.level == "suggest")
    shown = f'<h3>What the checks found</h3><ul class="plain">{grave}</ul>' if grave else ""
    many = count_of(sum(each.level == "suggest" for each in written.findings), "suggestion")
    folded = f'<details><summary>{many} on style</summary><ul class="plain">{mild}</ul></details>' if mild else ""
    return f'<section class="findings">{shown}{folded}</section>'


def _source_changes(changes: Sequence[SourceChange]) -> str:
    if not changes:
        return ""
    items = "".join(f'<li class="warn">{_source_change(each)}</li>' for each in changes)
    head = "<h3>What changed in the guidance it cites</h3>"
    return f'<section class="findings">{head}<ul class="plain">{items}</ul></section>'


def _source_change(change: SourceChange) -> str:
    here = f"/documents/{quote(change.document, safe='/')}"
    as_cited = f'<a href="{safe(here)}?{safe(urlencode({"version": change.version}))}">as it is cited</a>'
    today = "" if "removed" in change.what else f', <a href="{safe(here)}">as it is today</a>'
    return f"{safe(change.sentence)} {draft_view.format_time(change.at)}. Read it {as_cited}{today}."


def _finding(n: int, each: Finding, written: Draft, key: str) -> str:
    ways = [f'<a href="#{key}-w{n}">Show the words</a>'] if each.end > each.start else []
    ways += [f'<a href="#{key}-{safe(marker)}">Passage [{safe(marker)}]</a>' for marker in passages_of(written, each)]
    said = f'<strong><span class="number">{n}</span> {LEVELS[each.level]}:</strong> {safe(sentence(each.message))}'
    return f'<li class="{each.level}" id="{key}-f{n}">{said} {" ".join(ways)}</li>'


def _bare(written: Draft, key: str) -> str:
    """List the sentences without a citation, if others have one: computed by a rule, or stated by the author alone."""
    if not written.citations:
        return ""
    bare = [(n, place) for n, place in enumerate(sentences(written.text), 1) if not cited_in(written, place)]
    computed = [n for n, place in bare if worked_out(written, place)]
    alone = [n for n, place in bare if n not in computed and states_fact(place.of(written.text), written)]
    return _listed("Worked out by rule", computed, key) + _listed("Without a passage", alone, key)


def _listed(what: str, places: Sequence[int], key: str) -> str:
    links = ", ".join(f'<a href="#{key}-s{n}">sentence {n}</a>' for n in places)
    return f'<p class="bare">{what}: {links}.</p>' if links else ""


def _conversation(written: Draft) -> str:
    earlier = written.commission.earlier
    if not earlier:
        return ""
    items = "".join(f'<dt dir="auto">{safe(turn.question)}</dt><dd>{as_html(turn.answer)}</dd>' for turn in earlier)
    said = f"The conversation before it: {count_of(len(earlier), 'question')}"
    return f'<details class="turns"><summary>{said}</summary><dl>{items}</dl></details>'


def _looked_at(written: Draft) -> str:
    """List what was looked at; nothing of an older draft, of which nobody checked who may read all of it."""
    return draft_view.searched_documents(written) if written.given is not None else ""


def _decisions(opened: Review) -> str:
    if not opened.decisions:
        return ""
    items = "".join(
        f"<li><p><strong>{DECIDED[made.verdict]}</strong> by {safe(made.reviewer)}, "
        f"{draft_view.format_time(made.at)}</p>"
        f"{decision_reasons(made)}</li>"
        for made in opened.decisions
    )
    return f'<section class="decisions"><h3>Earlier decisions</h3><ul class="plain">{items}</ul></section>'
