"""A redraft without a model changes set phrases and very long sentences, and nothing that could change the meaning."""

import pytest

from humphrey.drafting.own_texts.plain_english import to_plain_english
from humphrey.text.figures import values


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("In order to help, we will utilise a team.", "To help, we will use a team."),
        ("It ends prior to 4 December.", "It ends before 4 December."),
        ("We need an additional, and not a numerous, team.", "We need an extra, and not a many, team."),
        ("This is a utilised site.", "This is a used site."),
        ("It costs £5,000 per annum.", "It costs £5,000 a year."),
        ("We liaise with the port.", "We work with the port."),
    ],
)
def test_set_phrases_become_plain_with_their_capital_and_article(before, after):
    assert to_plain_english(before).text == after


@pytest.mark.parametrize(
    "text",
    [
        "The Additional Learning Needs Act applies.",
        "She wrote: “We utilise this in order to learn.”",
        "Read https://example.org/in-order-to/utilise today.",
        "# Prior to arrival",
        "You must not enter, and nobody may stay.",
        "UTILISE",
    ],
)
def test_titles_quotations_addresses_headings_and_duties_stay_as_they_are(text):
    assert to_plain_english(text).text == text
    assert to_plain_english(text).replaced == ()


def test_what_was_changed_is_counted():
    made = to_plain_english("In order to see, we look. In order to hear, we commence listening.")

    assert made.replaced == (("in order to", "to", 2), ("commence", "start", 1))


LONG = (
    "The department has looked at the costs of the port over the last three years with great care and in detail, "
    "and it will not pay more than £5,000 towards keeping the gate open at night."
)


def test_a_very_long_sentence_is_parted_where_both_parts_stand_alone():
    made = to_plain_english(LONG)

    assert made.parted == 1
    assert "in detail. It will not pay more than £5,000" in made.text
    assert values(made.text) == values(LONG)


def test_a_condition_keeps_its_sentence_whole():
    text = LONG.replace("The department has", "If the department has")

    assert to_plain_english(text) == to_plain_english(text).__class__(text, (), 0)
