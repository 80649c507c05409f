"""HTML of the search of the record and of disclosure packs; the auditor sees the whole text with every redaction."""

from collections.abc import Mapping, Sequence

from humphrey.accounts.model import Person
from humphrey.records.disclosure.model import (
    REGIMES,
    DisclosurePack,
    PackItem,
    Redaction,
    RedactionStatus,
    SearchCriteria,
    SearchResult,
)
from humphrey.records.disclosure.service import OpenedPack
from humphrey.text.dates import local_date
from humphrey.web import layout
from humphrey.web.draft_view import format_date
from humphrey.web.escaping import MarkedSpan, as_html, safe
from humphrey.web.provenance_view import count_of

_PATH = "/disclosures"


_STANDS: dict[RedactionStatus, str] = {"suggested": "Not decided", "confirmed": "Taken out", "removed": "Stays in"}


_YOURS = (
    "Suggested are personal data that has a shape, and names with a title, a common given name or a signature, or of "
    "people known here. Any other name, and whatever else should not be given out, is for you to find."
)


def listing(person: Person, packs: Sequence[DisclosurePack], kinds: Mapping[str, str]) -> str:
    """Return the page of all packs with the search form; `kinds` are the titles of the kinds of paper."""
    items = "".join(f"<li>{_pack(pack)}</li>" for pack in packs)
    held = f'<ul class="plain sent-list">{items}</ul>' if packs else '<p class="hint">There is none yet.</p>'
    body = (
        "<h1>Disclosure</h1><p>Search the record for a person who may ask for what it holds. Each search is recorded, "
        f"without its words.</p>{_search(SearchCriteria(), kinds)}<h2>Packs</h2>{held}"
    )
    return _page("Disclosure", body, person)


def results(person: Person, criteria: SearchCriteria, found: SearchResult, kinds: Mapping[str, str]) -> str:
    """Return the results of a search, with the form that makes a pack of them."""
    rows = "".join(
        f'<tr><td>{format_date(local_date(piece.at))}</td><th scope="row">{safe(piece.what)}</th>'
        f"<td>{safe(piece.by)}</td>"
        f'<td dir="auto">{safe(_short(piece.text))}</td></tr>'
        for piece in found.pieces
    )
    table = (
        '<table class="held"><caption class="unseen">What was found</caption><thead><tr><th scope="col">Day</th>'
        '<th scope="col">What</th><th scope="col">Whose</th><th scope="col">It begins</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>{_open(criteria)}"
    )
    body = f"<h1>What was found</h1><p>{_search_summary(found)}</p>{table if found.pieces else ''}<h2>Search again</h2>"
    return _page("What was found", body + _search(criteria, kinds), person)


def pack_page(person: Person, held: OpenedPack) -> str:
    """Return the page of one pack: its texts with every redaction, the open decisions, and the actions."""
    pack = held.pack
    title = f"Disclosure pack {pack.reference}"
    items = "".join(_item(held, item) for item in pack.items)
    body = (
        f"<h1>{safe(title)}</h1><p>{_state(pack)}</p>"
        f'<div class="notice"><p>{_YOURS}</p></div>{_send(pack)}'
        f'<form method="post" action="{_PATH}/{safe(pack.id)}/decide">{items}{_save(pack)}</form>'
        f"{_add(pack)}{_leave_out(pack)}"
    )
    return _page(title, body, person)


def _page(title: str, body: str, person: Person) -> str:
    return layout.page(title, body, person=person, path=_PATH, wide=True)


def _search(criteria: SearchCriteria, kinds: Mapping[str, str]) -> str:
    options = "".join(
        f'<option value="{safe(kind)}"{" selected" if kind == criteria.kind else ""}>{safe(title)}</option>'
        for kind, title in {"": "Every kind", **kinds}.items()
    )
    return (
        f'<form method="post" action="{_PATH}/search" class="fields">'
        f"{_field('person', 'Person', criteria.person, 'Texts that name them, or are theirs.')}"
        f"{_field('words', 'Words', criteria.words, 'Texts that hold all of these.')}"
        f'<p><label for="kind">Kind of paper</label><select id="kind" name="kind">{options}</select></p>'
        f"{_field('since', 'From', str(criteria.since or ''), 'A day in London.', 'date')}"
        f"{_field('until', 'Until', str(criteria.until or ''), 'A day in London.', 'date')}"
        '<p><button class="go">Search the record</button></p></form>'
    )


def _open(criteria: SearchCriteria) -> str:
    hidden_fields = "".join(
        f'<input type="hidden" name="{name}" value="{safe(value or "")}">' for name, value in vars(criteria).items()
    )
    regimes = "".join(
        f'<p><label><input type="radio" name="regime" value="{name}" required> A {safe(called)}</label></p>'
        for name, called in REGIMES.items()
    )
    return (
        f'<h2>Make a pack of it</h2><form method="post" action="{_PATH}" class="fields">{hidden_fields}'
        f"<fieldset><legend>What it is for</legend>{regimes}</fieldset>"
        f"{_field('reference', 'Reference of the request', '', 'It stands in what is given out.')}"
        '<p><button class="go">Make a pack</button></p></form>'
    )


