"""HTML of the Record page: the published heads, a check of the record, and the ledger entries, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import get_args
from urllib.parse import urlencode

from humphrey.accounts.model import Person
from humphrey.ledger.heads import StoredHead
from humphrey.ledger.model import Act, Entry, Fault
from humphrey.records.audit import LedgerPage, RecordCheck
from humphrey.text.dates import say_time
from humphrey.web import layout
from humphrey.web.escaping import safe

_MOST_FAULTS = 50


_MOST_DETAILS = 6


_LONGEST_DIGEST = 19


_REFRESH = '<meta http-equiv="refresh" content="2">'


_PLACES = {"file": "a file", "email": "an e-mail"}


@dataclass(frozen=True)
class LedgerQuery:
    """Filters of the ledger entries; an empty value does not filter."""

    act: str = ""
    actor: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None

    def at(self, path: str, **more: object) -> str:
        """Return the address of a page with the same filters, escaped for an attribute."""
        said = {name: str(value) for name, value in {**vars(self), **more}.items() if value}
        return safe(path + ("?" + urlencode(said) if said else ""))


def record_page(
    person: Person,
    wanted: LedgerQuery,
    page: LedgerPage,
    check: RecordCheck | None,
    head: StoredHead | None,
    places: Sequence[str],
    warnings: Sequence[str],
) -> str:
    """Return the Record page as HTML.

    Args:
        person: the auditor.
        wanted: the filters.
        page: the matching entries.
        check: the latest check, if any.
        head: the latest signed head, if any.
        places: where heads are published.
        warnings: warnings that need attention.
    """
    body = (
        "<h1>Record</h1><p>Every act, with who, when and the digests of what. No words of anybody are in it.</p>"
        f"{_warnings(warnings)}{_published(head, places)}{_checked(check)}<h2>Entries</h2>"
        f"{_filters(wanted)}{_counted(wanted, page)}{_table(wanted, page.entries)}{_paging(wanted, page)}"
    )
    running = check is not None and not check.over
    return layout.page("Record", body, person=person, path="/record", head=_REFRESH if running else "", wide=True)


def _warnings(warnings: Sequence[str]) -> str:
    return "".join(f'<div class="warning"><p>{safe(each[:1].upper() + each[1:])}.</p></div>' for each in warnings)


def _published(head: StoredHead | None, places: Sequence[str]) -> str:
    if not places:
        said = (
            "The newest entry is published nowhere, so that entries cut off at the end would not be missed. "
            "Ask the humphrey administrator to set <code>HUMPHREY_RECORD__PUBLISH_FILE</code>."
        )
        return f"<h2>Published heads</h2><p>{said}</p>"
    if head is None:
        return "<h2>Published heads</h2><p>None yet: one is signed every day.</p>"
    where = "".join(
        f"<li>{safe(_PLACES.get(place, place))}: {_when(head.published.get(place))}</li>" for place in places
    )
    return (
        f"<h2>Published heads</h2><p>The last one covers entry {head.head.n} and everything before it. "
        f"It was signed on {_moment(head.head.at)}, and published to:</p><ul>{where}</ul>"
        f'<p>Seal <code class="digest">{safe(head.head.seal)}</code><br>'
        f'Key <code class="digest">{safe(head.head.key)}</code></p>'
    )


def _when(at: datetime | None) -> str:
    return _moment(at) if at else "<strong>not yet</strong>"


def _checked(check: RecordCheck | None) -> str:
    again = '<form method="post" action="/record/check"><p><button class="go">Check everything now</button></p></form>'
    if check is None:
        return f"<h2>Check</h2><p>Not checked since humphrey was started.</p>{again}"
    if not check.over:
        done = f"{check.done:,} of about {max(check.total, check.done):,} entries and reviews"
        bar = f'<progress max="{max(check.total, 1)}" value="{check.done}" aria-label="Checked"></progress>'
        return f'<h2>Check</h2><p role="status">Checking: {done}.</p><p>{bar}</p>'
    return f"<h2>Check</h2>{_outcome(check)}<p>Begun by {safe(check.by)} on {_moment(check.began)}.</p>{again}"


def _outcome(check: RecordCheck) -> str:
    found = check.verdict
    if found is None:
        return f'<div class="alert" role="alert"><p>The check could not be made: {safe(check.trouble)}.</p></div>'
    counted = (
        f"{_number(found.entries, 'entry', 'entries')}, {_number(found.heads, 'published head', 'published heads')} "
        f"and {_number(found.reviews, 'review', 'reviews')}"
    )
    if found.ok:
        return f'<div class="notice"><p role="status">The record is whole: {counted}.</p></div>'
    shown = "".join(map(_fault, found.faults[:_MOST_FAULTS]))
    left = len(found.faults) - _MOST_FAULTS
    more = f"<p>And {left:,} more; <code>humphrey ledger verify</code> names them.</p>" if left > 0 else ""
    return (
        f'<div class="alert" role="alert"><p>The record is not whole. Of {counted}, this does not fit:</p></div>'
        f"<ul>{shown}</ul>{more}"
        "<p>Leave the database as it is, keep a copy of it, and find out who changed it.</p>"
    )


def _fault(fault: Fault) -> str:
    return f"<li>{safe(fault.message[:1].upper() + fault.message[1:])}.</li>"


def _filters(wanted: LedgerQuery) -> str:
    acts = "".join(
        f'<option value="{act}"{" selected" if act == wanted.act else ""}>{act}</option>' for act in get_args(Act)
    )
    return (
        '<form method="get" action="/record" class="filters" role="search">'
        f'<p><label for="act">Act</label><select id="act" name="act"><option value="">Any</option>{acts}</select></p>'
        f"{_field('actor', 'Who', wanted.actor)}{_field('subject', 'To what', wanted.subject)}"
        f"{_field('since', 'From', wanted.since, 'date')}{_field('until', 'To', wanted.until, 'date')}"
        '<p><button class="go">Show</button></p></form>'
    )


def _field(name: str, label: str, value: object, kind: str = "text") -> str:
    said = safe(str(value)) if value else ""
    return (
        f'<p><label for="{name}">{label}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" value="{said}" maxlength="200"></p>'
    )


def _counted(wanted: LedgerQuery, page: LedgerPage) -> str:
    count = _number(page.total, "entry", "entries")
    return (
        f'<p id="count"><span role="status">{count}</span>, newest first. Download them as '
        f'<a href="{wanted.at("/record/entries.csv")}" download>CSV</a> or '
        f'<a href="{wanted.at("/record/entries.json")}" download>JSON</a>.</p>'
    )


def _table(wanted: LedgerQuery, entries: Sequence[Entry]) -> str:
    if not entries:
        return "<p>No entry is like that. Leave a field empty, or choose Any.</p>"
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Entry", "When", "Who", "Act", "To what", "Detail"))
    rows = "".join(_row(wanted, entry) for entry in entries)
    return (
        '<table class="held record"><caption class="unseen">Entries</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(wanted: LedgerQuery, entry: Entry) -> str:
    subject = safe(entry.subject)
    cells = (
        ("When", say_time(entry.at, seconds=True)),
        ("Who", safe(entry.actor)),
        ("Act", safe(entry.act)),
        (
            "To what",
            f'<a href="{replace(wanted, subject=entry.subject).at("/record")}">{subject}</a>' if subject else "",
        ),
        ("Detail", _detail(entry.detail)),
    )
    rest = "".join(f'<td data-label="{label}">{value}</td>' for label, value in cells)
    return f'<tr><th scope="row">{entry.n}</th>{rest}</tr>'


def _detail(detail: Mapping[str, str]) -> str:
    said = "".join(f"<li>{safe(name)}: {safe(_short(value))}</li>" for name, value in detail.items())
    listed = f'<ul class="plain">{said}</ul>' if said else ""
    if len(detail) <= _MOST_DETAILS:
        return listed
    return f"<details><summary>{len(detail)} details</summary>{listed}</details>"


def _short(value: str) -> str:
    """Return a digest shortened to its beginning; the download has the whole digest."""
    value = str(value)
    return f"{value[:_LONGEST_DIGEST]}…" if value.startswith(("sha256:", "ed25519:")) else value


def _paging(wanted: LedgerQuery, page: LedgerPage) -> str:
    if page.older is None:
        return ""
    return (
        '<nav aria-label="Pages of the list"><ul class="paging">'
        f'<li><a href="{wanted.at("/record")}">Newest</a></li>'
        f'<li><a href="{wanted.at("/record", before=page.older)}" rel="next">Older</a></li></ul></nav>'
    )


def _moment(at: datetime) -> str:
    return say_time(at)


def _number(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
