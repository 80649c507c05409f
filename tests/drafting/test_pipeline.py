"""What may be commissioned, and what becomes of it before anybody reviews it."""

from dataclasses import replace
from datetime import date

import pytest

from humphrey.accounts.passwords import Argon2Passwords
from humphrey.accounts.service import Accounts
from humphrey.errors import CommissionError, IdentityError, ModelError, StoreError
from humphrey.ledger import store as ledger_store
from humphrey.papers.draft import Commission, Finding
from tests.support.services import (
    ACKNOWLEDGEMENT,
    ANSWER,
    CITED,
    QUESTION,
    anybody,
    desk_from,
    desk_on,
    drafter,
    question,
    unheld,
    wall_clock,
)


def acknowledgement(**facts: str) -> Commission:
    return Commission("foi_acknowledgement", "", "amina", "file", facts)


def test_a_draft_is_composed_and_nothing_is_recorded(desk, database):
    seen: list[str] = []

    draft = desk.drafting.compose(question("  " + QUESTION + "\n"), seen.append)

    assert draft.commission.text == QUESTION
    assert seen == ["It says “twenty"]
    assert desk.clearance.reviews(everything=True) == []
    assert list(ledger_store.entries(database)) == []


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200d", "a\x00b", "a\ud800", "a" * 100_000])
def test_a_question_that_is_none_is_refused_in_a_sentence(desk, text):
    with pytest.raises(CommissionError, match="the question"):
        desk.drafting.compose(question(text))


def test_an_unknown_kind_is_refused_with_the_kinds_there_are(desk):
    with pytest.raises(CommissionError, match="no kind 'sonnet'; humphrey knows answer, foi_acknowledgement"):
        desk.drafting.compose(replace(question(), kind="sonnet"))


def test_a_paper_is_asked_for_by_its_facts_and_dated_by_its_rule(desk):
    draft = desk.drafting.compose(acknowledgement(received="23 November 2026"))

    assert draft.due == date(2026, 12, 22)
    assert draft.commission.facts["received"] == "2026-11-23"


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({}, "give at least one fact"),
        ({"received": "soon"}, "soon"),
        ({"received": "2026-11-23", "colour": "red"}, "colour"),
        ({"received": "2026-11-23", "reference": "9" * 21}, "Reference"),
    ],
)
def test_a_fact_that_will_not_do_is_named(desk, facts, named):
    with pytest.raises(CommissionError, match=named):
        desk.drafting.compose(acknowledgement(**facts))


def test_a_day_that_the_model_made_up_is_refused(database, clock):
    def hasty(request, watch):
        return replace(drafter(request, watch), due=date(2026, 12, 1))

    with pytest.raises(ModelError, match="dated 2026-12-01, but its time limit ends on 2026-12-22"):
        desk_on(database, clock, hasty).drafting.compose(acknowledgement(received="2026-11-23"))


@pytest.mark.parametrize("text", ["", "\x00", "half a \ud83d"])
def test_a_text_of_the_model_that_is_none_is_refused(database, clock, text):
    def broken(request, watch):
        return replace(drafter(request, watch), text=text)

    with pytest.raises(ModelError, match="the model's text cannot be used"):
        desk_on(database, clock, broken).drafting.compose(question())


def test_the_checks_of_the_paper_are_run(database, clock):
    desk = desk_on(database, clock)
    desk.drafting.papers["answer"] = replace(desk.drafting.papers["answer"], checks=("citations_resolve",))

    assert desk.drafting.compose(question()).findings == ()
    review = desk.clearance.take(question())
    amended = desk.clearance.amend(review.id, "It says more [2].", "amina")
    assert [finding.check for finding in amended.draft.findings] == ["citations_resolve"]
    assert amended.draft.blocked


def test_what_the_drafter_reports_of_the_models_words_stands_beside_what_the_checks_find(database, clock):
    invented = Finding("citations_resolve", "warn", "the model made up [9]; it was taken out")

    def reporting(request, watch):
        return replace(drafter(request, watch), text="It says so [7].", citations=(), findings=(invented,))

    desk = desk_on(database, clock, reporting)
    desk.drafting.papers["answer"] = replace(desk.drafting.papers["answer"], checks=("citations_resolve",))
    draft = desk.drafting.compose(question())

    assert draft.findings[0] == invented
    assert [finding.level for finding in draft.findings[1:]] == ["block"]


def test_an_amendment_leaves_out_citations_that_it_no_longer_points_at(desk):
    review = desk.clearance.take(question())

    assert desk.clearance.amend(review.id, "Twenty [1]. It is 1 rule.", "amina").draft.citations == (CITED,)
    assert desk.clearance.amend(review.id, "It is 1 rule.", "amina").draft.citations == ()


def test_what_a_paper_is_called_and_its_first_fact_stand_for_a_question_in_the_list_of_conversations(desk):
    desk.conversations.save(desk.drafting.compose(acknowledgement(received="2026-11-23")), None)

    assert [one.title for one in desk.conversations.conversations("amina")] == [f"{ACKNOWLEDGEMENT.title}: 2026-11-23"]


def test_half_a_character_is_never_taken_in(desk, database):
    for facts in ({"received": "2026-11-23", "reference": "a\ud800"}, {"received": "2026-11-23", "reference": "a\x00"}):
        with pytest.raises(CommissionError, match="'Reference' holds U"):
            desk.drafting.compose(acknowledgement(**facts))
    draft = desk.drafting.compose(question(asked_by="half \ud800"))
    with pytest.raises(IdentityError, match="there is no account"):
        desk.clearance.open_review(draft)
    for reach in (
        desk.clearance.review,
        lambda odd: desk.conversations.exchanges(odd, "amina"),
        lambda odd: desk.clearance.send(odd, "amina"),
    ):
        with pytest.raises(StoreError, match="half a character"):
            reach("half \ud800")
    assert [entry.act for entry in ledger_store.entries(database)] == ["act:refused"]


def test_a_desk_has_a_clock_of_its_own(database):
    people = Accounts(database, Argon2Passwords(), demonstration=True)
    desk = desk_from(drafter, database, {"answer": ANSWER}, unheld, anybody, people)

    assert abs((desk.clearance.take(question()).opened - wall_clock()).total_seconds()) < 60
    assert people.signed_in_person(people.sign_in_demonstration("amina", "127.0.0.1")) == people.person("amina")
