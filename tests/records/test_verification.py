"""What is stored is held against the ledger, and the ledger against its seals and against what was published."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from humphrey.database.engine import open_database
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import seal
from humphrey.ledger.signing import verify
from humphrey.records.verification.service import Verification
from tests.support.ledger_books import Books, Clock

REVIEW = "SELECT id FROM reviews WHERE state = 'delivered'"


def messages(books: Books) -> str:
    return "\n".join(fault.message for fault in books.verify().faults)


def test_a_record_of_which_nothing_was_changed_is_whole(books: Books):
    books.everything()
    books.publishing.publish(books.clock())

    found = books.verify()

    assert (found.ok, found.faults, found.first_broken) == (True, (), None)
    assert (found.reviews, found.heads) == (5, 1)
    assert found.entries == len(list(ledger_store.entries(books.database)))
    assert found.head == list(ledger_store.entries(books.database))[-1].seal


def test_an_empty_record_is_whole(tmp_path: Path):
    database = open_database(f"sqlite:///{tmp_path / 'empty.db'}")

    found = Verification(database, list, verify, None, Clock()).verify()

    assert (found.ok, found.entries, found.head, found.first_broken) == (True, 0, None, None)
    database.close()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE versions SET draft = replace(draft, 'twenty', 'thirty') WHERE n = 1", "wording 1 is not what entry"),
        ("UPDATE versions SET draft = replace(draft, 'warn', 'info') WHERE n = 1", "wording 1 is not what entry"),
        ("UPDATE versions SET editor = 'tom' WHERE n = 1", "wording 1 is not what entry"),
        ("UPDATE versions SET instruction = 'Be brief.' WHERE n = 1", "wording 1 is not what entry"),
        ("UPDATE versions SET at = '2026-11-23 11:00:00.000000' WHERE n = 1", "wording 1 is not what entry"),
        ("UPDATE decisions SET reviewer = 'david' WHERE reviewer = 'grace'", "ruling 1 is not what entry"),
        ("UPDATE decisions SET verdict = 'return' WHERE verdict = 'approve'", "ruling 1 is not what entry"),
        ("UPDATE decisions SET reason = 'Say which law.' WHERE verdict = 'return'", "ruling 1 is not what entry"),
        ("UPDATE decisions SET reasons = '[]' WHERE verdict = 'return'", "ruling 1 is not what entry"),
        ("DELETE FROM decisions WHERE verdict = 'refuse'", "records ruling 1, which is not stored"),
        ("UPDATE comments SET text = 'Fine.'", "comment 1 is not what entry"),
        ("DELETE FROM comments", "records comment 1, which is not stored"),
        ("UPDATE reviews SET state = 'approved' WHERE state = 'returned'", "and its entries make it returned"),
        ("UPDATE reviews SET recipient = 'tom'", "its column recipient"),
        ("UPDATE reviews SET marking = 'OFFICIAL-SENSITIVE'", "its column marking"),
        ("UPDATE reviews SET seeded = 1", "seeded draft"),
        ("UPDATE reviews SET claimed_by = 'grace' WHERE claimed_by = 'david'", "its claim is not what its entries say"),
        ("UPDATE reviews SET claimed_by = '', claimed_until = NULL", "its claim is not what its entries say"),
        ("UPDATE outbox SET outlet = 'file' WHERE delivered_at IS NULL", "the outlet or the time of its release"),
        ("UPDATE outbox SET receipt = 'nobody' WHERE delivered_at IS NOT NULL", "its receipt is not the one"),
        ("UPDATE outbox SET delivered_at = queued_at, receipt = 'x' WHERE delivered_at IS NULL", "no entry records"),
        ("UPDATE outbox SET next_try = '2099-01-01 00:00:00.000000' WHERE delivered_at IS NULL", "put off for longer"),
        ("UPDATE outbox SET key = review || ':sha256:0'", "an item that no entry queued"),
        ("DELETE FROM outbox WHERE delivered_at IS NOT NULL", "records a delivery, and no receipt is stored"),
        ("DELETE FROM outbox WHERE delivered_at IS NULL", "nothing waits to be delivered"),
        ("DELETE FROM review_sources", "noted as its sources"),
    ],
)  # fmt: skip
def test_whatever_is_changed_beside_the_ledger_is_named(books: Books, statement: str, told: str):
    books.everything()
    assert books.verify().ok

    assert books.change(statement) > 0

    found = books.verify()
    assert told in messages(books)
    assert (found.ok, found.first_broken) == (False, None)
    assert all(fault.subject for fault in found.faults)


def test_a_review_that_was_taken_out_whole_is_named(books: Books):
    gone = books.everything()[3]
    for table in ("versions", "review_sources", "outbox"):
        books.change(f"DELETE FROM {table} WHERE review = ?", gone)  # noqa: S608 - the names above
    assert books.change("DELETE FROM reviews WHERE id = ?", gone) == 1

    assert f"records review {gone}, which is not stored" in messages(books)


def test_a_review_that_cannot_be_read_is_named_and_the_others_are_checked(books: Books):
    ids = books.everything()
    books.change("UPDATE versions SET at = 'yesterday' WHERE review = ?", ids[0])
    books.change("UPDATE comments SET text = 'Fine.'")
    books.change("UPDATE reviews SET state = 'open' WHERE id = ?", ids[1])

    found = messages(books)

    assert f"review {ids[0]} cannot be read" in found
    assert f"review {ids[1]}: is stored as open, and its entries make it returned" in found


def test_the_first_broken_entry_is_named(books: Books):
    books.everything()
    books.change("UPDATE ledger SET actor = 'tom' WHERE n = 7")

    found = books.verify()

    assert (found.first_broken, found.faults[0].n) == (7, 7)
    assert "the chain breaks at entry 7" in found.faults[0].message


def test_an_approval_that_nobody_entered_is_named(books: Books):
    review = books.take()
    books.change(
        "INSERT INTO decisions (review, n, verdict, reviewer, digest, reason, at, reasons) "
        "VALUES (?, 1, 'approve', 'grace', ?, '', '2026-11-23 12:00:00.000000', '[]')",
        review.id,
        review.draft.digest,
    )

    assert f"review {review.id}: ruling 1 has no entry" in messages(books)


def test_a_tail_that_was_cut_is_named_by_what_was_published(books: Books):
    books.everything()
    books.publishing.publish(books.clock())
    length = len(list(ledger_store.entries(books.database)))
    books.take()
    books.change("DELETE FROM ledger WHERE n > ?", length - 4)
    books.change("DELETE FROM heads")

    found = books.verify()

    assert found.first_broken == length - 3
    assert f"entry {length - 1} was published on 23 November 2026, 12:00 GMT" in messages(books)
    assert f"is no longer there; the ledger ends at {length - 4}" in messages(books)


def test_a_ledger_written_anew_is_named_by_what_was_published(books: Books):
    books.everything()
    books.publishing.publish(books.clock())
    published = next(head.head.n for head in books.heads())
    written_anew(books, 3, "tom")

    found = books.verify()

    assert found.first_broken is None, "every seal of the new chain fits the one before it"
    assert f"entry {published} is not the one that was published on 23 November 2026, 12:00 GMT" in messages(books)


def written_anew(books: Books, n: int, actor: str) -> None:
    """Change an entry as a person would who knows how seals are made, and every entry after it."""
    entries = list(ledger_store.entries(books.database))
    previous = entries[n - 2].seal
    for entry in entries[n - 1 :]:
        new = seal(replace(entry, actor=actor if entry.n == n else entry.actor, previous=previous))
        books.change(
            "UPDATE ledger SET actor = ?, previous = ?, seal = ? WHERE n = ?", new.actor, previous, new.seal, new.n
        )
        previous = new.seal


def test_what_is_written_and_published_during_a_check_is_no_fault(books: Books):
    over, verdicts = threading.Event(), []

    def check() -> None:
        while not over.is_set():
            verdicts.append(books.verify())

    checking = threading.Thread(target=check)
    checking.start()
    for _ in range(3):
        books.everything()
        books.publishing.publish_now(books.clock())
    over.set()
    checking.join()

    assert [fault for verdict in verdicts for fault in verdict.faults] == []
    assert len({verdict.entries for verdict in verdicts}) > 2
