"""A contact, a person in office or a figure about the past is no guidance: the asker is told where to ask."""

import pytest

from humphrey.drafting.questions.not_guidance import where_to_ask
from humphrey.papers.standard_wording import ASK_DIRECTORY, ASK_OFFICE_HOLDERS, ASK_STATISTICS


@pytest.mark.parametrize(
    ("question", "where"),
    [
        ("What is the phone number of the harbour office?", ASK_DIRECTORY),
        ("Can you give me the helpline number for Companies House?", ASK_DIRECTORY),
        ("How do I get hold of the estates team?", ASK_DIRECTORY),
        ("what\u2019s the e-mail address of the pensions unit", ASK_DIRECTORY),
        ("Who is our head of estates?", ASK_OFFICE_HOLDERS),
        ("Who's the permanent secretary at Defra?", ASK_OFFICE_HOLDERS),
        ("Who runs the Land Registry?", ASK_OFFICE_HOLDERS),
        ("How many appeals did the panel hear last year?", ASK_STATISTICS),
        ("How much was spent on taxis in 2024?", ASK_STATISTICS),
        ("What proportion of staff are part-time?", ASK_STATISTICS),
        ("Which teams overspent?", ASK_STATISTICS),
        ("Do you have figures on complaints by region for 2025?", ASK_STATISTICS),
    ],
)
def test_such_a_question_is_sent_to_those_who_know(question, where):
    assert where_to_ask(question, ["Appeals are heard by a panel within 28 days."]) == where


@pytest.mark.parametrize(
    "question",
    [
        "How many days does a panel have to hear an appeal?",
        "How many quotes do we need?",
        "How much is the fee?",
        "Which contact details must a report have?",
        "Who is the accounting officer?",
        "Who is responsible for a risk register?",
        "Who should we tell about a breach?",
        "May I give my phone number to a journalist?",
        "How much must a contract be worth before it is published?",
        "What address do we put on the notice?",
    ],
)
def test_a_question_about_the_rules_is_none(question):
    assert where_to_ask(question, []) == ""


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is the phone number of the harbour office?", "Ring the harbour office on 01632 960 123."),
        ("How do I contact the estates team?", "Write to estates@harbour.gov.uk."),
        ("Who is our head of estates?", "Mrs Ada Marsh is head of estates."),
        ("How many responses did the consultation receive?", "There were 412 written responses."),
    ],
)
def test_where_a_passage_has_the_very_thing_it_may_answer(question, text):
    assert where_to_ask(question, ["Something else.", text]) == ""
