"""Drafts: what their digest binds, and that storing one loses nothing."""

import json
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humphrey.calculations.workings import Working
from humphrey.digests import canonical
from humphrey.papers.draft import (
    Citation,
    Commission,
    Draft,
    EarlierTurn,
    Finding,
    ModelName,
    Step,
    Usage,
    from_json,
    to_json,
)

ASKED = Commission(
    "answer",
    "How long?",
    "amina",
    "web",
    {"received": "2026-11-23"},
    "",
    "OFFICIAL",
    "c1",
    (EarlierTurn("Hello?", "Hello."),),
)


CITED = Citation("[1]", "foi", "sha256:1", "FOI", "https://example.org", ("Time", "Limits"), "Twenty days", 3, 14)


DRAFT = Draft(
    ASKED,
    "answered",
    "Twenty days [1].",
    ModelName("embedded", "quoting"),
    (CITED,),
    (Working("working_days", {"start": "2026-11-23"}, "2026-12-22", "20 working days"),),
    (("foi", "FOI"),),
    (Finding("length", "warn", "long", 0, 6),),
    date(2026, 12, 22),
    1.5,
)


@pytest.mark.parametrize(
    "other",
    [
        replace(DRAFT, text="Twenty days [1]!"),
        replace(DRAFT, status="partial"),
        replace(DRAFT, due=None),
        replace(DRAFT, citations=()),
        replace(DRAFT, workings=()),
        *(
            replace(DRAFT, citations=(replace(CITED, **{name: value}),))
            for name, value in {
                "marker": "[2]", "document": "x", "version": "x", "title": "x", "url": "x", "section": ("x",),
                "quote": "Thirty days", "start": 4, "end": 15, "state": "withdrawn",
            }.items()
        ),
        *(
            replace(DRAFT, commission=replace(ASKED, **{name: value}))
            for name, value in {
                "kind": "letter", "text": "How short?", "asked_by": "tom", "outlet": "file", "facts": {},
                "reply_to": "tom", "marking": "OFFICIAL-SENSITIVE",
            }.items()
        ),
    ],
)  # fmt: skip
def test_the_digest_changes_with_every_circumstance_that_is_approved(other: Draft):
    assert other.digest != DRAFT.digest


def test_the_digest_does_not_change_with_what_is_only_beside_the_text():
    beside = replace(
        DRAFT, model=ModelName("x", "y"), looked_at=(), findings=(), seconds=9.0, missing=("cost",),
        steps=(Step("write", 0.1),), usage=Usage(1, 20, 30),
    )  # fmt: skip

    assert beside.digest == DRAFT.digest


def test_every_field_of_a_draft_is_bound_or_known_to_be_beside_it():
    assert {field.name for field in fields(Draft)} == {
        "commission", "status", "text", "model", "citations", "workings", "looked_at", "findings", "due", "seconds",
        "missing", "steps", "usage", "given", "note",
    }  # fmt: skip


def test_the_note_that_stays_in_the_department_is_bound_and_leaves_older_digests_alone():
    assert replace(DRAFT, note="For colleagues.").digest != DRAFT.digest
    assert "note" not in to_json(DRAFT)
    assert from_json(json.loads(canonical(to_json(replace(DRAFT, note="Why."))))).note == "Why."


def test_a_draft_comes_back_from_storage_as_it_was():
    assert from_json(json.loads(canonical(to_json(DRAFT)))) == DRAFT
    assert from_json(json.loads(canonical(to_json(replace(DRAFT, due=None))))).due is None


def test_how_a_draft_came_about_comes_back_from_storage_too():
    told = replace(DRAFT, missing=("the cost",), steps=(Step("write", 0.1, "2 calls"),), usage=Usage(2, 30, 40, 0.5))

    assert from_json(json.loads(canonical(to_json(told)))) == told


def test_a_draft_kept_before_its_steps_were_recorded_can_still_be_read():
    plain = to_json(DRAFT)
    for newer in ("missing", "steps", "usage"):
        del plain[newer]

    assert from_json(plain) == DRAFT


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_words_come_back_from_storage_with_the_same_digest(text: str):
    draft = replace(DRAFT, text=text)

    assert from_json(json.loads(canonical(to_json(draft)))).digest == draft.digest


def test_a_release_goes_to_the_person_who_asked_unless_another_address_is_given():
    assert ASKED.recipient == "amina"
    assert replace(ASKED, reply_to="C1/17").recipient == "C1/17"


def test_a_draft_is_blocked_by_a_blocking_finding_alone():
    assert not DRAFT.blocked
    assert replace(DRAFT, findings=(*DRAFT.findings, Finding("quotes_verbatim", "block", "no quotation"))).blocked
