"""A misspelt word is read as the word that it must be; a rare word, a name or an address stays as it stands."""

import pytest

from humphrey.drafting.questions.in_full import in_full
from humphrey.drafting.questions.misspellings import read_right


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wat is the dedline for a reqest", "wat is the deadline for a request"),
        ("Goverment procuremnt tresholds?", "Government procurement thresholds?"),
        ("how do i recieve aproval", "how do i receive approval"),
        ("subjct acess", "subject access"),
    ],
)
def test_one_wrong_letter_is_put_right(typed, meant):
    assert read_right(typed)[0] == meant


@pytest.mark.parametrize(
    "typed",
    [
        "When was the lamp mended, and was it invoiced and tabled?",
        "Who files the unminuted payslips of apprentices?",
        "Does Mr Deloite of Croydn live there?",
        "Write to recieve@example.org or www.goverment.example",
        "organisations categorise programmes and colour licences",
    ],
)
def test_a_rare_word_a_name_and_an_address_stay(typed):
    assert read_right(typed) == (typed, {})


def test_a_question_in_full_is_spelt_right_and_has_its_subject():
    assert in_full("Who aproves it?", ["What is a harbour licence?"]).asked == "harbour licence: Who approves it?"
