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
        ("Can staff claim a refund?", "Staff in Leeds can claim a refund.", "yes, if"),
        ("Can I delete a card?", "You may delete a card if it is wrong.", "yes, if"),
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


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("Is it a mistake to lend a card to a visitor?", "It is a mistake to lend a card to a visitor."),
        ("Is it poor form to lend a card to a visitor?", "It is wrong to lend a card to a visitor."),
        ("Would it be illegal for a clerk to burn a card?", "A clerk must not burn a card."),
        ("Can we omit the fee from the bill?", "You must put the fee in the bill."),
        ("Is it voluntary to print the list of fees?", "You must print the list of fees."),
    ],
)
def test_a_question_for_what_is_wrong_or_left_undone_is_not_answered(question: str, statement: str):
    assert yes_or_no(question, statement, "Cards and bills") is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("Can a clerk lend cards worth over £50?", "A clerk may lend cards worth under £50."),
        ("Can a clerk lend 4 cards a day to a visitor?", "A clerk may lend 9 cards a day to a visitor."),
        ("Must a clerk stamp a card after lending it?", "A clerk must stamp a card before lending it."),
        ("Do we have to stamp a card?", "You do not have to stamp a card within 3 days."),
        ("Can I claim a refund?", "Carers over 21 can claim a refund."),
        ("Can clerks lend cards?", "Hardly any clerks may lend cards."),
        ("Do all clerks need a pass?", "Some clerks need a pass."),
        ("Can only clerks lend cards?", "Clerks may lend cards."),
        ("Can we keep a card forever?", "You can keep a card for a month."),
        ("Can clerks lend cards?", "Not every clerk may lend cards."),
    ],
)
def test_other_bounds_and_rare_cases_settle_nothing(question: str, statement: str):
    assert yes_or_no(question, statement, "Cards") is None


@pytest.mark.parametrize(
    ("question", "statement", "said"),
    [
        ("Can the guard open the gate for the porter?", "The porter may open the gate for the guard.", None),
        ("Does a guard lend cards from visitors?", "The porter lends cards from visitors to a guard.", None),
        ("Can a guard post cards from porters to visitors?", "A guard may post cards from visitors to porters.", None),
        ("Can we lend visitors a card?", "Porters may not lend visitors a card.", None),
        ("Can staff lend a card?", "Staff in Leeds must not lend a card.", None),
        ("Must we stamp the card?", "The card must be stamped by the porter.", None),
        ("Must we stamp the card?", "The card must be stamped.", "yes"),
        ("Must the card be stamped?", "You must stamp the card.", "yes"),
        ("Can we lend a card?", "Officials must not lend a card.", "no"),
    ],
)
def test_the_statement_is_about_the_same_party(question: str, statement: str, said: str | None):
    assert yes_or_no(question, statement, "Passes") == said


@pytest.mark.parametrize(
    "statement",
    [
        "The panel considered whether clerks may lend cards.",
        "It was claimed that clerks may lend cards.",
        "Visitors ask: clerks may lend cards?",
    ],
)
def test_what_is_only_asked_or_reported_settles_nothing(statement: str):
    assert yes_or_no("Can clerks lend cards?", statement, "Passes") is None


def test_the_headings_may_name_what_the_statement_is_about():
    assert yes_or_no("Can a refund be paid in cash?", "Nothing is paid in cash.", "Refunds") is None
    assert yes_or_no("Do refunds of parking fees count?", "Parking fees do not count.", "Which refunds count") == "no"
