"""What people are told of the drafts they have to do with: on their page, and by e-mail where they have an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Event = Literal[
    "returned",
    "refused",
    "approved",
    "delivered",
    "not_delivered",
    "amended",
    "commented",
    "handed_over",
    "reminder",
    "escalated",
    "expired",
    "revealed",
    "disposal_due",
]
"""What happened that somebody should know of: to a review, and `disposal_due` to the words of several."""

_SAID: Mapping[Event, str] = {
    "returned": "Draft {review} was returned{by}. Read why, change it, and it goes back for clearance.",
    "refused": "Draft {review} was refused{by}. It goes no further; read why before you ask again.",
    "approved": "Draft {review} was approved{by} and is on its way out.",
    "delivered": "Draft {review} was delivered.",
    "not_delivered": "Draft {review} was approved and could not be delivered; ask whoever runs humphrey.",
    "amended": "The words of draft {review} were changed{by}.",
    "commented": "A comment was written on draft {review}{by}.",
    "handed_over": "Draft {review} was handed to you{by} for clearance.",
    "reminder": "Draft {review} still waits for clearance{until}.",
    "escalated": "Draft {review} still waits for clearance{until}; you stand in for whoever has not cleared it.",
    "expired": "The approval of draft {review} is over: it was not delivered in time, and waits for clearance again.",
    "revealed": "Draft {review} was seeded with an error, to see who finds it. You {detail} it.",
    "disposal_due": "Words fall due for disposal on {detail}. Place a hold on what must stay.",
}
"""One sentence or two for each event. `{by}` and `{until}` take the notice's detail, and nothing where it has none."""

_SUBJECTS: Mapping[Event, str] = {
    "returned": "a draft was returned",
    "refused": "a draft was refused",
    "approved": "a draft was approved",
    "delivered": "a draft was delivered",
    "not_delivered": "a draft could not be delivered",
    "amended": "a draft was changed",
    "commented": "a comment on a draft",
    "handed_over": "a draft was handed to you",
    "reminder": "a draft waits for clearance",
    "escalated": "a draft waits for clearance, and is late",
    "expired": "an approval is over",
    "revealed": "a seeded draft",
    "disposal_due": "words fall due for disposal",
}


@dataclass(frozen=True)
class Notice:
    """One thing to tell one person about one review; `detail` holds ids and names, never a draft's words."""

    id: str
    person: str
    event: Event
    review: str
    at: datetime
    detail: str = ""
    read_at: datetime | None = None


def sentence(notice: Notice) -> str:
    """What a notice says, in plain words: the review's id, and a name or a day at most; no word of the draft."""
    detail = notice.detail
    by, until = (f" by {detail}", f", until {detail}") if detail else ("", "")
    return _SAID[notice.event].format(review=notice.review, by=by, until=until, detail=detail)


def subject(notice: Notice) -> str:
    """The subject of the letter that a notice becomes."""
    return f"humphrey: {_SUBJECTS[notice.event]}"
