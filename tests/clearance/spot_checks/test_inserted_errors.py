"""Errors made by rule: each changes one thing, reads like the text around it, and is known again in a later wording."""

import random
import re
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humphrey.clearance.spot_checks.model import (
    ErrorType,
    SpotCheck,
    describe_spot_check,
    errors,
    insert_error,
    new_findings,
)
from humphrey.papers.draft import Commission, Draft, EarlierTurn, Finding, ModelName
from humphrey.text.figures import figures

TEXT = (
    "You have 20 working days to answer [1]. The day of arrival is not counted [1].\n\n"
    "The fee is £450, or 2.5% of the budget, from 6 April 2026 [2]. Twenty people must not be asked [2].\n\n"
    "- an item [2]\n- another [2]\n\n"
    "“Public authorities have twenty working days to answer any request that they receive.” [3]"
)


def chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - choices for a test, not secrets


def made(wrong: ErrorType, seed: int = 1):
    return [each for each in errors(TEXT, chance(seed)) if each.wrong == wrong]


def test_there_are_errors_of_every_kind_in_an_order_of_chance():
    orders = [[each.was for each in errors(TEXT, chance(seed))] for seed in range(5)]

    assert {each.wrong for each in errors(TEXT, chance(1))} == set(get_args(ErrorType))
    assert len({tuple(order) for order in orders}) == 5


@pytest.mark.parametrize("seed", range(20))
def test_a_changed_figure_is_another_one_written_the_same_way_in_its_place(seed):
    changed = made("figure", seed)

    assert {each.was for each in changed} == {"20", "£450", "2.5%", "6 April 2026", "Twenty"}
    for each in changed:
        [before], [after] = figures(each.was), figures(each.now)
        assert after.value != before.value
        assert re.sub(r"\d", "", each.was) == re.sub(r"\d", "", each.now) or each.was == "Twenty"
        assert each.text.replace(each.now, each.was) == TEXT or each.text.count(each.now) > 1
        assert each.now in each.sentence
        assert each.sentence in each.text
        assert each.sentence not in TEXT


DATES = ["6 April 2026", "April 2026", "6 April", "31st of May 2026", "April 6, 2026", "2026-04-06", "06/04/2026"]


@pytest.mark.parametrize("written", DATES)
@pytest.mark.parametrize("seed", range(8))
def test_a_date_becomes_another_day_that_there_is_or_another_year(written, seed):
    [each] = [each for each in errors(f"It is due by {written} at noon.", chance(seed)) if each.wrong == "figure"][:1]

    [figure] = figures(each.now)
    assert figure.value != figures(each.was)[0].value
    assert re.fullmatch(r"\d{4}-\d\d(-\d\d)?|--\d\d-\d\d", figure.value), each.now


@given(st.integers(0, 10_000_000), st.integers(0, 50))
def test_any_number_becomes_another_positive_one(number, seed):
    for each in errors(f"There are {number:,} of them.", chance(seed)):
        [figure] = figures(each.now)
        assert figure.value != figures(each.was)[0].value
        assert int(each.now.replace(",", "")) > 0


@pytest.mark.parametrize("seed", range(10))
def test_a_dropped_not_says_the_contrary(seed):
    changed = made("negation", seed)

    assert {(each.was, each.now) for each in changed} == {("is not", "is"), ("must not", "must")}
    assert {each.sentence for each in changed} == {
        "The day of arrival is counted [1].",
        "Twenty people must be asked [2].",
    }


def test_a_sentence_is_added_to_a_paragraph_with_the_marker_before_it_and_never_into_a_list():
    changed = made("sentence")

    assert {each.paragraph for each in changed} == {1, 2, 4}
    for each in changed:
        assert each.text.replace(f" {each.now}", "") == TEXT
        assert re.fullmatch(r"[A-Z][^\[\]]+(?: \[[123]\])?\.", each.now)


def test_what_stands_in_quotation_marks_is_left_alone():
    assert not [each for each in errors(TEXT, chance(3)) if each.wrong != "sentence" and each.paragraph == 4]


@pytest.mark.parametrize(
    "text", ["", "No.", "# A heading", "- an item [1].", "1. an item [1].", "[1]", "Is it so [1]?"]
)
def test_a_text_without_anything_to_change_has_no_errors(text):
    assert errors(text, chance(1)) == []


def test_a_figure_of_the_sources_takes_the_place_of_one_that_it_could_be():
    near = "Within 40 days, under section 10 of the Act 2000, 1,200 people; £450 or £99,000; twelve months."
    changed = [each for seed in range(30) for each in errors("It takes 20 days and costs £500.", chance(seed), [near])]

    taken = {(each.was, each.now) for each in changed}
    assert {("20", "40"), ("20", "10"), ("£500", "£450")} <= taken
    assert not {("20", "2000"), ("20", "1,200"), ("£500", "£99,000"), ("20", "twelve"), ("20", "£450")} & taken


PIECES = [*"ab0123456789 .,\n[]“”£%-", " not", "is", "must", " May ", "April", "twenty", "nd ", "st "]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.integers(0, 20))
def test_whatever_a_text_is_every_error_changes_it_and_is_in_it(text, seed):
    for each in errors(text, chance(seed)):
        assert each.text != text
        assert each.sentence in each.text
        assert each.paragraph >= 1


def test_the_copy_comes_from_no_conversation_and_is_otherwise_what_its_original_is():
    asked = Commission("answer", "How long?", "amina", "web", conversation="c1", earlier=(EarlierTurn("a", "b"),))
    original = Draft(asked, "answered", TEXT, ModelName("t", "t"), findings=(Finding("style", "suggest", "long"),))
    [error] = [each for each in made("figure") if each.was == "20"]

    copy = insert_error(original, error)

    assert copy == replace(
        original, commission=replace(asked, conversation="", earlier=()), text=error.text, findings=()
    )


def test_only_what_the_checks_say_of_the_copy_alone_points_at_its_error():
    same = Finding("style", "suggest", "long", 5, 9)
    new = Finding("figures_agree", "warn", "25 is in no source", 9, 11)

    assert new_findings([same], [replace(same, start=7, end=11), new]) == (new,)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("figure", "the figure 20 in the second paragraph was changed to 25"),
        ("negation", "in the second paragraph “20” was changed to “25”"),
        ("sentence", "a sentence that no source supports was added to the second paragraph: “25”"),
    ],
)
@pytest.mark.parametrize("found", [True, False])
@pytest.mark.parametrize("flagged", [True, False])
def test_a_revealed_draft_says_what_was_wrong_and_whether_it_was_found_and_names_nobody(wrong, said, found, flagged):
    seed = SpotCheck(
        "r2", "r1", wrong, "20", "25", 2, "25", flagged, "grace" if found else "", "" if found else "grace"
    )

    sentence = describe_spot_check(seed)

    assert said in sentence
    assert ("It was found." in sentence, "It was missed." in sentence) == (found, not found)
    assert ("The checks had pointed at it." in sentence) is flagged
    assert "grace" not in sentence
