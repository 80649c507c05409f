"""The short form of `python -m evals.proofs crowd`: that a crowd works at all; how fast it is is for the long form."""

from pathlib import Path

from evals.proofs import crowd

HASTE = 4
"""How many times faster than in the long form people think, so that the processor does not wait for them."""


def test_people_who_work_on_one_desk_at_once_meet_no_error_and_leave_a_record_that_fits(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(crowd, "_THINK_S", tuple(each / HASTE for each in crowd._THINK_S))
    for pause in ("_ENDING_S", "_QUEUE_EVERY_S", "_STANDING_EVERY_S", "_NOTE_EVERY_S"):
        monkeypatch.setattr(crowd, pause, getattr(crowd, pause) / HASTE)

    figures = crowd.prove(tmp_path, people=6, reviews=300, seconds=12 / HASTE)

    assert figures.errors == []
    assert figures.statuses["decision", 200] > 0
    assert figures.statuses["queue page", 200] > 6
    assert set(figures.seconds) >= {"sign in", "queue page", "open a draft", "claim", "decision"}
