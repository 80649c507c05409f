"""Files that people give to a conversation of theirs: taken in, found and cited like guidance, and seen by few.

Rule: a file is its owner's, in that conversation, and a reviewer's where a draft that they may clear cites it. To
everybody else it is not there. What could not be read, or bears a marking above what may be held, is never kept.
"""

import hashlib
import logging
import os
import re
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from humphrey.conversations import attachment_store
from humphrey.conversations import store as conversation_store
from humphrey.conversations.attachment_store import StoredFile
from humphrey.conversations.model import AttachedFile
from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.documents.audiences import audience_of, conversations_in
from humphrey.documents.ingest import SourceFile
from humphrey.documents.model import Document, Imprint, split
from humphrey.drafting.questions.screening import screen
from humphrey.errors import CommissionError, DocumentError
from humphrey.guidance import store as document_store
from humphrey.guidance.library import Library, Progress, no_progress
from humphrey.guidance.uploads import file_name
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import NOBODY
from humphrey.search.model import Hit
from humphrey.search.ranking import is_about_files, share_for_files
from humphrey.text import personal_data
from humphrey.text.hidden_characters import hidden_positions

MAX_FILES, MAX_FILE_BYTES = 10, 25_000_000
"""How many files a conversation may have, and how large each of them may be."""


_EVERY_HIT = 400
"""More hits than a search has: those of the files are picked out of them."""


_HARMLESS = frozenset({"personal_data", "hidden_characters", "marking_change"})
"""Reasons to refuse a question, but no file: files name people, and what else they say is not asked for."""


_LEFT_BEHIND = timedelta(hours=1)
"""Age at which a file that no record knows was left behind by a process that was killed."""


_PICTURE = re.compile(r"^\[Page \d+ is a picture without text\.\]$", re.MULTILINE)
"""How the reader of PDFs says that it could not read a page."""


_log = logging.getLogger(__name__)


class ReadFile(Protocol):
    """Reads one file."""

    def __call__(self, name: str, content: bytes, document_id: str) -> tuple[Document, int]:
        """The document of that id, and how many pages it has; 0 for a format without pages.

        Raises:
            DocumentError: it cannot be read; the message goes on from the file's name, and says what to do.
        """


class FileIndexes(Protocol):
    """What makes the files of a conversation findable."""

    def prepare(self, conversation: str, progress: Progress) -> object:
        """Have everything ready for the next search."""

    def forget(self, conversation: str) -> None:
        """Keep nothing of a conversation."""

    def keep_only(self, conversations: Collection[str]) -> None:
        """Keep nothing of any other."""


