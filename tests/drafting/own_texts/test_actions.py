"""Who is to do what by when is found where a text plainly says it, and rules and plans are no actions."""

import pytest

from humphrey.drafting.own_texts.actions import actions
from humphrey.drafting.own_texts.statements import pasted_document


def found(text: str) -> list[tuple[str, str, str]]:
    document = pasted_document(text, "notes")
    return [(one.who, one.when, one.span.of(text)) for one in actions(document)]


@pytest.mark.parametrize(
    ("sentence", "who", "when"),
    [
        ("Tom O'Brien to send the revised costs to the board by 4 December.", "Tom O'Brien", "4 December"),
        ("ACTION: Priya to circulate the note by close of business on Monday.", "Priya", "close of business on Monday"),
        ("Action 2 – book a room (Tom, 7 December)", "Tom", "7 December"),
        ("Action point 3: Aisha Khan will draft the letter.", "Aisha Khan", ""),
        ("It was agreed that Aisha Khan would write before the end of March.", "Aisha Khan", "the end of March"),
        ("The chair asked Dr Zhang to check the figures by Friday.", "Dr Zhang", "Friday"),
        ("Ms Patel agreed to publish the minutes.", "Ms Patel", ""),
        ("The secretariat will publish the strategy by summer 2027.", "The secretariat", "summer 2027"),
        ("Finance and the policy team to agree it within 3 weeks.", "Finance and the policy team", "within 3 weeks"),
        ("Action: Order chairs; Owner: Wei; Due: 9 January 2027", "Wei", "9 January 2027"),
        ("Action: check the contract.", "", ""),
        ("Łucja Wójcik to send the costs by 4 December.", "Łucja Wójcik", "4 December"),
        ("Ms van den Berg will draft the letter by Friday.", "Ms van den Berg", "Friday"),
        ("Action: Dr Émilie Fabre to draft the letter.", "Dr Émilie Fabre", ""),
        ("TOM PRYCE to send the costs by 4 December.", "TOM PRYCE", "4 December"),
        ("K. Öberg agreed to draft the letter.", "K. Öberg", ""),
        ("The chair asked MR TOM PRYCE to check the figures by Friday.", "MR TOM PRYCE", "Friday"),
        ("Action: send the letter (Łucja Wójcik)", "Łucja Wójcik", ""),
    ],
)
def test_an_action_has_its_owner_its_day_and_its_own_words(sentence, who, when):
    assert found(f"We met on Tuesday. \n{sentence}") == [(who, when, sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Welcome to all new members of the board.",
        "The Act will apply to every port.",
        "Departments must publish their plans each year.",
        "The committee discussed access to work.",
        "Capacity to test more samples will be built into the contract.",
        "The aim is to review whether the scheme is still needed.",
        "This is to ensure that people have time to prepare.",
        "The department will continue to publish evaluations.",
        "The board will publish its evaluations.",
        "Evidence to inform the decision came from three ports.",
        "The power to take samples was widened in 2003.",
    ],
)
def test_rules_plans_and_passing_infinitives_are_no_actions(sentence):
    assert found(sentence) == []


def test_every_item_below_a_heading_that_announces_actions_is_one_and_nothing_after_the_list():
    text = (
        "Next steps\n\n- Send the letter (Aisha)\n- Tom: draft terms by 15/12/2026\n- Check the contract\n\n"
        "The meeting closed at noon after a word of thanks.\n- Tea was served."
    )

    assert [(who, when) for who, when, _ in found(text)] == [("Aisha", ""), ("Tom", "15/12/2026"), ("", "")]


def test_prose_below_such_a_heading_is_no_list_of_actions():
    assert found("Next steps\n\nThis strategy has set out a vision. It will take time to get there.") == []


def test_a_person_named_may_be_given_anything_to_do_and_what_they_are_is_no_action() -> None:
    text = (
        "It was agreed that Omar Khan will order the desks by 12 April 2027. Jo Pike to paint the doors. "
        "Ms Lee will be away in May. Sarah Jones will retire on 4 March 2027."
    )

    found = actions(pasted_document(text, "x"))

    assert [(each.who, each.when) for each in found] == [("Omar Khan", "12 April 2027"), ("Jo Pike", "")]
