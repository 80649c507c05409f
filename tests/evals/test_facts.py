"""An answer holds a key fact if it has every phrase of one way to say it, and its yes or no is the first word."""

import pytest

from evals.answers.guidance import starter
from evals.facts.run import HERE, Case, Fact, Scored, cases, counted, scored
from humphrey.papers.draft import Commission, Draft, ModelName

FEE = Fact("The fee is twenty pounds.", (("£20",), ("twenty", "pounds")))
CASH = Fact("No cash is taken.", (("no cash",),))


def answer(text: str, yes_no: str | None = None) -> Scored:
    draft = Draft(Commission("answer", "?", "", "web"), "answered", text, ModelName("embedded", "quoting-1"))
    return scored(Case("1", "?", (FEE, CASH), yes_no), draft)


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("The fee is £20. [1]\n\nNo [2]\ncash, please.", ()),
        ("Pay twenty\npounds. [1]", (CASH.told,)),
        ("Pay twenty. No cash. [1]", (FEE.told,)),
    ],
)
def test_a_fact_is_held_where_all_phrases_of_one_way_to_say_it_are(text: str, lacks: tuple[str, ...]):
    assert answer(text).lacks == lacks


@pytest.mark.parametrize(
    ("text", "said"),
    [("No.\n\nThe fee is £20.", "no"), ("Worked out.\nYes, over the limit: 3 is more.", "yes"), ("No cash.", None)],
)
def test_yes_or_no_is_the_first_word_of_a_line_before_a_stop(text: str, said: str | None):
    assert answer(text).said == said


def test_the_counts_are_of_facts_answers_and_yes_or_no():
    found = [answer("No.\n\n£20, no cash [1]", "no"), answer("Yes.\n\n£20", "no"), answer("Yes.\n\n£20 in notes")]
    figures = counted(found)
    assert figures["key facts held"] == "4 of 6"
    assert figures["complete answers"] == "1 of 3"
    assert figures["yes or no right"] == "1 of 2"
    assert figures["yes or no wrong"] == "1"
    assert figures["said where the guidance settles neither"] == "1"
    assert figures["words of an answer"] == "3"


def test_the_halves_are_apart_and_their_questions_are_the_starter_ones():
    tune, held = ({case.id: case.text for case in cases(HERE / f"{half}.jsonl")} for half in ("tune", "held"))
    known = {asked.id: asked.text for asked in starter()}
    assert not tune.keys() & held.keys()
    assert all(known[name] == text for name, text in (tune | held).items())
