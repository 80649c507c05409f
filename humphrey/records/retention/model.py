"""Retention: how long words are kept by kind and marking, when they fall due for disposal, and what remains of them.

Only words are disposed of. Actors, times and the digest of every text stay, so the ledger still verifies and a copy
found later can be recognised.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from humphrey.papers.draft import Draft
from humphrey.text.dates import local_date, say
from humphrey.text.markings import classification

CONVERSATIONS = "conversations"
"""The kind, besides the kinds of paper, of questions and drafts that were never sent for clearance."""


HeldBy = Literal["review", "person", "kind"]
"""The scope of a hold: one review, all that a person had a part in, or one kind of paper (or `CONVERSATIONS`)."""


@dataclass(frozen=True)
class Periods:
    """Retention periods in days, by kind and classification. Words without a period are kept for ever.

    No law sets one period for all, so every period comes from the department (docs/record.md).

    Args:
        days: the days for each kind, by classification; the empty classification covers all that are not listed.
        warn_days: how many days before the end administrators are warned.
    """

    days: Mapping[str, Mapping[str, int]]
    warn_days: int

    def of(self, kind: str, marking: str) -> int | None:
        """Return how many days words of a kind under a marking are kept; None for ever."""
        by_tier = self.days.get(kind, {})
        return by_tier.get(classification(marking), by_tier.get(""))


@dataclass(frozen=True)
class DisposalCandidate:
    """A finished review or an inactive conversation, and the moment since which it has been so.

    `kept_for` names what forbids its disposal, a hold or an open disclosure pack; empty if nothing does.
    """

    id: str
    kind: str
    marking: str
    owner: str
    since: datetime
    kept_for: str = ""


@dataclass(frozen=True)
class DueDisposal:
    """A review or conversation with its disposal date; `warned` is when administrators were warned, None if not yet."""

    what: DisposalCandidate
    due: date
    warned: datetime | None

    def disposable(self, today: date, warn_days: int) -> bool:
        """Return whether its words may be disposed of today.

        The period must be over, the warning at least `warn_days` old, and no hold or disclosure pack may cover it.
        """
        # A warning first in every case: a shortened period or a lifted hold takes effect only after one.
        if self.what.kept_for or self.warned is None:
            return False
        return self.due <= today and local_date(self.warned) + timedelta(days=warn_days) <= today


@dataclass(frozen=True)
class Hold:
    """A legal hold: an order not to dispose of something until it is lifted; `reason` is in its author's words."""

    id: str
    what: HeldBy
    subject: str
    reason: str
    by: str
    at: datetime
    lifted_by: str = ""
    lifted_at: datetime | None = None


def due_disposal(closed: DisposalCandidate, periods: Periods, warned: Mapping[date, datetime]) -> DueDisposal | None:
    """Return the disposal date of a review or conversation; None if its words are kept for ever.

    `warned` maps each disposal date to the time when administrators were warned of it. A changed date therefore needs
    a new warning.
    """
    days = periods.of(closed.kind, closed.marking)
    if days is None:
        return None
    due = local_date(closed.since) + timedelta(days=days)
    return DueDisposal(closed, due, warned.get(due))


def tombstone(draft: Draft, at: datetime) -> Draft:
    """Return what remains of a draft after disposal: kind, asker, marking, model, due date; no words and no address.

    Its text is the disposal notice, so every page that shows the draft says what happened to it.
    """
    said = disposal_notice(at)
    asked = replace(
        draft.commission, text=said, facts={}, reply_to="", conversation="", earlier=(), groups=(), attached=()
    )
    return Draft(asked, draft.status, f"{said}.", draft.model, due=draft.due, usage=draft.usage)


def disposal_notice(at: datetime) -> str:
    """Return the disposal notice that replaces words disposed of at a moment."""
    return f"Words disposed of on {say(local_date(at))}"
