"""Characters that cannot be seen: which ones nothing around them needs, and how their place is shown."""

import unicodedata

import pytest
import regex

from humphrey.text.hidden_characters import hidden_positions, made_visible, without_hidden

IGNORABLE = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u2800]")
EVERY_HIDDEN = [sign for sign in map(chr, range(0x110000)) if IGNORABLE.match(sign)]


def test_every_character_that_is_drawn_as_nothing_is_found_inside_a_word():
    unseen = [sign for sign in EVERY_HIDDEN if hidden_positions(f"pay{sign}ment", leaves=True) == [3]]

    assert len(unseen) > 4_000
    assert unseen == EVERY_HIDDEN


@pytest.mark.parametrize(
    "text",
    [
        "می‌خواهم",
        "क्‍ष",
        "שלום\u200f 5",
        "👩‍👩‍👧",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "❤️ and 1️⃣ and ™️",
        "葛󠄀",
        "⠓⠑⠇⠇⠕⠀⠺",
        "café, £5 – “quoted” … x²",
    ],
)
def test_what_a_script_or_an_emoji_needs_is_not_hidden(text):
    assert hidden_positions(text, leaves=True) == []
    assert made_visible(text) == without_hidden(text) == text


@pytest.mark.parametrize("text", ["one, \ufe0f two", "pay\ufe0fment", "20\ufe0f26", "😀\ufe03", "😀️️", "a‍b", "ـ‍‍"])
def test_a_selector_or_joiner_is_hidden_where_unicode_has_no_use_for_it(text):
    assert hidden_positions(text, leaves=True)


def test_a_soft_hyphen_and_a_byte_order_mark_may_be_typed_and_may_not_leave():
    assert hidden_positions("\ufeffre\u00adsponse") == []
    assert hidden_positions("\ufeffre\u00adsponse", leaves=True) == [0, 3]
    assert without_hidden("\ufeffre\u00adsponse") == "response"


def test_the_place_of_a_hidden_character_is_shown_by_its_name():
    assert made_visible("pay \u202e500") == "pay [U+202E right-to-left override]500"
    assert made_visible("a\U000e0041b\u3164") == "a[U+E0041 tag latin capital letter a]b[U+3164 hangul filler]"
    assert made_visible("a\u2065b") == "a[U+2065 invisible character]b"
    assert unicodedata.normalize("NFC", made_visible("plain")) == "plain"
