"""The short form of `python -m evals.proofs forgery`."""

from pathlib import Path

from evals.proofs.forgery import prove


def test_whatever_row_or_entry_is_forged_nothing_leaves_by_it_and_it_is_named(tmp_path: Path):
    result = prove(tmp_path, tries=10, seed=2, every=5)

    assert result.breaches == []
    assert result.forged.total() > 30
    assert {"ledger", "rechecks", "decisions", "versions", "reviews", "outbox"} <= set(result.forged)
