"""A text that leaves names no guidance that only some people may read, unless it cites it."""

from dataclasses import replace
from datetime import date

import pytest

from humphrey.checks.registry import check, check_sources
from humphrey.documents.audiences import EVERYONE, audience_of
from humphrey.documents.model import Document, Imprint, split
from humphrey.drafting.agent.replies import draft_from_reply
from humphrey.drafting.evidence import Evidence
from humphrey.papers.draft import Commission, Draft, EarlierTurn, Finding, ModelName
from humphrey.papers.kind import Paper
from humphrey.search.model import Hit

PAPER = Paper("answer", "Answer", "", (), (), "")

TIDES = Document("tides", Imprint("Tide tables", ""), "High water is at noon.")


def written(reply: str, title: str = "Vault codes", audience: frozenset[str] = frozenset({"harbour"})) -> Draft:
    closed = Document("vault", Imprint(title, ""), "The vault opens at dusk.")
    hits = [Hit(split(TIDES)[0], TIDES.imprint, 1.0), Hit(split(closed)[0], closed.imprint, 0.5, audience)]
    evidence = Evidence(lambda *_asked: hits, lambda *_asked: None, 2, lambda: date(2026, 11, 23))
    evidence.search("water")
    return draft_from_reply(Commission("answer", "When?", "amina", "web"), ModelName("t", "f"), reply, evidence)


def unheld(_document: str, _version: str) -> None:
    return None


def found(draft: Draft) -> tuple[Finding, ...]:
    """What the checks of every paper find; it is the same when the sources alone are checked again."""
    findings = check(draft, PAPER, unheld)
    assert check_sources(replace(draft, findings=findings), PAPER, unheld) == findings
    return findings


def levels(draft: Draft) -> list[str]:
    return [each.level for each in found(draft)]


def test_a_title_that_is_named_and_not_cited_blocks_and_the_words_are_pointed_at():
    draft = written("STATUS: answered\nHigh water is at noon. [1] See also the vault codes.")

    assert levels(draft) == ["block"]
    [finding] = found(draft)
    assert draft.text[finding.start : finding.end] == "vault codes"


@pytest.mark.parametrize(
    ("reply", "title", "audience"),
    [
        ("The Vault codes say: The vault opens at dusk. [2]", "Vault codes", frozenset({"harbour"})),
        ("High water is at noon. [1] See the vault codes.", "Vault codes", EVERYONE),
        ("High water is at noon. [1] See the vault codes.", "Vault codes", audience_of("c1")),
    ],
    ids=["it is cited", "everybody may read it", "the asker attached it"],
)
def test_a_title_that_its_readers_may_know_does_not_block(reply, title, audience):
    assert levels(written(f"STATUS: answered\n{reply}", title, audience)) == []


def test_a_title_of_one_word_may_be_an_ordinary_word_and_is_a_warning():
    assert levels(written("STATUS: answered\nHigh water is at noon. [1] Close the vault.", "Vault")) == ["warn"]


@pytest.mark.parametrize("named", ["the VAULT CODES", "the vault\ncodes", "“Vault codes”"])
def test_a_new_wording_that_names_it_blocks_whoever_wrote_it(named):
    draft = written("STATUS: answered\nHigh water is at noon. [1]")

    assert levels(draft) == []
    assert levels(replace(draft, text=f"{draft.text} See {named}.")) == ["block"]
    assert levels(replace(draft, text="See the vault codes.", citations=())) == ["block"]


def test_a_title_that_an_earlier_answer_was_given_counts_and_a_citation_does_not_undo_it():
    before = written("STATUS: answered\nThe vault opens at dusk. [2]")
    asked = Commission("answer", "And then?", "amina", "web", earlier=(EarlierTurn("When?", "So.", before.given),))

    later = Draft(asked, "answered", "As the vault codes say.", ModelName("t", "f"))

    assert levels(later) == ["block"]
    assert levels(replace(before, text="As the vault codes say.", citations=())) == ["block"]


def test_a_request_that_a_letter_repeats_whole_may_hold_the_title_and_the_letters_own_words_may_not():
    facts = {"request_text": "Please send me the vault codes."}
    draft = replace(written("STATUS: answered\nx"), text=f"You wrote: “{facts['request_text']}” They are long.")
    letter = replace(draft, commission=replace(draft.commission, facts=facts))

    assert levels(letter) == []
    assert levels(replace(letter, text=f"{letter.text} The vault codes are closed.")) == ["block"]
