"""The index: rankings by meaning and by words, fused; made from the stored passages and never their truth.

There is a scope for every audience. Whoever searches is given the scopes they may read, and what is found in them is
ranked as if it were one. The files of a conversation are a scope beside them, for whoever asks in it.
"""

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from humphrey.adapters.beside import Attachments, Beside
from humphrey.adapters.lock import FolderLock
from humphrey.adapters.scope import Embed, Read, Scope
from humphrey.adapters.vectors import writable
from humphrey.adapters.words import best
from humphrey.core.search import POOL, Audience, Place, Standing, fuse, readable

__all__ = ["Embed", "GuidanceIndex"]

_LOOKED_AT = 20
"""How many of the best by words are looked at for their meaning too, wherever they are in Chroma's graph."""

Progress = Callable[[int, int, str], None]


class GuidanceIndex:
    """The index in one folder, held by this process alone. May be searched by several threads, also while it changes.

    Args:
        folder: where it is kept; made where it does not exist, and made anew where it is damaged or another model's.
        embed: the model of passages and queries.
        attachments: the files of conversations; None where there are none.

    Raises:
        GuidanceIndexError: another process holds the folder, or it cannot be written.
    """

    def __init__(self, folder: Path, embed: Embed, attachments: Attachments | None = None) -> None:
        self._folder = folder
        self._embed = embed
        self._attachments = attachments
        self._scopes: Mapping[Audience, Scope] = {}
        self._lock = FolderLock(folder)

    def level(self, wanted: Sequence[Standing], read: Read, progress: Progress) -> None:
        """Bring the index level with the stored documents; searches see each of them change as a whole.

        Args:
            wanted: every document there should be; those known by their stamps cost nothing.
            read: gives the passages of some documents.
            progress: told of every block of passages.

        Raises:
            GuidanceIndexError: the folder is full or damaged; what was written is found again the next time.
        """
        by_audience: dict[Audience, list[Standing]] = defaultdict(list)
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
        # What went from one audience to another is there before it is gone here.
        for audience, scope in self._scopes.items():
            scope.drop(by_audience[audience])

    def clear(self) -> None:
        """Throw the vectors away, for `level` to make again; until then a search finds by words alone."""
        self._sweep()
        for scope in self._scopes.values():
            scope.clear()
        if self._attachments:
            self._attachments.clear()

    def search(self, query: str, groups: Collection[str]) -> list[tuple[Place, float]]:
        """The best passages that somebody in some groups may read, with their scores, best first.

        Of the files of a conversation some come in any case, the last where nothing speaks for them.

        Raises:
            GuidanceIndexError: the folder is damaged; the next start makes it anew.
        """
        beside = self._attachments.of(groups) if self._attachments else []
        scopes: list[Scope | Beside] = [*beside]
        scopes += [scope for audience, scope in self._scopes.items() if readable(audience, groups)]
        views = [(scope, scope.now) for scope in scopes if len(scope.now.places)]
        if not query.strip() or not views:
            return []
        vector = self._embed([query])[0]
        words = best([now.words for _, now in views], query, POOL)
        near = [
            scope.near(now, vector, list(ranking)[:_LOOKED_AT])
            for (scope, now), ranking in zip(views, words, strict=True)
        ]
        places = [now.places for _, now in views]
        ranked = fuse(_together(near), _together(words), lambda key: places[key[0]].document_at(key[1]))
        own = _together(near[: sum(isinstance(scope, Beside) for scope, _ in views)])
        found = {key for key, _ in ranked}
        ranked += [(key, 0.0) for key in sorted(own, key=lambda key: -own[key]) if key not in found]
        return [(places[view][at], score) for (view, at), score in ranked]

    def close(self) -> None:
        """Let another process have the folder."""
        for scope in self._scopes.values():
            scope.close()
        self._lock.release()

    def _open(self, audiences: Collection[Audience]) -> None:
        """Have a scope for each audience; the folders of audiences that are no more go."""
        for audience in audiences:
            if audience not in self._scopes:
                # Replaced, not changed: searches may be going through it.
                self._scopes = {**self._scopes, audience: Scope(self._folder / _name(audience), self._embed)}
        self._sweep()

    def _sweep(self) -> None:
        """Remove the folders that are not open: nobody is searching them."""
        used = {_name(audience) for audience in self._scopes}
        with writable(self._folder):
            for folder in self._folder.iterdir():
                if folder.is_dir() and folder.name not in used:
                    shutil.rmtree(folder)


def _together(rankings: Sequence[Mapping[int, float]]) -> dict[tuple[int, int], float]:
    return {(view, at): score for view, ranking in enumerate(rankings) for at, score in ranking.items()}


def _name(audience: Audience) -> str:
    """A folder's name for an audience: groups may be called anything."""
    if not audience:
        return "everyone"
    return "groups-" + hashlib.sha256("\0".join(sorted(audience)).encode()).hexdigest()[:16]
