"""Found or not: a scenario decides nothing, what nobody holds is sent elsewhere, and every refusal has its reason."""

from datetime import date

import pytest

from humphrey.checks.registry import CHECKS, check
from humphrey.drafting.agent.drafter import AgentDrafter
from humphrey.drafting.extractive.language_model import NAME, ExtractiveModel
from humphrey.papers.draft import Commission, Draft, EarlierTurn
from humphrey.papers.loader import load
from humphrey.papers.standard_wording import (
    ASK_DIRECTORY,
    ASK_OFFICE_HOLDERS,
    ASK_STATISTICS,
    MISSPELT,
    NOT_FOUND,
    UNASKED,
    UNKNOWN,
    UNWRITTEN,
    WITHOUT,
)
from humphrey.search.embeddings import EmbeddingModel
from tests.support.draft_requests import written_by
from tests.support.example_guidance import lookup, search

PAPERS = load(CHECKS)


RATE = "What is the mileage rate for a private car?"


@pytest.fixture(scope="module")
def drafter() -> AgentDrafter:
    model = ExtractiveModel(embed=EmbeddingModel(2))
    return AgentDrafter(model, NAME, search, lookup, passages_per_answer=4, today=lambda: date(2026, 11, 23))


def ask(drafter: AgentDrafter, question: str, *earlier: str) -> Draft:
    turns = tuple(EarlierTurn(one, "An answer.") for one in earlier)
    return written_by(drafter, Commission("answer", question, "amina", "web", earlier=turns), PAPERS["answer"])


@pytest.mark.parametrize("scenario", ["I live in Manchester.", "Our MP's asked the EU.", "GOV.UK says I must drive."])
def test_a_name_in_the_scenario_leaves_the_answer_whole(drafter: AgentDrafter, scenario: str) -> None:
    draft = ask(drafter, f"{scenario} {RATE}")
    assert draft.status == "answered"
    assert "55p a mile" in draft.text


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Under the Private Car Mileage Act 2019, what is the mileage rate for a car?", "Private Car Mileage Act 2019"),
        ("What is the mileage rate for a private car under paragraph 7.14?", "paragraph 7.14"),
    ],
)
def test_what_only_the_question_names_is_said_to_be_unknown(drafter: AgentDrafter, question: str, name: str) -> None:
    draft = ask(drafter, question)
    assert draft.status in {"partial", "not_in_guidance"}
    assert f"{UNKNOWN}{name}." in draft.text
    assert check(draft, PAPERS["answer"], lookup) == () or draft.citations


@pytest.mark.parametrize(
    ("question", "where"),
    [
        ("What is the phone number of the facilities team?", ASK_DIRECTORY),
        ("Who is our facilities manager?", ASK_OFFICE_HOLDERS),
        ("How many parking permits were issued last year?", ASK_STATISTICS),
    ],
)
def test_what_no_guidance_holds_is_sent_to_those_who_hold_it(drafter: AgentDrafter, question: str, where: str) -> None:
    draft = ask(drafter, question)
    assert draft.status == "not_in_guidance"
    assert draft.text.startswith(f"{NOT_FOUND}\n{where}")
    assert draft.citations == ()
    assert check(draft, PAPERS["answer"], lookup) == ()


def test_where_nothing_is_near_the_words_that_no_passage_has_are_the_reason(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "How do I bake sourdough bread?")
    assert draft.status == "not_in_guidance"
    assert f"{WITHOUT}bake, sourdough, bread." in draft.text


def test_a_follow_up_is_answered_from_what_speaks_of_its_subject(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "Who approves it?", RATE)
    assert {citation.document for citation in draft.citations} == {"travel"}
    assert "needs the approval of a line manager." in draft.text


def test_another_subject_drops_the_one_before(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "Who issues parking permits?", RATE)
    assert {citation.document for citation in draft.citations} == {"trap"}


def test_a_text_that_cannot_be_written_here_is_said_to_be_missing(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "Draft an e-mail that tells staff the mileage rate for a private car.")
    assert draft.status == "partial"
    assert draft.missing == ("an e-mail",)
    assert f"{UNWRITTEN}an e-mail." in draft.text
    assert "55p a mile" in draft.text


def test_of_too_many_questions_those_not_looked_at_are_named(drafter: AgentDrafter) -> None:
    many = f"Who issues parking permits? {RATE} Does travel by private car need approval? Do weekends count?"
    draft = ask(drafter, many)
    assert draft.status == "partial"
    assert f"{UNASKED}Who issues parking permits?" in draft.text


def test_a_misspelt_question_is_answered_and_says_how_it_was_read(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "wat is the mileage rate for a privte car")
    assert draft.status == "answered"
    assert f"{MISSPELT}privte (private)." in draft.text
