"""The short form of `python -m evals.proofs reach`."""

from dataclasses import replace
from pathlib import Path

import pytest

from evals.proofs.groups import reach
from evals.proofs.groups.planted import groups
from evals.proofs.groups.surfaces import COMMANDS
from humphrey.accounts.model import Person

SHORT = {"reviews", "case", "search"}
"""The commands that the short form runs."""


def test_a_groups_words_reach_nobody_outside_it_on_any_surface(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(reach, "COMMANDS", [each for each in COMMANDS if SHORT & set(each)])

    found = reach.prove(tmp_path, 1, ("earlier",), ("reviewer", "auditor"))

    assert found.leaks == []
    assert found.shown["pages of a review"] > 10
    assert found.tries["page handlers"] > 100
    assert found.tries["acts"] > 30
    assert found.tries["commands"] >= 6


@pytest.mark.parametrize(
    ("role", "where", "said", "leaks"),
    [
        ("reviewer", "/reviews/r1", "text", True),
        ("reviewer", "/reviews/r1", "title", True),
        ("auditor", "/reviews/r1", "title", False),
        ("auditor", "/disclosures", "text", True),
        ("disclosure_officer", "/disclosures/p1", "text", False),
        ("disclosure_officer", "/reviews/r1", "text", True),
    ],
)
def test_a_word_before_a_person_whom_it_is_not_for_is_a_leak(role, where, said, leaks):
    [group] = groups(1)
    found, outside = reach.Reach(), Person("outside", (role,))
    word = group.title_word if said == "title" else group.text_word

    found.note("pages", where, outside, f"<p>{word}</p>".encode(), [group])
    assert bool(found.leaks) is leaks
    found.note("pages", where, replace(outside, groups=(group.name,)), word.encode(), [group])
    assert (bool(found.leaks), found.shown["pages"]) == (leaks, 1)
