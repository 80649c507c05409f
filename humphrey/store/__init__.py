"""The database: the only place with SQL in it. An act and its ledger entry commit together or not at all.

`Store` reads and opens transactions; a `Transaction` is one act, alone among writers.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from humphrey.store.attachments import AttachmentReads, AttachmentWrites
from humphrey.store.checking import Checking
from humphrey.store.conversations import ConversationReads, ConversationWrites
from humphrey.store.disclosures import DisclosureReads, DisclosureWrites
from humphrey.store.disposals import DisposalReads, DisposalWrites
from humphrey.store.documents import DocumentReads, DocumentWrites
from humphrey.store.engine import open_database
from humphrey.store.fetches import FetchReads, FetchWrites
from humphrey.store.heads import HeadReads, HeadWrites
from humphrey.store.ledger import EntryReads, EntryWrites
from humphrey.store.notices import NoticeReads, NoticeWrites
from humphrey.store.outbox import OutboxReads, OutboxWrites, Parcel
from humphrey.store.people import PersonReads, PersonWrites
from humphrey.store.queue import QueueReads
from humphrey.store.readings import ReadingReads, ReadingWrites
from humphrey.store.records import RecordWrites
from humphrey.store.reviews import ReviewReads, ReviewWrites
from humphrey.store.seeds import SeedReads, SeedWrites
from humphrey.store.sessions import SessionReads, SessionWrites
from humphrey.store.timing import TimingReads, TimingWrites
from humphrey.store.usage import UsageReads, UsageWrites

__all__ = ["Parcel", "Store", "Transaction"]


class Transaction(
    ReviewWrites,
    EntryWrites,
    HeadWrites,
    RecordWrites,
    DisposalWrites,
    DisclosureWrites,
    OutboxWrites,
    NoticeWrites,
    TimingWrites,
    ReadingWrites,
    SeedWrites,
    PersonWrites,
    SessionWrites,
    ConversationWrites,
    AttachmentWrites,
    DocumentWrites,
    FetchWrites,
    UsageWrites,
):
    """One act: whatever is done through it commits together, or not at all."""


class Store(
    ReviewReads,
    DisposalReads,
    DisclosureReads,
    QueueReads,
    EntryReads,
    HeadReads,
    Checking,
    OutboxReads,
    NoticeReads,
    TimingReads,
    ReadingReads,
    SeedReads,
    PersonReads,
    SessionReads,
    ConversationReads,
    AttachmentReads,
    DocumentReads,
    FetchReads,
    UsageReads,
):
    """Everything humphrey remembers. Safe to share between threads; several processes may open the same database."""

    _first: "Callable[[Transaction], object] | None" = None

    def begin_with(self, act: "Callable[[Transaction], object]") -> None:
        """Have something done before the first thing that is written through this store, in the same transaction."""
        self._first = act

    @classmethod
    def open(cls, url: str) -> "Store":
        """The store at a SQLAlchemy address, made or brought level where needed.

        Raises:
            StoreError: it cannot be opened, is not a database, or was made by a newer humphrey.
        """
        database = open_database(url)
        return cls(database.engine, database.where)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One act, alone among writers; an error that leaves it takes everything back.

        Raises:
            StoreError: the database could not be written.
        """
        first = self._first
        with self.writing() as connection:
            act = Transaction(connection)
            if first is not None:
                first(act)
            yield act
        self._first = None
