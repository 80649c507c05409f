"""Figures as charts: bars by month, drawn on the server as SVG in the page. The table below holds the same figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from humphrey.clearance.reviewer_statistics.model import EVERY_KIND, ReviewerFigures
from humphrey.web.escaping import safe

_WIDTH, _HEIGHT, _ABOVE, _BELOW = 480, 150, 18, 20
"""Size of a chart in its own units: the whole, the room for a value above the bars and for a month below them."""


_MOST_MONTHS = 12
"""The most bars: a year."""


@dataclass(frozen=True)
class Bar:
    """One bar: its label below it, its value, and the value as it is written above it."""

    label: str
    value: float
    said: str


def charts(figures: Sequence[ReviewerFigures]) -> str:
    """Return the charts of some figures, latest month last; empty below two months, which need no picture."""
    months = sorted((each for each in figures if each.kind == EVERY_KIND), key=lambda each: each.month)[-_MOST_MONTHS:]
    if len(months) < 2:
        return ""
    ruled = [Bar(f"{each.month:%b %y}", each.ruled, f"{each.ruled:,}") for each in months]
    times = [Bar(f"{each.month:%b %y}", each.seconds or 0, _minutes(each.seconds)) for each in months]
    opened = [Bar(f"{each.month:%b %y}", each.evidence or 0, _share(each.evidence)) for each in months]
    drawn = (("Decisions", ruled), ("Time spent, in minutes", times), ("Evidence opened", opened))
    return f'<div class="charts">{"".join(chart(title, bars) for title, bars in drawn)}</div>'


def chart(title: str, bars: Sequence[Bar]) -> str:
    """Return one chart with its title; a screen reader is given its title and its values."""
    most, step = max(bar.value for bar in bars) or 1, _WIDTH / len(bars)
    drawn = "".join(_bar(bar, step * n, step, bar.value / most) for n, bar in enumerate(bars))
    values = "; ".join(f"{bar.label}: {bar.said}" for bar in bars)
    return (
        f'<figure><figcaption>{safe(title)}</figcaption><svg role="img" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'aria-label="{safe(title)}. {safe(values)}">{drawn}</svg></figure>'
    )


def _bar(bar: Bar, left: float, step: float, share: float) -> str:
    high = round((_HEIGHT - _ABOVE - _BELOW) * share, 1)
    top, middle = _HEIGHT - _BELOW - high, round(left + step / 2, 1)
    return (
        f'<rect x="{left + step * 0.15:.1f}" y="{top:.1f}" width="{step * 0.7:.1f}" height="{high}"/>'
        f'<text x="{middle}" y="{top - 5:.1f}">{safe(bar.said)}</text>'
        f'<text class="month" x="{middle}" y="{_HEIGHT - 5}">{safe(bar.label)}</text>'
    )


def _minutes(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds / 60:.1f}"


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
