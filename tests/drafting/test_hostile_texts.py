"""A text is worked on by rule in little time, whatever it repeats: nobody's question or file holds up the others."""

import time

import pytest

from humphrey.checks.style import suggestions
from humphrey.documents.model import Document, Imprint
from humphrey.drafting.own_texts.actions import actions
from humphrey.drafting.own_texts.plain_english import to_plain_english
from humphrey.drafting.own_texts.statements import statements_of
from humphrey.drafting.questions.follow_ups import resolved
from humphrey.drafting.questions.kinds import classify
from humphrey.drafting.questions.not_guidance import where_to_ask
from humphrey.drafting.questions.prompt_injection import find_prompt_injection
from humphrey.papers.citations import cite, quotations, quoted_lines

REPEATED = [
    "a",
    " ",
    "\n",
    ". ",
    "a. ",
    "1",
    "1,",
    "1 ",
    "- ",
    "(",
    "“",
    "'",
    "A ",
    "Aa ",
    "A.B.",
    "a-",
    "must ",
    "the ",
    "how ",
    "and ",
    "on 9 November ",
    "£1 ",
    "\n\n",
    ":",
    "? ",
    "you are ",
    "act as ",
    "Jane Smith ",
    "1/1/",
    "#",
    "*",
    "=",
    "\t",
    "[1]",
    "[1 ",
    "figures on 2 ",
    "how much did we spend ",
]


def seconds(work) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


@pytest.mark.parametrize("piece", REPEATED, ids=repr)
def test_a_question_that_repeats_itself_is_sorted_at_once(piece):
    question = (piece * 10_000)[:10_000]

    assert seconds(lambda: classify(question)) < 1
    assert seconds(lambda: classify(f"Summarise this:\n{question}")) < 1


@pytest.mark.parametrize("piece", REPEATED, ids=repr)
def test_a_long_text_that_repeats_itself_is_searched_for_orders_at_once(piece):
    assert seconds(lambda: find_prompt_injection(piece * (50_000 // len(piece)))) < 2


@pytest.mark.parametrize("work", [actions, statements_of, to_plain_english, suggestions])
@pytest.mark.parametrize("piece", REPEATED, ids=repr)
def test_a_long_text_of_ones_own_that_repeats_itself_is_worked_on_at_once(work, piece):
    text = piece * (20_000 // len(piece))
    given = text if work in {to_plain_english, suggestions} else Document("d", Imprint("t", ""), text)

    assert seconds(lambda: list(work(given)) if work is suggestions else work(given)) < 2


@pytest.mark.parametrize("piece", REPEATED, ids=repr)
@pytest.mark.parametrize("around", ["{}", "How then{}x", "What data by{}", "Is it{}due?"])
def test_a_question_that_repeats_itself_is_understood_at_once(around, piece):
    question = around.format((piece * 9_000)[:9_000])

    assert seconds(lambda: where_to_ask(question, ["The fee is £30."])) < 1
    assert seconds(lambda: resolved(question, ["What is a harbour licence?"])) < 2


@pytest.mark.parametrize("piece", REPEATED, ids=repr)
def test_the_quotations_and_markers_of_a_long_line_are_read_at_once(piece):
    line = f"> It says{piece * (60_000 // len(piece))}so"

    assert seconds(lambda: quoted_lines(line)) < 1
    assert seconds(lambda: quotations(line)) < 1
    assert seconds(lambda: cite(line, {})) < 4
