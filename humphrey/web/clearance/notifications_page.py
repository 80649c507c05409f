"""The page of a person's notices, with the unread ones marked."""

from collections.abc import Sequence

from humphrey.accounts.model import Person
from humphrey.clearance.notifications.model import Notification, sentence
from humphrey.web import layout
from humphrey.web.clearance.review_view import address
from humphrey.web.draft_view import format_time
from humphrey.web.escaping import safe

MOST = 100
"""Number of notices on the page, the latest first."""


def page(notices: Sequence[Notification], person: Person) -> str:
    """Return the page of notices, latest first."""
    unread = any(notice.read_at is None for notice in notices)
    every = (
        '<form method="post" action="/notices/read"><p><button class="go quiet">Mark all as read</button></p></form>'
        if unread
        else ""
    )
    items = "".join(f"<li>{_notice(notice)}</li>" for notice in notices)
    listed = f'<ul class="plain notices">{items}</ul>' if items else "<p>Nothing yet.</p>"
    return layout.page("Notices", f"<h1>Notices</h1>{every}{listed}", person=person, path="/notices")


def _notice(notice: Notification) -> str:
    new = "" if notice.read_at else '<strong class="tag">New</strong> '
    title = f'<p dir="auto">{safe(notice.title)}</p>' if notice.title else ""
    said = f'<p>{new}{safe(sentence(notice))}</p>{title}<p class="hint">{format_time(notice.at)}</p>'
    which = f'<span class="unseen"> {safe(notice.name)}</span>'
    # A notice of due drafts concerns several drafts, so it links to none.
    way = f'<a href="{address(notice.review)}">See the draft{which}</a>' if notice.review else ""
    return f'{said}<div class="acts">{way}{"" if notice.read_at else _marking(notice, which)}</div>'


def _marking(notice: Notification, which: str) -> str:
    return (
        f'<form method="post" action="/notices/read"><input type="hidden" name="notice" value="{safe(notice.id)}">'
        f'<button class="go quiet">Mark as read<span class="unseen">:</span>{which}</button></form>'
    )
