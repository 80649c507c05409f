"""The keys that sign entries: renewed in the middle of a review, lost, replaced, unreadable, and put back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from humphrey.errors import RecordError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.countersigning import Countersigning
from humphrey.ledger.entry_keys import LIST, EntryKeys
from humphrey.ledger.entry_memory import MEMORY
from humphrey.ledger.signing import verify
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


def keys_of(books: Books) -> EntryKeys:
    assert isinstance(books.database.signatures, EntryKeys)
    return books.database.signatures


def countersigning(books: Books) -> Countersigning:
    return Countersigning(books.database, keys_of(books), books.keys.public_keys, verify, list, books.clock)


def leaves(books: Books) -> bool:
    return bool(books.desk.deliver("web", lambda _release: SHOWN).delivered)


def unsigned(books: Books) -> list[str]:
    return [fault.message for fault in books.verify().faults if "signed" in fault.message]


def test_a_key_renewed_in_the_middle_of_a_review_signs_what_follows_and_the_rest_stays_trusted(books: Books):
    review = books.take()
    before = books.keys.public_key()

    books.publishing.renew(books.clock())
    books.desk.clearance.decide(review.id, "approve", "david", review.draft.digest)

    entries = list(ledger_store.entries(books.database, review.id))
    assert {entries[0].key, entries[-1].key} == {before, books.keys.public_key()}
    assert leaves(books)
    assert books.verify().ok, books.verify().faults


def test_a_replaced_key_signs_nothing_new(books: Books):
    books.take()
    old = keys_of(books)
    stolen = books.folder / "stolen"
    shutil.copytree(books.folder / "keys", stolen)
    books.publishing.renew(books.clock())
    n = len(list(ledger_store.entries(books.database))) + 1
    thief = EntryKeys(type(books.keys)(stolen, None), stolen, verify, books.clock)
    key, signature = thief.sign(n, "sha256:1", "sha256:0")

    assert not old.hold(n, "sha256:1", "sha256:0", key, signature)


def test_the_list_says_from_which_entry_each_key_signs(books: Books):
    books.take()
    books.publishing.renew(books.clock())

    renewal = next(entry for entry in ledger_store.entries(books.database) if entry.act == "key:renew")
    first, second = keys_of(books).signers()
    assert (first.first, second.first) == (1, renewal.n + 1)
    assert renewal.detail["before"] == first.key
    assert renewal.key == first.key, "the old key vouches for the new one"


def test_a_lost_key_stops_every_act_until_the_operator_accepts_another(books: Books):
    review = books.take()
    (books.folder / "keys" / "record.pem").unlink()

    with pytest.raises(RecordError, match="put that key back, or, if it is lost"):
        books.desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    assert "is not the one that signs this record" in keys_of(books).problem(9)

    countersigning(books).accept()
    books.desk.clearance.decide(review.id, "approve", "david", review.draft.digest)

    assert leaves(books), "entries of the lost key stay trusted: its public half is in the list"
    assert books.verify().ok, books.verify().faults


def test_a_key_is_accepted_only_where_there_is_something_to_accept(books: Books):
    books.take()

    with pytest.raises(RecordError, match="signs already"):
        countersigning(books).accept()


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\n"])
def test_an_unreadable_key_file_is_named_with_what_to_do(books: Books, content: bytes):
    books.take()
    (books.folder / "keys" / "record.pem").write_bytes(content)

    with pytest.raises(RecordError, match=r"record\.pem holds no Ed25519 private key"):
        books.take()


@pytest.mark.parametrize("content", ["{}", "no list", '{"key":"k","first":"1","began":1,"at":""}', '{"key":'])
def test_an_unreadable_list_of_keys_is_named_and_nothing_leaves(books: Books, content: str):
    review = books.take()
    books.desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    (books.folder / "keys" / LIST).write_text(content)

    with pytest.raises(RecordError, match=r"cannot be read .* put it back from a copy"):
        leaves(books)


def test_a_missing_list_of_keys_stops_every_act_until_it_is_put_back(books: Books):
    review = books.take()
    path = books.folder / "keys" / LIST
    kept = path.read_text()
    path.unlink()

    with pytest.raises(RecordError, match="every process of this database needs the same one"):
        books.take()
    with pytest.raises(RecordError, match="put the folder of the keys back"):
        books.desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    assert unsigned(books)

    path.write_text(kept)
    books.desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    assert leaves(books)


def test_a_copy_of_the_database_and_its_keys_that_was_put_back_goes_on(books: Books, clock: Clock, tmp_path: Path):
    review = books.take()
    books.database.close()
    backup = tmp_path / "backup"
    shutil.copytree(books.folder, backup, ignore=shutil.ignore_patterns("backup"))

    again = Books(backup, clock)
    again.desk.clearance.decide(review.id, "approve", "david", review.draft.digest)

    assert leaves(again)
    assert again.verify().ok, again.verify().faults
    again.database.close()


def test_an_older_copy_of_the_database_beside_newer_keys_is_noticed_and_accepted_by_the_operator(
    books: Books, clock: Clock
):
    review = books.take()
    books.database.close()
    copy = books.path.read_bytes()
    later = Books(books.folder, clock)
    later.desk.clearance.decide(review.id, "refuse", "grace", review.draft.digest, "Not ours.")
    later.publishing.renew(clock())
    later.database.close()
    books.path.write_bytes(copy)
    for suffix in ("-wal", "-shm"):
        books.path.with_name(books.path.name + suffix).unlink(missing_ok=True)

    restored = Books(books.folder, clock)
    with pytest.raises(RecordError, match="an older copy of the database was put back"):
        restored.desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    with pytest.raises(RecordError, match="an older copy of the database was put back"):
        restored.take()

    countersigning(restored).accept()
    restored.desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    assert leaves(restored)
    assert not unsigned(restored)
    restored.database.close()


def test_the_files_beside_the_keys_are_for_humphreys_account_alone(books: Books):
    books.take()

    folder = books.folder / "keys"
    assert {path.name: path.stat().st_mode & 0o777 for path in (folder / LIST, folder / MEMORY)} == {
        LIST: 0o600,
        MEMORY: 0o600,
    }
    assert folder.stat().st_mode & 0o777 == 0o700
