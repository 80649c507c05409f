"""The search index: rankings by meaning and by words, fused. It is derived from the stored passages, not their source.

Each audience has an index of its own. A search uses the indexes that the person may read, and ranks their passages as
if they were in one. A search in a conversation also uses the index of its files.
"""

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from humphrey.documents.audiences import Audience, readable
from humphrey.search.audience_index import AudienceIndex, Embed, Read
from humphrey.search.conversation_index import ConversationIndex, ConversationIndexes
from humphrey.search.folder_lock import FolderLock
from humphrey.search.keyword_ranking import rank
from humphrey.search.model import IndexState, PassageLocation
from humphrey.search.ranking import BY_WORDS, fuse
from humphrey.search.vector_store import writable

__all__ = ["Embed", "GuidanceIndex"]


_SCORED_BY_WORDS = 1000
"""How many passages have a score by words: enough that those found by meaning nearly always have one."""


OnProgress = Callable[[int, int, str], None]
"""Receives progress: passages done, passages in total, and the name of the step."""


class GuidanceIndex:
    """The index in one folder, held by this process alone. Several threads may search it, also while it changes.

    Args:
        folder: where the index is stored; created if missing, rebuilt if damaged or of another model.
        embed: the model of passages and queries.
        attachments: the indexes of conversations; None if there are none.

    Raises:
        GuidanceIndexError: another process holds the folder, or it cannot be written.
    """

    def __init__(self, folder: Path, embed: Embed, attachments: ConversationIndexes | None = None) -> None:
        self._folder = folder
        self._embed = embed
        self._attachments = attachments
        self._scopes: Mapping[Audience, AudienceIndex] = {}
        self._lock = FolderLock(folder)

    def synchronise(self, wanted: Sequence[IndexState], read: Read, progress: OnProgress) -> None:
        """Synchronise the index with the stored documents; a search sees each document change as a whole.

        Args:
            wanted: every document that the index should hold; those with a known stamp cost nothing.
            read: returns the passages of some documents.
            progress: called after every block of passages.

        Raises:
            GuidanceIndexError: the folder is full or damaged; the next run continues with what was written.
        """
        by_audience: dict[Audience, list[IndexState]] = defaultdict(list)
        for each in wanted:
            by_audience[each.audience].append(each)
        self._open(by_audience)
        lacking = [(scope, scope.lacking(by_audience[audience])) for audience, scope in self._scopes.items()]
        total, done = sum(each.passages for _, missing in lacking for each in missing), 0

        def tell(more: int) -> None:
            nonlocal done
            done += more
            progress(done, total, "indexing")

        for scope, missing in lacking:
            scope.take_in(missing, read, tell)
        # Dropped last, so that a document that changes its audience is always in one index.
        for audience, scope in self._scopes.items():
            scope.drop(by_audience[audience])

    def clear(self) -> None:
        """Delete the vectors, for the next synchronisation to make again; until then a search uses words alone."""
        self._sweep()
        for scope in self._scopes.values():
            scope.clear()
        if self._attachments:
            self._attachments.clear()

    def search(self, query: str, groups: Collection[str]) -> list[tuple[PassageLocation, float]]:
        """Return the best passages that a member of some groups may read, with their scores, best first.

        The files of a conversation always give some passages, the last ones if they rank no better.

        Raises:
            GuidanceIndexError: the folder is damaged; the next start rebuilds it.
        """
        beside = self._attachments.of(groups) if self._attachments else []
        scopes: list[AudienceIndex | ConversationIndex] = [*beside]
        scopes += [scope for audience, scope in self._scopes.items() if readable(audience, groups)]
        views = [(scope, scope.now) for scope in scopes if len(scope.now.places)]
        if not query.strip() or not views:
            return []
        vector = self._embed([query])[0]
        words = rank([now.words for _, now in views], query, _SCORED_BY_WORDS)
        near = [
            scope.near(now, vector, list(ranking)[:BY_WORDS])
            for (scope, now), ranking in zip(views, words, strict=True)
        ]
        places = [now.places for _, now in views]
        ranked = fuse(_together(near), _together(words), lambda key: places[key[0]].document_at(key[1]))
        own = _together(near[: sum(isinstance(scope, ConversationIndex) for scope, _ in views)])
        found = {key for key, _ in ranked}
        ranked += [(key, 0.0) for key in sorted(own, key=lambda key: -own[key]) if key not in found]
        return [(places[view][at], score) for (view, at), score in ranked]

    def close(self) -> None:
        """Release the folder for other processes."""
        for scope in self._scopes.values():
            scope.close()
        self._lock.release()

    def _open(self, audiences: Collection[Audience]) -> None:
        """Open an index for each audience; delete the folders of audiences that no longer exist."""
        for audience in audiences:
            if audience not in self._scopes:
                # Replaced, not changed: a search may be iterating over it.
                self._scopes = {**self._scopes, audience: AudienceIndex(self._folder / _name(audience), self._embed)}
        self._sweep()

    def _sweep(self) -> None:
        """Delete the folders that are not open; no search uses them."""
        used = {_name(audience) for audience in self._scopes}
        with writable(self._folder):
            for folder in self._folder.iterdir():
                if folder.is_dir() and folder.name not in used:
                    shutil.rmtree(folder)


def _together(rankings: Sequence[Mapping[int, float]]) -> dict[tuple[int, int], float]:
    return {(view, at): score for view, ranking in enumerate(rankings) for at, score in ranking.items()}


def _name(audience: Audience) -> str:
    """Return the folder name of an audience, hashed, because a group's name may hold any characters."""
    if not audience:
        return "everyone"
    return "groups-" + hashlib.sha256("\0".join(sorted(audience)).encode()).hexdigest()[:16]
