"""The command of reviewer statistics: `figures`."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click

from humphrey.accounts.model import Person
from humphrey.accounts.roles import may
from humphrey.clearance.reviewer_statistics.model import EVERY_KIND, ReviewerFigures
from humphrey.cli.shared import as_json, as_user, emit, opened


@click.command()
@as_user
@as_json
def figures(user: str | None, as_json: bool) -> None:
    """Show how reviewers work: their own figures to reviewers, and sums to the people who may see those.

    One line for each month and kind of paper. Sums are of months that are over and of at least 3 reviewers.
    """
    if not user:
        raise click.UsageError("--as USER is needed: a reviewer sees their own figures, and others see sums")
    with opened() as humphrey:
        person = humphrey.accounts.person(user)
        own = humphrey.statistics.of(user) if may(person, "clear") else []
        # A person with neither right asks for sums too: the refusal names the role that it takes.
        sums = humphrey.statistics.sums(user) if may(person, "figures") or not may(person, "clear") else []
        shape = {"person": user, "own": [_shape(each) for each in own], "sums": [_shape(each) for each in sums]}
        emit(shape, as_json, _lines(person, own, sums))


COMMANDS = (figures,)


def _shape(each: ReviewerFigures) -> dict[str, Any]:
    """Return figures as JSON: `kind` is null for all kinds together, `month` is YYYY-MM."""
    return {**asdict(each), "month": f"{each.month:%Y-%m}", "kind": each.kind or None}


def _lines(person: Person, own: Sequence[ReviewerFigures], sums: Sequence[ReviewerFigures]) -> list[str]:
    named = [(person.name, each) for each in own] + [(f"{each.reviewers} reviewers", each) for each in sums]
    return ["\t".join([whose, *_columns(each)]) for whose, each in named]


def _columns(each: ReviewerFigures) -> list[str]:
    return [
        f"{each.month:%Y-%m}",
        "all kinds" if each.kind == EVERY_KIND else each.kind,
        f"{each.ruled} decided",
        f"{each.unchanged} of {each.approved} approved unchanged",
        f"{each.seconds:.0f} s each" if each.seconds is not None else "time not known",
        f"{each.evidence:.0%} of evidence opened" if each.evidence is not None else "evidence not known",
        " ".join(f"{reason}={count}" for reason, count in each.reasons.items()),
        f"{each.found} found, {each.missed} missed" if each.found or each.missed else "",
    ]
