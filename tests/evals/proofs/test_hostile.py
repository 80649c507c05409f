"""The short form of `python -m evals.proofs hostile`."""

from pathlib import Path

from evals.proofs.attacks import MOST_GUESSES
from evals.proofs.hostile import prove

GUESSES = MOST_GUESSES + 6


def test_hostile_requests_are_refused_recorded_and_limited(tmp_path: Path):
    rows = {row.name.partition(" (")[0]: row for row in prove(tmp_path, GUESSES)}

    assert {name: row.breaches for name, row in rows.items() if row.breaches} == {}
    assert rows["sent from another site"].statuses == {403: rows["sent from another site"].tries}
    assert rows["a decision sent again"].statuses == {409: 40}
    assert rows["a guess at a password"].tries == GUESSES
    assert rows["the server after that"].statuses == {200: 2}
    assert sum(row.tries for row in rows.values()) > 250
