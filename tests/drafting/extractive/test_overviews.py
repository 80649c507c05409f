"""A question for the main findings wants the section in which a document gives them itself."""

import pytest

from humphrey.drafting.extractive.overviews import gives_overview, overview_query, wants_overview


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("What are the main findings?", True),
        ("What are the report's key conclusions?", True),
        ("What does the attached report say?", True),
        ("Give me the headlines.", True),
        ("What does the report say about parking?", False),
        ("Who wrote the report?", False),
        ("What is the main entrance?", False),
    ],
)
def test_a_question_for_main_findings_is_told_from_others(question: str, wants: bool):
    assert wants_overview(question) is wants


@pytest.mark.parametrize(
    ("heading", "gives"),
    [
        ("Headlines", True),
        ("1. Executive summary", True),
        ("Key findings", True),
        ("2.1 Conclusions and next steps", True),
        ("Method", False),
        ("How we summarised the replies", False),
    ],
)
def test_a_heading_of_a_summary_is_told_from_others(heading: str, gives: bool):
    assert gives_overview(heading) is gives


def test_the_question_is_searched_with_the_names_of_such_sections():
    assert overview_query("What are the main findings?").startswith("What are the main findings? Headlines")
