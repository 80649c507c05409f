"""What counts as text that a person wrote."""

import pytest

from humphrey.errors import CommissionError
from humphrey.text.validation import validate_text


@pytest.mark.parametrize(
    "text",
    [
        "How long do we have?",
        "كم من الوقت لدينا؟",
        "می‌خواهم بدانم",
        "<script>alert(1)</script> <b>How long</b>?",
        "line\nline\ttab\r\n",
        "👩‍👩‍👧",
    ],
)
def test_any_script_and_any_markup_is_text_and_stays_as_it_is(text: str):
    assert validate_text(text, "the question", 100) == text.strip()


@pytest.mark.parametrize("text", ["", "  \n\t ", "\u200b\u200d\ufeff", "\u202e \u2066", "\u0301"])
def test_what_nobody_can_see_is_empty(text: str):
    with pytest.raises(CommissionError, match="the question is empty"):
        validate_text(text, "the question", 100)


@pytest.mark.parametrize(("text", "named"), [("a\x00b", "U+0000"), ("a\x1bb", "U+001B"), ("a\ud800b", "U+D800")])
def test_bytes_that_are_no_text_are_named(text: str, named: str):
    with pytest.raises(CommissionError, match=f"the question holds {named}".replace("+", r"\+")):
        validate_text(text, "the question", 100)


def test_a_text_too_long_is_refused_with_its_length():
    assert validate_text("a" * 100, "the reason", 100) == "a" * 100
    with pytest.raises(CommissionError, match="the reason has 100,000 characters; at most 10,000 are accepted"):
        validate_text("a" * 100_000, "the reason", 10_000)
