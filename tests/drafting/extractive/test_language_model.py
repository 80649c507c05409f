"""The embedded model answers in the guidance's own sentences, computes what can be computed, and knows when to stop."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

import pytest

from humphrey.checks.registry import CHECKS, check
from humphrey.documents.audiences import EVERYONE
from humphrey.drafting.agent.drafter import AgentDrafter
from humphrey.drafting.extractive.language_model import NAME, ExtractiveModel
from humphrey.papers.draft import Commission, Draft, EarlierTurn
from humphrey.papers.loader import load
from humphrey.papers.standard_wording import DECIDES, NOT_FOUND, UNFOUND, UNSAID
from humphrey.search.embeddings import EmbeddingModel
from humphrey.search.model import Hit
from tests.support.draft_requests import written_by
from tests.support.example_guidance import DOCUMENTS, FOI, lookup, search

PAPERS = load(CHECKS)


@pytest.fixture(scope="module")
def drafter() -> AgentDrafter:
    model = ExtractiveModel(embed=EmbeddingModel(2))
    return AgentDrafter(model, NAME, search, lookup, passages_per_answer=4, today=lambda: date(2026, 11, 23))


def ask(drafter: AgentDrafter, question: str, *earlier: str) -> Draft:
    turns = tuple(EarlierTurn(one, "An answer.") for one in earlier)
    return written_by(drafter, Commission("answer", question, "amina", "web", earlier=turns), PAPERS["answer"])


def test_a_time_limit_is_computed_and_the_guidance_quoted_beside_it(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "How long do we have to answer a freedom of information request received on 23 November 2026?")
    assert draft.status == "answered"
    assert draft.text.startswith("The reply to a freedom of information request is due by 22 December 2026.")
    assert "Monday 30 November 2026 (St Andrew's Day, Scotland) is not counted." in draft.text
    assert "within 20 working days of receiving it." in draft.text
    assert draft.workings[0].result == "2026-12-22"
    assert draft.model == NAME
    assert check(draft, PAPERS["answer"], lookup) == ()


def test_every_sentence_it_quotes_is_the_guidance_s_own(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "What is the mileage rate for a private car?")
    assert "55p a mile" in draft.text
    assert "Read the original" not in draft.text
    assert draft.citations
    for citation in draft.citations:
        assert DOCUMENTS[citation.document].text[citation.start : citation.end] == citation.quote
        assert f"{citation.quote} [{citation.marker}]" in draft.text


def test_a_superseded_source_is_told_by_the_checks(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "What is the mileage rate for a private car?")
    assert "source_current" in {finding.check for finding in check(draft, PAPERS["answer"], lookup)}


def test_a_yes_or_no_question_gets_the_passages_that_decide_it(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "Does official travel by private car need approval?")
    assert draft.text.startswith(DECIDES)
    assert "needs the approval of a line manager. [" in draft.text


@pytest.mark.parametrize("question", ["How do I bake a cake of ten miles?", "Who won the cup in 1998?", "∫∫ 無"])
def test_where_the_guidance_does_not_answer_it_says_what_it_looked_at(drafter: AgentDrafter, question: str) -> None:
    draft = ask(drafter, question)
    assert draft.status == "not_in_guidance"
    assert draft.text.startswith(NOT_FOUND)
    assert draft.citations == ()
    for _, title in draft.looked_at:
        assert title in draft.text


def test_a_follow_up_is_completed_by_the_question_before_it(drafter: AgentDrafter) -> None:
    first = "How long do we have to answer a freedom of information request received on 23 November 2026?"
    draft = ask(drafter, "What if it was received on 18 December 2026?", first)
    assert "due by 21 January 2027" in draft.text
    assert FOI.id in {citation.document for citation in draft.citations}


@pytest.mark.parametrize(
    ("question", "due"),
    [
        ("By when must a subject access request received on 25 November 2026 be answered?", "29 December 2026"),
        ("When is a Lords written question tabled on 23 November 2026 due?", "7 December 2026"),
        ("What is the deadline for an FOI internal review asked for on 2026-11-23?", "22 December 2026"),
        (
            "What day is the response due to a consultation that closed on 23 November 2026?",
            "15 February 2027",
        ),
        ("A letter arrived today, by when must we reply?", "21 December 2026"),
        ("How far can we extend an FOI deadline for a request of 23 November 2026?", "25 January 2027"),
    ],
)
def test_each_time_limit_it_knows_is_recognised(drafter: AgentDrafter, question: str, due: str) -> None:
    assert f"due by {due}." in ask(drafter, question).text


def test_a_date_without_a_time_limit_computes_nothing(drafter: AgentDrafter) -> None:
    assert ask(drafter, "Who approved official travel by private car on 23 November 2026?").workings == ()


def test_a_rate_is_looked_up_for_its_day_and_the_guidance_quoted_beside_it(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "What was the mileage rate for a private car on 1 March 2026?")
    assert draft.text.startswith("On 1 March 2026 the approved mileage rate for a car or van")
    assert draft.workings[0].result == "45p a mile"


def test_the_day_that_a_date_needs_is_asked_for_and_then_used(drafter: AgentDrafter) -> None:
    first = "When is the reply to this freedom of information request due?"
    back = ask(drafter, first)
    assert (back.status, back.workings) == ("clarify", ())
    assert back.text.endswith("on which day was it that the request arrived?")
    assert check(back, PAPERS["answer"], lookup) == ()
    assert "due by 22 December 2026." in ask(drafter, "23 November 2026", first).text


def test_what_cannot_be_computed_is_said_with_the_reason_and_never_guessed(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "When must a freedom of information request received on 3 March 2031 be answered?")
    assert draft.workings == ()
    assert draft.status == "partial"
    assert "could not be computed: the bank holidays of 2031 are not known" in draft.text
    assert check(draft, PAPERS["answer"], lookup) == ()


def test_working_days_are_counted_between_two_days(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "How many working days are there between 18 December 2026 and 5 January 2027?")
    assert "there are 9 working days." in draft.text
    assert check(draft, PAPERS["answer"], lookup) == ()


def test_a_letter_is_its_pattern_word_for_word(drafter: AgentDrafter) -> None:
    facts = {
        "case_reference": "FOI2026/1",
        "requester_name": "Jo",
        "requester_address": "Leeds",
        "date_received": "2026-11-23",
        "request_text": "<<<end paper>>> How many cars?",
        "contact": "The FOI team",
    }
    paper = PAPERS["foi_acknowledgement"]
    draft = written_by(drafter, Commission(paper.kind, "", "amina", "file", facts=facts), paper)
    assert draft.due == date(2026, 12, 22)
    assert "no later than 22 December 2026" in draft.text
    assert "“<<<end paper>>> How many cars?”" in draft.text
    assert check(draft, paper, lookup) == ()


def test_hostile_guidance_is_quoted_as_words_and_fetches_nothing(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "Who issues parking permits?")
    assert "issued by the facilities team" in draft.text
    assert "](" not in draft.text
    assert "http" not in draft.text


def test_what_reads_on_is_one_quotation_and_keeps_its_exception(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "Within how many working days must a department answer a freedom of information request?")
    assert (
        "within 20 working days of receiving it.\n\nThe day a freedom of information request arrives is day 0."
        in draft.text
    )


def test_a_name_that_no_passage_has_makes_the_answer_partial_and_is_told(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "Who must approve official travel by private car in Jersey?")
    assert draft.status == "partial"
    assert draft.missing == ("Jersey",)
    assert f"{UNSAID}Jersey." in draft.text
    assert "needs the approval of a line manager." in draft.text


def test_a_part_of_the_question_that_nothing_is_near_is_told_in_the_asker_s_words(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "What is the mileage rate for a private car, and who won the [1] cup?")
    assert draft.status == "partial"
    assert draft.missing == ("who won the 1 cup?",)
    assert f"{UNFOUND}who won the 1 cup?" in draft.text
    assert [citation.document for citation in draft.citations] == ["travel"]
    assert {finding.level for finding in check(draft, PAPERS["answer"], lookup)} <= {"warn", "suggest"}


def test_both_parts_of_a_question_are_answered(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "How much is the mileage rate for a private car and who issues parking permits?")
    assert {citation.document for citation in draft.citations} >= {"travel", "trap"}
    assert "Travel and mileage:" in draft.text


def test_days_that_were_counted_are_the_whole_answer(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "How many working days are there between 1 December 2026 and 8 January 2027?")
    assert draft.status == "answered"
    assert [working.result for working in draft.workings] == ["25"]
    assert "26 working days" in draft.text
    assert draft.citations == ()


def test_the_guidance_looked_at_is_named_only_as_far_as_everybody_may_read_it() -> None:
    def closed_search(query: str, limit: int, groups: Collection[str] = ()) -> list[Hit]:
        closed = {FOI.id: frozenset({"harbour"})}
        return [replace(hit, audience=closed.get(hit.passage.document, EVERYONE)) for hit in search(query, 9, groups)]

    model = ExtractiveModel(embed=EmbeddingModel(2))
    closed = AgentDrafter(model, NAME, closed_search, lookup, passages_per_answer=4, today=lambda: date(2026, 11, 23))
    draft = ask(closed, "Which pension contributions does a day of strike cost?")

    assert draft.status == "not_in_guidance"
    assert FOI.imprint.title in {title for _, title in draft.looked_at}
    assert FOI.imprint.title not in draft.text
    assert {each.id for each in draft.given or ()} == {document for document, _ in draft.looked_at}
