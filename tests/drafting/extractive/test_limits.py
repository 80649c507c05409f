"""A quantity of the question is compared with the limit that a statement gives for it."""

import pytest

from humphrey.calculations.comparing import compared
from humphrey.drafting.extractive.limits import comparison, told

LIMIT = "The limit for copying is 40 pages, as paper is dear."


@pytest.mark.parametrize(
    ("said", "question", "answer"),
    [
        ("We have 55 pages.", "Can we refuse?", "Yes, over the limit: 55 pages is more than the limit of 40 pages."),
        ("We have 12 pages.", "Is that too many?", "No, below the limit: 12 pages is less than the limit of 40 pages."),
        (
            "We have 12 pages.",
            "Are we within it?",
            "Yes, below the limit: 12 pages is less than the limit of 40 pages.",
        ),
        ("We have 55 pages.", "Are we within it?", "No, over the limit: 55 pages is more than the limit of 40 pages."),
        ("We have 55 pages.", "Must we copy it?", "Over the limit: 55 pages is more than the limit of 40 pages."),
    ],
)
def test_the_result_answers_the_question(said: str, question: str, answer: str):
    found = comparison(f"{said} {question}", question, LIMIT, "Copies")
    assert found is not None
    assert told(question, compared(found.stated, found.limit, found.bound)) == answer


@pytest.mark.parametrize(
    ("situation", "statement"),
    [
        ("It takes 55 minutes. Can we refuse?", LIMIT),
        ("We have 55 pages. Can we refuse?", "The report had 40 pages."),
        ("We have 55 pages. Can we refuse?", "The limit is 40 pages for us and 20 pages for others."),
        ("We have 40 pages. Can we refuse?", LIMIT),
        ("Can we refuse?", LIMIT),
    ],
)
def test_nothing_is_compared_without_one_limit_in_the_same_unit(situation: str, statement: str):
    assert comparison(situation, "Can we refuse?", statement, "Copies") is None


def test_nothing_is_compared_where_the_question_does_not_ask_for_it():
    assert comparison("We have 55 pages. Who copies?", "Who copies?", LIMIT, "Copies") is None
