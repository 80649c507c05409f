"""Attached files: read, searched and cited like guidance, and visible to few.

Rule: a file is visible to its owner in its conversation, and to reviewers who may clear a draft that cites it. For all
others it does not exist. A file that cannot be read, or whose marking is too high, is never stored.
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
from humphrey.documents.audiences import attached_id, audience_of, conversations_in
from humphrey.documents.ingest import SourceFile
from humphrey.documents.left_out import left_out_notes
from humphrey.documents.markings import marking_around
from humphrey.documents.model import Document, Imprint, split
from humphrey.documents.words import count_words
from humphrey.drafting.questions.screening import screen, screen_marking
from humphrey.errors import CommissionError, DocumentError
from humphrey.guidance import store as document_store
from humphrey.guidance.library import Library, Progress, no_progress
from humphrey.guidance.uploads import file_name
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import NOBODY
from humphrey.search.model import Hit
from humphrey.search.ranking import is_about_files, share_for_files
from humphrey.text import personal_data
from humphrey.text.validation import disguise_fault

MAX_FILES, MAX_FILE_BYTES = 10, 25_000_000
"""Most files of a conversation, and most bytes of a file."""


MAX_FILE_WORDS, MAX_WORDS = 200_000, 400_000
"""Most words of a file, and of all files of a conversation: about 400 and 800 pages, which take minutes to index."""


_EVERY_HIT = 400
"""More hits than any search returns, because the files' hits are selected from them."""


_HARMLESS = frozenset({"personal_data", "hidden_characters", "marking_change"})
"""Reasons to refuse a question that do not apply to files: a file may name people, and it asks for nothing."""


_LEFT_BEHIND = timedelta(hours=1)
"""Age at which an unknown file counts as left by a killed process; a younger one may still be being written."""


_PICTURE = re.compile(r"^\[Page \d+ is a picture without text\.\]$", re.MULTILINE)
"""The line that the PDF reader writes for a page without text."""


_log = logging.getLogger(__name__)


class ReadFile(Protocol):
    """Reads one file."""

    def __call__(self, name: str, content: bytes, document_id: str) -> tuple[Document, int]:
        """Return the document with that id, and its number of pages; 0 for a format without pages.

        Raises:
            DocumentError: it cannot be read; the message continues from the file's name and says what to do.
        """


class FileIndexes(Protocol):
    """The search indexes of conversations' files."""

    def prepare(self, conversation: str, progress: Progress) -> object:
        """Build the index of a conversation's files for the next search."""

    def forget(self, conversation: str) -> None:
        """Delete the index of a conversation."""

    def keep_only(self, conversations: Collection[str]) -> None:
        """Delete the indexes of all other conversations."""


