"""A protective marking may stand when its parts exist, go together and are in order."""

import pytest

from humphrey.text.markings import marking_fault


@pytest.mark.parametrize(
    "marking",
    [
        "OFFICIAL",
        "OFFICIAL-SENSITIVE",
        "UK OFFICIAL",
        "OFFICIAL - FOR PUBLIC RELEASE",
        "OFFICIAL - HR/MANAGEMENT",
        "OFFICIAL-SENSITIVE - RECIPIENTS ONLY",
        "OFFICIAL-SENSITIVE - HMG USE ONLY - LEGAL PROFESSIONAL PRIVILEGE (LPP)",
        "OFFICIAL-SENSITIVE - EMBARGOED until 09:30 on 23 November 2026",
        "OFFICIAL - HOME OFFICE USE ONLY",
    ],
)
def test_a_valid_marking_may_stand(marking: str) -> None:
    assert marking_fault(marking) == ""


@pytest.mark.parametrize(
    ("marking", "words"),
    [
        ("", "is not one in use"),
        ("official", "is not one in use"),
        ("OFFICIAL SENSITIVE", "is not one in use"),
        ("RESTRICTED", "is not one in use"),
        ("SECRET", "above OFFICIAL; stop"),
        ("TOP SECRET - HMG USE ONLY", "above OFFICIAL; stop"),
        ("OFFICIAL-SENSITIVE - UK EYES ONLY", "above OFFICIAL; stop"),
        ("OFFICIAL - RECIPIENTS ONLY", "does not go with OFFICIAL"),
        ("OFFICIAL-SENSITIVE - FOR PUBLIC RELEASE", "does not go with OFFICIAL-SENSITIVE"),
        ("OFFICIAL - COMMERCIAL - HMG USE ONLY", "out of order"),
        ("OFFICIAL - SOMETHING", "no handling instruction or descriptor"),
    ],
)
def test_a_marking_that_may_not_stand_is_told_why(marking: str, words: str) -> None:
    assert words in marking_fault(marking)
