"""Conversations: found by their words, asked again in other words, judged by the asker, and nobody else's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from humphrey.conversations.model import UNTITLED
from humphrey.errors import CommissionError, IdentityError
from humphrey.ledger import store as ledger_store
from tests.support.services import question

TITLE = "Café opening hours"


def asked(desk, text: str, conversation: str | None = None, answer: str = "", **given: str):
    draft = desk.drafting.compose(question(text))
    return desk.conversations.save(replace(draft, text=answer or draft.text), conversation, **given)


def found(desk, words: str, owner: str = "amina") -> list[str]:
    return [each.title for each in desk.conversations.find_conversations(owner, words)]


@pytest.mark.parametrize(
    "words", ["opening", "CAFE hours", "café", "cafe\u0301", "naïve", "NAIVE", "25 days", "  ", "hours naive 25"]
)
def test_a_conversation_is_found_by_words_of_its_title_a_question_or_an_answer(desk, words):
    kept = asked(desk, "Is it naive to ask?", desk.conversations.new_conversation("amina", TITLE).id)
    asked(desk, "And leave?", kept.conversation, answer="It says 25 days, however naïve.")

    assert found(desk, words) == [TITLE]
    assert found(desk, words, "tom") == []


def test_a_conversation_is_found_by_the_letters_of_a_keyboard_and_the_other_way_about(desk):
    asked(desk, "What did Łucja Wójcik ask of Sorine Kloss’s office?")

    for words in ("lucja wojcik", "ŁUCJA", "Sørine", "kloß", "kloss's"):
        assert len(found(desk, words)) == 1


@pytest.mark.parametrize("words", ["closing", "opening closing", "%", "_pening", "op%ing", "\\", "'; DROP TABLE"])
def test_words_that_are_not_there_find_nothing_and_signs_of_the_database_are_letters(desk, words):
    asked(desk, "Is it open?", desk.conversations.new_conversation("amina", TITLE).id)

    assert found(desk, words) == []


def test_a_share_is_found_by_its_sign(desk):
    asked(desk, "Is 50% enough?")

    assert found(desk, "50%") == ["Is 50% enough?"]


def test_words_to_look_for_are_bounded(desk):
    with pytest.raises(CommissionError, match="words to look for"):
        desk.conversations.find_conversations("amina", "x" * 300)


def test_a_new_conversation_is_called_by_what_is_asked_first_unless_it_has_a_title(desk, clock):
    untitled, titled = (
        desk.conversations.new_conversation("amina"),
        desk.conversations.new_conversation("amina", "  My   title "),
    )
    assert (untitled.title, titled.title) == (UNTITLED, "My title")
    assert {each.title for each in desk.conversations.conversations("amina")} == {UNTITLED, "My title"}

    clock.now += timedelta(minutes=1)
    for kept in (untitled, titled):
        asked(desk, "How long do we have?", kept.id)
        asked(desk, "And then?", kept.id)

    assert {each.title for each in desk.conversations.conversations("amina")} == {"How long do we have?", "My title"}
    assert set(found(desk, "have LONG")) == {"How long do we have?", "My title"}


def test_only_a_person_who_may_act_opens_a_conversation(desk):
    with pytest.raises(IdentityError):
        desk.conversations.new_conversation("nobody")


def test_asking_again_replaces_what_follows_in_view_and_loses_nothing(desk):
    first = asked(desk, "First?")
    second = asked(desk, "Second?", first.conversation)
    asked(desk, "Third?", first.conversation)

    edit = desk.conversations.edit(second.id, "amina")
    assert (edit.exchange, edit.earlier) == (second, (first,))
    again = asked(desk, "Second, better?", first.conversation, replacing=second.id)

    shown = [
        (each.draft.commission.text, each.replaced)
        for each in desk.conversations.exchanges(first.conversation, "amina")
    ]
    assert shown == [("First?", False), ("Second?", True), ("Third?", True), ("Second, better?", False)]
    assert desk.conversations.edit(again.id, "amina").earlier == (first,)


def test_nobody_replaces_an_exchange_of_another_person_or_conversation(desk):
    first, other = asked(desk, "First?"), asked(desk, "Other?")

    with pytest.raises(CommissionError, match="no exchange"):
        asked(desk, "Again?", other.conversation, replacing=first.id)
    with pytest.raises(CommissionError, match="no exchange"):
        desk.conversations.save(desk.drafting.compose(question(asked_by="tom")), None, replacing=first.id)
    with pytest.raises(CommissionError, match="no exchange"):
        desk.conversations.edit(first.id, "tom")
    assert [each.replaced for each in desk.conversations.exchanges(first.conversation, "amina")] == [False]
    assert desk.conversations.conversations("tom") == []


def test_what_the_asker_thinks_of_a_draft_is_kept_and_the_record_says_so_without_their_words(desk, database):
    kept = asked(desk, "Is it useful?")
    desk.conversations.save_feedback(kept.id, "amina", True)
    said = desk.conversations.save_feedback(kept.id, "amina", False, "It misses the weekend rule.")

    [exchange] = desk.conversations.exchanges(kept.conversation, "amina")
    assert exchange.feedback == said
    assert (said.good, said.reason) == (False, "It misses the weekend rule.")
    entries = [entry for entry in ledger_store.entries(database) if entry.act == "feedback:give"]
    assert [(entry.actor, entry.subject, dict(entry.detail)) for entry in entries] == [
        ("amina", kept.id, {"good": "yes"}),
        ("amina", kept.id, {"good": "no"}),
    ]


def test_nobody_judges_the_draft_of_another_person(desk, database):
    kept = asked(desk, "Is it useful?")

    with pytest.raises(CommissionError, match="no exchange"):
        desk.conversations.save_feedback(kept.id, "tom", False, "No.")
    assert desk.conversations.exchanges(kept.conversation, "amina")[0].feedback is None
    assert [entry for entry in ledger_store.entries(database) if entry.act == "feedback:give"] == []


def test_an_owner_renames_and_pins_a_conversation_and_nobody_else_can(desk):
    kept = asked(desk, "How long is leave?")

    for wrong in (
        lambda: desk.conversations.rename(kept.conversation, "tom", "Mine now"),
        lambda: desk.conversations.pin(kept.conversation, "tom", True),
        lambda: desk.conversations.rename(kept.conversation, "amina", "   "),
        lambda: desk.conversations.rename(kept.conversation, "amina", "x" * 300),
    ):
        with pytest.raises(CommissionError):
            wrong()
    before = desk.conversations.conversations("amina")
    desk.conversations.rename(kept.conversation, "amina", "  Days   of Œuvre ")
    desk.conversations.pin(kept.conversation, "amina", True)

    assert desk.conversations.conversations("amina") == [replace(before[0], title="Days of Œuvre", pinned=True)]
    assert found(desk, "œuvre") == ["Days of Œuvre"]
    assert found(desk, "how long") == ["Days of Œuvre"]
    desk.conversations.pin(kept.conversation, "amina", False)
    assert [each.pinned for each in desk.conversations.conversations("amina")] == [False]
