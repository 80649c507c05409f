"""A model's yes or no is held against the passages that it cites."""

import pytest

from humphrey.checks.verdicts import verdict_supported
from humphrey.papers.draft import Citation, Commission, Draft, ModelName
from humphrey.papers.kind import Paper

PAPER = Paper("answer", "Answer", "To answer.", (), ("verdict_supported",), "")

ASKED = "Can we claim two exclusive grants for one move?"


def messages(
    text: str, quote: str, asked: str = ASKED, provider: str = "openai-compatible", **more: object
) -> list[str]:
    cited = (Citation("1", "grants", "v", "Grants", "", (), quote, 0, len(quote)),) if quote else ()
    draft = Draft(
        Commission("answer", asked, "amina", "web", **more), "answered", text, ModelName(provider, "m"), cited
    )
    return [each.message for each in verdict_supported(draft, PAPER, lambda *_: None)]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Yes. [1]", "You cannot claim two exclusive grants for one move."),
        ("Yes, you can. [1]", "Two grants that are exclusive are never both claimed for one move."),
        ("**Yes**: claim both. [1]", "Only one of two exclusive grants may be claimed for a move."),
        ("No. [1]", "You may claim two exclusive grants for one move."),
        ("Yes. [1]", "Form AL12 has four pages."),
        ("Yes.", ""),
    ],
)
def test_a_yes_or_no_that_no_cited_passage_says_is_told(text: str, quote: str) -> None:
    assert len(messages(text, quote)) == 1


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Yes. [1]", "You may claim two exclusive grants for one move of house."),
        ("No. You cannot. [1]", "You cannot claim two exclusive grants for one move."),
        ("You cannot claim both. [1]", "You cannot claim two exclusive grants for one move."),
        ("Note that you can. [1]", "You cannot claim two exclusive grants for one move."),
    ],
)
def test_a_verdict_that_a_passage_gives_and_a_text_without_one_are_left_alone(text: str, quote: str) -> None:
    asked = "Can we claim two grants for one move?"

    assert messages(text, quote.replace("exclusive ", ""), asked) == []


@pytest.mark.parametrize("text", ["Yes. [1]", "Yes, where the conditions quoted here are met. [1]"])
def test_a_person_who_turns_the_no_of_the_rules_into_a_yes_is_told(text: str) -> None:
    quote = "You cannot claim two exclusive grants for one move."

    assert len(messages(text, quote, provider="embedded")) == 1
    assert len(messages("No. [1]", quote.replace("cannot", "can"), provider="embedded")) == 1


def test_what_the_rules_answer_or_a_task_on_a_text_is_not_held_against_it_again() -> None:
    quote = "You cannot claim two exclusive grants for one move."

    assert messages("No. [1]", quote, provider="embedded") == []
    assert messages("No. [1]", "You may never have both.", provider="embedded") == []
    assert messages("Yes. [1]", quote, task="summary") == []
