"""Yes or no is said where the guidance says so of what is asked, and nowhere else."""

import pytest

from humphrey.drafting.extractive.yes_or_no import yes_or_no


@pytest.mark.parametrize(
    ("question", "statement", "said"),
    [
        ("May a clerk authorise a refund?", "A clerk may not approve a refund.", "no"),
        ("Can a clerk approve a refund?", "Clerks cannot approve a refund.", "no"),
        ("Can a clerk sign off a refund?", "The head of unit decides, and a clerk can never sign off a refund.", "no"),
        ("Are we allowed to share the register with a bank?", "Never share the register with a bank.", "no"),
        ("Can we share the register with a bank?", "It is wrong to share the register with a bank.", "no"),
        ("Can we keep the register on paper?", "The register must be kept on paper.", "yes"),
        ("Should we archive the register?", "The register must be archived.", "yes"),
        ("Do we have to stamp every letter?", "A department does not have to stamp every letter.", "no"),
        ("Do we have to log each call?", "A department must keep a log of each call.", "yes"),
        ("Is a stamp on each letter compulsory?", "A stamp on each letter is compulsory.", "yes"),
        ("Does a courier need a pass?", "A courier needs a pass.", "yes"),
        ("Is there a fee for parking?", "There is no fee for parking.", "no"),
        ("Is the annex a second register?", "The annex is not a second register.", "no"),
        ("Is the register open to the public?", "The register is open to the public.", "yes"),
    ],
)
def test_a_statement_about_the_same_says_yes_or_no(question: str, statement: str, said: str):
    assert yes_or_no(question, statement, "Registers and parking") == said


@pytest.mark.parametrize(
    ("question", "statement", "said"),
    [
        ("Can we refuse a second request?", "We can refuse a second request unless a year has passed.", "yes, if"),
        ("Can a refund be paid in cash?", "A refund is not normally paid in cash.", "no, unless"),
        ("Can I claim a refund?", "You can claim a refund if you:\n\n- paid twice\n- paid late", "yes, if"),
        ("Can I claim a refund?", "Carers over 21 can claim a refund.", "yes, if"),
        ("Can I claim this refund?", "You can claim a refund.", "yes, if"),
        ("Can carers over 21 claim a refund?", "Carers over 21 can claim a refund.", "yes"),
    ],
)
def test_a_condition_that_the_question_does_not_name_is_told(question: str, statement: str, said: str):
    assert yes_or_no(question, statement, "Refunds") == said


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("How long can we keep it?", "A register can be kept for a year."),
        ("Can a clerk approve a refund?", "A manager may approve a refund."),
        ("Can a clerk approve a refund?", "A clerk may not approve a new supplier."),
        ("Does the day on which a letter arrives count?", "The day on which a letter arrives is day 0."),
        ("Must we extend the deadline?", "A department may extend the deadline."),
        ("May we stamp every letter?", "A department does not have to stamp every letter."),
        ("Is it a letter or a form?", "It is a letter."),
        ("Can't we refuse a request?", "A department can refuse a request."),
        ("Can we refuse it?", "A department can refuse a refund."),
    ],
)
def test_anything_less_settles_nothing(question: str, statement: str):
    assert yes_or_no(question, statement, "Letters") is None


def test_the_headings_may_name_what_the_statement_is_about():
    assert yes_or_no("Can a refund be paid in cash?", "Nothing is paid in cash.", "Refunds") is None
    assert yes_or_no("Do refunds of parking fees count?", "Parking fees do not count.", "Which refunds count") == "no"
