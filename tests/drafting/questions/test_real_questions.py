"""Real questions are let through: hardly any is refused, has a ready reply, or is taken for an order to the system."""

import json
import os
from pathlib import Path

import pytest

from humphrey.drafting.questions.kinds import classify
from humphrey.drafting.questions.prompt_injection import find_prompt_injection
from humphrey.drafting.questions.screening import screen

SHARED = os.environ.get("HUMPHREY_SHARED_DATA", "")  # noqa: TID251 - says where real questions are, for tests alone


SETS = {
    "conditionalqa_pages/queries.jsonl": "text",
    "conditionalqa_evidence/queries.jsonl": "text",
    "parliamentary_questions/written_pqs.jsonl": "question",
}


pytestmark = pytest.mark.skipif(not SHARED, reason="needs real questions: set HUMPHREY_SHARED_DATA to their folder")


def records(name: str) -> list[dict[str, str]]:
    # Not `splitlines`: some of the texts hold other line ends of Unicode.
    lines = (Path(SHARED) / name).read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


@pytest.fixture(scope="module")
def questions() -> list[str]:
    return [each[key] for name, key in SETS.items() for each in records(name)]


def share(found: list[str], of: list[str]) -> float:
    return len(found) / len(of)


def test_at_most_one_real_question_in_two_hundred_is_refused(questions):
    refused = [text for text in questions if screen(text, highest="OFFICIAL")]

    assert len(questions) > 3_000
    assert share(refused, questions) <= 0.005


def test_at_most_one_real_question_in_a_hundred_has_a_ready_reply_or_is_taken_for_a_task(questions):
    replied = [
        text for text in questions if classify(text).kind not in {"guidance", "calculation"} or classify(text).task
    ]

    assert share(replied, questions) <= 0.01


def test_at_most_one_real_question_in_two_hundred_is_taken_for_an_order(questions):
    assert share([text for text in questions if find_prompt_injection(text)], questions) <= 0.005


def test_nine_in_ten_known_attempts_to_give_orders_are_found():
    attempts = [
        each["text"] for each in records("prompt_injection/attacks.jsonl") if each["kind"] == "direct_jailbreak"
    ]

    assert share([text for text in attempts if find_prompt_injection(text)], attempts) >= 0.9
