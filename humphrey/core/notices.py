"""What people are told of the drafts they have to do with: on their page, and by e-mail where they have an address."""

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
]
"""What happened to a review that somebody should know of."""


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
