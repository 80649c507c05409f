"""Files that people give to a conversation of theirs: whose they are, and when a question is about them.

A file is a stored document for an audience of its own, a group that nobody is in. Who asks in that conversation is
given the group for the one question.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from humphrey.core.people import Person
from humphrey.core.review import Review
from humphrey.core.rights import may
from humphrey.core.search import Audience, Hit, MayRead

_PREFIX = "attached:"
_SHORTEST_NAME = 4

_ABOUT = re.compile(
    r"\b(?:attach(?:ed|ments?)|enclos(?:ed|ures?)|upload(?:ed|s)?)\b"
    r"|\b(?:this|these|that|those|my|our|the)\s+(?:\w+\s+)?(?:documents?|files?|pdfs?)\b"
    r"|\b(?:this|these|my|our)\s+(?:\w+\s+)?(?:papers?|reports?|letters?|notes?|minutes|submissions?|e-?mails?|drafts?"
    r"|briefings?|contracts?|polic(?:y|ies)|texts?)\b",
    re.IGNORECASE,
)
_APART = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class AttachedFile:
    """A file of a conversation, or one that was refused and is not kept: then only `name` and `refused` say anything.

    Args:
        id: its id; empty where it was refused.
        name: what its owner calls it.
        document: the id of the document it became.
        words: how many words were read.
        pages: how many pages it has; 0 where its format has none.
        notes: what its owner should know of it, a sentence each.
        refused: why it was not taken, and what to do; empty where it was.
    """

    id: str
    name: str
    document: str = ""
    words: int = 0
    pages: int = 0
    notes: tuple[str, ...] = ()
    refused: str = ""


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


def open_to(review: Review, person: Person, may_read: MayRead) -> bool:
    """Whether somebody may read everything that a draft under review cites.

    Of the files that the asker gave to the conversation, every reviewer may read what the draft cites.
    """
    asked = review.draft.commission
    given = (group_of(asked.conversation),) if may(person, "clear") and asked.attached else ()
    groups = (*person.groups, *given)
    return all(may_read(each.document, groups, each.version) for each in review.draft.citations)


def about_files(query: str, names: Iterable[str]) -> bool:
    """Whether a query is about files that were given with it: it says so, or calls one of them by its name."""
    if _ABOUT.search(query):
        return True
    words = f" {_APART.sub(' ', query.casefold())} "
    stems = (_APART.sub(" ", name.rpartition(".")[0].casefold() or name.casefold()).strip() for name in names)
    return any(len(stem) >= _SHORTEST_NAME and f" {stem} " in words for stem in stems)


def shared(hits: Sequence[Hit], own: Collection[str], limit: int, *, first: bool) -> list[Hit]:
    """The best `limit` of some hits, with a fair share for the asker's own documents; best first.

    Args:
        hits: what was found, best first.
        own: the ids of the asker's own documents.
        limit: the most hits.
        first: the asker's own come before all others, and are more of them.
    """
    ours = [hit for hit in hits if hit.passage.document in own]
    others = [hit for hit in hits if hit.passage.document not in own]
    if first:
        most = min(len(others), limit // 3)
        chosen, rest = ours[: limit - most], others[:most]
        # An order that holds for whoever compares scores as well.
        lift = max((hit.score for hit in rest), default=0.0)
        return [*(replace(hit, score=hit.score + lift) for hit in chosen), *rest]
    share = ours[: max(1, limit // 2)]
    best = {id(hit): hit for hit in (*share, *hits)}
    chosen = list(best.values())[:limit]
    return sorted(chosen, key=lambda hit: -hit.score)
