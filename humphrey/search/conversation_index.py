"""The conversation index: searches the files attached to a conversation together with the guidance.

Each conversation has a small index in memory, built when a search needs it. A conversation without searches costs
nothing: its vectors are one file, and only a few indexes are open at a time. The content is read from the database
each time, so no index can be half built; the file only avoids embedding the same words again. A query is compared with
every vector, which is exact, and fast for the files of one person.
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

from humphrey.documents.audiences import conversations_in
from humphrey.search.audience_index import Embed, Read, Snapshot, key_of, place_of
from humphrey.search.keyword_ranking import WordCounts
from humphrey.search.model import IndexState
from humphrey.search.passage_table import PassageTable
from humphrey.search.ranking import POOL
from humphrey.search.vector_store import writable

_MOST_OPEN = 8
"""Most conversations whose index stays in memory; an index takes about 2 KB a passage."""


_BLOCK = 64
"""Passages embedded at a time; progress is reported after each block."""


_log = logging.getLogger(__name__)


OnProgress = Callable[[int, int, str], None]
"""Receives progress: passages done, passages in total, and the name of the step."""


@dataclass(frozen=True, eq=False)
class ConversationIndex:
    """The index of one conversation's files; it is replaced, never changed.

    Attributes:
        now: the passages and their words.
        vectors: one row of length 1 for each passage.
        stamps: the documents it was built from, as (id, stamp).
    """

    now: Snapshot
    vectors: NDArray[np.float32]
    stamps: tuple[tuple[str, str], ...]

    def near(self, _now: Snapshot, vector: NDArray[np.float32], also: Sequence[int]) -> dict[int, float]:
        """Return exact cosines by position: those of the `POOL` nearest passages, and those of `also`."""
        cosines = self.vectors @ vector
        nearest = np.argsort(-cosines, kind="stable")[:POOL].tolist()
        return {at: float(cosines[at]) for at in dict.fromkeys((*nearest, *also))}


class ConversationIndexes:
    """The indexes of all conversations. Safe to share between threads.

    Args:
        folder: where vectors are stored; created with the first file.
        embed: returns the model of passages and queries, called when it is first needed.
        standings: returns the documents that the index of a conversation should hold.
        read: returns the passages of some documents.
    """

    def __init__(
        self,
        folder: Path,
        embed: Callable[[], Embed],
        standings: Callable[[str], Sequence[IndexState]],
        read: Read,
    ) -> None:
        self._folder = folder
        self._embed = embed
        self._standings = standings
        self._read = read
        self._open: OrderedDict[str, ConversationIndex] = OrderedDict()
        self._busy: dict[str, Lock] = {}
        self._changing = Lock()

    def of(self, groups: Collection[str]) -> list[ConversationIndex]:
        """Return the indexes of the conversations that these groups may read; build those that are not open.

        Raises:
            GuidanceIndexError: the vectors cannot be written.
        """
        return [self.prepare(conversation, _untold) for conversation in conversations_in(groups)]

    def prepare(self, conversation: str, progress: OnProgress) -> ConversationIndex:
        """Return the index of a conversation, built from its documents as they are stored now.

        Args:
            conversation: its id.
            progress: called after every block of passages.

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
        """Delete the index and the vectors of a conversation."""
        with self._lock_of(conversation):
            self._open.pop(conversation, None)
            self._file(conversation).unlink(missing_ok=True)

    def clear(self) -> None:
        """Delete all vectors; a search that needs them makes them again."""
        for file in self._folder.glob("*.vectors"):
            file.unlink(missing_ok=True)
        self._open.clear()

    def keep_only(self, conversations: Collection[str]) -> None:
        """Delete the vectors of conversations that no longer exist."""
        known = {self._file(each) for each in conversations}
        for file in self._folder.glob("*.vectors"):
            if file not in known:
                file.unlink(missing_ok=True)

    def _made(self, conversation: str, stamps: tuple[tuple[str, str], ...], progress: OnProgress) -> ConversationIndex:
        entries = list(self._read([document for document, _ in stamps])) if stamps else []
        texts = [entry.words for entry in entries]
        keys = [key_of(text) for text in texts]
        vectors = self._vectors(conversation, dict(zip(keys, texts, strict=True)), progress)
        places = PassageTable.of(
            [(key, place_of(each.passage)) for key, each in zip(keys, entries, strict=True)], stamps
        )
        rows = np.stack([vectors[key] for key in keys]) if keys else np.zeros((0, 1), dtype=np.float32)
        return ConversationIndex(Snapshot(places, WordCounts.of(texts)), rows, stamps)

    def _vectors(
        self, conversation: str, words: Mapping[str, str], progress: OnProgress
    ) -> dict[str, NDArray[np.float32]]:
        """Return the vectors of some texts by key: reuse stored ones, embed the missing, delete those not needed."""
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
            # The first 32 bytes are a digest of the content and the model. A file that was cut short, or is another
            # model's, does not match.
            if content[:32] != self._seal(content[32:]):
                raise ValueError(file.name)
            # Pickles are refused: loading one can run code.
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
            # Written under another name first, so that a crash leaves no partial file under the real one.
            waiting = file.with_suffix(".part")
            waiting.write_bytes(self._seal(held.getvalue()) + held.getvalue())
            waiting.replace(file)

    def _seal(self, content: bytes) -> bytes:
        return hashlib.sha256(self._embed().digest.encode() + content).digest()

    def _file(self, conversation: str) -> Path:
        return self._folder / f"{hashlib.sha256(conversation.encode()).hexdigest()[:32]}.vectors"

    def _remember(self, conversation: str, scope: ConversationIndex) -> None:
        with self._changing:
            self._open[conversation] = scope
            self._open.move_to_end(conversation)
            # The least recently used index is closed first.
            while len(self._open) > _MOST_OPEN:
                self._open.popitem(last=False)

    def _lock_of(self, conversation: str) -> Lock:
        with self._changing:
            return self._busy.setdefault(conversation, Lock())


def _untold(_done: int, _total: int, _what: str) -> None:
    """Ignore progress: a search does not report it."""
