"""The short form of `python -m evals.proofs forgery`."""

from pathlib import Path

import pytest

from evals.proofs.tampering.forgery import prove
from humphrey.ledger import entry_signatures


def test_whatever_row_or_entry_is_forged_nothing_leaves_by_it_and_it_is_named(tmp_path: Path):
    result = prove(tmp_path, tries=6, seed=2, every=9)

    assert result.breaches == []
    assert result.forged.total() > 15
    assert {"ledger", "versions"} <= set(result.forged)


def test_forgeries_leave_where_signatures_are_not_checked_so_the_proof_would_show_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(entry_signatures, "_first_unsigned", lambda *_checked: None)

    assert prove(tmp_path, tries=0, seed=2, every=19).left