class Attachments:
    """The attached files of all conversations.

    Args:
        library: searches documents.
        database: holds documents and the ledger.
        folder: the folder for the files; created with the first one.
        read: reads a file.
        indexes: returns the indexes of files; called when first needed.
        highest: the highest marking that may be stored.
        now: the clock.
    """

    def __init__(
        self,
        library: Library,
        database: Database,
        folder: Path,
        read: ReadFile,
        indexes: Callable[[], FileIndexes],
        *,
        highest: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._library = library
        self._database = database
        self._folder = folder
        self._read = read
        self._indexes = indexes
        self._highest = highest
        self._now = now

    def attach(
        self, owner: str, conversation_id: str, filename: str, data: bytes, progress: Progress = no_progress
    ) -> AttachedFile:
        """Attach a file to one of the owner's conversations.

        Args:
            owner: the person.
            conversation_id: the conversation.
            filename: the file's name as sent; it never becomes a path.
            data: its content.
            progress: called after every block of passages.

        Returns:
            The file. If it was rejected, nothing is stored, and `refused` says why and what to do.

        Raises:
            CommissionError: the owner has no such conversation.
            GuidanceIndexError: the index cannot be written; the next search tries again.
        """
        name = file_name(filename)
        if not conversation_store.is_owner(self._database, conversation_id, owner):
            raise CommissionError(f"you have no conversation {conversation_id[:80]!r}; open one of yours or a new one")
        try:
            file = self._read_and_store(owner, conversation_id, name, data)
        except DocumentError as error:
            _log.info("file_refused", extra={"conversation": conversation_id})
            return AttachedFile("", name, refused=str(error))
        self._indexes().prepare(conversation_id, progress)
        _log.info("file_attached", extra={"conversation": conversation_id, "file": file.id})
        return file

    def text_of(self, owner: str, filename: str, data: bytes) -> tuple[str, tuple[str, ...]]:
        """Return the text of a file that is taken into a form, with what its owner should know; nothing is stored.

        Raises:
            DocumentError: the file is refused, by the rules of attached files.
        """
        read, _ = self._accepted(file_name(filename), data, owner, "", "form")
        return read.text, tuple(_notes(read))

    def files(self, conversation_id: str, owner: str) -> Sequence[AttachedFile]:
        """Return the files of one of the owner's conversations, in the order they were attached.

        Raises:
            CommissionError: the owner has no such conversation.
        """
        return attachment_store.list_files(self._database, conversation_id, owner)

    def remove(self, file_id: str, owner: str) -> None:
        """Remove a file, which is then not found any more; its text stays as long as a draft cites it.

        A draft that cites it and waits for clearance is checked again, and then reports the missing source.

        Raises:
            CommissionError: the owner has no such file.
        """
        at = self._now()
        with self._database.transaction() as tx:
            file = attachment_store.owned_file(tx, file_id, owner)
            attachment_store.remove_attachment(tx, file)
            document_store.remove(tx, file.document, audience_of(file.conversation))
            attachment_store.delete_uncited_texts(tx, file.conversation, owner)
            ledger_store.enter(tx, owner, "file:remove", file.id, {"document": file.document}, at)
        self._delete([file])
        # The index contains its words, so it is rebuilt without them.
        self._indexes().prepare(file.conversation, no_progress)
        if attachment_store.is_cited(self._database, file.document, owner):
            self._library.notify_changed()

    def remove_conversation(self, conversation_id: str, owner: str) -> None:
        """Delete a conversation and its files. Drafts sent for clearance stay, with the texts that they cite.

        Raises:
            CommissionError: the owner has no such conversation.
        """
        self._forget(
            conversation_id, owner, lambda act, files: _removed(act, conversation_id, owner, files, self._now())
        )

    def dispose_of(self, conversation_id: str, owner: str, begin: Callable[[Transaction], bool]) -> bool:
        """Delete a conversation whose retention is over; return False if `begin`, checking again, says it is not.

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
                document_store.remove(tx, file.document, audience_of(file.conversation))
            conversation_store.delete_conversation(tx, conversation_id, owner)
            attachment_store.delete_uncited_texts(tx, conversation_id, owner)
        self._delete(files)
        self._indexes().forget(conversation_id)
        return True

    @contextmanager
    def temporary_conversation(self, owner: str) -> Iterator[str]:
        """Open a conversation for one question, yield its id, and delete it afterwards."""
        conversation = secrets.token_hex(8)
        with self._database.transaction() as tx:
            conversation_store.open_conversation(tx, conversation, owner, "", self._now())
        try:
            yield conversation
        finally:
            self.remove_conversation(conversation, owner)

    def search(self, query: str, limit: int, groups: Collection[str] = ()) -> Sequence[Hit]:
        """Search as `Library.search`, with a share of the hits for the files of the conversation."""
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
        """Delete what killed processes left behind, but nothing young enough to be in use."""
        until = self._now() - _LEFT_BEHIND
        for lent in conversation_store.list_conversations(self._database, NOBODY):
            if lent.latest < until:
                self.remove_conversation(lent.id, NOBODY)
        known = attachment_store.file_ids(self._database)
        for path in self._folder.glob("*/*"):
            if path.name not in known and path.stat().st_mtime < until.timestamp():
                path.unlink(missing_ok=True)
        self._indexes().keep_only(attachment_store.conversations_with_files(self._database))

    def _read_and_store(self, owner: str, conversation_id: str, name: str, data: bytes) -> AttachedFile:
        file_id = secrets.token_hex(8)
        read, pages = self._accepted(name, data, owner, conversation_id, file_id)
        # What it says of itself (its address, its publisher) is not verified, so only its name is used.
        document = replace(read, id=attached_id(file_id), imprint=Imprint(name, ""))
        file = AttachedFile(file_id, name, document.id, count_words(read.text), pages, tuple(_notes(read)))
        path = self._folder / conversation_id / file_id
        try:
            _write(path, data)
            self._store(file, document, owner, path, data)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return file

    def _accepted(self, name: str, data: bytes, owner: str, conversation_id: str, file_id: str) -> tuple[Document, int]:
        """Return a file that may be held here as a document, and its number of pages."""
        if len(data) > MAX_FILE_BYTES:
            raise DocumentError(f"has {len(data):,} bytes, more than {MAX_FILE_BYTES:,}; split it")
        # The name is the title under which the file is cited.
        if fault := disguise_fault(name, "has a name that"):
            raise DocumentError(fault.replace("type it afresh", "rename the file"))
        read, pages = self._read(name, data, attached_id(file_id))
        self._screen(read, name, owner, conversation_id)
        return read, pages

    def _screen(self, read: Document, name: str, owner: str, conversation_id: str) -> None:
        around = screen_marking(marking_around(read, name), highest=self._highest, what="")
        within = screen(read.text, highest=self._highest, what="", allowed=personal_data.PERSONAL_DATA_LABELS)
        refusal = next((each for each in (around, within) if each and each.why not in _HARMLESS), None)
        if refusal is None:
            return
        with self._database.transaction() as tx:
            ledger_store.enter(tx, owner, "file:refuse", conversation_id, {"why": refusal.why}, self._now())
        raise DocumentError(refusal.message.strip().rstrip("."))

    def _store(self, file: AttachedFile, document: Document, owner: str, path: Path, data: bytes) -> None:
        conversation_id, at = path.parent.name, self._now()
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        with self._database.transaction() as tx:
            if attachment_store.count_attachments(tx, conversation_id, owner) >= MAX_FILES:
                raise DocumentError(f"is one file too many: a conversation may have {MAX_FILES}; remove one of them")
            words = file.words + attachment_store.count_words_attached(tx, conversation_id)
            if words > MAX_WORDS:
                raise DocumentError(
                    f"makes {words:,} words of files, and a conversation may have {MAX_WORDS:,}; remove a file, or ask "
                    "about it in a new conversation"
                )
            if attachment_store.is_attached(tx, conversation_id, digest):
                raise DocumentError("is attached to this conversation already; ask about it")
            source = SourceFile(f"{path.parent.as_posix()}//{path.name}", digest)
            document_store.save(tx, document, split(document), source, audience_of(conversation_id), at)
            attachment_store.add_attachment(tx, file, conversation_id, digest, at)
            said = {
                **{"document": document.id, "version": document.version, "conversation": conversation_id},
                "kept": document_store.entry_detail(tx, document.id)["kept"],
            }
            ledger_store.enter(tx, owner, "file:attach", file.id, said, at)

    def _delete(self, files: Sequence[StoredFile]) -> None:
        for file in files:
            folder = self._folder / file.conversation
            try:
                (folder / file.id).unlink(missing_ok=True)
                if not any(folder.iterdir()):
                    folder.rmdir()
            except OSError as error:
                # The ledger already has its removal; `remove_leftovers` tries again.
                _log.warning("file_left", extra={"file": file.id, "error": type(error).__name__})


def _removed(tx: Transaction, conversation_id: str, owner: str, files: int, at: datetime) -> bool:
    ledger_store.enter(tx, owner, "conversation:remove", conversation_id, {"files": str(files)}, at)
    return True


def _notes(read: Document) -> Iterator[str]:
    """Yield the sentences for the owner of a file: characters left out, pages without text, and personal data."""
    text = read.text
    yield from (f"{note}." for note in left_out_notes(read))
    pictures = len(_PICTURE.findall(text))
    if pictures:
        yield f"{pictures} {'page is a picture' if pictures == 1 else 'pages are pictures'} without text, and not read."
    kinds = dict.fromkeys(
        personal_data.PERSONAL_DATA_LABELS[one.kind] for one in personal_data.find_personal_data(text)
    )
    if kinds:
        yield f"It holds {', '.join(kinds)}. Attach no more about people than your question needs."


def _write(path: Path, data: bytes) -> None:
    """Write a file completely or not at all.

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
