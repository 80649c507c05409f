"""How sure it is that what was found answers grows with every sign, and is nothing where nothing is near."""

from dataclasses import fields, replace

import pytest

from humphrey.documents.model import Imprint, Passage
from humphrey.drafting.extractive.confidence import (
    ANSWERED,
    NOT_ANSWERED,
    OFF_SUBJECT,
    ConfidenceFeatures,
    confidence,
    confidence_features,
)
from humphrey.search.model import Hit

MIDDLING = ConfidenceFeatures(nearness=0.55, said=0.4, headed=0.4, gathered=0.5)


@pytest.mark.parametrize("sign", [field.name for field in fields(ConfidenceFeatures)])
def test_every_sign_makes_it_surer(sign: str):
    surer = replace(MIDDLING, **{sign: getattr(MIDDLING, sign) + 0.2})
    assert 0 < confidence(MIDDLING) < confidence(surer) < 1


def test_what_is_near_in_all_answers_and_what_is_far_in_all_does_not():
    assert confidence(ConfidenceFeatures(0.75, 0.7, 0.8, 0.9)) > ANSWERED
    assert confidence(ConfidenceFeatures(0.42, 0.2, 0.1, 0.3)) < NOT_ANSWERED


def test_where_nothing_is_near_no_other_sign_counts():
    assert confidence(ConfidenceFeatures(OFF_SUBJECT - 0.01, 1.0, 1.0, 1.0)) == 0.0


def hit(title: str, section: str, text: str) -> Hit:
    """A passage that was found."""
    return Hit(Passage(title, 0, "v", text, 0, len(text), (section,)), Imprint(title, ""), 1.0)


def test_the_signs_are_shares_of_words_and_of_what_was_found():
    found = [
        hit("Fees", "Visas", "Pay the fee early."),
        hit("Fees", "Other", "Nothing else"),
        hit("Tax", "Cars", "A " * 15),
    ]
    signs = confidence_features("How much is the fee for a visa?", found, 0.5)
    # Of the situation's words much, fee and visa, the first passage has two with its headings, both of which are said.
    assert signs.said == pytest.approx(2 / 3)
    assert signs.headed == 1.0
    assert signs.gathered == pytest.approx((18 + 12) / (18 + 12 + 30))
    assert signs.nearness == 0.5
