"""No question that names several days gets a date from the wrong one; `python -m evals dates` gives all counts."""

from dataclasses import replace

from evals.dates.run import HERE, cases, outcome_of


def test_no_question_with_several_days_gets_a_wrong_date():
    wrong = [case.id for half in ("tune", "held") for case in cases(HERE / f"{half}.jsonl") if outcome(case) == "wrong"]

    assert wrong == []


def test_a_date_from_another_day_or_without_a_request_counts_as_wrong():
    right = next(case for case in cases(HERE / "tune.jsonl") if outcome(case) == "right" and case.expect == "date")

    assert outcome(replace(right, start=("2001-01-01",))) == "wrong"
    assert outcome(replace(right, expect="none")) == "wrong"


def outcome(case):
    return outcome_of(case)[0]
