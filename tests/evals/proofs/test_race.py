"""The short form of `python -m evals.proofs race`."""

import os

import pytest

from evals.proofs.race import on
from humphrey.errors import SettingsError

REVIEWS, PROCESSES = 12, 4


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_of_processes_that_race_for_a_review_one_wins_each_race_and_the_others_are_told_why(database):
    try:
        result = on(database, REVIEWS, PROCESSES)
    except SettingsError as error:
        # The wish for no silent skips is the continuous integration's, not one of humphrey's settings.
        demanded = os.environ.get("CI") == "true"  # noqa: TID251 - as said above
        pytest.fail(str(error)) if demanded else pytest.skip(f"NO POSTGRESQL: {error}")

    assert result.breaches == []
    for act in ("amend", "claim", "decide"):
        assert result.outcomes[act]["won"] == REVIEWS
        assert sum(result.outcomes[act].values()) == REVIEWS * PROCESSES
    assert result.outcomes["amend"]["StaleDigest"] == result.outcomes["claim"].total() - REVIEWS
    assert result.outcomes["decide"]["AlreadyDecided"] > 0
    assert result.outcomes["deliver"]["won"] == REVIEWS
