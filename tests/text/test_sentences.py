"""Sentences are where a reader sees them, and their positions are exact."""

import re
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from humphrey.text.sentences import sentences, statements, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One is here. Two is there.", ["One is here.", "Two is there."]),
        (
            "A rule, e.g. this. No. 5 applies under s. 10(1). Yes?",
            ["A rule, e.g. this.", "No. 5 applies under s. 10(1).", "Yes?"],
        ),
        ("It costs £1.50 a day. [1] It ends. [2][3]", ["It costs £1.50 a day. [1]", "It ends. [2][3]"]),
        ("He said “stop.” Then he left", ["He said “stop.”", "Then he left"]),
        ("- first item\n- second item. [1]\n\nEnd", ["first item", "second item. [1]", "End"]),
        ("", []),
    ],
)
def test_a_text_falls_into_its_sentences(text: str, found: list[str]) -> None:
    assert [span.of(text) for span in sentences(text)] == found


def test_a_list_is_one_statement_with_the_line_it_follows() -> None:
    text = "You need:\n- a form\n- a fee\nThen wait."
    assert [span.of(text) for span in statements(text)] == ["You need:\n- a form\n- a fee", "Then wait."]


def test_a_very_long_list_is_read_item_by_item() -> None:
    text = "You need:\n" + "\n".join(f"- item number {n} of the list" for n in range(60))
    assert len(statements(text)) == 61


@given(st.text(alphabet="ab .!?\n-:[1]”)(", max_size=120))
def test_every_word_of_a_text_is_in_exactly_one_sentence_and_one_statement(text: str) -> None:
    # The number of a list item is no word of its sentence.
    assume(not re.search(r"^\s*[(\[]?1+[.)]", text, re.MULTILINE))
    for found in (sentences(text), statements(text)):
        assert all(one.end <= other.start for one, other in pairwise(found))
        covered = " ".join(span.of(text) for span in found)
        assert "".join(words(covered)) == "".join(words(text))
