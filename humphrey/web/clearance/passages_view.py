"""HTML of the passages that a draft rests on: open, each once, with links to the sentences that cite it.

Citations whose words lie near one another in one document are shown together, so that nothing is read twice.
"""

from collections.abc import Sequence

from humphrey.checks.sentences import cited_in
from humphrey.documents.model import DocumentLookup
from humphrey.documents.sources import source_name
from humphrey.papers.draft import Citation, Draft
from humphrey.text.sentences import sentences
from humphrey.web import draft_view
from humphrey.web.escaping import safe
from humphrey.web.provenance_view import count_of


def passages(written: Draft, key: str, lookup: DocumentLookup) -> str:
    """Return the passages of a draft; `key` keeps its ids apart from those of other drafts."""
    if not written.citations:
        return '<section class="beside"><h3>Its evidence</h3><p>This text cites no passage.</p></section>'
    groups = together(written.citations, lookup)
    items = "".join(_passage(each, written, key, lookup) for each in groups)
    said = f"{count_of(len(groups), 'passage')}. A sentence and its passage lead to each other."
    return f'<section class="beside"><h3>Its evidence</h3><p class="hint">{said}</p>{items}</section>'


def together(cited: Sequence[Citation], lookup: DocumentLookup) -> list[list[Citation]]:
    """Return the citations in groups that are shown as one passage each, in the order of their first citation."""
    groups: list[list[Citation]] = []
    for citation in cited:
        near = next((group for group in groups if _is_near(group, citation)), None)
        if near and _is_held(near[0], lookup) and _is_held(citation, lookup):
            near.append(citation)
        else:
            groups.append([citation])
    return groups


def _is_near(group: Sequence[Citation], citation: Citation) -> bool:
    first = group[0]
    if (first.document, first.version, first.summary) != (citation.document, citation.version, citation.summary):
        return False
    start, end = min(each.start for each in group), max(each.end for each in group)
    return citation.start <= end + draft_view.CONTEXT_CHARS and start <= citation.end + draft_view.CONTEXT_CHARS


def _is_held(citation: Citation, lookup: DocumentLookup) -> bool:
    """Return whether the stored document has the quoted words; words that it lacks are shown by themselves."""
    document = lookup(citation.document, citation.version)
    return document is not None and document.text[citation.start : citation.end] == citation.quote


def _passage(group: Sequence[Citation], written: Draft, key: str, lookup: DocumentLookup) -> str:
    shown = draft_view.passage(group[0], key, lookup, group[1:])
    places = "".join(f'<span id="{key}-p{safe(each.marker)}"></span>' for each in group[1:])
    return (
        f'<article class="passage" id="{key}-p{safe(group[0].marker)}" tabindex="-1">{places}'
        f"{_heading(group)}{shown}{_back(group, written, key)}</article>"
    )


def _heading(group: Sequence[Citation]) -> str:
    numbers = " ".join(f"[{safe(each.marker)}]" for each in group)
    sections = dict.fromkeys(" › ".join(each.section) for each in group if each.section)
    place = f'<p class="section">{safe("; ".join(sections))}</p>' if sections else ""
    return f"<h4>{numbers} {safe(source_name(group[0]))}</h4>{place}"


def _back(group: Sequence[Citation], written: Draft, key: str) -> str:
    markers = {each.marker for each in group}
    every = enumerate(sentences(written.text), 1)
    places = [n for n, place in every if markers & set(cited_in(written, place))]
    links = ", ".join(f'<a href="#{key}-s{n}">sentence {n}</a>' for n in places)
    return f'<p class="back">Cited in {links}.</p>' if places else ""
