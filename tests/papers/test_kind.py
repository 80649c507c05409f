"""A paper's pattern is filled with facts, which are data, and its time limit is computed from them."""

from dataclasses import replace
from datetime import date

import pytest

from humphrey.errors import CommissionError
from humphrey.papers.kind import DueRule, Field, Paper, accept_facts, limit_of, render

NOTE = Paper(
    kind="note",
    title="Note",
    purpose="To show what a pattern does.",
    fields=(
        Field("name", "Name"),
        Field("received", "Date received", type="date"),
        Field("email", "Email", type="email", required=False),
        Field("words", "Words", type="long_text", max_chars=40),
        Field("regime", "Regime", required=False, default="FOI Act"),
    ),
    checks=(),
    prompt="",
    pattern="Dear {{name}}\n{{email}}\nReceived {{received}} under the {{ regime }}: “{{words}}”. Due {{due}}.",
    due=DueRule("foi_20wd", "received"),
)


FACTS = {"name": "Jo Bloggs", "received": "2026-11-23", "words": "How many?"}


def test_a_pattern_is_filled_with_facts_and_days_are_written_in_words() -> None:
    assert render(NOTE, FACTS, date(2026, 12, 22)) == (
        "Dear Jo Bloggs\nReceived 23 November 2026 under the FOI Act: “How many?”. Due 22 December 2026."
    )


def test_a_fact_that_looks_like_a_place_is_left_as_it_is() -> None:
    text = render(NOTE, {**FACTS, "words": "{{due}} {{name}} \\1"}, date(2026, 12, 22))
    assert "“{{due}} {{name}} \\1”" in text


@pytest.mark.parametrize("missing", ["name", "words"])
def test_a_place_without_a_fact_is_refused_by_name(missing: str) -> None:
    with pytest.raises(CommissionError, match=missing):
        render(NOTE, {**FACTS, missing: " "}, date(2026, 12, 22))


def test_a_place_that_no_field_fills_is_refused_by_name() -> None:
    with pytest.raises(CommissionError, match="salutation"):
        render(replace(NOTE, pattern="{{salutation}}"), FACTS, None)


def test_the_due_date_is_computed_from_the_day_the_rule_counts_from() -> None:
    limit = limit_of(NOTE, FACTS)
    assert limit is not None
    assert limit.due == date(2026, 12, 22)
    assert "St Andrew's Day" in limit.explanation


def test_a_paper_without_a_time_limit_has_no_due_date() -> None:
    assert limit_of(replace(NOTE, due=None), FACTS) is None


def test_a_due_date_without_its_day_is_refused() -> None:
    with pytest.raises(CommissionError, match="give received"):
        limit_of(NOTE, {"name": "Jo"})


def test_accepted_facts_are_trimmed_and_complete() -> None:
    facts = accept_facts(NOTE, {"name": " Jo ", "received": "23 November 2026", "words": "a\nb"})
    assert facts == {"name": "Jo", "received": "2026-11-23", "email": "", "words": "a\nb", "regime": "FOI Act"}


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        ({"name": ""}, "give 'Name'"),
        ({"name": "Jo\nBloggs"}, "takes one line"),
        ({"received": "soon"}, "'soon' is not a date"),
        ({"email": "nobody"}, "is not an email address"),
        ({"words": "x" * 41}, "has 41 characters; at most 40"),
        ({"nmae": "Jo"}, "note has no field 'nmae'; its fields are email"),
    ],
)
def test_a_fact_that_cannot_be_accepted_is_named_with_what_to_do(fact: dict[str, str], message: str) -> None:
    with pytest.raises(CommissionError, match=message):
        accept_facts(NOTE, {**FACTS, **fact})
