"""What is quoted reads on its own, keeps its conditions, and is the passage's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humphrey.drafting.extractive.quotable import blocks, quotables

FEES = (
    "You must pay the fee. This is £20. However, students pay nothing.\n\nWho pays?\n\nAsk the registry for the form."
)


def quoted(text: str) -> dict[str, str]:
    """Each statement, and the words quoted for it."""
    return {one.core.of(text): one.whole.of(text) for one in quotables(text)}


def cut(text: str) -> list[str]:
    """The blocks of a text."""
    return [block.of(text) for block in blocks(text)]


def test_a_sentence_that_points_back_comes_with_the_one_it_points_at():
    assert quoted(FEES)["This is £20."].startswith("You must pay the fee. This is £20.")


def test_a_sentence_comes_with_the_exception_that_follows_it():
    assert quoted("A visa lasts a year. However, a student’s lasts longer.")["A visa lasts a year."] == (
        "A visa lasts a year. However, a student’s lasts longer."
    )


@pytest.mark.parametrize(
    "exception",
    [
        "Only members may vote.",
        "But students do not.",
        "Unless the court agrees, no copy is given.",
        "This does not apply in Wales.",
        "There are exceptions for carers.",
        "This exception does not apply if:\n\n- you moved\n- you are under 18",
    ],
)
def test_every_kind_of_exception_stays_with_its_rule(exception: str):
    rule = "Everybody who applies must pay the whole fee."
    assert quoted(f"{rule}\n\n{exception}")[rule].endswith(exception)


def test_a_chain_of_sentences_that_point_back_comes_whole():
    text = "The council decides. It writes to you. It then sends a form."
    assert quoted(text)["It then sends a form."] == text


def test_what_points_back_at_nothing_is_not_quoted():
    assert quoted("They must pay the fee in full. Carers are free of charge.") == {
        "Carers are free of charge.": "Carers are free of charge."
    }
    assert "It must be signed by both." not in quoted("Is that all?\n\nIt must be signed by both.")


@pytest.mark.parametrize(
    "sentence",
    [
        "It is possible to apply by post.",
        "It takes 3 weeks to get a visa.",
        "This guide explains the fees for visas.",
        "Both you and your partner must sign.",
        "Those who live abroad pay twice.",
        "Unless you live abroad, you pay once.",
        "Except where a court decides otherwise, you pay.",
        "Theatres must pay a fee.",
    ],
)
def test_a_sentence_that_names_what_it_speaks_of_stands_by_itself(sentence: str):
    assert quoted(f"Something else was said first.\n\n{sentence}")[sentence] == sentence


def test_a_short_list_is_quoted_with_the_line_that_leads_into_it():
    text = "You can claim if you are:\n\n- over 21\n- a carer"
    assert quoted(text) == {text: text}


def test_an_item_of_a_long_list_is_quoted_with_all_of_its_list():
    items = [
        f"the partner of a person of group {n} who lives with them and has no income of their own" for n in range(9)
    ]
    text = "You can claim if you are:\n\n" + "\n".join(f"- {item}" for item in items)
    assert quoted(text) == dict.fromkeys(items, text)


def test_a_row_is_quoted_with_its_table_whose_first_row_says_what_it_is():
    table = " | First payment | Monthly payment\nHigher rate | £3,500 | £350\nLower rate | £2,500 | £100"
    text = f"There are 2 rates of it.\n\n{table}\n\nIt is paid monthly to you."
    found = quoted(text)
    assert found["Higher rate | £3,500 | £350"] == found["Lower rate | £2,500 | £100"] == table.strip()
    assert "| First payment | Monthly payment" not in found


@pytest.mark.parametrize(
    "block",
    [
        "One rule. Another rule.\nA third rule.",
        "Bring:\n\n- a card\n- a cheque\n\n- a form",
        "You need the following documents.\n\n1. a card\n2. a form",
        "The rates are:\n\nHigher | £3\nLower | £2",
        "Who pays?\n\nThe owner pays.",
        "The owner pays.\n\nHowever, students do not.",
        "The owner pays.\n\nThis is done by card.",
    ],
)
def test_what_belongs_together_is_one_block(block: str):
    assert cut(f"First of all, ask.\n\n{block}\n\nLast of all, wait.") == [
        "First of all, ask.",
        block,
        "Last of all, wait.",
    ]


def test_a_question_and_a_lead_in_without_its_list_are_not_quoted():
    text = "Who has to pay the fee?\n\nThe fee is paid in one of the following ways.\n\nYou have to pay if you are:"
    assert quoted(text) == {}


def test_a_few_words_say_nothing_by_themselves():
    assert quoted("Not yet.\n\nThe fee is £20.") == {"The fee is £20.": "The fee is £20."}


@given(
    st.lists(st.sampled_from([*FEES.split(" "), "\n\n", "- item", "You may:", "This.", "However, no."]), max_size=40)
)
def test_all_that_is_quoted_is_in_the_passage_and_in_its_order(parts: list[str]):
    text = " ".join(parts)
    for one in quotables(text):
        assert one.whole.of(text).strip()
        assert one.whole.start <= one.core.start < one.core.end <= one.whole.end
    assert "".join(" ".join(cut(text)).split()) == "".join(text.split())
