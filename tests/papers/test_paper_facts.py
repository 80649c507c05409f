"""The facts of a paper are accepted by its fields; every fault is named at once; what is missing is no fault."""

from datetime import date

import pytest

from humphrey.errors import CommissionError
from humphrey.papers.facts import accept_facts, facts_of, faults_of, flat_facts, missing_facts
from humphrey.papers.kind import Field, Option, Paper, When

TODAY = date(2026, 12, 1)


NOTE = Paper(
    kind="note",
    title="Note",
    purpose="To show what facts are.",
    fields=(
        Field("name", "Name"),
        Field("received", "Date received", "date"),
        Field("written", "Date of the note", "date", required=False, default="today"),
        Field("email", "Email", "email", required=False),
        Field("words", "Words", "long_text", max_chars=40),
        Field("regime", "Regime", required=False, default="FOI Act"),
        Field("cost", "Cost", "money", required=False),
        Field(
            "held", "Held", "choice", options=(Option("all", "All of it", "all of it"), Option("none", "None", "none"))
        ),
        Field("reason", "Reason", when=When("held", among=("none",))),
        Field("urgent", "Urgent", "yes_no", required=False),
        Field("tasks", "Tasks", "rows", fields=(Field("task", "Task"), Field("hours", "Hours", "number")), max_rows=3),
    ),
    checks=(),
    prompt="",
)


FACTS = {"name": "Jo Bloggs", "received": "2026-11-23", "words": "How many?", "held": "all", "tasks.1.task": "Search",
         "tasks.1.hours": "1.5"}  # fmt: skip


def test_accepted_facts_are_trimmed_read_and_complete() -> None:
    given = {
        **FACTS,
        "name": " Jo ",
        "received": "23 November 2026",
        "held": "All of it",
        "cost": "£1,250.50",
        "urgent": "Y",
    }
    assert accept_facts(NOTE, given, TODAY) == {
        "name": "Jo", "received": "2026-11-23", "written": "2026-12-01", "email": "", "words": "How many?",
        "regime": "FOI Act", "cost": "1250.50", "held": "all", "reason": "", "urgent": "yes",
        "tasks.1.task": "Search", "tasks.1.hours": "1.5",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        ({"name": "Jo\nBloggs"}, "takes one line"),
        ({"received": "soon"}, "'Date received': 'soon' is not a date"),
        ({"email": "nobody"}, "is not an email address"),
        ({"words": "x" * 41}, "has 41 characters; at most 40"),
        ({"nmae": "Jo"}, "note has no field 'nmae'; its fields are cost"),
        ({"held": "some"}, "'Held' is none of its options; choose all, none"),
        ({"cost": "a lot"}, "'a lot' is not a number"),
        ({"cost": "NaN"}, "can be counted with"),
        ({"urgent": "perhaps"}, "neither yes nor no"),
        ({"tasks": "Search"}, "note has no field 'tasks'"),
        ({"tasks.1.hours": "long"}, "'Tasks, row 1: Hours': 'long' is not a number"),
        ({"tasks.4.task": "Read"}, "beyond the 3 rows"),
        ({"tasks.0.task": "Read"}, "beyond the 3 rows"),
    ],
)
def test_a_fact_that_cannot_be_accepted_is_named_with_what_to_do(fact: dict[str, str], message: str) -> None:
    with pytest.raises(CommissionError, match=message):
        accept_facts(NOTE, {**FACTS, **fact}, TODAY)


def test_every_fault_is_named_at_once() -> None:
    assert list(faults_of(NOTE, {**FACTS, "received": "soon", "cost": "a lot"})) == ["received", "cost"]


def test_a_commission_without_any_fact_is_refused_and_told_of_the_template() -> None:
    with pytest.raises(CommissionError, match="`humphrey draft note` prints a template"):
        accept_facts(NOTE, {"name": " "}, TODAY)


def test_rows_are_counted_anew_and_empty_ones_left_out() -> None:
    given = {**FACTS, "tasks.1.task": "", "tasks.1.hours": "", "tasks.3.task": "Read", "tasks.3.hours": "2"}
    accepted = accept_facts(NOTE, given, TODAY)
    assert {name: value for name, value in accepted.items() if name.startswith("tasks")} == {
        "tasks.1.task": "Read",
        "tasks.1.hours": "2",
    }


def test_what_is_missing_is_named_only_where_it_is_asked_for() -> None:
    assert missing_facts(NOTE, accept_facts(NOTE, FACTS, TODAY)) == ()
    facts = accept_facts(NOTE, {"name": "Jo", "held": "none", "tasks.1.task": "Read"}, TODAY)
    labels = [each.label for each in missing_facts(NOTE, facts)]
    assert labels == ["Date received", "Words", "Reason", "Tasks, row 1: Hours"]


def test_rows_that_are_required_and_empty_are_missing_themselves() -> None:
    facts = accept_facts(NOTE, {"name": "Jo"}, TODAY)
    assert "Tasks" in [each.label for each in missing_facts(NOTE, facts)]


def test_facts_of_a_file_become_one_level_of_text() -> None:
    given = {"name": "Jo", "urgent": True, "tasks": [{"task": "Read", "hours": 2}, {"task": "Write"}], "email": None}
    assert flat_facts(given) == {
        "name": "Jo", "urgent": "yes", "tasks.1.task": "Read", "tasks.1.hours": "2", "tasks.2.task": "Write",
        "email": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "message"), [({"name": {"a": 1}}, "name: takes one value"), ({"tasks": ["x"]}, "row 1")]
)
def test_a_fact_of_another_shape_is_named(given: dict[str, object], message: str) -> None:
    with pytest.raises(CommissionError, match=message):
        flat_facts(given)


def test_every_fact_is_listed_with_the_label_of_its_row() -> None:
    facts = accept_facts(NOTE, FACTS, TODAY)
    assert [(each.name, each.label) for each in facts_of(NOTE, facts)][-1] == ("tasks.1.hours", "Tasks, row 1: Hours")
