"""Notifications about drafts: shown on a person's page, and sent by e-mail to people who have an address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

NotificationEvent = Literal[
    "returned",
    "refused",
    "approved",
    "delivered",
    "not_delivered",
    "amended",
    "commented",
    "mentioned",
    "undone",
    "handed_over",
    "reminder",
    "escalated",
    "expired",
    "revealed",
    "not_independent",
    "disposal_due",
]
"""An event that a person is notified of. All concern one review, except `disposal_due`, which concerns several."""


_TEXTS: Mapping[NotificationEvent, str] = {
    "returned": "Draft {review} was returned{by}. Read why, change it, and it goes back for clearance.",
    "refused": "Draft {review} was refused{by}. It goes no further; read why before you ask again.",
    "approved": "Draft {review} was approved{by} and is on its way out.",
    "delivered": "Draft {review} was delivered.",
    "not_delivered": "Draft {review} was approved and could not be delivered; ask the humphrey administrator.",
    "amended": "The words of draft {review} were changed{by}.",
    "commented": "A comment was written on draft {review}{by}.",
    "mentioned": "You were named in a comment on draft {review}{by}.",
    "undone": "The approval of draft {review} was taken back{by}; it waits for clearance again.",
    "handed_over": "Draft {review} was handed to you{by} for clearance.",
    "reminder": "Draft {review} still waits for clearance{until}.",
    "escalated": "Draft {review} still waits for clearance{until}; you stand in for its reviewer.",
    "expired": "The approval of draft {review} is over: it was not delivered in time, and waits for clearance again.",
    "revealed": "Draft {review} was seeded with an error, to see who finds it. You {detail} it.",
    "not_independent": "A decision on draft {review}{by} was refused: one of its authors made or changed that account, "
    "or may be the same person. Another reviewer must decide.",
    "disposal_due": "Words fall due for disposal on {detail}. Place a hold on what must stay.",
}
"""The text of each event. `{by}` and `{until}` are filled from the notice's detail; both are empty without a detail."""


_SUBJECTS: Mapping[NotificationEvent, str] = {
    "returned": "a draft was returned",
    "refused": "a draft was refused",
    "approved": "a draft was approved",
    "delivered": "a draft was delivered",
    "not_delivered": "a draft could not be delivered",
    "amended": "a draft was changed",
    "commented": "a comment on a draft",
    "mentioned": "you were named in a comment",
    "undone": "an approval was taken back",
    "handed_over": "a draft was handed to you",
    "reminder": "a draft waits for clearance",
    "escalated": "a draft waits for clearance, and is late",
    "expired": "an approval is over",
    "revealed": "a seeded draft",
    "not_independent": "a decision was refused",
    "disposal_due": "words fall due for disposal",
}


@dataclass(frozen=True)
class Notification:
    """A notification to one person about one review.

    `detail` holds ids, names or a date, never words of a draft. `read_at` is None until the person has read the notice.
    `title` is that of the draft for its asker. It is empty for any other person, who may have lost the right to read it
    since, and no e-mail holds it.
    """

    id: str
    person: str
    event: NotificationEvent
    review: str
    at: datetime
    detail: str = ""
    read_at: datetime | None = None
    reference: str = field(default="", compare=False)
    title: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        """Return what people call its review: the short reference, or the id if it has none."""
        return self.reference or self.review


def sentence(notice: Notification) -> str:
    """Return the text of a notice: the review's reference and at most a name or a date, never words of the draft."""
    detail = notice.detail
    by, until = (f" by {detail}", f", until {detail}") if detail else ("", "")
    return _TEXTS[notice.event].format(review=notice.name, by=by, until=until, detail=detail)


def subject(notice: Notification) -> str:
    """Return the subject line of the e-mail for a notice."""
    return f"humphrey: {_SUBJECTS[notice.event]}"
