"""How long words are kept: periods by kind and marking, when they end, and what stays of a text afterwards.

What is disposed of are words. Who did what and when, and the digest of every text, stay: the ledger verifies as before,
and a copy that turns up can still be recognised.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from humphrey.core.calendar import say
from humphrey.core.drafts import Draft
from humphrey.core.markings import classification

CONVERSATIONS = "conversations"
"""What the period of questions and drafts is called that were never sent for clearance, beside the kinds of paper."""

HeldBy = Literal["review", "person", "kind"]
"""What a hold is placed on: one review, all that a person had a part in, or a kind of paper, conversations among it."""


@dataclass(frozen=True)
class Periods:
    """How many days the words of each kind are kept, by classification; what is not named is kept for ever.

    Args:
        days: of each kind, by classification; an empty classification stands for every one.
        warn_days: how long before the end administrators are told.
    """

    days: Mapping[str, Mapping[str, int]]
    warn_days: int

    def of(self, kind: str, marking: str) -> int | None:
        """The days that words of a kind under a marking are kept; None for ever."""
        by_tier = self.days.get(kind, {})
        return by_tier.get(classification(marking), by_tier.get(""))


@dataclass(frozen=True)
class Closed:
    """A review that is settled, or a conversation that nobody went on with, and since when.

    `kept_for` says what forbids its disposal: a hold or an open disclosure pack; empty where nothing does.
    """

    id: str
    kind: str
    marking: str
    owner: str
    since: datetime
    kept_for: str = ""


@dataclass(frozen=True)
class Falling:
    """Something whose period ends, on which day, and when administrators were told; None: not yet."""

    what: Closed
    due: date
    warned: datetime | None

    def disposable(self, today: date, warn_days: int) -> bool:
        """Whether its words may go today: the period is over, nothing keeps them, and the warning is old enough."""
        if self.what.kept_for or self.warned is None:
            return False
        return self.due <= today and self.warned.date() + timedelta(days=warn_days) <= today


@dataclass(frozen=True)
class Hold:
    """An order that something is not disposed of, until it is lifted; `reason` is in the words of its author."""

    id: str
    what: HeldBy
    subject: str
    reason: str
    by: str
    at: datetime
    lifted_by: str = ""
    lifted_at: datetime | None = None


def falling(closed: Closed, periods: Periods, warned: Mapping[date, datetime]) -> Falling | None:
    """When the words of something fall due; None where they are kept for ever."""
    days = periods.of(closed.kind, closed.marking)
    if days is None:
        return None
    due = (closed.since + timedelta(days=days)).date()
    return Falling(closed, due, warned.get(due))


def tombstone(draft: Draft, at: datetime) -> Draft:
    """What stays of a draft: its kind, who asked for it, its marking, its model; no word and no address.

    Wherever it is shown, it says by itself what became of it.
    """
    said = epitaph(at)
    asked = replace(
        draft.commission, text=said, facts={}, reply_to="", conversation="", earlier=(), groups=(), attached=()
    )
    return Draft(asked, draft.status, f"{said}.", draft.model, due=draft.due, usage=draft.usage)


def epitaph(at: datetime) -> str:
    """What stands in the place of words that are gone."""
    return f"Words disposed of on {say(at.date())}"
