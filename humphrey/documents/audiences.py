"""Audiences: the groups that may read a document. An attached file belongs to the group of its conversation."""

from collections.abc import Collection, Iterable
from typing import Protocol

Audience = frozenset[str]
"""The groups that may read a document; none named means everyone."""


EVERYONE: Audience = frozenset()


def readable(audience: Collection[str], groups: Collection[str]) -> bool:
    """Whether somebody in some groups may read what is for an audience."""
    return not audience or not set(audience).isdisjoint(groups)


class MayRead(Protocol):
    """Says who may read a document."""

    def __call__(self, document_id: str, groups: Collection[str], version: str = "") -> bool:
        """Whether somebody in some groups may read a version of it, today's when none is named."""


_PREFIX = "attached:"


def group_of(conversation_id: str) -> str:
    """The group of whoever may read the files of a conversation. Nobody is in it."""
    return _PREFIX + conversation_id


def audience_of(conversation_id: str) -> Audience:
    """Who may read the files of a conversation."""
    return frozenset({group_of(conversation_id)})


def is_reserved(group: str) -> bool:
    """Whether a group's name is kept for the files of conversations, so that no person may be in it."""
    return group.strip().casefold().startswith(_PREFIX)


def conversations_in(groups: Iterable[str]) -> tuple[str, ...]:
    """The conversations whose files these groups, or this audience, may read."""
    return tuple(group.removeprefix(_PREFIX) for group in groups if group.startswith(_PREFIX))
