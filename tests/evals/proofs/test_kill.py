"""The short form of `python -m evals.proofs kill`."""

from pathlib import Path

from evals.proofs.kill import prove
from evals.proofs.walk import OUTLETS

KILLS = 12


def test_killed_anywhere_on_the_way_nothing_is_lost_nothing_leaves_twice_and_every_act_has_its_entry(tmp_path: Path):
    result = prove(tmp_path, KILLS, seed=5)

    assert result.breaches == []
    assert result.killed == KILLS
    assert len(result.steps) >= 4, "the kills are spread over the steps"
    assert result.reviews == result.sent.total()
    assert all(result.sent[outlet] for outlet in OUTLETS)
    assert {act for act, _ in result.told} >= {"question:ask", "review:open", "review:claim", "release:deliver"}
