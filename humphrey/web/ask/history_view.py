"""HTML of a person's list of conversations: links by day, pinned ones first, each with a button for its options."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from humphrey.conversations.model import Conversation
from humphrey.text.dates import local_date
from humphrey.web.draft_view import format_date
from humphrey.web.escaping import safe
from humphrey.web.provenance_view import count_of

STEP = 60
"""Conversations that the list shows at first, and adds each time more are wished."""


HISTORY = (
    '<div id="history"><p><label for="history-words">Find a conversation</label> '
    '<input type="text" id="history-words" maxlength="200" autocomplete="off"></p>'
    '<div id="history-list"></div></div>'
)
"""The place of the list on the page; `static/history.js` fills it from the server."""


def listed(found: Sequence[Conversation], words: str, shown: int, today: date) -> str:
    """Return the list.

    Args:
        found: the person's conversations that contain the words, latest first.
        words: what was looked for; empty for all.
        shown: how many of them are shown.
        today: the day in London.
    """
    if not found:
        nothing = f"No conversation with “{safe(words)}”." if words else "No conversation yet."
        return f'<p class="hint" role="status">{nothing}</p>'
    told = f'<p class="hint" role="status">{count_of(len(found), "conversation")} found</p>' if words else ""
    ordered = sorted(found, key=lambda each: not each.pinned)[:shown]
    days = groupby(ordered, key=lambda each: "Pinned" if each.pinned else _day(local_date(each.latest), today))
    groups = "".join(f"<section><h3>{day}</h3><ul>{''.join(map(_item, items))}</ul></section>" for day, items in days)
    left = len(found) - shown
    more = (
        f'<button type="button" class="go quiet" id="history-more" tabindex="-1">Show {min(left, STEP)} more</button>'
    )
    return f'{told}<nav aria-label="Your conversations">{groups}{more if left > 0 else ""}</nav>'


def _day(day: date, today: date) -> str:
    names = {today: "Today", today - timedelta(days=1): "Yesterday"}
    return names.get(day, format_date(day))


def _item(kept: Conversation) -> str:
    title, id = safe(kept.title), safe(kept.id)
    return (
        f'<li><a href="?conversation={id}" data-conversation="{id}" tabindex="-1" title="{title}" dir="auto">'
        f"{title}</a>"
        f'<button type="button" tabindex="-1" aria-haspopup="dialog" data-pinned="{"yes" if kept.pinned else ""}">'
        f'<span aria-hidden="true">⋯</span><span class="unseen">Options for {title}</span></button></li>'
    )
