"""Values of conversations: exchanges, feedback and attached files, stored for one person."""

from dataclasses import dataclass
from datetime import datetime

from humphrey.papers.draft import Draft


@dataclass(frozen=True)
class AttachedFile:
    """A file of a conversation. For a rejected file, which is not stored, only `name` and `refused` are set.

    Args:
        id: its id; empty if it was rejected.
        name: its name, as its owner calls it.
        document: the id of the document made from it.
        words: the number of words read.
        pages: the number of pages; 0 if its format has none.
        notes: sentences for its owner, such as a warning about pages without text.
        refused: why it was rejected, and what to do; empty if it was not.
    """

    id: str
    name: str
    document: str = ""
    words: int = 0
    pages: int = 0
    notes: tuple[str, ...] = ()
    refused: str = ""


UNTITLED = "New conversation"
"""The title of a conversation before its first question."""


# A longer question is cut to make a title.
_LONGEST_TITLE = 80


@dataclass(frozen=True)
class Conversation:
    """A list of exchanges of one person; if untitled, its first question, shortened, becomes the title.

    `pinned`: its owner keeps it at the top of their list.
    """

    id: str
    owner: str
    title: str
    latest: datetime
    pinned: bool = False


@dataclass(frozen=True)
class Feedback:
    """The asker's opinion of a draft, and the reason."""

    good: bool
    reason: str
    at: datetime


@dataclass(frozen=True)
class Exchange:
    """One question and its draft; `review` is the id of its review, empty if it was not sent for clearance.

    `replaced`: this question, or an earlier one, was edited and asked again; newer exchanges are shown instead.
    """

    id: str
    conversation: str
    draft: Draft
    review: str
    at: datetime
    replaced: bool = False
    feedback: Feedback | None = None


@dataclass(frozen=True)
class Edit:
    """An exchange whose question is edited, with the earlier exchanges as its context."""

    exchange: Exchange
    earlier: tuple[Exchange, ...]


def title_of(asked: str) -> str:
    """Return a conversation's title from its first question, shortened."""
    words = " ".join(asked.split())
    return words if len(words) <= _LONGEST_TITLE else words[: _LONGEST_TITLE - 1].rstrip() + "…"
