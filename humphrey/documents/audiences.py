"""Audiences: the groups that may read a document. An attached file belongs to the group of its conversation.

The ids of attached files are a space of their own: neither the content of a file nor a path of the guidance gives one.
"""

import unicodedata
from collections.abc import Collection, Iterable
from typing import Protocol

Audience = frozenset[str]
"""The groups that may read a document; empty means everyone."""


EVERYONE: Audience = frozenset()


def readable(audience: Collection[str], groups: Collection[str]) -> bool:
    """Return whether a member of some groups may read a document with this audience."""
    return not audience or not set(audience).isdisjoint(groups)


def narrowed(then: Audience, today: Audience) -> Audience:
    """Return the audience of an earlier version of a document that has another audience today.

    It is never wider than it was. A document that is closed, or closed further, takes its earlier versions with it.
    """
    return today if today and (not then or today < then) else then


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


_ATTACHED = "attached/"


def attached_id(file_id: str) -> str:
    """Return the id of the document of a file that is attached to a conversation."""
    return _ATTACHED + file_id


def file_of(document_id: str) -> str:
    """Return the file whose document has an id; empty for a document of the guidance."""
    return document_id.removeprefix(_ATTACHED) if document_id.startswith(_ATTACHED) else ""


def is_attached_id(document_id: str) -> bool:
    """Return whether an id is in the space of attached files, however it is spelt."""
    return unicodedata.normalize("NFKC", document_id).strip(" /").casefold().startswith(_ATTACHED)


def is_reserved(group: str) -> bool:
    """Return whether a group's name is reserved for files of conversations, so that no person may be in it."""
    return group.strip().casefold().startswith(_PREFIX)


def conversations_in(groups: Iterable[str]) -> tuple[str, ...]:
    """Return the conversations whose files these groups, or this audience, may read."""
    return tuple(group.removeprefix(_PREFIX) for group in groups if group.startswith(_PREFIX))
