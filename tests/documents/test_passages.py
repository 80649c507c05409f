import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humphrey.documents.model import Document, Heading, Imprint, split

WORDS = st.text(string.ascii_letters + "é£€-.!?\u00a0", min_size=1, max_size=9)


SENTENCES = st.lists(WORDS, min_size=1, max_size=60).map(" ".join)


BLOCKS = st.one_of(
    SENTENCES,
    st.lists(SENTENCES, min_size=1, max_size=8).map(lambda items: "\n".join("- " + item for item in items)),
)


def document(*blocks: str | tuple[int, str]) -> Document:
    """A document of paragraphs and of headings, which are pairs of level and title."""
    text, headings = "", []
    for block in blocks:
        text += "\n\n" if text else ""
        if isinstance(block, tuple):
            headings.append(Heading(block[0], block[1], len(text), len(text) + len(block[1])))
            text += block[1]
        else:
            text += block
    return Document("note", Imprint("A note", ""), text, tuple(headings))


@given(st.lists(st.one_of(BLOCKS, st.tuples(st.integers(1, 6), WORDS)), max_size=12))
def test_every_character_that_is_no_heading_and_not_blank_is_in_exactly_one_passage(blocks):
    whole = document(*blocks)
    passages = split(whole)

    covered = [at for passage in passages for at in range(passage.start, passage.end)]
    headed = {at for heading in whole.headings for at in range(heading.start, heading.end)}
    wanted = {at for at, char in enumerate(whole.text) if not char.isspace() and at not in headed}
    assert len(covered) == len(set(covered))
    assert {at for at in covered if not whole.text[at].isspace()} == wanted
    assert not headed & set(covered)


@given(st.lists(st.one_of(BLOCKS, st.tuples(st.integers(1, 6), WORDS)), max_size=12))
def test_a_passage_is_its_document_s_text_to_the_character_and_never_too_long(blocks):
    whole = document(*blocks)

    for n, passage in enumerate(split(whole)):
        assert passage.text == whole.text[passage.start : passage.end]
        assert passage.text.strip() == passage.text != ""
        assert (passage.n, passage.version, passage.id) == (n, whole.version, f"note#{n}")
        assert len(passage.text.split()) <= 200


def test_the_section_is_the_path_of_headings_above():
    whole = document("Before.", (1, "One"), "A.", (3, "Deep"), "B.", (2, "Two"), "C.", (1, "Next"), "D.")

    assert [passage.section for passage in split(whole)] == [(), ("One",), ("One", "Deep"), ("One", "Two"), ("Next",)]


def test_a_very_short_section_stands_alone():
    assert [p.text for p in split(document((1, "A"), "Few words.", (1, "B"), "Few more."))] == [
        "Few words.",
        "Few more.",
    ]


def test_whole_paragraphs_are_packed_until_a_passage_is_long_enough():
    paragraphs = [f"{n} " + "word " * 58 + "end." for n in range(7)]

    lengths = [len(passage.text.split()) for passage in split(document(*paragraphs))]

    assert lengths == [180, 180, 60]


def test_the_last_passage_of_a_section_is_not_a_scrap():
    paragraphs = [f"{n} " + "word " * 58 + "end." for n in range(4)]

    assert [len(passage.text.split()) for passage in split(document(*paragraphs))] == [120, 120]


@pytest.mark.parametrize("before", [0, 60, 90, 150])
@pytest.mark.parametrize("item_words", [5, 18])
def test_a_list_stays_with_the_line_that_leads_into_it(before, item_words):
    listed = "\n".join(f"- item {n} " + "of " * item_words for n in range(8))
    passages = split(document("word " * before + "end.", "You may, if you:", listed))

    [with_lead] = [passage for passage in passages if "You may" in passage.text]
    assert all(f"item {n} of" in with_lead.text for n in range(8))


def test_a_list_too_long_for_one_passage_is_cut_between_items_and_begins_with_its_lead_in():
    items = [f"- {n} " + "word " * 28 + "end." for n in range(12)]
    passages = split(document("You may, if you:", "\n".join(items)))

    assert passages[0].text.startswith("You may, if you:\n\n- 0 ")
    assert len(passages) > 1
    assert all(passage.text.startswith("- ") for passage in passages[1:])


def test_a_paragraph_too_long_for_one_passage_is_cut_at_sentence_ends():
    sentences = [f"Sentence {n} " + "word " * 20 + "ends here." for n in range(20)]
    passages = split(document(" ".join(sentences)))

    assert len(passages) > 1
    assert all(passage.text.startswith("Sentence") and passage.text.endswith("here.") for passage in passages)


def test_a_document_without_text_has_no_passages():
    assert split(document()) == []
    assert split(document((1, "Only a heading"))) == []
