"""What stands side by side is read as one, exactly as the document has it, and never across a heading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humphrey.documents.model import Document, Heading, Imprint, Passage, split
from humphrey.search.adjacent_passages import join_adjacent
from humphrey.search.model import Hit

IMPRINT = Imprint("Leave", "")


def document(text: str, *titles: str) -> Document:
    """A document with these lines as its headings."""
    headings = tuple(Heading(2, title, text.index(title), text.index(title) + len(title)) for title in titles)
    return Document("leave", IMPRINT, text, headings)


def hit(page: Document, words: str, n: int = 0, score: float = 1.0) -> Hit:
    """The hit of exactly these words of a document."""
    start = page.text.index(words)
    section = tuple(heading.title for heading in page.headings if heading.end <= start)[-1:]
    return Hit(Passage(page.id, n, page.version, words, start, start + len(words), section), IMPRINT, score)


def read(page: Document, *hits: Hit) -> list[str]:
    """The words of what is read for some hits; each is exactly what the document has there."""
    found = join_adjacent(hits, lambda _id, _version: page)
    for each in found:
        assert page.text[each.passage.start : each.passage.end] == each.passage.text
    return [each.passage.text for each in found]


RULES = document("Fees\n\nOne rule.\n\nTwo rules.\n\nThree rules.\n\nDates\n\nFour rules.", "Fees", "Dates")


def test_two_that_follow_one_another_are_read_as_one_at_the_place_of_the_better():
    best, between, other = hit(RULES, "Two rules.", 1, 3.0), hit(RULES, "Four rules.", 3, 2.0), hit(RULES, "One rule.")
    assert read(RULES, best, between, other) == ["One rule.\n\nTwo rules.", "Four rules."]
    assert join_adjacent([best, between, other], lambda _id, _version: RULES)[0].score == 3.0


def test_what_lay_between_two_joins_all_three():
    hits = hit(RULES, "One rule.", 0), hit(RULES, "Three rules.", 2), hit(RULES, "Two rules.", 1)
    assert read(RULES, *hits) == ["One rule.\n\nTwo rules.\n\nThree rules."]


def test_nothing_is_joined_across_a_heading_or_over_a_passage_that_was_not_found():
    assert read(RULES, hit(RULES, "Three rules.", 2), hit(RULES, "Four rules.", 3)) == ["Three rules.", "Four rules."]
    assert read(RULES, hit(RULES, "One rule."), hit(RULES, "Three rules.", 2)) == ["One rule.", "Three rules."]


def test_two_headings_of_one_title_stay_two_sections():
    page = document("A\n\nOne rule.\n\nA\n\nTwo rules.", "A")
    two = hit(page, "Two rules.", 1)
    assert read(page, hit(page, "One rule."), two) == ["One rule.", "Two rules."]


def test_what_overlaps_is_read_once():
    page = document("One rule. Two rules. Three rules.")
    assert read(page, hit(page, "Two rules. Three rules."), hit(page, "One rule. Two rules.", 1)) == [page.text]


LIST = document("Pay\n\nYou may claim if you are:\n\n- aged 21\n- a carer\n\nClaim early.", "Pay")


def test_a_lead_in_is_read_with_its_list_and_no_further():
    assert read(LIST, hit(LIST, "You may claim if you are:")) == ["You may claim if you are:\n\n- aged 21\n- a carer"]


def test_an_item_is_read_with_what_leads_into_its_list():
    assert read(LIST, hit(LIST, "- a carer\n\nClaim early.", 1)) == [
        "You may claim if you are:\n\n- aged 21\n- a carer\n\nClaim early."
    ]


def test_a_list_without_a_lead_in_and_a_lead_in_without_a_list_stay_as_they_are():
    bare = document("Next\n\n- one thing\n- another", "Next")
    assert read(bare, hit(bare, "- another", 1)) == ["- another"]
    page = document("It is as follows:\n\nPay early.")
    assert read(page, hit(page, "It is as follows:")) == ["It is as follows:"]


def test_a_list_longer_than_what_is_read_is_broken_off_at_an_item():
    page = document("You must:\n\n" + "\n".join(f"- do thing number {n}" for n in range(200)))
    [text] = read(page, hit(page, "You must:"))
    assert 1300 < len(text) <= 1600
    assert text.splitlines()[-1] in page.text.splitlines()
    last = hit(page, "- do thing number 199", 9)
    assert read(page, last) == ["- do thing number 199"]


def test_what_is_held_no_longer_stays_as_it_was_found():
    hits = [hit(LIST, "- a carer", 1), hit(LIST, "- aged 21")]
    assert join_adjacent(hits, lambda _id, _version: None) == hits


@given(st.lists(st.sampled_from(["Heading", "One rule.", "Rules are:", "- item", "- other item"]), max_size=30))
def test_every_passage_found_is_within_one_that_is_read(lines: list[str]):
    text = "\n\n".join(lines)
    at, headings = 0, []
    for line in lines:
        if line == "Heading":
            headings.append(Heading(2, line, at, at + len(line)))
        at += len(line) + 2
    page = Document("leave", IMPRINT, text, tuple(headings))
    found = [Hit(passage, IMPRINT, 1.0) for passage in split(page)]
    whole = join_adjacent(found, lambda _id, _version: page)
    for each in found:
        assert any(w.passage.start <= each.passage.start and each.passage.end <= w.passage.end for w in whole)
    for each in whole:
        assert text[each.passage.start : each.passage.end] == each.passage.text
        assert "Heading" not in each.passage.text


@pytest.mark.parametrize("edge", ["You may claim if you are:", "- a carer"])
def test_a_document_is_opened_only_for_what_breaks_off(edge: str):
    opened = []

    def lookup(name: str, _version: str) -> Document:
        opened.append(name)
        return LIST

    join_adjacent([hit(LIST, "Claim early.", 2)], lookup)
    assert opened == []
    join_adjacent([hit(LIST, edge)], lookup)
    assert opened == ["leave"]


def test_a_list_that_is_longer_than_a_passage_is_read_to_its_end():
    items = [f"- the form of group {n}, signed by each person in it who is over eighteen" for n in range(20)]
    page = document("Bring all of these:\n\n" + "\n".join(items) + "\n\nThen wait.")
    [whole] = read(page, hit(page, "\n".join(items[:8])))
    assert whole == page.text.removesuffix("\n\nThen wait.")
