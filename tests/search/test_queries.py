"""A question is completed from what was asked before, and brought to a length that can be searched with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humphrey.search.queries import MOST_WORDS, completed, content_words, expanded, last_question, shortened
from humphrey.text.sentences import sentences

FIRST = "What is the mileage rate for a private car?"


@pytest.mark.parametrize(
    "follow_up",
    [
        "What about motorcycles?",
        "And for an electric bicycle used on duty?",
        "How about passengers who come along?",
        "Who approves it?",
        "Is that taxed?",
        "Do they pay tax on the excess?",
        "Does this apply to agency workers abroad?",
        "Why?",
        "How often?",
        "Abroad?",
        "If not, who pays the difference to the member of staff?",
        "Which receipts does a department want for private journeys?",
    ],
)
def test_a_question_that_leaves_something_out_is_completed_by_the_one_before(follow_up):
    assert completed(follow_up, [FIRST]) == f"{FIRST} {follow_up}"


@pytest.mark.parametrize(
    "question",
    [
        "How many working days does a department have to answer a Freedom of Information request?",
        "How long does it take to publish the minutes of a select committee hearing?",
        "When a minister leaves office and takes paid work elsewhere, who advises them?",
        "Is it true that consultations must last twelve weeks under government principles?",
    ],
)
def test_a_question_on_another_subject_that_stands_by_itself_is_left_alone(question):
    assert completed(question, [FIRST]) == question


def test_completing_goes_back_to_the_question_that_stands_by_itself_and_no_further():
    earlier = ["Which bank holidays fall in May for Scotland?", FIRST, "What about motorcycles?"]

    assert completed("And abroad?", earlier) == f"{FIRST} What about motorcycles? And abroad?"


def test_a_first_question_has_nothing_to_be_completed_from():
    assert completed("What about it?", []) == "What about it?"


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


def test_the_last_question_of_a_text_is_what_is_asked():
    assert last_question("Is it due? We wrote on Monday. When must we answer? Thank you.") == "When must we answer?"
    assert last_question("The mileage rate, please.") == "The mileage rate, please."


def test_words_of_substance_are_compared_without_their_endings():
    assert content_words("How are the mileages claimed?") == content_words("mileage claims") == ["mileag", "claim"]


def test_a_bare_day_goes_on_about_the_question_before_it() -> None:
    first = "When is the reply to our freedom of information request due?"
    assert completed("23 November 2026", [first]) == f"{first} 23 November 2026"
    other = "Which mileage rate is paid for private cars on 1 May 2026?"
    assert completed(other, ["When does the consultation of 2 May 2026 close?"]) == other
