"""What one person asked and was given, kept for that person."""

from dataclasses import dataclass
from datetime import datetime

from humphrey.core.drafts import Draft


@dataclass(frozen=True)
class Conversation:
    """A list of exchanges that belongs to one person; its title is the first question, shortened."""

    id: str
    owner: str
    title: str
    latest: datetime


@dataclass(frozen=True)
class Exchange:
    """One question and its draft; `review` is the id of the review it was sent to, empty while it was not sent."""

    id: str
    conversation: str
    draft: Draft
    review: str
    at: datetime
