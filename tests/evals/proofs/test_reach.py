"""The short form of `python -m evals.proofs reach`."""

from pathlib import Path

from evals.proofs import reach


def test_a_groups_words_reach_nobody_outside_it_on_any_surface(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(reach, "ran", lambda _folder, commands: [""] * len(commands))

    found = reach.prove(tmp_path, 1, ("opened", "earlier"), ("reviewer", "auditor"))

    assert found.leaks == []
    assert found.shown["pages of a review"] > 20
    assert found.tries["page handlers"] > 60
    assert found.tries["acts"] > 60
