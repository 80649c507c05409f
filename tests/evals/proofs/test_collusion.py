"""The short form of `python -m evals.proofs collusion`."""

from unittest.mock import patch

from evals.proofs.accounts.collusion import NOT_INDEPENDENT, prove
from humphrey.clearance.independence import Independence


def test_nobody_clears_what_they_may_have_written_whatever_is_done_to_accounts_and_everybody_else_may():
    outcome = prove(count=5, seed=5)

    assert outcome.unsafe == []
    assert outcome.stuck == []
    assert outcome.released > 20
    assert outcome.refused[NOT_INDEPENDENT] > 10


def test_the_proof_finds_what_the_rule_would_let_through():
    with patch("humphrey.clearance.deciding.service.independence", lambda *_given: Independence()):
        outcome = prove(count=1, seed=5)

    assert outcome.unsafe != []
