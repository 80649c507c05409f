"""Build the library, its index, curation and attachments."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from humphrey.accounts.service import People
from humphrey.conversations import attachment_store
from humphrey.conversations.attachments import Attached
from humphrey.database.engine import Database
from humphrey.documents.ingest import Reading, Refused, TakenIn
from humphrey.documents.model import Document
from humphrey.guidance import store as document_store
from humphrey.guidance.curation import Curator
from humphrey.guidance.library import Library, PassageIndex
from humphrey.guidance.uploads import Uploads
from humphrey.search.model import Indexed, indexed
from humphrey.settings import Settings

if TYPE_CHECKING:
    from humphrey.search.conversation_index import Attachments
    from humphrey.search.embeddings import Embeddings
from humphrey.app.paths import data_folder, fetched


def join_scopes(settings: Settings, database: Database, embed: "Callable[[], Embeddings]") -> "Attachments":
    """What makes the files of conversations findable, with their vectors in the data folder."""
    from humphrey.search.conversation_index import Attachments

    def read(ids: Sequence[str]) -> Iterable[Indexed]:
        return (indexed(title, passage) for title, passage in document_store.read_passages(database, ids))

    return Attachments(
        data_folder(settings) / "attached" / "vectors", embed, partial(attachment_store.index_states, database), read
    )


def join_attached(
    settings: Settings, database: Database, library: Library, scopes: "Callable[[], Attachments]"
) -> Attached:
    """The files of conversations, kept in the data folder."""

    def read(name: str, content: bytes, document_id: str) -> tuple[Document, int]:
        from humphrey.documents.readers.files import read_one
        from humphrey.documents.readers.pdf.document import pages_of

        return read_one(name, content, document_id), pages_of(content) if name.lower().endswith(".pdf") else 0

    folder = data_folder(settings) / "attached" / "files"
    return Attached(library, database, folder, read, scopes, highest=settings.highest_marking)


def join_library(
    settings: Settings,
    database: Database,
    embed: "Callable[[], Embeddings]",
    scopes: "Callable[[], Attachments] | None" = None,
) -> Library:
    """The guidance, with its index in the data folder; without scopes, no conversation's files are searched with it."""

    def open_index() -> PassageIndex:
        from humphrey.search.index import GuidanceIndex

        return GuidanceIndex(settings.data_dir / "index", embed(), scopes() if scopes else None)

    def read(paths: Sequence[Path], known: Mapping[str, str]) -> Reading:
        from humphrey.documents.readers.files import read

        return read(paths, known)

    return Library(database, read, open_index)


def join_curator(settings: Settings, database: Database, people: People, library: Library) -> Curator:
    """What reviewers do with the guidance; the files they hand in are kept in the data folder."""
    uploads = Uploads(data_folder(settings) / "uploads")
    return Curator(library, people, database, uploads, lambda: (settings.corpus, *fetched(settings)))


def read_documents(paths: Sequence[Path]) -> tuple[list[Document], list[Refused]]:
    """The documents below some paths as they would be indexed, and what would be refused; nothing is stored.

    Raises:
        DocumentError: a path does not exist.
    """
    from humphrey.documents.readers.files import read

    items = list(read(paths, {}))
    documents = [item.document for item in items if isinstance(item, TakenIn)]
    return documents, [item for item in items if isinstance(item, Refused)]
