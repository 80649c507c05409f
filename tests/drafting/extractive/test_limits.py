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


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("Are 2 copies allowed?", "Send at least 4 copies."),
        ("Do we break the rule with 2 copies?", "Send at least 4 copies."),
        ("Is it not too long at 55 pages?", LIMIT),
        ("Is it too long or fine at 55 pages?", LIMIT),
    ],
)
def test_a_minimum_or_an_unclear_question_has_the_comparison_alone(question: str, statement: str):
    found = comparison(question, question, statement, "Copies")
    assert found is not None
    working = compared(found.stated, found.limit, found.bound)
    assert told(question, working) == working.explanation


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("Can we copy a book over 30 pages?", LIMIT),
        ("Can we refuse at 30 pages or more?", LIMIT),
        ("Are 30 to 50 pages too many?", LIMIT),
        ("Are 30 pages each for 3 people too many?", LIMIT),
        ("Is a loan within the limit if it takes 2 days more than 3 weeks?", "The limit for loans is 4 weeks."),
    ],
)
def test_an_unclear_quantity_is_not_compared(question: str, statement: str):
    assert comparison(question, question, statement, "Copies") is None
