"""A person of every role, and who may do what: shared by the tests that call everything as everybody."""

from humphrey.accounts.model import Person

WORDS = "three random words"
"""Everybody's password."""


BOTH = ("OFFICIAL", "OFFICIAL-SENSITIVE")


PEOPLE = {
    "asker": Person("asker", ("official",)),
    "official": Person("official", ("official",)),
    "reviewer": Person("reviewer", ("reviewer",), markings=BOTH),
    "narrow": Person("narrow", ("reviewer",), kinds=("foi_acknowledgement",), markings=BOTH),
    "guidance_owner": Person("guidance_owner", ("guidance_owner",)),
    "analyst": Person("analyst", ("analyst",)),
    "auditor": Person("auditor", ("auditor",)),
    "disclosure_officer": Person("disclosure_officer", ("disclosure_officer",)),
    "administrator": Person("administrator", ("administrator",)),
}
"""`asker` asked for the drafts at hand; `narrow` may clear, but not drafts of their kind."""


ALL = frozenset(PEOPLE)


CLEARS = frozenset({"reviewer"})


HAS_TO_DO = frozenset({"asker", "reviewer"})


QUEUE = frozenset({"reviewer", "narrow"})


OWNER, ADMINISTRATOR = frozenset({"guidance_owner"}), frozenset({"administrator"})


AUDITOR = frozenset({"auditor", "disclosure_officer"})


FIGURES = frozenset({"reviewer", "narrow", "analyst", "administrator"}) | AUDITOR


TAKES = frozenset({"asker", "reviewer"}) | AUDITOR
