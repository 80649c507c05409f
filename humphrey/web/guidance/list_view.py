"""HTML of the Guidance page: the filtered list of the documents that the person may read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import get_args
from urllib.parse import urlencode

from humphrey.accounts.model import Person
from humphrey.accounts.roles import may
from humphrey.documents.ingest import FileRejected
from humphrey.documents.model import DocumentState, Imprint
from humphrey.documents.sources import source_name
from humphrey.guidance.curation import CurationJob
from humphrey.guidance.store import DocumentRow
from humphrey.text.sentences import folded
from humphrey.web import layout
from humphrey.web.draft_view import format_date
from humphrey.web.escaping import safe
from humphrey.web.guidance import change_view
from humphrey.web.guidance.document_view import address, readers

PAGE_SIZE = 50
"""Documents per page of the list."""


AGES = {
    "year": "Updated in the last year",
    "three": "Updated in the last three years",
    "older": "Older than three years",
    "undated": "Without a date",
}
"""Age filters of the list."""


@dataclass(frozen=True)
class ListQuery:
    """Filters of the list, and the number of the page."""

    words: str = ""
    publisher: str = ""
    state: str = ""
    age: str = ""
    page: int = 1

    def shows(self, each: DocumentRow, today: date) -> bool:
        """Return whether a document matches the filters."""
        title = folded(each.imprint.title)
        return (
            all(word in title for word in folded(self.words).split())
            and self.publisher in {"", each.imprint.publisher}
            and self.state in {"", each.imprint.state}
            and self.age in {"", *_ages(each.imprint.updated, today)}
        )

    def at(self, page: int) -> str:
        """Return the address of another page of the same list."""
        asked = {name: value for name, value in vars(replace(self, page=page)).items() if value}
        return safe("/guidance?" + urlencode(asked))


def guidance_page(
    held: Sequence[DocumentRow],
    wanted: ListQuery,
    person: Person,
    today: date,
    refused: Sequence[FileRejected],
    jobs: Sequence[CurationJob],
) -> str:
    """Return the Guidance page as HTML.

    Args:
        held: documents that the person may read, by title.
        wanted: filters and page number.
        person: the signed-in person.
        today: the date from which ages are counted.
        refused: files that could not be indexed.
        jobs: running and past jobs, latest first.
    """
    shown = [each for each in held if wanted.shows(each, today)]
    last = max(1, -(-len(shown) // PAGE_SIZE))
    at = min(max(wanted.page, 1), last)
    some = shown[(at - 1) * PAGE_SIZE : at * PAGE_SIZE]
    count = f"{len(shown)} of {len(held)} documents" if len(shown) != len(held) else f"{len(held)} documents"
    reviews = may(person, "curate")
    curating = change_view.curation_forms(person, refused, jobs) if reviews else ""
    down = ' <a href="#add">Add documents</a>' if reviews else ""
    body = (
        f"<h1>Guidance</h1><p>What humphrey holds and you may read.{down}</p>{_filters(held, wanted)}"
        f'<p id="count" role="status">{count}</p>{_table(some)}{_paging(wanted, at, last)}{curating}'
    )
    return layout.page("Guidance", body, person=person, path="/guidance", head=change_view.SCRIPT, wide=True)


def _ages(updated: date | None, today: date) -> set[str]:
    if updated is None:
        return {"undated"}
    days = (today - updated) / timedelta(days=1)
    return {name for name, most in (("year", 365), ("three", 1096)) if days <= most} or {"older"}


def _filters(held: Sequence[DocumentRow], wanted: ListQuery) -> str:
    publishers = sorted({each.imprint.publisher for each in held} - {""})
    states = {each: each.capitalize() for each in get_args(DocumentState)}
    return (
        '<form method="get" action="/guidance" class="filters" role="search">'
        f'<p><label for="words">Words in the title</label><input id="words" name="words" type="search" '
        f'value="{safe(wanted.words)}" maxlength="200"></p>'
        f"{_choice('publisher', 'Publisher', dict.fromkeys(publishers), wanted.publisher)}"
        f"{_choice('state', 'State', states, wanted.state)}{_choice('age', 'Age', AGES, wanted.age)}"
        '<p><button class="go">Show</button></p></form>'
    )


def _choice(name: str, label: str, offered: dict[str, str] | dict[str, None], chosen: str) -> str:
    options = "".join(
        f'<option value="{safe(value)}"{" selected" if value == chosen else ""}>{safe(said or value)}</option>'
        for value, said in offered.items()
    )
    select = f'<select id="{name}" name="{name}"><option value="">Any</option>{options}</select>'
    return f'<p><label for="{name}">{label}</label>{select}</p>'


def _table(some: Sequence[DocumentRow]) -> str:
    if not some:
        return "<p>No document is like that. Choose fewer words, or Any.</p>"
    heads = "".join(
        f'<th scope="col">{head}</th>'
        for head in ("Title", "Publisher", "Updated", "State", "Passages", "Who may read it")
    )
    return (
        '<table class="held"><caption class="unseen">Documents</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(map(_row, some))}</tbody></table>"
    )


def _row(each: DocumentRow) -> str:
    about = each.imprint
    state = (
        safe(about.state) if about.state == "current" else f'<strong class="tag {about.state}">{about.state}</strong>'
    )
    cells = (
        ("Publisher", safe(about.publisher or "–")),
        ("Updated", safe(_updated(about) or "–")),
        ("State", state),
        ("Passages", str(each.passages)),
        ("Who may read it", safe(readers(each.audience))),
    )
    rest = "".join(f'<td data-label="{label}">{value}</td>' for label, value in cells)
    return f'<tr><th scope="row" dir="auto"><a href="{address(each.id)}">{safe(source_name(about))}</a></th>{rest}</tr>'


def _updated(about: Imprint) -> str:
    """Return the date of the publisher's text; of what a summary sums up, as far as it is known."""
    if about.summary:
        return about.original_date
    return format_date(about.updated) if about.updated else ""


def _paging(wanted: ListQuery, at: int, last: int) -> str:
    if last == 1:
        return ""
    before = f'<li><a href="{wanted.at(at - 1)}" rel="prev">Previous</a></li>' if at > 1 else ""
    after = f'<li><a href="{wanted.at(at + 1)}" rel="next">Next</a></li>' if at < last else ""
    return (
        f'<nav aria-label="Pages of the list"><ul class="paging">{before}<li>Page {at} of {last}</li>{after}</ul></nav>'
    )
