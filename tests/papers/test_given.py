"""What a draft rests on is kept with it, goes along with the conversation, and changes no digest of an older draft."""

from dataclasses import replace

from humphrey.digests import canonical
from humphrey.papers.draft import Citation, Commission, Draft, EarlierTurn, GivenDocument, ModelName, from_json, to_json
from humphrey.papers.given import rests_on, turn_of

CITED = Citation("1", "tides", "sha256:1", "Tides", "", (), "High water is at noon.", 0, 22)

OPENED = GivenDocument("locks", "sha256:2", "Locks")

BEFORE = GivenDocument("keys", "sha256:3", "Keys")


def draft(**more) -> Draft:
    asked = Commission("answer", "When is high water?", "amina", "web", **more.pop("asked", {}))
    return Draft(asked, "answered", "High water is at noon. [1]", ModelName("test", "fixed"), (CITED,), **more)


def test_a_draft_rests_on_what_it_cites_what_was_given_and_what_was_given_for_earlier_turns():
    turns = {"earlier": (EarlierTurn("Which keys?", "The large ones.", (BEFORE,)),)}

    assert [each.id for each in rests_on(draft(given=(OPENED,), asked=turns))] == ["tides", "locks", "keys"]


def test_a_cited_file_of_the_asker_is_known_as_one():
    assert [each.attached for each in rests_on(draft(asked={"attached": ("tides",)}))] == [True]


def test_an_earlier_turn_takes_along_what_its_answer_rests_on():
    assert [each.id for each in turn_of(draft(given=(OPENED,))).given or ()] == ["tides", "locks"]


def test_an_answer_from_before_they_were_kept_takes_along_what_it_cites_and_what_it_says_it_looked_at():
    older = draft(looked_at=(("tides", "Tides"), ("locks", "Locks")))

    assert turn_of(older).given == (
        GivenDocument("tides", "sha256:1", "Tides"),
        GivenDocument("locks", "", "Locks"),
    )


def test_what_was_given_is_stored_and_is_no_part_of_what_is_approved():
    given = draft(given=(OPENED,), asked={"earlier": (EarlierTurn("Which?", "That.", (BEFORE,)),)})
    closed = draft(given=(replace(OPENED, for_group=True),))

    assert from_json(to_json(given)) == given
    assert from_json(to_json(closed)) == closed
    assert given.digest == replace(given, given=None).digest


def test_a_draft_that_was_stored_before_is_read_and_written_with_the_same_characters():
    older = to_json(draft(asked={"earlier": (EarlierTurn("Which?", "That."),)}))

    assert "given" not in canonical(older)
    assert "for_group" not in canonical(to_json(draft(given=(OPENED,))))
    assert canonical(to_json(from_json(older))) == canonical(older)
