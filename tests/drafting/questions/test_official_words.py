"""Everyday words are searched for under their official names too, and the question stays as it was typed."""

import pytest

from humphrey.drafting.questions.official_words import beside_everyday, in_official_words, officially


@pytest.mark.parametrize(
    ("question", "official"),
    [
        ("May I ask Gemini for a first draft?", "generative AI tool"),
        ("My tablet was swiped from the car.", "lost or stolen device"),
        ("I posted the file to the wrong address", "personal data breach"),
        ("A bidder took me out to dinner. Do I say so?", "gifts and hospitality"),
        ("Shall we offer a goodwill payment?", "ex gratia"),
        ("May we post on LinkedIn?", "social media"),
        ("He runs his wife's firm on the side", "conflict of interest"),
        ("The drone will film people in the park.", "data protection impact assessment"),
        ("A blogger wants all our e-mails about it.", "freedom of information request"),
        ("It would take us weeks to find them all.", "appropriate cost limit"),
        ("We phoned round for three quotes", "below-threshold contract"),
        ("I may run for council next year.", "stand for election"),
        ("How do I write noon on a page?", "style guide"),
    ],
)
def test_official_words_follow_the_question(question, official):
    said = in_official_words(question)

    assert said.startswith(question)
    assert official in said


def test_a_question_in_official_words_is_left_as_it_is():
    asked = "Is a personal data breach recorded where a letter was sent to the wrong person?"
    assert in_official_words(asked) == asked
    assert in_official_words("What is the fee for a licence?") == "What is the fee for a licence?"


def test_official_words_take_the_place_of_everyday_ones_once():
    asked = "May I take a box of chocolates from a bidder, or a hamper?"
    assert officially(asked) == "May I take a gifts and hospitality from a bidder, or a ?"
    assert beside_everyday(asked) == "May I take a from a bidder, or a ?"
    assert officially("What is the fee?") == beside_everyday("What is the fee?") == "What is the fee?"
