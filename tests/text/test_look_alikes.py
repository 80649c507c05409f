"""Words and names that look like others."""

import pytest

from humphrey.text.look_alikes import foreign_words, look_the_same, mixed_words, skeleton


def mixed(text: str) -> list[str]:
    return [word.word for word in mixed_words(text)]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("the pаyment is due", "pаyment"),
        ("the lοan", "lοan"),
        ("the αnnual rate", "αnnual"),
        ("a ｐayment", "ｐayment"),
        ("the 𝗆oney", "𝗆oney"),
        ("in 20２6", "20２6"),
        ("the \u2146ay", "\u2146ay"),
        ("a \U0001d7edoan", "\U0001d7edoan"),
        ("n\U0001fbf0te", "n\U0001fbf0te"),
        ("the bi\u2223\u2223s", "bi\u2223\u2223s"),
        ("in 20২6", "20২6"),
        ("see www.gоv.uk", "gоv"),
        ("ваш пpиказ", "пpиказ"),
        ("Ꮯlause 4", "Ꮯlause"),
    ],
)
def test_a_word_of_several_scripts_that_looks_like_another_word_is_found(text, word):
    assert mixed(text) == [word]


@pytest.mark.parametrize(
    "text",
    [
        "TNFα and IFNγ, Aβ42",
        "5 μg or 5 µg, 10 kΩ, ΔT",
        "an α-blocker",
        "паспорт",
        "API接口 and Ｔシャツ",
        "café, naïve, Ærø, İstanbul, Dvořák, Llanfairpwll",
        "H₂O, x², 5℃, Ⅳ, ﬁre, №5",
        "ελληνικά και English",
        "שלום and سلام and हिन्दी",
    ],
)
def test_whole_words_units_and_names_of_science_pass(text):
    assert mixed(text) == []


def test_a_word_in_another_script_is_shown_and_one_in_disguise_is_told_apart():
    [plain] = foreign_words("Show your паспорт at the door")
    [disguised] = foreign_words("Pay аррӏе at once, in English")

    assert (plain.script, plain.disguised) == ("Cyrillic", False)
    assert (disguised.script, disguised.disguised) == ("Cyrillic", True)
    assert list(foreign_words("Покажите ваш паспорт")) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("grace", "grаce"),
        ("grace", "GRACE"),
        ("iris", "lris"),
        ("david", "DAVlD"),
        ("tom", "torn"),
        ("sam", "ｓam"),
        ("jean-luc", "jean‐luc"),
        ("o'neil", "o’neil"),
        ("sam1", "saml"),
    ],
)
def test_names_that_a_reader_cannot_tell_apart_look_the_same(one, other):
    assert look_the_same(one, other)
    assert look_the_same(other, one)


@pytest.mark.parametrize(("one", "other"), [("Ian", "Lan"), ("ann", "anna"), ("grace", "grant"), ("josé", "jose")])
def test_names_that_differ_to_the_eye_are_different(one, other):
    assert not look_the_same(one, other)


def test_two_texts_that_look_the_same_have_one_skeleton():
    assert skeleton("pаyment") == skeleton("payment")
    assert skeleton("pay\u200bment") == skeleton("payment")
    assert skeleton("payments") != skeleton("payment")
