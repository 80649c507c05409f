"""The short form of `python -m evals.proofs race`."""

import pytest

from evals.proofs.race import Place, prove

REVIEWS, PROCESSES = 12, 4


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_of_processes_that_race_for_a_review_one_wins_each_race_and_the_others_are_told_why(
    request, tmp_path, database
):
    address = request.getfixturevalue("postgres")() if database == "postgresql" else ""

    result = prove(Place(tmp_path, address), REVIEWS, PROCESSES)

    assert result.breaches == []
    for act in ("amend", "claim", "decide"):
        assert result.outcomes[act]["won"] == REVIEWS
        assert sum(result.outcomes[act].values()) == REVIEWS * PROCESSES
    assert result.outcomes["amend"]["StaleDigest"] == result.outcomes["claim"].total() - REVIEWS
    assert result.outcomes["decide"]["AlreadyDecided"] > 0
    assert result.outcomes["deliver"]["won"] == REVIEWS
