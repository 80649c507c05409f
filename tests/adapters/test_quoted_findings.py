"""An answer in the guidance's own words gives the checks of sentences nothing to complain of."""

from datetime import date

import pytest
from guidance import lookup, search

from humphrey.adapters.agent import AgentDrafter
from humphrey.adapters.embeddings import Embeddings
from humphrey.adapters.papers import load
from humphrey.adapters.quoting import NAME, QuotingModel
from humphrey.core.checks import SENTENCE_CHECKS, check
from humphrey.core.drafts import Commission

PAPER = load()["answer"]


@pytest.fixture(scope="module")
def drafter() -> AgentDrafter:
    model = QuotingModel(embed=Embeddings(2))
    return AgentDrafter(model, NAME, search, lookup, passages_per_answer=4, today=lambda: date(2026, 11, 23))


@pytest.mark.parametrize(
    "question",
    [
        "How long do we have to answer a freedom of information request received on 23 November 2026?",
        "Does the day on which a freedom of information request arrives count?",
        "What is the mileage rate for a private car?",
        "Does official travel by private car need approval?",
    ],
)
def test_a_quoted_answer_has_no_finding_about_its_sentences(drafter: AgentDrafter, question: str) -> None:
    draft = drafter(Commission("answer", question, "amina", "web"), PAPER, lambda _text: None)

    assert draft.citations
    assert [each for each in check(draft, PAPER, lookup) if each.check in {*SENTENCE_CHECKS, "links_known"}] == []