class Attachments:
    """The files of everybody's conversations.

    Args:
        library: finds and reads documents.
        database: where documents and the record are kept.
        folder: where the files themselves are kept; made with the first.
        read: reads a file.
        scopes: gives what makes the files findable, when it is first needed.
        highest: the highest marking that may be held.
        now: the clock.
    """

    def __init__(
        self,
        library: Library,
        database: Database,
        folder: Path,
        read: ReadFile,
        scopes: Callable[[], FileIndexes],
        *,
        highest: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._library = library
        self._database = database
        self._folder = folder
        self._read = read
        self._scopes = scopes
        self._highest = highest
        self._now = now

    def attach(
        self, owner: str, conversation_id: str, filename: str, data: bytes, progress: Progress = no_progress
    ) -> AttachedFile:
        """Take in a file for one of the owner's conversations.

        Args:
            owner: whose conversation it is.
            conversation_id: the conversation.
            filename: what the owner calls the file; it leads nowhere.
            data: its content.
            progress: told of every block of passages.

        Returns:
            The file; where it was refused, nothing is kept, and `refused` says why and what to do.

        Raises:
            CommissionError: the owner has no such conversation.
            GuidanceIndexError: what makes it findable cannot be written; the next search tries again.
        """
        name = file_name(filename)
        if not conversation_store.is_owner(self._database, conversation_id, owner):
            raise CommissionError(f"you have no conversation {conversation_id[:80]!r}; open one of yours or a new one")
        try:
            held = self._taken_in(owner, conversation_id, name, data)
        except DocumentError as error:
            _log.info("file_refused", extra={"conversation": conversation_id})
            return AttachedFile("", name, refused=str(error))
        self._scopes().prepare(conversation_id, progress)
        _log.info("file_attached", extra={"conversation": conversation_id, "file": held.id})
        return held

    def files(self, conversation_id: str, owner: str) -> Sequence[AttachedFile]:
        """The files of one of the owner's conversations, in the order they came.

        Raises:
            CommissionError: the owner has no such conversation.
        """
        return attachment_store.list_files(self._database, conversation_id, owner)

    def remove(self, file_id: str, owner: str) -> None:
        """Have a file no longer. It is found no more; its text stays for as long as a draft cites it.

        A draft that cites it and waits for clearance says from now on that it is gone.

        Raises:
            CommissionError: the owner has no such file.
        """
        at = self._now()
        with self._database.transaction() as tx:
            file = attachment_store.owned_file(tx, file_id, owner)
            attachment_store.remove_attachment(tx, file)
            document_store.remove(tx, file.document)
            attachment_store.delete_uncited_texts(tx, file.conversation, owner)
            ledger_store.enter(tx, owner, "file:remove", file.id, {"document": file.document}, at)
        self._delete([file])
        # What was made of its words goes with it.
        self._scopes().prepare(file.conversation, no_progress)
        if attachment_store.is_cited(self._database, file.document, owner):
            self._library.notify_changed()

    def remove_conversation(self, conversation_id: str, owner: str) -> None:
        """Have a conversation no longer, with its files. What was sent for clearance stays, with the texts it cites.

        Raises:
            CommissionError: the owner has no such conversation.
        """
        self._forget(
            conversation_id, owner, lambda act, files: _removed(act, conversation_id, owner, files, self._now())
        )

    def dispose_of(self, conversation_id: str, owner: str, begin: Callable[[Transaction], bool]) -> bool:
        """Have a conversation no longer because its time is over; False where `begin`, looking again, says otherwise.

        Raises:
            CommissionError: the owner has no such conversation.
        """
        return self._forget(conversation_id, owner, lambda act, _files: begin(act))

    def _forget(self, conversation_id: str, owner: str, begin: Callable[[Transaction, int], bool]) -> bool:
        with self._database.transaction() as tx:
            files = attachment_store.stored_files(tx, conversation_id)
            if not begin(tx, len(files)):
                return False
            for file in files:
                attachment_store.remove_attachment(tx, file)
                document_store.remove(tx, file.document)
            conversation_store.delete_conversation(tx, conversation_id, owner)
            attachment_store.delete_uncited_texts(tx, conversation_id, owner)
        self._delete(files)
        self._scopes().forget(conversation_id)
        return True

    @contextmanager
    def temporary_conversation(self, owner: str) -> Iterator[str]:
        """The id of a conversation for one question, of which nothing is kept afterwards."""
        conversation = secrets.token_hex(8)
        with self._database.transaction() as tx:
            conversation_store.open_conversation(tx, conversation, owner, "", self._now())
        try:
            yield conversation
        finally:
            self.remove_conversation(conversation, owner)

    def search(self, query: str, limit: int, groups: Collection[str] = ()) -> Sequence[Hit]:
        """As `Library.search`, with a fair share for the files of the conversation that is asked in."""
        conversations = conversations_in(groups)
        if not conversations:
            return self._library.search(query, limit, groups)
        names = {
            id_: name
            for each in conversations
            for id_, name in attachment_store.attached_documents(self._database, each).items()
        }
        hits = self._library.search(query, _EVERY_HIT, groups)
        return share_for_files(hits, names, limit, first=is_about_files(query, names.values()))

    def remove_leftovers(self) -> None:
        """Delete what processes that were killed left behind; what one may just be writing is left to it."""
        until = self._now() - _LEFT_BEHIND
        for lent in conversation_store.list_conversations(self._database, NOBODY):
            if lent.latest < until:
                self.remove_conversation(lent.id, NOBODY)
        known = attachment_store.file_ids(self._database)
        for path in self._folder.glob("*/*"):
            if path.name not in known and path.stat().st_mtime < until.timestamp():
                path.unlink(missing_ok=True)
        self._scopes().keep_only(attachment_store.conversations_with_files(self._database))

    def _taken_in(self, owner: str, conversation_id: str, name: str, data: bytes) -> AttachedFile:
        if len(data) > MAX_FILE_BYTES:
            raise DocumentError(f"has {len(data):,} bytes, more than {MAX_FILE_BYTES:,}; split it")
        file_id = secrets.token_hex(8)
        read, pages = self._read(name, data, f"attached/{file_id}")
        self._screen(read.text, owner, conversation_id)
        # What it says of itself, such as where it was published, nobody has looked at.
        document = replace(read, imprint=Imprint(name, ""))
        held = AttachedFile(file_id, name, document.id, len(read.text.split()), pages, tuple(_notes(read.text)))
        path = self._folder / conversation_id / file_id
        try:
            _write(path, data)
            self._hold(held, document, owner, path, data)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return held

    def _screen(self, text: str, owner: str, conversation_id: str) -> None:
        seen = set(hidden_positions(text))
        plain = "".join(c for n, c in enumerate(text) if n not in seen) if seen else text
        refusal = screen(plain, highest=self._highest, what="", allowed=personal_data.PERSONAL_DATA_LABELS)
        if refusal is None or refusal.why in _HARMLESS:
            return
        with self._database.transaction() as tx:
            ledger_store.enter(tx, owner, "file:refuse", conversation_id, {"why": refusal.why}, self._now())
        raise DocumentError(refusal.message.strip().rstrip("."))

    def _hold(self, held: AttachedFile, document: Document, owner: str, path: Path, data: bytes) -> None:
        conversation_id, at = path.parent.name, self._now()
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        with self._database.transaction() as tx:
            if attachment_store.count_attachments(tx, conversation_id, owner) >= MAX_FILES:
                raise DocumentError(f"is one too many: a conversation may have {MAX_FILES} files; remove one of them")
            if attachment_store.is_attached(tx, conversation_id, digest):
                raise DocumentError("is attached to this conversation already; ask about it")
            source = SourceFile(f"{path.parent.as_posix()}//{path.name}", digest)
            document_store.save(tx, document, split(document), source, audience_of(conversation_id), at)
            attachment_store.add_attachment(tx, held, conversation_id, digest, at)
            said = {"document": document.id, "version": document.version, "conversation": conversation_id}
            ledger_store.enter(tx, owner, "file:attach", held.id, said, at)

    def _delete(self, files: Sequence[StoredFile]) -> None:
        for file in files:
            folder = self._folder / file.conversation
            try:
                (folder / file.id).unlink(missing_ok=True)
                if not any(folder.iterdir()):
                    folder.rmdir()
            except OSError as error:
                # The record says that it is gone; `tidy` tries again.
                _log.warning("file_left", extra={"file": file.id, "error": type(error).__name__})


def _removed(tx: Transaction, conversation_id: str, owner: str, files: int, at: datetime) -> bool:
    ledger_store.enter(tx, owner, "conversation:remove", conversation_id, {"files": str(files)}, at)
    return True


def _notes(text: str) -> Iterator[str]:
    """What the owner of a file should know of it."""
    pictures = len(_PICTURE.findall(text))
    if pictures:
        yield f"{pictures} {'page is a picture' if pictures == 1 else 'pages are pictures'} without text, and not read."
    kinds = dict.fromkeys(
        personal_data.PERSONAL_DATA_LABELS[one.kind] for one in personal_data.find_personal_data(text)
    )
    if kinds:
        yield f"It holds {', '.join(kinds)}. Attach no more about people than your question needs."


def _write(path: Path, data: bytes) -> None:
    """Write a file, so that it is there whole or not at all.

    Raises:
        DocumentError: it cannot be written.
    """
    half = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with half.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise DocumentError(f"cannot be kept ({error.strerror}); make room on the server") from None
