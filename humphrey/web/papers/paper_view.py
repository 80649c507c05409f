"""HTML of a drafted paper beside its form: its words with their origins, what it needs, its note, and the sending."""

from collections.abc import Mapping, Sequence

from humphrey.delivery.outlets import OUTLETS
from humphrey.documents.model import DocumentLookup
from humphrey.papers.assembly.sections import NEEDS
from humphrey.papers.destinations import Destination
from humphrey.papers.draft import Draft
from humphrey.papers.facts import missing_facts
from humphrey.papers.kind import Paper
from humphrey.papers.origins import Origin, origins_of
from humphrey.web import copy_text, draft_view, provenance_view
from humphrey.web.escaping import MarkedSpan, as_html, safe

_ORIGIN, _NEED = "o-", "n-"
"""Before the numbers of the marks of words with an origin, and of places that need a fact."""


_HOW = "Point at an underlined name, figure or date, or move to it with Tab, to see where it comes from."


def draft(written: Draft, paper: Paper, key: str, lookup: DocumentLookup) -> str:
    """Return a drafted paper; `key` keeps its ids apart from those of other drafts."""
    origins = origins_of(paper, written)
    return (
        f'<article class="draft {written.status}"><p class="label">'
        f'<strong class="tag">{copy_text.NOT_CLEARED}</strong> '
        f'<span>{draft_view.status_line(written)}</span> <strong class="marking">{safe(written.commission.marking)}'
        f"</strong></p>{needed(written, paper)}"
        f'<p class="hint">{_HOW}</p><div class="words" id="paper-words">{words(written, key, origins)}</div>'
        f"{_leads(written, paper, origins)}{copy_text.of_draft(written, key)}{provenance_view.note(written)}"
        f"{draft_view.due(written)}{draft_view.workings(written)}"
        f"{draft_view.citations(written.citations, key, lookup)}{provenance_view.findings(written.findings)}"
        f"{provenance_view.byline(written)}{provenance_view.provenance(written)}</article>"
    )


def words(written: Draft, key: str, origins: Sequence[Origin]) -> str:
    """Return the text with the places that need a fact and the words with an origin marked, each with an id."""
    spans = [MarkedSpan(f.start, f.end, f"finding-{f.level}") for f in written.findings if f.end > f.start]
    places = enumerate(NEEDS.finditer(written.text))
    spans += [MarkedSpan(*place.span(), "needs", f"{_NEED}{n}") for n, place in places]
    spans += [MarkedSpan(each.start, each.end, "origin", f"{_ORIGIN}{n}") for n, each in enumerate(origins)]
    return as_html(written.text, spans, draft_view.citation_targets(written.citations, key))


def needed(written: Draft, paper: Paper) -> str:
    """Return the facts that are missing, each with a link to its field."""
    missing = missing_facts(paper, written.commission.facts)
    if not missing:
        return ""
    items = "".join(f'<li><a href="#f-{safe(each.name)}">{safe(each.label)}</a></li>' for each in missing)
    count = provenance_view.count_of(len(missing), "fact")
    verb = "is" if len(missing) == 1 else "are"
    return f'<section class="missing"><h3>{count} {verb} missing</h3><ul>{items}</ul></section>'


def sending(destinations: Mapping[str, Destination]) -> str:
    """Return the form that sends the paper for clearance."""
    available = [OUTLETS[name] for name, destination in destinations.items() if not destination.unavailable]
    buttons = "".join(
        f'<span class="box"><input type="radio" id="outlet-{safe(each.name)}" name="outlet" value="{safe(each.name)}" '
        f'data-address="{safe(each.address_label)}"{" checked" if each.name == "web" else ""}>'
        f'<label for="outlet-{safe(each.name)}">{safe(each.label)}</label></span>'
        for each in available
    )
    return (
        f'<form id="paper-sending" novalidate><fieldset class="options"><legend>Once it is released</legend>{buttons}'
        '</fieldset><div class="field" id="paper-address" hidden><label for="f-address"></label><span class="hint" '
        'id="h-address">Nobody else is written to, and the reviewer approves this very address.</span>'
        '<input id="f-address" class="middle" autocomplete="off" spellcheck="false" aria-describedby="h-address"></div>'
        '<p><button class="go" id="send-paper">Send for clearance</button></p></form>'
    )


def markings(paper: Paper, offered: Sequence[str]) -> str:
    """Return the choice of the marking; empty where the kind's own is the only one."""
    choices = list(dict.fromkeys((paper.marking, *offered)))
    if len(choices) == 1:
        return ""
    buttons = "".join(
        f'<span class="box"><input type="radio" id="marking-{n}" name="marking" value="{safe(each)}"'
        f'{" checked" if n == 0 else ""}><label for="marking-{n}">{safe(each)}</label></span>'
        for n, each in enumerate(choices)
    )
    return f'<fieldset class="options" id="marking"><legend>Marking of the paper</legend>{buttons}</fieldset>'


def _leads(written: Draft, paper: Paper, origins: Sequence[Origin]) -> str:
    """Return, for the script, the origin of each mark of the text and the input that it leads to."""
    leads = [_lead(f"{_ORIGIN}{n}", each.source, each.fact) for n, each in enumerate(origins)]
    leads += [_lead(f"{_NEED}{n}", "", name) for n, name in enumerate(_needed_fields(written, paper))]
    return f'<ul id="leads" hidden>{"".join(leads)}</ul>'


def _lead(mark: str, source: str, fact: str) -> str:
    to = f' data-to="f-{safe(fact)}"' if fact else ""
    return f'<li data-mark="{mark}"{to}>{safe(source)}</li>'


def _needed_fields(written: Draft, paper: Paper) -> list[str]:
    """Return the name of the missing fact for each place of the text that needs one, in order."""
    open_ones = [(each.field.label, each.name) for each in missing_facts(paper, written.commission.facts)]
    if paper.due and (field := paper.field(paper.due.counted_from)):
        open_ones.append((f"the due date, counted from {field.label!r}", field.id))
    found: list[str] = []
    for place in NEEDS.finditer(written.text):
        label = place[0].removeprefix("[needs: ").removesuffix("]")
        names = [name for each, name in open_ones if each == label]
        # A fact of rows is missing once a row, in the order of the text.
        unused = [name for name in names if name not in found]
        found.append((unused or names or [paper.fields[0].id])[0])
    return found
