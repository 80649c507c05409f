"""Addresses that nobody gave do not stay in a draft."""

import pytest

from humphrey.documents.model import Imprint, Passage
from humphrey.drafting.agent.replies import draft_from_reply
from humphrey.drafting.evidence import Evidence
from humphrey.papers.draft import Commission, ModelName
from humphrey.search.model import Hit
from humphrey.text.links import address_checker, addresses, remove_invented

TEXT = "Apply at www.gov.uk/apply-foi or write to foi@dept.gov.uk. Replies take 20 working days."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://a.example/b?c=d, now.", ["https://a.example/b?c=d"]),
        ("Write to a.b+c@dept.gov.uk.", ["a.b+c@dept.gov.uk"]),
        ("On GOV.UK, at gov.uk/foi.", ["GOV.UK", "gov.uk/foi"]),
        ("Under s.10 and no.5, e.g. this. The end.Next", []),
    ],
)
def test_addresses_are_found_without_the_stop_after_them(text, found):
    assert [span.of(text) for span in addresses(text)] == found


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("https://www.gov.uk/apply-foi/", True),
        ("GOV.UK", True),
        ("foi@dept.gov.uk", True),
        ("gov.uk/apply", False),
        ("ept.gov.uk", False),
        ("help@dept.gov.uk", False),
        ("https://gov.uk.evil.example/apply-foi", False),
    ],
)
def test_an_address_is_known_where_a_text_has_the_whole_of_it(address, known):
    assert address_checker([TEXT])(address) is known


def test_a_link_keeps_its_words_and_loses_an_address_that_was_not_given():
    text = "[Apply](https://evil.example/x) at gov.uk/apply-foi, or [here](https://www.gov.uk/apply-foi)."

    left = "Apply (address removed) at gov.uk/apply-foi, or [here](https://www.gov.uk/apply-foi)."
    assert remove_invented(text, address_checker([TEXT])) == left


def replied(words):
    hit = Hit(Passage("foi", 0, "v", TEXT, 0, len(TEXT)), Imprint("FOI", "https://www.gov.uk/foi"), 1.0)
    evidence = Evidence(lambda *_: [hit], lambda *_: None, 3, lambda: None)
    evidence.search("time limit")
    commission = Commission("answer", "How long?", "amina", "web")
    return draft_from_reply(commission, ModelName("test", "1"), f"STATUS: answered\n{words}", evidence)


def test_an_address_that_a_model_made_up_is_taken_out_of_its_draft():
    draft = replied("Replies take 20 working days [1]. Ask help@evil.example, or see https://www.gov.uk/foi.")

    assert draft.text == "Replies take 20 working days [1]. Ask (address removed), or see gov.uk."


def test_an_address_that_goes_with_its_markup_is_still_reported():
    draft = replied('Replies take 20 working days [1]. <a href="https://evil.example/x">Ask</a> them.')

    assert draft.text == "Replies take 20 working days [1]. Ask them."
    said = "the model gave an address that no passage has, and it was taken out; read the text against the guidance"
    assert [(finding.check, finding.level, finding.message) for finding in draft.findings] == [
        ("links_known", "warn", said)
    ]
