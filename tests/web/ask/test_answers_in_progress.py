"""Answers under way: one for each question, kept once, stopped for good, found by their owner alone."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from humphrey.drafting.steps import report_step
from humphrey.errors import CommissionError, ModelError
from humphrey.papers.draft import Commission, Draft, ModelName, OnText
from humphrey.web.ask.answers import MOST_OF_ONE, Answers, Question, stage_of

COMMISSION = Commission("answer", "How long?", "amina", "web")


class Desk:
    """A drafter that waits until it may go on, and a shelf for what is kept."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.kept: list[Draft] = []
        self.error: Exception | None = None
        self.answers = Answers(self, self.save)  # type: ignore[arg-type]

    def compose(self, commission: Commission, watch: OnText) -> Draft:
        report_step("search", "12 passages")
        self.go.wait(5)
        if self.error:
            raise self.error
        watch("Twenty days.")
        return Draft(commission, "answered", "Twenty days.", ModelName("test", "parrot"))

    def save(self, draft: Draft, _asked: Question) -> Any:
        self.kept.append(draft)
        return SimpleNamespace(conversation="c1")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_an_answer_is_kept_in_its_conversation_and_found_by_its_owner_alone(desk: Desk) -> None:
    answer = desk.answers.start("amina", Question("How long?", ""), COMMISSION)
    assert desk.answers.latest("amina") is answer
    assert desk.answers.find(answer.id, "tom") is None
    assert desk.answers.latest("tom") is None
    desk.go.set()
    assert answer.wait(5)
    assert (answer.state, answer.conversation, len(desk.kept)) == ("kept", "c1", 1)
    assert desk.answers.find(answer.id, "amina") is answer
    assert desk.answers.latest("amina") is None


def test_what_was_stopped_is_never_kept_and_a_later_end_changes_nothing(desk: Desk) -> None:
    answer = desk.answers.start("amina", Question("How long?", "c1"), COMMISSION)
    answer.end("stopped")
    desk.go.set()
    answer.end("kept", keep=lambda: pytest.fail("a stopped answer was kept"))
    assert (answer.state, desk.kept) == ("stopped", [])


def test_a_draft_that_fails_says_why(desk: Desk) -> None:
    desk.error = ModelError("the model did not answer; ask again")
    desk.go.set()
    answer = desk.answers.start("amina", Question("How long?", "c1"), COMMISSION)
    assert answer.wait(5)
    assert answer.state == "failed"
    assert "the model did not answer" in answer.alert


def test_a_question_pressed_twice_is_asked_once_and_one_person_has_five_under_way(desk: Desk) -> None:
    first = desk.answers.start("amina", Question("How long?", ""), COMMISSION)
    assert desk.answers.start("amina", Question("How long?", ""), COMMISSION) is first
    for n in range(MOST_OF_ONE - 1):
        desk.answers.start("amina", Question(f"And {n}?", ""), COMMISSION)
    with pytest.raises(CommissionError, match="wait for one of them, or stop it"):
        desk.answers.start("amina", Question("One more?", ""), COMMISSION)
    desk.answers.start("tom", Question("One more?", ""), COMMISSION)
    desk.go.set()


def test_the_steps_of_the_pipeline_are_told_in_plain_words() -> None:
    said = [
        ("complete the question", ""),
        ("search", "12 passages"),
        ("search", "1 passages"),
        ("write", "80 characters"),
    ]
    told = [stage_of(*step) for step in [*said, ("read part 2", ""), ("check every sentence", "")]]
    assert told == [
        "Searching",
        "Reading 12 passages",
        "Reading 1 passage",
        "",
        "Reading part 2",
        "Checking every sentence",
    ]
