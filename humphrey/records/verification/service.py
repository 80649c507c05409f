"""Verification of the record: the chain, the published heads and the stored rows, all in one database snapshot.

Stored rows are compared with the ledger, the ledger with its own seals, and its newest entries with heads published
where humphrey cannot rewrite them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

from humphrey.database.engine import Database
from humphrey.errors import RecordError, StoreError
from humphrey.ledger.heads import Head, StoredHead, Verify, from_line, head_faults
from humphrey.ledger.model import Chain, Entry, Fault
from humphrey.records.verification import store as verification_store
from humphrey.records.verification.holdings import Holdings
from humphrey.records.verification.model import faults_of
from humphrey.records.verification.signatures import SignatureScan
from humphrey.records.verification.store import DatabaseSnapshot

Progress = Callable[[int, int], None]
"""Called with the number of entries and reviews checked, and their total."""


# In entries and reviews.
_REPORT_EVERY = 500


_MOST_FAULTS = 1_000
"""The most faults in a verdict; one fault already fails the check."""


@dataclass(frozen=True)
class Verdict:
    """The result of a check of the whole record.

    Args:
        entries: the number of entries.
        head: the seal of the newest entry; None if there is no entry.
        first_broken: the first entry that was changed, removed or moved, or that was published and is missing;
            None if there is none.
        faults: every fault, those of the chain first.
        heads: the number of published heads checked.
        reviews: the number of reviews compared with their entries.
    """

    entries: int
    head: str | None
    first_broken: int | None
    faults: tuple[Fault, ...]
    heads: int
    reviews: int

    @property
    def ok(self) -> bool:
        """Whether there is no fault."""
        return not self.faults


@dataclass
class _ChainScan:
    """What was noted while the entries were read."""

    signed: SignatureScan
    chain: Chain = field(default_factory=Chain)
    seals: dict[int, str] = field(default_factory=dict)
    renewed: dict[str, int] = field(default_factory=dict)
    published: dict[tuple[int, str], Entry] = field(default_factory=dict)
    holdings: Holdings = field(default_factory=Holdings)


class Verification:
    """Checks of the whole record.

    Args:
        database: the database of the record.
        own_keys: returns the public keys that humphrey itself signed with.
        verify: checks a signature.
        file: the file that heads are published to; None if there is none.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        own_keys: Callable[[], Collection[str]],
        verify: Verify,
        file: Path | None,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._own_keys = own_keys
        self._verify = verify
        self._file = file
        self._now = now

    def verify(
        self, files: Sequence[Path] = (), keys: Collection[str] = (), progress: Progress = lambda _done, _all: None
    ) -> Verdict:
        """Check the whole record.

        Args:
            files: files of published heads, one per line; by default the file that humphrey publishes to.
            keys: trusted public keys; by default humphrey's own.
            progress: called with the progress of the check.

        Raises:
            RecordError: a file of published heads cannot be read.
            StoreError: the database cannot be read.
        """
        # Read before the snapshot is taken, so that no head and no remembered entry is of a later moment.
        given, unread = self._own_file() if not files else ([head for path in files for head in read_heads(path)], [])
        signed = SignatureScan(self._database.signatures)
        with verification_store.snapshot(self._database) as moment:
            kept, faults = _stored_heads(moment)
            faults += unread or ([] if files else self._missing(kept, given))
            every = [*given, *(each.head for each in kept)]
            reporter = _ProgressReporter(moment.length(), progress)
            scan = self._scan(moment, {head.n for head in every}, reporter, signed)
            faults = [*_chain_faults(scan.chain), *faults]
            faults += head_faults(
                every, scan.seals, scan.chain.length, keys or self._own_keys(), scan.renewed, self._verify
            )
            faults += scan.signed.faults()
            faults += _publication_faults(kept, scan.published)
            faults += moment.unkept() + moment.misnamed()
            faults += _holding_faults(scan.holdings, moment)
            reviews = 0
            for stored in moment.reviews():
                reviews += 1
                reporter.step()
                faults += [stored] if isinstance(stored, Fault) else faults_of(stored, self._now())
        return _verdict(scan.chain, faults, len(set(every)), reviews)

    def _scan(
        self, moment: DatabaseSnapshot, wanted: Collection[int], reporter: "_ProgressReporter", signed: SignatureScan
    ) -> _ChainScan:
        scan = _ChainScan(signed)
        for entry in moment.entries():
            scan.chain.follow(entry)
            scan.signed.follow(entry)
            scan.holdings.follow(entry)
            if entry.n in wanted:
                scan.seals[entry.n] = entry.seal
            if entry.act == "key:renew":
                scan.renewed.setdefault(entry.subject, entry.n)
            elif entry.act == "head:publish":
                n, place = entry.detail.get("n", ""), entry.detail.get("place", "")
                scan.published[int(n) if n.isdecimal() else 0, place] = entry
            reporter.step()
        return scan

    def _own_file(self) -> tuple[list[Head], list[Fault]]:
        """Return the heads in the file that humphrey publishes to; empty if nothing was published yet."""
        if self._file is None or not self._file.exists():
            return [], []
        try:
            return read_heads(self._file), []
        except RecordError as error:
            return [], [Fault(str(error))]

    def _missing(self, kept: Sequence[StoredHead], there: Sequence[Head]) -> list[Fault]:
        """Return a fault for each head recorded as published to the file that is not in it."""
        missing = {each.head for each in kept if "file" in each.published} - set(there)
        if missing and self._file is not None:
            # Read again: a head may have been published after the first reading.
            missing -= set(self._own_file()[0])
        return [
            Fault(f"the head of entry {head.n} was published to {self._file} and is no longer in it", head.n)
            for head in sorted(missing, key=lambda each: each.n)
        ]


