"""The embedded model answers in the guidance's own sentences, computes what can be computed, and knows when to stop."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

import pytest

from humphrey.checks.registry import CHECKS, check
from humphrey.documents.audiences import EVERYONE
from humphrey.documents.model import Document, Heading, Imprint, split
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


PARTS_OF_A_TITLE = ("title", "number", "year", "author", "edition", "language", "publisher", "place", "series", "day")


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


def test_yes_or_no_is_said_before_the_passage_that_says_so(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "Does official travel by private car need approval?")
    assert draft.text.startswith("Yes.\n\nOfficial travel by private car needs the approval of a line manager. [1]")
    assert {each.check for each in check(draft, PAPERS["answer"], lookup)} <= {"source_current"}


def test_where_no_passage_says_yes_or_no_the_passages_decide(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "Is the mileage rate for a private car paid for the way home?")
    assert "Yes." not in draft.text.splitlines()
    assert "No." not in draft.text.splitlines()
    assert draft.status != "answered" or draft.text.startswith(DECIDES)


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


def test_the_passage_of_the_answer_is_shown_whole_in_its_order(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "Within how many working days must a department answer a freedom of information request?")
    quotes = [each.quote for each in draft.citations if each.document == FOI.id]
    assert quotes == FOI.text.split("\n\n")


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
    assert {citation.document for citation in draft.citations} == {"travel"}
    assert {finding.level for finding in check(draft, PAPERS["answer"], lookup)} <= {"warn", "suggest"}


def test_both_parts_of_a_question_are_answered(drafter: AgentDrafter) -> None:
    draft = ask(drafter, "How much is the mileage rate for a private car and who issues parking permits?")
    assert {citation.document for citation in draft.citations} >= {"travel", "trap"}
    assert "Parking permits:" in draft.text


COPYING = Document(
    "copying",
    Imprint("Copying for the public", "https://example.org/copying"),
    "Copying is free for schools.\n\n"
    "The limit for free copying is 40 pages a day. The department may refuse to copy more than that.\n\n"
    "A request for copies must give all of these:\n\n"
    + "\n".join(
        f"- the {each} of the document, as it is written on its first page in full" for each in PARTS_OF_A_TITLE
    )
    + "\n\nThe copying desk shuts at noon on Fridays.",
)


REPORT = Document(
    "report",
    Imprint("Survey of copying desks", "https://example.org/survey"),
    "Method\n\nWe asked the people who use the copying desks what they found, and counted what they said.\n\n"
    "Headlines\n\n- Nine desks in ten are open in time.\n- The queue at noon is the main cause of complaint.\n"
    "- Paper costs have doubled since 2020.\n\n"
    "Findings by desk\n\nThe main desk found that its queue was the longest of all, and that its findings were late.",
    tuple(
        Heading(2, title, at, at + len(title))
        for title, at in (("Method", 0), ("Headlines", 100), ("Findings by desk", 241))
    ),
)


def asking(question: str, *documents: Document) -> Draft:
    """The answer to a question from some documents alone, all of whose passages are found."""
    held = {document.id: document for document in documents}

    def every_passage(query: str, limit: int, _groups: Collection[str] = ()) -> list[Hit]:
        passages = [passage for document in documents for passage in split(document)]
        return [Hit(each, held[each.document].imprint, 1.0 - n / 10) for n, each in enumerate(passages)][:limit]

    def look_up(document: str, _version: str) -> Document | None:
        return held.get(document)

    model = ExtractiveModel(embed=EmbeddingModel(2))
    drafter = AgentDrafter(model, NAME, every_passage, look_up, passages_per_answer=6, today=lambda: date(2026, 11, 23))
    draft = ask(drafter, question)
    assert {each.level for each in check(draft, PAPERS["answer"], look_up)} <= {"suggest"}
    return draft


def test_a_quantity_is_compared_with_its_limit_by_computation_and_the_limit_is_quoted_first() -> None:
    draft = asking("Somebody wants 55 pages of free copying. Can we refuse to copy more?", COPYING)
    assert draft.text.startswith("Yes, over the limit: 55 pages is more than the limit of 40 pages.")
    assert draft.citations[0].quote.startswith("The limit for free copying is 40 pages a day.")
    assert [(working.tool, working.result) for working in draft.workings] == [("compare", "over")]


def test_a_long_list_is_never_shown_in_part() -> None:
    draft = asking("What must a request for copies give?", COPYING)
    assert all(each in draft.text for each in PARTS_OF_A_TITLE)
    assert draft.citations[0].quote.startswith("A request for copies must give all of these:")


def test_main_findings_are_those_that_a_report_gives_itself() -> None:
    draft = asking("What are the main findings of the survey of copying desks?", REPORT)
    assert draft.citations[0].section == ("Headlines",)
    assert "Paper costs have doubled since 2020." in draft.citations[0].quote


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
