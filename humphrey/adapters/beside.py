"""The files of a conversation, searched beside the guidance: a small scope in memory, made when it is asked for.

A conversation that nobody asks in costs nothing: its vectors are one file, and only a few scopes are open at a time.
What a scope holds is read from the database each time, so that nothing can be half in it; the file only spares
embedding the same words again. Comparing a question with every vector is exact, and fast for what one person attaches.
"""

import hashlib
import io
import logging
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from humphrey.adapters.places import Places
from humphrey.adapters.scope import Embed, Read, Snapshot, key_of, place_of
from humphrey.adapters.vectors import writable
from humphrey.adapters.words import Words
from humphrey.core.attaching import conversations_in
from humphrey.core.search import POOL, Standing

_MOST_OPEN = 8
"""Conversations whose files are kept in memory; each takes some 2 KB a passage."""

_BLOCK = 64
"""Passages embedded at a time, and how often progress is told."""

_log = logging.getLogger(__name__)

Told = Callable[[int, int, str], None]


@dataclass(frozen=True, eq=False)
class Beside:
    """The files of one conversation, for one search."""

    now: Snapshot
    vectors: NDArray[np.float32]
    stamps: tuple[tuple[str, str], ...]

    def near(self, _now: Snapshot, vector: NDArray[np.float32], also: Sequence[int]) -> dict[int, float]:
        """Exact cosines of the nearest passages and of those to look at also, by their positions."""
        cosines = self.vectors @ vector
        nearest = np.argsort(-cosines, kind="stable")[:POOL].tolist()
        return {at: float(cosines[at]) for at in dict.fromkeys((*nearest, *also))}


class Attachments:
    """The scopes of all conversations. Safe to share between threads.

    Args:
        folder: where vectors are kept; made with the first.
        embed: gives the model of passages and queries, when it is first needed.
        standings: the documents of a conversation as they should be found.
        read: gives the passages of some documents.
    """

    def __init__(
        self,
        folder: Path,
        embed: Callable[[], Embed],
        standings: Callable[[str], Sequence[Standing]],
        read: Read,
    ) -> None:
        self._folder = folder
        self._embed = embed
        self._standings = standings
        self._read = read
        self._open: OrderedDict[str, Beside] = OrderedDict()
        self._busy: dict[str, Lock] = {}
        self._changing = Lock()

    def of(self, groups: Collection[str]) -> list[Beside]:
        """The scopes of the conversations that these groups may read, made where they are not open.

        Raises:
            GuidanceIndexError: the vectors cannot be written.
        """
        return [self.prepare(conversation, _untold) for conversation in conversations_in(groups)]

    def prepare(self, conversation: str, progress: Told) -> Beside:
        """The scope of a conversation as its documents are stored now.

        Args:
            conversation: its id.
            progress: told of every block of passages.

        Raises:
            GuidanceIndexError: the vectors cannot be written.
        """
        wanted = self._standings(conversation)
        stamps = tuple((each.document, each.stamp) for each in wanted)
        with self._lock_of(conversation):
            scope = self._open.get(conversation)
            if scope is None or scope.stamps != stamps:
                scope = self._made(conversation, stamps, progress)
            self._remember(conversation, scope)
        return scope

    def forget(self, conversation: str) -> None:
        """Keep nothing of a conversation."""
        with self._lock_of(conversation):
            self._open.pop(conversation, None)
            self._file(conversation).unlink(missing_ok=True)

    def clear(self) -> None:
        """Throw all vectors away; they are made again when they are asked for."""
        for file in self._folder.glob("*.vectors"):
            file.unlink(missing_ok=True)
        self._open.clear()

    def keep_only(self, conversations: Collection[str]) -> None:
        """Throw away the vectors of conversations that are no more."""
        known = {self._file(each) for each in conversations}
        for file in self._folder.glob("*.vectors"):
            if file not in known:
                file.unlink(missing_ok=True)

    def _made(self, conversation: str, stamps: tuple[tuple[str, str], ...], progress: Told) -> Beside:
        entries = list(self._read([document for document, _ in stamps])) if stamps else []
        texts = [entry.words for entry in entries]
        keys = [key_of(text) for text in texts]
        vectors = self._vectors(conversation, dict(zip(keys, texts, strict=True)), progress)
        places = Places.of([(key, place_of(each.passage)) for key, each in zip(keys, entries, strict=True)], stamps)
        rows = np.stack([vectors[key] for key in keys]) if keys else np.zeros((0, 1), dtype=np.float32)
        return Beside(Snapshot(places, Words.of(texts)), rows, stamps)

    def _vectors(self, conversation: str, words: Mapping[str, str], progress: Told) -> dict[str, NDArray[np.float32]]:
        """The vectors of some words by their keys: those that are kept, and the others made now; no more stay."""
        before = self._kept(conversation)
        kept = {key: row for key, row in before.items() if key in words}
        missing = [key for key in words if key not in kept]
        for first in range(0, len(missing), _BLOCK):
            block = missing[first : first + _BLOCK]
            kept.update(zip(block, self._embed()([words[key] for key in block]), strict=True))
            progress(min(first + _BLOCK, len(missing)), len(missing), "indexing")
        if not kept:
            self._file(conversation).unlink(missing_ok=True)
        elif kept.keys() != before.keys():
            self._keep(conversation, kept)
        return kept

    def _kept(self, conversation: str) -> dict[str, NDArray[np.float32]]:
        file = self._file(conversation)
        try:
            content = file.read_bytes()
            # What was cut short, or is another model's, does not bear the digest of its own content and this model.
            if content[:32] != self._seal(content[32:]):
                raise ValueError(file.name)
            with np.load(io.BytesIO(content[32:]), allow_pickle=False) as held:
                return dict(zip(held["keys"].tolist(), held["rows"], strict=True))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError) as error:
            _log.warning("vectors_discarded", extra={"reason": type(error).__name__, "conversation": conversation})
            return {}

    def _keep(self, conversation: str, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        file = self._file(conversation)
        held = io.BytesIO()
        np.savez(held, keys=np.array(list(vectors)), rows=np.stack(list(vectors.values())))
        with writable(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            waiting = file.with_suffix(".part")
            waiting.write_bytes(self._seal(held.getvalue()) + held.getvalue())
            waiting.replace(file)

    def _seal(self, content: bytes) -> bytes:
        return hashlib.sha256(self._embed().digest.encode() + content).digest()

    def _file(self, conversation: str) -> Path:
        return self._folder / f"{hashlib.sha256(conversation.encode()).hexdigest()[:32]}.vectors"

    def _remember(self, conversation: str, scope: Beside) -> None:
        with self._changing:
            self._open[conversation] = scope
            self._open.move_to_end(conversation)
            while len(self._open) > _MOST_OPEN:
                self._open.popitem(last=False)

    def _lock_of(self, conversation: str) -> Lock:
        with self._changing:
            return self._busy.setdefault(conversation, Lock())


def _untold(_done: int, _total: int, _what: str) -> None:
    """Nobody waits for the progress of a search."""
