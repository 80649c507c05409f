"""What one person asked and was given, kept for that person."""

from dataclasses import dataclass
from datetime import datetime

from humphrey.papers.draft import Draft


@dataclass(frozen=True)
class AttachedFile:
    """A file of a conversation, or one that was refused and is not kept: then only `name` and `refused` say anything.

    Args:
        id: its id; empty where it was refused.
        name: what its owner calls it.
        document: the id of the document it became.
        words: how many words were read.
        pages: how many pages it has; 0 where its format has none.
        notes: what its owner should know of it, a sentence each.
        refused: why it was not taken, and what to do; empty where it was.
    """

    id: str
    name: str
    document: str = ""
    words: int = 0
    pages: int = 0
    notes: tuple[str, ...] = ()
    refused: str = ""


UNTITLED = "New conversation"
"""What a conversation is called until something is asked in it."""


_LONGEST_TITLE = 80


@dataclass(frozen=True)
class Conversation:
    """A list of exchanges that belongs to one person; without a title it is called by its first question, shortened."""

    id: str
    owner: str
    title: str
    latest: datetime


@dataclass(frozen=True)
class Feedback:
    """What whoever asked thinks of a draft, and why."""

    good: bool
    reason: str
    at: datetime


@dataclass(frozen=True)
class Exchange:
    """One question and its draft; `review` is the id of the review it was sent to, empty while it was not sent.

    `replaced`: its question, or one before it, was changed and asked again, so what follows that is shown instead.
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
    """A question that is about to be asked again in other words, and the exchanges before it, which complete it."""

    exchange: Exchange
    earlier: tuple[Exchange, ...]


def title_of(asked: str) -> str:
    """A conversation's title, from what was asked first."""
    words = " ".join(asked.split())
    return words if len(words) <= _LONGEST_TITLE else words[: _LONGEST_TITLE - 1].rstrip() + "…"
