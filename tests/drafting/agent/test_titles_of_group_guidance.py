"""A text that leaves names no guidance that only some people may read, unless it cites it."""

from datetime import date

import pytest

from humphrey.documents.audiences import EVERYONE, audience_of
from humphrey.documents.model import Document, Imprint, split
from humphrey.drafting.agent.replies import draft_from_reply
from humphrey.drafting.evidence import Evidence
from humphrey.papers.draft import Commission, Draft, ModelName
from humphrey.search.model import Hit

TIDES = Document("tides", Imprint("Tide tables", ""), "High water is at noon.")


def written(reply: str, title: str = "Vault codes", audience: frozenset[str] = frozenset({"harbour"})) -> Draft:
    closed = Document("vault", Imprint(title, ""), "The vault opens at dusk.")
    hits = [Hit(split(TIDES)[0], TIDES.imprint, 1.0), Hit(split(closed)[0], closed.imprint, 0.5, audience)]
    evidence = Evidence(lambda *_asked: hits, lambda *_asked: None, 2, lambda: date(2026, 11, 23))
    evidence.search("water")
    return draft_from_reply(Commission("answer", "When?", "amina", "web"), ModelName("t", "f"), reply, evidence)


def levels(draft: Draft) -> list[str]:
    return [each.level for each in draft.findings]


def test_a_title_that_is_named_and_not_cited_blocks_and_the_words_are_pointed_at():
    draft = written("STATUS: answered\nHigh water is at noon. [1] See also the vault codes.")

    assert levels(draft) == ["block"]
    [finding] = draft.findings
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
