"""The short form of `python -m evals.proofs alter`."""

from pathlib import Path

from evals.proofs.tampering.alter import TABLES, prove

CHANGES = 150


def test_whatever_byte_is_changed_nothing_altered_is_delivered_and_the_change_is_named(tmp_path: Path):
    result = prove(tmp_path, CHANGES, seed=3)

    assert result.breaches == []
    assert result.changes.total() > CHANGES * 0.9
    assert set(result.changes) == set(TABLES)
    assert result.noticed["check"] > CHANGES * 0.8
