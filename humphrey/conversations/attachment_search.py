"""Files that people give to a conversation of theirs: whose they are, and when a question is about them.

A file is a stored document for an audience of its own, a group that nobody is in. Who asks in that conversation is
given the group for the one question.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from humphrey.search.model import Hit

_SHORTEST_NAME = 4


_ABOUT = re.compile(
    r"\b(?:attach(?:ed|ments?)|enclos(?:ed|ures?)|upload(?:ed|s)?)\b"
    r"|\b(?:this|these|that|those|my|our|the)\s+(?:\w+\s+)?(?:documents?|files?|pdfs?)\b"
    r"|\b(?:this|these|my|our)\s+(?:\w+\s+)?(?:papers?|reports?|letters?|notes?|minutes|submissions?|e-?mails?|drafts?"
    r"|briefings?|contracts?|polic(?:y|ies)|texts?)\b",
    re.IGNORECASE,
)


_APART = re.compile(r"[\W_]+")


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
