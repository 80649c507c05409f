"""What changed between two wordings, and who wrote what: whole, readable, and bounded."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humphrey.text.diff import attribute_text, compare, count_words

TEXTS = st.text(alphabet="ab .\n[1]c,é\t", max_size=60) | st.lists(
    st.sampled_from(
        ["We answer within 20 working days [1].", "It is not counted.", "", "- A bank holiday", "Dear Jo,"]
    ),
    max_size=6,
).map("\n".join)


def shown(before: str, after: str) -> str:
    signs = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    return "".join(signs[piece.op].format(piece.text) for piece in compare(before, after))


@given(TEXTS, TEXTS)
def test_both_wordings_come_back_whole_from_what_changed(before: str, after: str) -> None:
    pieces = compare(before, after)

    assert "".join(piece.text for piece in pieces if piece.op != "new") == before
    assert "".join(piece.text for piece in pieces if piece.op != "gone") == after
    assert all(piece.text for piece in pieces)


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_every_character_of_the_last_wording_came_with_one_of_them(wordings: list[str]) -> None:
    parts = attribute_text(wordings)

    assert "".join(part.text for part in parts) == wordings[-1]
    assert all(1 <= part.wording <= len(wordings) for part in parts)


@given(TEXTS)
def test_a_wording_that_is_the_same_changed_nothing(text: str) -> None:
    assert {piece.op for piece in compare(text, text)} <= {"same"}
    assert {part.wording for part in attribute_text([text, text])} <= {1}


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("You have 20 working days.", "You have 25 working days.", "You have [-20-]{+25+} working days."),
        ("It costs £1,200.50 a year.", "It costs £1,300.50 a year.", "It costs £[-1,200.50-]{+1,300.50+} a year."),
        ("It is not counted.", "It is counted.", "It is[- not-] counted."),
        ("Says so [1].", "Says so [2].", "Says so [-[1]-]{+[2]+}."),
        ("one two", "one two three", "one two{+ three+}"),
        ("First.\n\nLast.", "First.\n\nBetween.\n\nLast.", "First.{+\n\nBetween.+}\n\nLast."),
        ("- one\n- two\n- three", "- one\n- three", "- one[-\n- two-]\n- three"),
        ("a  b", "a b", "a [- -]b"),
    ],
)
def test_what_changed_is_shown_word_by_word_where_it_changed(before: str, after: str, wanted: str) -> None:
    assert shown(before, after) == wanted


def test_a_paragraph_that_stayed_is_never_part_of_a_change() -> None:
    kept = "The day of arrival is not counted."
    before = f"We answer within 20 days.\n\n{kept}\n\nWrite to us."
    after = f"Answers come within 25 days.\n\n{kept}\n\nWrite to the office."

    same = [piece.text for piece in compare(before, after) if piece.op == "same"]

    assert any(kept in text for text in same)


def test_sentences_that_share_a_word_by_chance_are_shown_as_replaced_and_not_as_confetti() -> None:
    pieces = compare("The cat sat on the mat because it was tired.", "A dog lay under the table when we were out.")

    assert len([piece for piece in pieces if piece.op != "same"]) <= 2


def test_each_part_is_ascribed_to_the_wording_it_came_with() -> None:
    parts = attribute_text(["We answer soon.", "We answer within 20 days.", "We answer within 20 working days."])

    assert [(part.wording, part.text.strip()) for part in parts] == [
        (1, "We answer"),
        (2, "within 20"),
        (3, "working"),
        (2, "days"),
        (1, "."),
    ]


def test_words_are_counted_without_punctuation() -> None:
    pieces = compare("It is so.", "It is so: 1,200 pounds [1]!")

    assert (count_words(pieces, "new"), count_words(pieces, "gone")) == (3, 0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 50_000, "b " * 3 + "a " * 49_000 + "c"),
        ("a\n" * 50_000, "b\n" * 3 + "a\n" * 49_000 + "c"),
        (" \n" * 50_000 + "a", " " * 99_999 + "b"),
        ("word wird\n" * 2_000, "wurd wird\n" * 2_000),
    ],
    ids=["one word again and again", "one line again and again", "white space", "many lines alike"],
)
def test_a_hostile_text_keeps_nobody_waiting(before: str, after: str) -> None:
    started = time.process_time()
    compare(before, after)
    assert time.process_time() - started < 5