class _ProgressReporter:
    """Reports the progress of a check every `_REPORT_EVERY` steps."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def step(self) -> None:
        self._done += 1
        if self._done % _REPORT_EVERY == 0:
            self._progress(self._done, max(self._done, self._total))


def read_heads(path: Path) -> list[Head]:
    """Return the published heads in a file or a saved e-mail, one per line; other lines are skipped.

    Raises:
        RecordError: the file cannot be read, or a line that starts as a head is not one.
    """
    try:
        lines = _text_of(path.read_bytes()).splitlines()
    except (OSError, ValueError, LookupError) as error:
        raise RecordError(f"the published heads in {path} cannot be read ({error}); put the file back") from None
    found = []
    for number, line in enumerate(lines, start=1):
        if line.startswith("{"):
            try:
                found.append(from_line(line))
            except RecordError as error:
                raise RecordError(f"{path}, line {number}: {error}; the line was changed") from None
    return found


def _text_of(content: bytes) -> str:
    """Return the text of a file, or the decoded body of an e-mail, because mail servers break long lines."""
    if not content.lstrip().startswith(b"{"):
        letter = BytesParser(policy=default).parsebytes(content)
        body = letter.get_body(("plain",)) if "Content-Transfer-Encoding" in letter else None
        if body is not None:
            return str(body.get_content())
    return content.decode()


def _stored_heads(moment: DatabaseSnapshot) -> tuple[list[StoredHead], list[Fault]]:
    try:
        return moment.heads(), []
    except StoreError as error:
        return [], [Fault(str(error))]


def _holding_faults(holdings: Holdings, moment: DatabaseSnapshot) -> list[Fault]:
    try:
        return list(holdings.faults(moment.stored()))
    except StoreError as error:
        return [Fault(f"documents or accounts were damaged or changed: {error}")]


def _chain_faults(chain: Chain) -> Iterator[Fault]:
    if chain.broken is not None:
        yield Fault(f"the chain breaks at entry {chain.broken}: it was changed, removed or moved", chain.broken)


def _publication_faults(kept: Iterable[StoredHead], published: Mapping[tuple[int, str], Entry]) -> Iterator[Fault]:
    """Yield publications without a ledger entry, and ledger entries of publications that are not stored."""
    stored = {(each.head.n, place): (each.head, at) for each in kept for place, at in each.published.items()}
    for (n, place), (head, at) in stored.items():
        entry = published.get((n, place))
        if entry is None or (entry.detail.get("seal"), entry.detail.get("key"), entry.at) != (head.seal, head.key, at):
            yield Fault(f"the head of entry {n} is said to be published ({place}), and no entry records it", n)
    for (n, place), entry in published.items():
        if (n, place) not in stored:
            yield Fault(f"entry {entry.n} records that the head of entry {n} was published, and that is not stored", n)


def _verdict(chain: Chain, faults: Sequence[Fault], heads: int, reviews: int) -> Verdict:
    gone = [fault.n for fault in faults if fault.n and fault.n > chain.length]
    first = chain.broken or (chain.length + 1 if gone else None)
    head = chain.head if chain.length else None
    return Verdict(chain.length, head, first, tuple(faults[:_MOST_FAULTS]), heads, reviews)
