"""Audiences: the groups that may read a document. An attached file belongs to the group of its conversation."""

from collections.abc import Collection, Iterable
from typing import Protocol

Audience = frozenset[str]
"""The groups that may read a document; empty means everyone."""


EVERYONE: Audience = frozenset()


def readable(audience: Collection[str], groups: Collection[str]) -> bool:
    """Return whether a member of some groups may read a document with this audience."""
    return not audience or not set(audience).isdisjoint(groups)


class MayRead(Protocol):
    """Decides who may read a document."""

    def __call__(self, document_id: str, groups: Collection[str], version: str = "") -> bool:
        """Return whether a member of some groups may read a version of a document, or its current one."""


_PREFIX = "attached:"


def group_of(conversation_id: str) -> str:
    """Return the group that may read the files of a conversation; no person is in it."""
    return _PREFIX + conversation_id


def audience_of(conversation_id: str) -> Audience:
    """Return the audience of the files of a conversation."""
    return frozenset({group_of(conversation_id)})


def is_reserved(group: str) -> bool:
    """Return whether a group's name is reserved for files of conversations, so that no person may be in it."""
    return group.strip().casefold().startswith(_PREFIX)


def conversations_in(groups: Iterable[str]) -> tuple[str, ...]:
    """Return the conversations whose files these groups, or this audience, may read."""
    return tuple(group.removeprefix(_PREFIX) for group in groups if group.startswith(_PREFIX))
