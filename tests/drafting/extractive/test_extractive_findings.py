"""An answer in the guidance's own words gives the checks of sentences nothing to complain of."""

from datetime import date

import pytest

from humphrey.checks.registry import CHECKS, check
from humphrey.checks.sentences import SENTENCE_CHECKS
from humphrey.drafting.agent.drafter import AgentDrafter
from humphrey.drafting.extractive.language_model import NAME, ExtractiveModel
from humphrey.papers.draft import Commission
from humphrey.papers.loader import load
from humphrey.search.embeddings import EmbeddingModel
from tests.support.draft_requests import written_by
from tests.support.example_guidance import lookup, search

PAPER = load(CHECKS)["answer"]


@pytest.fixture(scope="module")
def drafter() -> AgentDrafter:
    model = ExtractiveModel(embed=EmbeddingModel(2))
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
    draft = written_by(drafter, Commission("answer", question, "amina", "web"), PAPER)

    assert draft.citations
    assert [each for each in check(draft, PAPER, lookup) if each.check in {*SENTENCE_CHECKS, "links_known"}] == []
