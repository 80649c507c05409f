"""No question that names several days gets a date from the wrong one; `python -m evals dates` gives all counts."""

from dataclasses import replace

from evals.dates.run import HELD_OUT, HERE, TUNED_ON, cases, outcome_of


def test_no_question_with_several_days_gets_a_wrong_date():
    assert [case.id for case in every_case() if outcome(case) == "wrong"] == []


def test_at_most_one_question_in_five_with_a_plain_day_is_asked_back():
    dates = [outcome(case) for case in every_case() if case.expect == "date"]

    assert dates.count("asked") <= len(dates) / 5


def test_a_date_from_another_day_or_without_a_request_counts_as_wrong():
    right = next(case for case in cases(HERE / "tune.jsonl") if outcome(case) == "right" and case.expect == "date")

    assert outcome(replace(right, start=("2001-01-01",))) == "wrong"
    assert outcome(replace(right, expect="none")) == "wrong"


def every_case():
    return [case for name in (*TUNED_ON, *HELD_OUT) for case in cases(HERE / f"{name}.jsonl")]


def outcome(case):
    return outcome_of(case)[0]
