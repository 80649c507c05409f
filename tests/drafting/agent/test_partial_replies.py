"""A partial answer says what it lacks, whichever model wrote it."""

from dataclasses import replace
from datetime import date

import pytest

from humphrey.drafting.agent.replies import draft_from_reply
from humphrey.drafting.evidence import Evidence
from humphrey.papers.draft import Commission, ModelName
from humphrey.papers.standard_wording import UNCOMPUTED, UNFOUND, UNSAID, UNSETTLED

ASKED = Commission("answer", "How much is it, and by when?", "amina", "web")


def missing(reply: str) -> tuple[str, ...]:
    """What the draft of a reply lacks."""
    evidence = Evidence(lambda *_: (), lambda *_: None, 4, lambda: date(2026, 11, 23))
    return draft_from_reply(ASKED, ModelName("a", "b"), reply, evidence).missing


@pytest.mark.parametrize(
    ("said", "lacks"),
    [
        (f"It is £20.\n\n{UNFOUND}by when?", ("by when?",)),
        (f"{UNFOUND}how much?; by when?", ("how much?", "by when?")),
        (f"{UNSAID}Jersey, PIP.", ("Jersey, PIP",)),
        (f"{UNCOMPUTED}the day is wanting.\n{UNFOUND}by when?", ("the day is wanting", "by when?")),
        ("It is £20.", (UNSETTLED,)),
    ],
)
def test_a_partial_answer_lacks_what_it_says_it_lacks(said: str, lacks: tuple[str, ...]):
    assert missing(f"STATUS: partial\n{said}") == lacks


def test_no_other_answer_lacks_anything():
    assert missing(f"STATUS: answered\n{UNFOUND}by when?") == ()


@pytest.mark.parametrize(
    ("asked", "reply", "again"),
    [
        ("Is the limit for a reply 30 days?", "30 days", False),
        ("Is it 30 whole weeks?", "30 whole weeks [1]", False),
        ("Which is it, forty or fourteen?", "is it, forty or four", False),
        ("Is the limit for a reply 30 days?", "The limit for a reply: 30 days?", True),
        ("Is the limit for a reply 30 days?", "Is the limit for a reply 30 days? [1]", True),
    ],
)
def test_a_reply_that_is_part_of_the_question_is_not_the_question_again(asked: str, reply: str, again: bool):
    evidence = Evidence(lambda *_: (), lambda *_: None, 4, lambda: date(2026, 11, 23))
    draft = draft_from_reply(replace(ASKED, text=asked), ModelName("a", "b"), f"STATUS: answered\n{reply}", evidence)

    assert ("not_blank" in {each.check for each in draft.findings}) is again
