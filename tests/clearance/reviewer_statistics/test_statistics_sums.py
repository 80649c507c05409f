"""Figures of how drafts are read: sums that are right, and that tell of no single person."""

import random
from collections import Counter
from datetime import UTC, date, datetime
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from humphrey.clearance.reviewer_statistics.model import (
    EVERY_KIND,
    SMALLEST_GROUP,
    DecisionRecord,
    ReadingRecord,
    RevealedSpotCheck,
    own,
    sums,
)

OCTOBER, NOVEMBER = datetime(2026, 10, 5, 12, tzinfo=UTC), datetime(2026, 11, 5, 12, tzinfo=UTC)


TODAY = date(2026, 11, 23)


def ruling(reviewer="grace", kind="answer", at=OCTOBER, verdict="approve", reading=None, **more) -> DecisionRecord:
    given = {"reasons": (), "unchanged": False, **more}
    return DecisionRecord(reviewer, kind, at, verdict, reading=reading, **given)


def test_a_month_of_ones_own_is_summed_over_every_kind_and_then_for_each():
    figures = own(
        [
            ruling(unchanged=True, reading=ReadingRecord(60, frozenset("1"), 2)),
            ruling(reading=ReadingRecord(120, frozenset("12"), 2)),
            ruling(
                kind="letter", verdict="return", reasons=("facts", "tone"), reading=ReadingRecord(30, frozenset(), 0)
            ),
            ruling(kind="letter", verdict="refuse", reasons=("facts",)),
            ruling(at=NOVEMBER),
        ],
        [
            RevealedSpotCheck("grace", "letter", OCTOBER, found=True),
            RevealedSpotCheck("grace", "letter", OCTOBER, found=False),
        ],
    )

    assert [(each.month, each.kind) for each in figures] == [
        (date(2026, 11, 1), EVERY_KIND),
        (date(2026, 11, 1), "answer"),
        (date(2026, 10, 1), EVERY_KIND),
        (date(2026, 10, 1), "answer"),
        (date(2026, 10, 1), "letter"),
    ]
    october = figures[2]
    assert (october.ruled, october.approved, october.unchanged) == (4, 2, 1)
    assert (october.read, october.seconds, october.evidence) == (3, 60, pytest.approx(0.75))
    assert (dict(october.reasons), october.found, october.missed) == ({"facts": 2, "tone": 1}, 1, 1)
    assert (figures[1].seconds, figures[1].evidence) == (None, None)


def test_a_month_is_the_departments_and_not_utcs():
    [whole, _answer] = own([ruling(at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))], [])

    assert whole.month == date(2026, 7, 1)


def team(*names: str, kind: str = "answer", at: datetime = OCTOBER) -> list[DecisionRecord]:
    return [ruling(name, kind, at) for name in names]


def kinds(figures) -> list[str]:
    return [each.kind for each in figures]


def test_others_see_no_group_of_fewer_than_three_people_however_much_they_did():
    assert sums(team("grace", "david") * 50, [], TODAY) == []
    assert kinds(sums(team("grace", "david", "olu"), [], TODAY)) == [EVERY_KIND, "answer"]


def test_others_see_no_month_before_it_is_over():
    assert sums(team("grace", "david", "olu", at=NOVEMBER), [], TODAY) == []
    assert kinds(sums(team("grace", "david", "olu", at=NOVEMBER), [], date(2026, 12, 1))) == [EVERY_KIND, "answer"]


def test_a_small_kind_cannot_be_told_from_the_others_and_their_sum():
    few = [*team("a", "b", "c", "d"), *team("a", "b", "c", kind="letter"), *team("a", kind="minute")]

    # The sum of all, less the answers, is of letters and minutes by three people; less the letters too, of one.
    assert kinds(sums(few, [], TODAY)) == [EVERY_KIND, "answer"]


def test_a_seeded_draft_counts_as_found_or_missed_and_never_as_work():
    revealed = [RevealedSpotCheck(name, "answer", OCTOBER, found=True) for name in ("a", "b", "c")]

    [whole, _answer] = sums([], revealed, TODAY)

    assert (whole.ruled, whole.found, whole.missed, whole.reviewers) == (0, 3, 0, 3)


people = st.sampled_from(["a", "b", "c", "d", "e"])


rulings = st.lists(st.builds(ruling, people, st.sampled_from(["answer", "letter", "minute", "brief"])), max_size=30)


@settings(max_examples=300)
@given(rulings)
def test_no_difference_of_sums_that_are_shown_is_of_fewer_than_three_people(made):
    shown = kinds(sums(made, [], TODAY))
    parts = {kind: [each for each in made if each.kind == kind] for kind in shown if kind != EVERY_KIND}

    for kind, part in parts.items():
        assert len({each.reviewer for each in part}) >= SMALLEST_GROUP, kind
    if EVERY_KIND not in shown:
        assert not parts
        return
    rest = [each for each in made if each.kind not in parts]
    for count in range(len(parts) + 1):
        for left in combinations(parts, count):
            difference = [*rest, *(each for kind in left for each in parts[kind])]
            assert not difference or len({each.reviewer for each in difference}) >= SMALLEST_GROUP


def test_the_sums_of_a_thousand_rulings_add_up():
    choose = random.Random(5)  # noqa: S311 - choices for a test, not secrets
    made = [
        ruling(
            choose.choice("abcdef"), choose.choice(["answer", "letter"]), verdict=choose.choice(["approve", "return"])
        )
        for _ in range(1000)
    ]
    found = {each.kind: each for each in sums(made, [], TODAY)}
    counted = Counter(each.kind for each in made)

    assert found[EVERY_KIND].ruled == 1000
    assert {kind: each.ruled for kind, each in found.items() if kind} == dict(counted)
    assert found[EVERY_KIND].approved == sum(each.verdict == "approve" for each in made)