def _field(name: str, label: str, value: str, hint: str, kind: str = "text") -> str:
    said = f' <span class="hint" id="{name}-hint">{safe(hint)}</span>' if hint else ""
    described = f' aria-describedby="{name}-hint"' if hint else ""
    return (
        f'<p><label for="{name}">{safe(label)}</label>{said}'
        f'<input id="{name}" name="{name}" type="{kind}" value="{safe(value)}" maxlength="200"{described}></p>'
    )


def _search_summary(found: SearchResult) -> str:
    parts = [f"{count_of(len(found.pieces), 'text')} of {found.looked_at:,} that were looked at"]
    if found.disposed:
        parts.append(f"the words of {count_of(len(found.disposed), 'review')} were disposed of")
    if found.withheld:
        parts.append(
            f"{len(found.withheld):,} more rest on guidance that you may not read; a disclosure officer can search them"
        )
    if found.by_right:
        parts.append(f"{found.by_right} of them you see by the right to disclose alone, which is on the record")
    if found.unreadable:
        parts.append(f"{len(found.unreadable)} could not be read: {safe(', '.join(found.unreadable))}")
    return "; ".join(parts) + "."


def _pack(pack: DisclosurePack) -> str:
    link = f'<a href="{_PATH}/{safe(pack.id)}">{safe(pack.reference or "given up")}</a>'
    return f'<p>{link}</p><p class="hint">{_state(pack)} By {safe(pack.by)}, {format_date(local_date(pack.at))}.</p>'


def _state(pack: DisclosurePack) -> str:
    if pack.review:
        return f"Sent for clearance as review {safe(pack.review)}."
    if not pack.items:
        return "Given up."
    left = len(pack.undecided)
    return (
        f"{count_of(len(pack.items), 'text')}. {count_of(left, 'suggestion')} to decide on." if left else "All decided."
    )


def _send(pack: DisclosurePack) -> str:
    if pack.review or pack.undecided or not pack.items:
        return ""
    return (
        f'<form method="post" action="{_PATH}/{safe(pack.id)}/send">'
        '<p><button class="go">Send it for clearance</button></p></form>'
    )


def _add(pack: DisclosurePack) -> str:
    if pack.review or not pack.items:
        return ""
    return (
        f'<h2>Take other words out</h2><form method="post" action="{_PATH}/{safe(pack.id)}/add" class="fields">'
        f"{_field('words', 'Words', '', 'Wherever they stand in the pack.')}"
        f"{_field('reason', 'Reason', '', 'It is given out in their place.')}"
        '<p><button class="go">Take them out</button></p></form>'
    )


def _item(held: OpenedPack, item: PackItem) -> str:
    marks = [mark for mark in held.pack.marks if mark.item == item.n]
    text = held.texts[item.n]
    spans = [MarkedSpan(mark.start, mark.end, f"redaction {mark.standing}", f"mark-{mark.n}") for mark in marks]
    out = f'<p class="warning">Left out: {safe(item.left_out)}</p>' if item.left_out else ""
    return (
        f'<section><h2 id="item-{item.n}">{item.n}. {safe(item.what)}, {format_date(local_date(item.at))}</h2>{out}'
        f'<div class="words">{as_html(text, spans)}</div>{_decisions(held.pack, marks, text)}</section>'
    )


def _decisions(pack: DisclosurePack, marks: Sequence[Redaction], text: str) -> str:
    if not marks:
        return '<p class="hint">Nothing was suggested here.</p>'
    return "".join(_decision(pack, mark, text[mark.start : mark.end]) for mark in marks)


def _decision(pack: DisclosurePack, mark: Redaction, words: str) -> str:
    legend = f'<a href="#mark-{mark.n}">{safe(words)}</a>: {safe(mark.reason)}'
    if pack.review:
        return f"<p>{legend}. {_STANDS[mark.standing]}.</p>"
    choices = "".join(
        f'<label><input type="radio" name="mark-{mark.n}" value="{standing}"'
        f"{' checked' if mark.standing == standing else ''}> {_STANDS[standing]}</label> "
        for standing in ("confirmed", "removed")
    )
    return f'<fieldset class="decision {mark.standing}"><legend>{legend}</legend><p>{choices}</p></fieldset>'


def _save(pack: DisclosurePack) -> str:
    if pack.review or not pack.marks:
        return ""
    return '<p class="keep"><button class="go">Save these decisions</button></p>'


def _leave_out(pack: DisclosurePack) -> str:
    if pack.review or not pack.items:
        return ""
    here = f"{_PATH}/{safe(pack.id)}"
    options = "".join(f'<option value="{item.n}">{item.n}. {safe(item.what)}</option>' for item in pack.items)
    return (
        f'<h2>Leave a text out</h2><form method="post" action="{here}/leave-out" class="fields">'
        f'<p><label for="item">Which</label><select id="item" name="item">{options}</select></p>'
        f"{_field('why', 'Reason', '', 'It is given out instead. Empty: take the text in again.')}"
        '<p><button class="go">Leave it out</button></p></form>'
        f'<h2>Give the pack up</h2><form method="post" action="{here}/drop">'
        "<p>Nothing of it is given out, and no disposal waits for it any more.</p>"
        '<p><button class="go quiet">Give it up</button></p></form>'
    )


def _short(text: str, limit: int = 90) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
