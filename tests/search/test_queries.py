"""A question is brought to a length that can be searched with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humphrey.search.queries import MOST_WORDS, content_words, expanded, shortened
from humphrey.text.sentences import sentences


def test_a_very_short_query_gets_the_titles_and_headings_that_say_its_words():
    names = [
        "Mileage rates",
        "Travel and subsistence",
        "Claiming mileages",
        "Mileage rates",
        "The mileage log",
        "Mileage",
    ]

    assert expanded("mileage?", names) == "mileage? Mileage rates Claiming mileages The mileage log"


@pytest.mark.parametrize("query", ["what is it", "?", "", "How many miles are paid at the higher rate?"])
def test_a_query_without_substance_or_with_enough_of_it_is_not_expanded(query):
    assert expanded(query, ["Miles", "What it is", "Higher rate"]) == query


def test_a_long_question_keeps_what_it_asks_and_what_tells_most_about_that():
    weather = [
        f"On day {n} the weather in town number {n} was remarkable and {n} neighbours said so." for n in range(150)
    ]
    told = "My late father held a private pension with an employer scheme in Wales."
    other = "The pension scheme says that no widow's pension is due from the employer."
    asked = "Can I claim his private pension from the scheme?"
    letter = " ".join([*weather[:70], told, *weather[70:120], other, *weather[120:], asked, "Thank you for reading."])
    assert len(letter.split()) > 2000

    short = shortened(letter)

    assert told in short
    assert short.endswith(asked)
    assert other in short
    assert short.count("weather") <= 1


def test_of_many_questions_in_a_long_text_the_last_are_kept():
    asked = [f"May person number {n} ask question number {n} about the rule?" for n in range(60)]

    short = shortened(" ".join(asked))

    assert asked[-1] in short
    assert len(short.split()) <= MOST_WORDS


def test_one_endless_sentence_is_cut():
    assert shortened("word " * 3000) == " ".join(["word"] * MOST_WORDS)


@given(st.text(max_size=400), st.integers(1, 30))
def test_a_shortened_text_is_never_too_long_and_holds_only_what_was_there(text, most):
    short = shortened(text, most)

    if len(text.split()) <= most:
        assert short == text
    else:
        assert 0 < len(short.split()) <= most
        assert set(short.split()) <= set(text.split()) | {span.of(text) for span in sentences(text)} | set(
            short.split(" ")
        )


def test_words_of_substance_are_compared_without_their_endings():
    assert content_words("How are the mileages claimed?") == content_words("mileage claims") == ["mileag", "claim"]
