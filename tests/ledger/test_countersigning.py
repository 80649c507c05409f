"""Entries from before humphrey signed each are signed once, where a head or the operator vouches for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from humphrey.clearance.model import Review
from humphrey.errors import NotOnRecord, RecordError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.countersigning import Countersigning, heads_in
from humphrey.ledger.entry_keys import LIST, EntryKeys
from humphrey.ledger.entry_memory import MEMORY
from humphrey.ledger.signing import Ed25519Keys, verify
from humphrey.records.verification.service import read_heads
from tests.support.ledger_books import Books, Clock
from tests.support.services import SHOWN


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def books(tmp_path: Path, clock: Clock) -> Iterator[Books]:
    books = Books(tmp_path, clock)
    yield books
    books.database.close()


def make_older(books: Books) -> None:
    """Make the record one of the version before, which signed no entry."""
    books.change("UPDATE ledger SET key = '', signature = '', follows = ''")
    for name in (LIST, MEMORY):
        (books.folder / "keys" / name).unlink()


def begun(books: Books) -> Countersigning:
    """What the first start of this version does."""
    folder = books.folder / "keys"
    current = Ed25519Keys(folder, None)
    keys = EntryKeys(current, folder, verify, books.clock)
    books.database.signatures = keys
    published = heads_in(books.file, read_heads)
    made = Countersigning(books.database, keys, current.public_keys, verify, published, books.clock)
    made.begin()
    return made


def approved(books: Books) -> Review:
    review = books.take()
    books.desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    return review


def left(books: Books) -> list[str]:
    return [each.review for each in books.desk.deliver("web", lambda _release: SHOWN).delivered]


def test_what_a_published_head_vouches_for_is_signed_at_the_first_start_and_leaves(books: Books):
    review = approved(books)
    books.publishing.publish(books.clock())
    make_older(books)

    begun(books)

    assert left(books) == [review.id]
    assert books.verify().ok, books.verify().faults


def test_the_signing_of_older_entries_is_on_the_record_and_happens_once(books: Books):
    approved(books)
    books.publishing.publish(books.clock())
    make_older(books)

    begun(books)
    begun(books)

    acts = [entry for entry in ledger_store.entries(books.database) if entry.act == "record:countersign"]
    assert [entry.detail["waiting"] for entry in acts] == ["0"]
    assert acts[0].detail["head"] == str(books.heads()[0].head.n)


def test_an_approval_after_the_last_head_waits_for_the_operator(books: Books):
    books.take()
    books.publishing.publish(books.clock())
    review = approved(books)
    make_older(books)

    signing = begun(books)

    assert left(books) == []
    assert {entry.subject for entry in signing.waiting()} == {review.id}
    faults = [fault.message for fault in books.verify().faults]
    assert len(faults) == 1
    assert "humphrey ledger countersign" in faults[0]


def test_without_a_published_head_nothing_is_decided_or_leaves_until_the_operator_signs(books: Books):
    books.database.signatures = None
    waits = books.take()
    review = books.take()
    make_older_without_keys(books)
    signing = begun(books)

    with pytest.raises(NotOnRecord):
        books.desk.clearance.decide(waits.id, "approve", "david", waits.draft.digest)

    done = signing.sign_waiting()
    assert (done.signed > 0, done.waiting) == (True, 0)
    books.desk.clearance.decide(waits.id, "approve", "david", waits.draft.digest)
    books.desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    assert sorted(left(books)) == sorted([waits.id, review.id])
    assert books.verify().ok, books.verify().faults
    with pytest.raises(RecordError, match="no entry waits"):
        signing.sign_waiting()


def make_older_without_keys(books: Books) -> None:
    books.change("UPDATE ledger SET key = '', signature = '', follows = ''")
    (books.folder / "keys" / LIST).unlink()
    (books.folder / "keys" / MEMORY).unlink(missing_ok=True)


def test_a_head_of_another_key_vouches_for_nothing(books: Books, tmp_path: Path):
    review = approved(books)
    books.publishing.publish(books.clock())
    make_older(books)
    stranger = Ed25519Keys(tmp_path / "elsewhere", None)
    books.change("UPDATE heads SET key = ?", stranger.public_key())
    books.file.unlink()

    signing = begun(books)

    assert review.id in {entry.subject for entry in signing.waiting()}


def test_a_chain_that_is_broken_is_not_signed(books: Books):
    review = approved(books)
    books.publishing.publish(books.clock())
    make_older(books)
    books.change("UPDATE ledger SET actor = 'grace' WHERE act = 'review:approve'")

    signing = begun(books)

    assert review.id in {entry.subject for entry in signing.waiting()}
    with pytest.raises(RecordError, match="the chain of the ledger is broken"):
        signing.sign_waiting()


def test_an_entry_that_was_written_afterwards_is_never_countersigned(books: Books):
    books.take()
    books.publishing.publish(books.clock())
    make_older(books)
    signing = begun(books)
    books.database.signatures = None
    review = books.take()
    begun(books)

    assert signing.waiting() == []
    with pytest.raises(NotOnRecord):
        books.desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    with pytest.raises(RecordError, match="no entry waits"):
        signing.sign_waiting()
    assert "is not signed by humphrey's key" in " ".join(fault.message for fault in books.verify().faults)


def test_signed_entries_without_the_list_of_keys_are_not_signed_again(books: Books):
    approved(books)
    (books.folder / "keys" / LIST).unlink()

    signing = begun(books)

    assert not (books.folder / "keys" / LIST).exists()
    assert signing.accept() == books.keys.public_key()
    assert books.verify().ok, books.verify().faults
