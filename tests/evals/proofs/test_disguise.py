"""The short form of `python -m evals.proofs disguise`."""

from pathlib import Path

from evals.proofs.disguise import disguises, prove
from humphrey.text.validation import disguise_fault

DOORS = {"question", "fact", "amendment", "instruction", "comment", "model", "title", "recipient", "file name"}


def test_no_disguise_gets_through_any_door(tmp_path: Path):
    doors = prove(tmp_path, every=250)

    assert {door.name for door in doors} == DOORS | {"account name"}
    assert {door.name: door.through for door in doors if door.through} == {}
    assert all(door.tries > 20 for door in doors)


def test_the_rule_itself_finds_every_character_of_the_long_form():
    unseen, alike = disguises()

    assert len(unseen) > 4_000
    assert len(alike) > 1_200
    assert [word for word in (*unseen, *alike) if not disguise_fault(word, "it")] == []
