"""Reviewer statistics: how each decision was prepared, summed by month and kind of paper.

Reviewers see their own figures. Others see sums over at least `SMALLEST_GROUP` people and over past months only. So
neither a small group, nor the difference of two sums, nor a change from one day to the next reveals one person. A spot
check counts as found or missed, never as work.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from typing import Any

from humphrey.clearance.model import Reason, Verdict
from humphrey.digests import row_digest
from humphrey.text.dates import local_date

SMALLEST_GROUP = 3
"""The fewest people that a sum shown to others may cover."""


NO_READING = "none"
"""What the entry of a decision says if its reviewer's reading was not reported."""


EVERY_KIND = ""
"""The kind of figures that cover all kinds of paper together."""


@dataclass(frozen=True)
class ReadingRecord:
    """How a reviewer read one version of a draft.

    `seconds` is the time spent, `opened` the cited passages that were opened, `cited` the number of cited passages.
    """

    seconds: float
    opened: frozenset[str]
    cited: int


@dataclass(frozen=True)
class DecisionRecord:
    """One decision and the reading before it; `reading` is None if the decision was not made on the page.

    `unchanged` is True for the approval of the first version, which nobody had changed.
    """

    reviewer: str
    kind: str
    at: datetime
    verdict: Verdict
    reasons: tuple[Reason, ...]
    unchanged: bool
    reading: ReadingRecord | None


@dataclass(frozen=True)
class RevealedSpotCheck:
    """The outcome of one spot check: the reviewer found or missed its error."""

    reviewer: str
    kind: str
    at: datetime
    found: bool


@dataclass(frozen=True)
class ReviewerFigures:
    """Sums over the decisions of one month on one kind of paper, or on every kind.

    Args:
        month: first day of the month.
        kind: kind of paper; `EVERY_KIND` for all kinds.
        reviewers: number of people covered.
        ruled: number of decisions.
        approved: number of approvals.
        unchanged: number of approvals of a first version.
        read: number of decisions made after reading on the page; `seconds` and `evidence` cover only these.
        seconds: median reading time in seconds; None if nobody read on the page.
        evidence: share of cited passages that were opened, from 0 to 1; None if no passage was cited.
        reasons: number of uses of each fixed reason for a return or a refusal.
        found: number of spot checks whose error was found.
        missed: number of spot checks that were approved.
    """

    month: date
    kind: str
    reviewers: int
    ruled: int
    approved: int
    unchanged: int
    read: int
    seconds: float | None
    evidence: float | None
    reasons: Mapping[Reason, int] = field(default_factory=dict)
    found: int = 0
    missed: int = 0


@dataclass
class _Cell:
    """The decisions and spot checks of one month and one kind."""

    rulings: list[DecisionRecord] = field(default_factory=list)
    revealed: list[RevealedSpotCheck] = field(default_factory=list)

    @property
    def people(self) -> set[str]:
        return {ruling.reviewer for ruling in self.rulings} | {each.reviewer for each in self.revealed}

    def joined(self, other: "_Cell") -> "_Cell":
        return _Cell([*self.rulings, *other.rulings], [*self.revealed, *other.revealed])


def own(rulings: Iterable[DecisionRecord], revealed: Iterable[RevealedSpotCheck]) -> list[ReviewerFigures]:
    """Return one person's figures, latest month first; for each month all kinds together, then each kind."""
    found = []
    for month, cells in _months(rulings, revealed):
        found += [_summed(month, EVERY_KIND, _together(cells.values()))]
        found += [_summed(month, kind, cells[kind]) for kind in sorted(cells)]
    return found


def sums(
    rulings: Iterable[DecisionRecord], revealed: Iterable[RevealedSpotCheck], today: date
) -> list[ReviewerFigures]:
    """Return the figures of all reviewers that others may see: past months and large enough groups only.

    A kind with fewer than `SMALLEST_GROUP` reviewers is left out. If it could be computed from the total and the kinds
    shown, further kinds are left out too, the smallest first.
    """
    found = []
    for month, cells in _months(rulings, revealed):
        # Sums of the current month would change with each decision and so reveal it.
        if (month.year, month.month) >= (today.year, today.month):
            continue
        together = _together(cells.values())
        if len(together.people) < SMALLEST_GROUP:
            continue
        found += [_summed(month, EVERY_KIND, together)]
        found += [_summed(month, kind, cells[kind]) for kind in sorted(_shown(cells))]
    return found


def month_of(at: datetime) -> date:
    """Return the first day of the month that contains a moment, in London time."""
    return local_date(at).replace(day=1)


def _months(
    rulings: Iterable[DecisionRecord], revealed: Iterable[RevealedSpotCheck]
) -> Sequence[tuple[date, Mapping[str, _Cell]]]:
    cells: dict[date, dict[str, _Cell]] = defaultdict(lambda: defaultdict(_Cell))
    for ruling in rulings:
        cells[month_of(ruling.at)][ruling.kind].rulings.append(ruling)
    for each in revealed:
        cells[month_of(each.at)][each.kind].revealed.append(each)
    return sorted(cells.items(), reverse=True)


def _shown(cells: Mapping[str, _Cell]) -> set[str]:
    """Return the kinds whose sums may be shown together with the total.

    The kinds left out must together have at least `SMALLEST_GROUP` people, because their sum is the difference between
    the total and the kinds shown.
    """
    shown = {kind for kind, cell in cells.items() if len(cell.people) >= SMALLEST_GROUP}
    hidden = set(cells) - shown
    while hidden and shown and len(_together(cells[kind] for kind in hidden).people) < SMALLEST_GROUP:
        # The smallest kind hides the fewest decisions; the name decides between equals, so the result is stable.
        smallest = min(shown, key=lambda kind: (len(cells[kind].people), len(cells[kind].rulings), kind))
        shown, hidden = shown - {smallest}, hidden | {smallest}
    return shown


def _together(cells: Iterable[_Cell]) -> _Cell:
    whole = _Cell()
    for cell in cells:
        whole = whole.joined(cell)
    return whole


def _summed(month: date, kind: str, cell: _Cell) -> ReviewerFigures:
    approved = [each for each in cell.rulings if each.verdict == "approve"]
    readings = [each.reading for each in cell.rulings if each.reading]
    cited = sum(each.cited for each in readings)
    reasons: dict[Reason, int] = defaultdict(int)
    for reason in (reason for each in cell.rulings for reason in each.reasons):
        reasons[reason] += 1
    return ReviewerFigures(
        month=month,
        kind=kind,
        reviewers=len(cell.people),
        ruled=len(cell.rulings),
        approved=len(approved),
        unchanged=sum(each.unchanged for each in approved),
        read=len(readings),
        seconds=median(each.seconds for each in readings) if readings else None,
        evidence=sum(len(each.opened) for each in readings) / cited if cited else None,
        reasons=dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        found=sum(each.found for each in cell.revealed),
        missed=sum(not each.found for each in cell.revealed),
    )


def reading_digest(row: Mapping[Any, Any]) -> str:
    """Return the digest of a stored reading, which the entry of its reader's decision holds.

    The moment of the last report makes it unlikely that the time spent can be guessed from the digest.
    """
    return row_digest(row, ("noted_at", "seconds", "opened", "cited"))
