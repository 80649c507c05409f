"""Reviewers that read: what each ruling rested on, and sums of it, by month and kind of paper.

Everybody sees their own figures. Sums over others are of at least `SMALLEST_GROUP` people and of months that are over,
so that neither a small group, nor the rest of a larger one, nor the change from one day to the next tells of one
person. A seeded draft counts as found or missed, and never as work.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from zoneinfo import ZoneInfo

from humphrey.core.review import Reason, Verdict

SMALLEST_GROUP = 3
"""Of how many people a sum must be, at least, to be shown to others."""

EVERY_KIND = ""
"""What stands for all kinds together in figures."""

_HERE = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Reading:
    """How somebody read one wording: for how long, in seconds, and which of the passages it cites they opened."""

    seconds: float
    opened: frozenset[str]
    cited: int


@dataclass(frozen=True)
class Ruling:
    """One ruling, and the reading before it; `reading` is None where it was not made on the page.

    `unchanged`: of an approval, that the first wording was approved, which nobody had changed.
    """

    reviewer: str
    kind: str
    at: datetime
    verdict: Verdict
    reasons: tuple[Reason, ...]
    unchanged: bool
    reading: Reading | None


@dataclass(frozen=True)
class Revealed:
    """Somebody found or missed the error of a seeded draft."""

    reviewer: str
    kind: str
    at: datetime
    found: bool


@dataclass(frozen=True)
class Figures:
    """Sums over the rulings of one month on one kind of paper, or on every kind.

    Args:
        month: its first day.
        kind: the kind of paper; `EVERY_KIND` for all of them.
        reviewers: how many people they are of.
        ruled: how many rulings.
        approved: how many of them approve.
        unchanged: how many of those approve the first wording.
        read: how many rulings were made after reading on the page, of which the next two know.
        seconds: the median time of reading, in seconds; None where nobody read on the page.
        evidence: the share of cited passages that were opened, from 0 to 1; None where none was cited.
        reasons: how often each fixed reason was given for a return or a refusal.
        found: how many seeded drafts were found.
        missed: how many were approved.
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
    """What falls into one month and one kind."""

    rulings: list[Ruling] = field(default_factory=list)
    revealed: list[Revealed] = field(default_factory=list)

    @property
    def people(self) -> set[str]:
        return {ruling.reviewer for ruling in self.rulings} | {each.reviewer for each in self.revealed}

    def joined(self, other: "_Cell") -> "_Cell":
        return _Cell([*self.rulings, *other.rulings], [*self.revealed, *other.revealed])


def own(rulings: Iterable[Ruling], revealed: Iterable[Revealed]) -> list[Figures]:
    """One person's figures: each month, every kind first and then kind by kind, the latest month first."""
    found = []
    for month, cells in _months(rulings, revealed):
        found += [_summed(month, EVERY_KIND, _together(cells.values()))]
        found += [_summed(month, kind, cells[kind]) for kind in sorted(cells)]
    return found


def sums(rulings: Iterable[Ruling], revealed: Iterable[Revealed], today: date) -> list[Figures]:
    """Everybody's figures as others may see them: of months that are over, and of groups that are large enough.

    A kind that too few people ruled on is left out; and where it could be told from the sum of all kinds and those
    that are shown, so are as many others as it takes, the smallest first.
    """
    found = []
    for month, cells in _months(rulings, revealed):
        if (month.year, month.month) >= (today.year, today.month):
            continue
        together = _together(cells.values())
        if len(together.people) < SMALLEST_GROUP:
            continue
        found += [_summed(month, EVERY_KIND, together)]
        found += [_summed(month, kind, cells[kind]) for kind in sorted(_shown(cells))]
    return found


def month_of(at: datetime) -> date:
    """The first day of the month that a moment falls in where the department is."""
    return at.astimezone(_HERE).date().replace(day=1)


def _months(rulings: Iterable[Ruling], revealed: Iterable[Revealed]) -> Sequence[tuple[date, Mapping[str, _Cell]]]:
    cells: dict[date, dict[str, _Cell]] = defaultdict(lambda: defaultdict(_Cell))
    for ruling in rulings:
        cells[month_of(ruling.at)][ruling.kind].rulings.append(ruling)
    for each in revealed:
        cells[month_of(each.at)][each.kind].revealed.append(each)
    return sorted(cells.items(), reverse=True)


def _shown(cells: Mapping[str, _Cell]) -> set[str]:
    """The kinds whose sums may stand beside the sum of all."""
    shown = {kind for kind, cell in cells.items() if len(cell.people) >= SMALLEST_GROUP}
    hidden = set(cells) - shown
    while hidden and shown and len(_together(cells[kind] for kind in hidden).people) < SMALLEST_GROUP:
        smallest = min(shown, key=lambda kind: (len(cells[kind].people), len(cells[kind].rulings), kind))
        shown, hidden = shown - {smallest}, hidden | {smallest}
    return shown


def _together(cells: Iterable[_Cell]) -> _Cell:
    whole = _Cell()
    for cell in cells:
        whole = whole.joined(cell)
    return whole


def _summed(month: date, kind: str, cell: _Cell) -> Figures:
    approved = [each for each in cell.rulings if each.verdict == "approve"]
    readings = [each.reading for each in cell.rulings if each.reading]
    cited = sum(each.cited for each in readings)
    reasons: dict[Reason, int] = defaultdict(int)
    for reason in (reason for each in cell.rulings for reason in each.reasons):
        reasons[reason] += 1
    return Figures(
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
