"""The short form of `python -m evals.proofs crowd`: that a crowd works at all; how fast it is is for the long form."""

from pathlib import Path

from evals.proofs.crowd import prove


def test_people_who_work_on_one_desk_at_once_meet_no_error_and_leave_a_record_that_fits(tmp_path: Path):
    figures = prove(tmp_path, people=6, reviews=300, seconds=8)

    assert figures.errors == []
    assert figures.statuses["decision", 200] > 0
    assert figures.statuses["queue page", 200] > 6
    assert set(figures.seconds) >= {"sign in", "queue page", "open a draft", "claim", "decision"}
