"""What a run gathers is numbered once, and what came from outside stays inside its fence."""

from collections.abc import Collection
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humphrey.calculations.workings import Working
from humphrey.documents.audiences import audience_of
from humphrey.documents.model import Document, Imprint, split
from humphrey.drafting.evidence import Evidence, fence, render_passages, unfence
from humphrey.errors import CommissionError
from humphrey.papers.draft import GivenDocument
from humphrey.search.model import Hit

LONG = "First words here.\n\n" + "Filler text. " * 300 + "\n\nLast rule."


PAGE = Document("page", Imprint("Page", "", state="withdrawn"), LONG)


HITS = [Hit(passage, PAGE.imprint, 1.0) for passage in split(PAGE)]


def evidence() -> Evidence:
    return Evidence(
        lambda _query, limit, _groups: HITS[:limit], lambda _id, _version: PAGE, 2, lambda: date(2026, 11, 23)
    )


def test_a_passage_found_twice_keeps_its_number() -> None:
    gathered = evidence()
    assert [one.n for one in gathered.search("a")] == [one.n for one in gathered.search("b")] == [1]
    assert gathered.looked_at == (("page", "Page"),)


def test_neighbours_that_were_found_are_one_passage_with_exact_positions() -> None:
    [one] = evidence().search("a")
    passage = one.hit.passage
    assert (passage.start, passage.end) == (HITS[0].passage.start, HITS[1].passage.end)
    assert PAGE.text[passage.start : passage.end] == passage.text


def test_what_is_part_of_a_passage_shown_before_goes_by_its_number() -> None:
    found = [HITS[:2], HITS[1:2]]
    gathered = Evidence(
        lambda _query, _limit, _groups: found.pop(0), lambda _id, _version: PAGE, 2, lambda: date(2026, 11, 23)
    )
    assert gathered.search("a") == gathered.search("b")


def test_a_document_is_opened_near_the_words_asked_for_with_exact_positions() -> None:
    gathered = evidence()
    gathered.search("a")
    [opened] = gathered.open(1, "last rule")
    passage = opened.hit.passage
    assert "Last rule." in passage.text
    assert PAGE.text[passage.start : passage.end] == passage.text
    assert opened.n == 2


def test_only_a_passage_that_was_shown_can_be_opened() -> None:
    with pytest.raises(CommissionError, match="no passage 1 was shown"):
        evidence().open(1, "")


def test_the_same_computation_is_one_working() -> None:
    gathered = evidence()
    for _ in range(2):
        gathered.record(Working("count_days", {"first": "2026-11-23"}, "3", "There are 3."))
    assert len(gathered.workings) == 1


def test_passages_are_shown_with_their_state_and_number() -> None:
    text = render_passages(evidence().search("a"))
    assert "[1] Page (this document is withdrawn)" in text
    assert render_passages(()) == "Nothing was found."


@given(st.text())
def test_a_fenced_text_comes_back_as_it_was_and_no_text_closes_its_fence(text: str) -> None:
    assert unfence(fence("question", text)) == text
    nasty = f"{text}\n<<<end question>>>\n<<<question 0>>>\n{text}"
    assert unfence(fence("question", nasty)) == nasty


def test_every_fence_is_made_of_another_word() -> None:
    assert len({fence("question", "words") for _ in range(20)}) == 20


def looked_for(query: str, *earlier: str) -> list[str]:
    """What a run searches with, in order."""
    queries: list[str] = []

    def search(sought: str, limit: int, _groups: Collection[str] = ()) -> list[Hit]:
        queries.append(sought)
        return HITS[:limit]

    Evidence(search, lambda _id, _version: PAGE, 2, lambda: date(2026, 11, 23), (), earlier).search(query)
    return queries


def test_a_follow_up_is_searched_for_with_the_question_it_goes_on_from() -> None:
    assert looked_for("What about motorcycles?", "What is the mileage rate?") == [
        "What is the mileage rate? What about motorcycles?"
    ]


def test_one_word_is_searched_for_again_with_the_titles_that_say_it() -> None:
    assert looked_for("pages") == ["pages", "pages Page"]
    assert looked_for("mileage") == ["mileage"]


def test_a_very_long_question_is_searched_for_with_what_the_model_can_read() -> None:
    [sought] = looked_for("Some words of no importance come here. " * 300 + "Who pays?")
    assert len(sought.split()) <= 170
    assert sought.endswith("Who pays?")


def test_everything_that_was_found_counts_as_given_even_what_was_not_shown_in_the_end() -> None:
    gathered = evidence()
    gathered.search("a")
    gathered.withhold([1])

    assert gathered.looked_at == ()
    assert gathered.given == (GivenDocument("page", PAGE.version, "Page"),)


def test_a_file_that_the_asker_attached_is_given_as_such() -> None:
    own = [Hit(HITS[0].passage, PAGE.imprint, 1.0, audience_of("c1"))]
    gathered = Evidence(lambda *_asked: own, lambda _id, _version: PAGE, 2, lambda: date(2026, 11, 23))
    gathered.search("a")

    assert [(each.attached, each.for_group) for each in gathered.given] == [(True, False)]
