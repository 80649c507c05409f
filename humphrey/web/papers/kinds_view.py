"""HTML of the list of kinds of paper, by family; `static/papers.js` searches it and puts the latest used first."""

from collections.abc import Sequence
from itertools import groupby
from urllib.parse import quote

from humphrey.papers.kind import Paper, Papers
from humphrey.web.escaping import safe

_SEARCH = (
    '<p class="find"><label for="find-kind">Find a kind of paper</label>'
    '<input type="search" id="find-kind" autocomplete="off" aria-describedby="kinds-found"> '
    '<span class="hint" id="kinds-found" role="status"></span></p>'
    '<section id="latest-kinds" hidden><h2>You used lately</h2><ul class="plain kinds"></ul></section>'
)


_OTHERS = "Others"
"""The family of kinds that name none."""


def offered(papers: Papers) -> list[Paper]:
    """Return the kinds that can be asked for with a form, by family and title."""
    forms = [paper for paper in papers.values() if paper.fields and paper.commissioned]
    return sorted(forms, key=lambda paper: (paper.family or _OTHERS, paper.title))


def address(kind: str) -> str:
    """Return the address of the form of a kind."""
    return f"/papers?kind={quote(kind)}"


def kinds(papers: Papers) -> str:
    """Return the list of kinds."""
    families = groupby(offered(papers), key=lambda paper: paper.family or _OTHERS)
    return f"<h1>Draft a paper</h1>{_SEARCH}{''.join(_family(name, list(those)) for name, those in families)}"


def _family(name: str, papers: Sequence[Paper]) -> str:
    items = "".join(map(_kind, papers))
    return f'<section class="family"><h2>{safe(name)}</h2><ul class="plain kinds">{items}</ul></section>'


def _kind(paper: Paper) -> str:
    return (
        f'<li data-kind="{safe(paper.kind)}"><a href="{safe(address(paper.kind))}">{safe(paper.title)}</a>'
        f'<span class="hint">{safe(paper.purpose)}</span></li>'
    )
