"""HTML of a stored document: its state, and its text with a span marked or its passages."""

from collections.abc import Collection
from urllib.parse import quote, urlencode

from humphrey.accounts.model import Person
from humphrey.documents.audiences import is_reserved
from humphrey.documents.model import Document, Imprint, Passage, split
from humphrey.documents.sources import original_of, source_name
from humphrey.web import layout
from humphrey.web.draft_view import format_date
from humphrey.web.escaping import MarkedSpan, as_html, link, safe


def document_page(
    held: Document,
    quoted: MarkedSpan | None,
    person: Person,
    audience: Collection[str],
    *,
    version: str,
    passages: bool,
    removable: bool,
) -> str:
    """Return the page of a document as HTML.

    Args:
        held: the document.
        quoted: span of the text to mark, if any.
        person: the signed-in reader.
        audience: groups that may read it; empty for everyone.
        version: version asked for; empty for the current one.
        passages: whether to show its passages instead of the whole text.
        removable: whether to offer its removal.
    """
    about = held.imprint
    facts = [
        f"The original: {original_of(about)}" if about.summary else about.publisher,
        f"updated {format_date(about.updated)}" if about.updated and not about.summary else "",
        about.licence,
        f"for {readers(audience)}",
    ]
    words = _cut(held, version) if passages else f'<article class="words">{_whole(held, quoted)}</article>'
    body = (
        f'<h1 dir="auto">{safe(source_name(about))}</h1>{_standing(about)}'
        f'<p class="hint">{safe(" · ".join(fact for fact in facts if fact))}</p>'
        f"{_ways(held, version, passages, removable)}{words}"
    )
    return layout.page(source_name(about), body, person=person)


def address(document_id: str, **asked: object) -> str:
    """Return the address of a document, escaped for an attribute; empty values are left out of the query."""
    query = urlencode({name: value for name, value in asked.items() if value})
    return safe(f"/documents/{quote(document_id, safe='/')}{'?' if query else ''}{query}")


def readers(audience: Collection[str]) -> str:
    """Return the readers of a document, in words."""
    if any(map(is_reserved, audience)):
        return "the person who attached it, and the reviewers of a draft that cites it"
    return f"group {', '.join(sorted(audience))}" if audience else "everyone"


def _standing(about: Imprint) -> str:
    """Return warnings if the document is no longer current."""
    said = [*_state(about), *_history(about)]
    return "".join(f'<p class="warning">{each}</p>' for each in said)


def _state(about: Imprint) -> list[str]:
    if about.state == "superseded":
        return [f"This guidance has been replaced{_by(about, 'by')}."]
    if about.state == "moved":
        return [f"This guidance has moved{_by(about, 'to')}."]
    if about.state == "withdrawn":
        when = f" on {format_date(about.withdrawn_at)}" if about.withdrawn_at else ""
        return [f"This guidance was withdrawn{when}. {safe(about.reason)}".strip()]
    return []


def _by(about: Imprint, how: str) -> str:
    return f" {how} {link(about.replaced_by, about.replaced_by)}" if about.replaced_by else ""


def _history(about: Imprint) -> list[str]:
    if not about.history:
        return []
    return [f"This was published under the {safe(about.history)}. It may not be what the government of today says."]


def _ways(held: Document, version: str, passages: bool, removable: bool) -> str:
    ways = [
        f'<a href="{address(held.id, version=version)}">Read it in one piece</a>'
        if passages
        else f'<a href="{address(held.id, version=version, passages=1)}">Read its passages</a>'
    ]
    if held.imprint.url:
        ways.insert(0, link(held.imprint.url, "The original"))
    if removable:
        ways.append(f'<a href="/guidance/remove?{safe(urlencode({"document": held.id}))}">Remove it</a>')
    return f'<p class="ways">{" · ".join(ways)}</p>'


def _whole(held: Document, quoted: MarkedSpan | None) -> str:
    spans = [quoted] if quoted else []
    levels = {heading.start: f"h{min(max(heading.level, 1) + 1, 6)}" for heading in held.headings}
    return as_html(held.text, spans, headings=levels)


def _cut(held: Document, version: str) -> str:
    cut = split(held)
    items = "".join(f"<li>{_passage(each, version)}</li>" for each in cut)
    said = "one passage" if len(cut) == 1 else f"{len(cut)} passages"
    hint = "A passage is what is searched for and cited. Its section is searched for with it."
    return f'<h2>Its {said}</h2><p class="hint">{hint}</p><ol class="plain passages">{items}</ol>'


def _passage(each: Passage, version: str) -> str:
    section = f'<p class="section">{safe(" › ".join(each.section))}</p>' if each.section else ""
    there = address(each.document, version=version or each.version, start=each.start, end=each.end) + "#quoted"
    return (
        f'<article id="passage-{each.n}" class="words"><h3><a href="#passage-{each.n}">Passage {each.n}</a></h3>'
        f"{section}{as_html(each.text)}"
        f'<p class="ways"><a href="{there}">Passage {each.n} in the document</a></p></article>'
    )
