"""The report of a sync run as Markdown, for guidance owners. Titles and reasons come from outside and are escaped."""

import re
from collections.abc import Iterable

from humphrey.guidance.sync.model import OUTCOMES, Outcome, PageState, SyncReport
from humphrey.text.dates import say_time

_HEADINGS: dict[Outcome, str] = {
    "failed": "Failed",
    "gone": "Gone",
    "moved": "Moved: change their paths in the list of sources",
    "withdrawn": "Withdrawn",
    "changed": "Changed",
    "added": "Added",
    "removed": "Removed here",
}
"""The outcomes that are listed, those that need action first; unchanged pages are only counted."""


# Characters with a meaning in Markdown. Escaped, they cannot make a page's title a link, a heading or HTML.
_SPECIAL = re.compile(r"[\\`*_\[\]<>#|]")


def markdown(report: SyncReport) -> str:
    """Return the report: the counts, then the pages that a person may have to act on."""
    counts = ", ".join(f"{report.counts[outcome]} {outcome}" for outcome in OUTCOMES if report.counts[outcome])
    went_on = " It continued an interrupted run." if report.resumed else ""
    lines = [
        # The replacement removes the leading zero of the day.
        f"# Guidance fetched on {say_time(report.began)}",
        f"{len(report.pages)} pages of {report.base}: {counts or 'none'}.{went_on}",
    ]
    for outcome, heading in _HEADINGS.items():
        found = [page for page in report.pages if page.outcome == outcome]
        lines += _part(heading, (_line(report.base, page) for page in found))
    attached = (f"{_plain(each.title)}: <{_address(each.url)}> (on {_plain(each.page)})" for each in report.attached)
    lines += _part("Files that pages offer, which are not fetched", attached)
    elsewhere = (f"{_plain(each.title)}: <{_address(each.url)}> ({_plain(each.why)})" for each in report.elsewhere)
    lines += _part("Sources to look at by hand", elsewhere)
    return "\n\n".join(lines) + "\n"


def _part(heading: str, items: Iterable[str]) -> list[str]:
    listed = "\n".join(f"- {item}" for item in items)
    return [f"## {heading}", listed] if listed else []


def _line(base: str, page: PageState) -> str:
    said = f": {_plain(page.detail)}" if page.detail else ""
    return f"{_plain(page.title)} <{base}{page.path}>{said}"


def _plain(text: str) -> str:
    return _SPECIAL.sub(lambda found: "\\" + found[0], " ".join(text.split()))


def _address(url: str) -> str:
    # These characters would end the `<...>` around the address.
    return re.sub(r"[<>\s]", "", url)
