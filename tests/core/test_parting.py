"""A question of several parts is answered part by part, and what no passage says is named in the asker's words."""

import pytest

from humphrey.core.parting import figured, parts, unsaid


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("How much is it and by when must I apply?", ("How much is it?", "by when must I apply?")),
        ("How much is the fee, and who pays?", ("How much is the fee?", "who pays?")),
        ("Is there a fee? When is it due?", ("Is there a fee?", "When is it due?")),
        ("I moved. Is there a fee for it?", ("Is there a fee for it?",)),
        ("Do I apply or does my landlord?", ("Do I apply or does my landlord?",)),
        ("If I move and will be away, who pays?", ("If I move and will be away, who pays?",)),
        ("What are the terms and conditions?", ("What are the terms and conditions?",)),
        ("Tell me about fees.", ("Tell me about fees.",)),
        ("Who? Is it the council?", ("Is it the council?",)),
        ("Is A free? Is B? Is coal free? Is gas free? Is oil free?", ("Is coal free?", "Is gas free?", "Is oil free?")),
    ],
)
def test_a_question_is_parted_where_it_asks_again(question: str, found: tuple[str, ...]):
    assert parts(question) == found


def test_the_words_that_no_passage_says_are_named_in_order_and_each_once():
    passages = ["A carer may claim the allowance."]
    assert unsaid("Can carers claim allowances for arthritis in Jersey, arthritis?", passages) == (
        "arthritis",
        "jersey",
    )
    assert unsaid("Can a carer claim?", passages) == ()


def test_no_more_than_four_words_are_named():
    assert len(unsaid("alpha1 bravo2 charlie3 delta4 foxtrot5 golfer6", [])) == 4


@pytest.mark.parametrize(
    ("question", "statement", "answers"),
    [
        ("How much is the fee?", "The fee is £20.", True),
        ("How much is the fee?", "The fee is due on 3 May.", False),
        ("What is the mileage rate?", "It is 55p a mile.", True),
        ("How long does it take?", "It takes 3 weeks.", True),
        ("How long does it take?", "It takes a while.", False),
        ("Who pays?", "The fee is £20.", False),
    ],
)
def test_a_statement_with_the_figure_that_is_asked_for_is_told(question: str, statement: str, answers: bool):
    assert figured(question, statement) is answers
