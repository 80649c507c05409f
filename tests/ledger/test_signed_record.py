"""A row or an entry that was written past humphrey is neither decided on nor delivered, and verification names it."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest

from humphrey.clearance import rules
from humphrey.clearance.model import Review
from humphrey.clearance.store import reviews as review_store
from humphrey.database.engine import Database, open_database
from humphrey.digests import canonical, sha256
from humphrey.errors import NotOnRecord
from humphrey.ledger import store as ledger_store
from humphrey.ledger.entry_keys import EntryKeys, signed_words
from humphrey.ledger.model import Act, Entry, seal
from humphrey.ledger.signing import Ed25519Keys, verify
from humphrey.papers.draft import Finding
from tests.support.ledger_books import Books, Clock
from tests.support.services import SHOWN

BLOCKING = (Finding("source_current", "block", "the source was withdrawn"),)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def books(tmp_path: Path, clock: Clock) -> Iterator[Books]:
    books = Books(tmp_path, clock)
    yield books
    books.database.close()


def newest(books: Books) -> Entry:
    return list(ledger_store.entries(books.database))[-1]


def forge(books: Books, act: Act, actor: str, review: Review, detail: dict[str, str], **signed: str) -> Entry:
    """Append an entry whose seal and place in the chain are right."""
    last, about = newest(books), list(ledger_store.entries(books.database, review.id))
    made = seal(Entry(last.n + 1, books.clock(), actor, act, review.id, detail, last.seal))
    entry = replace(made, **{"follows": about[-1].seal, **signed})
    at = f"{entry.at:%Y-%m-%d %H:%M:%S.%f}"
    said = {**vars(entry), "at": at, "detail": canonical(dict(entry.detail))}
    books.change(f"INSERT INTO ledger ({', '.join(said)}) VALUES ({', '.join('?' * len(said))})", *said.values())  # noqa: S608 - our own names
    return entry


def forge_approval(books: Books, review: Review, **signed: str) -> None:
    """Approve a review in david's name, in every table that says so."""
    digest = review.draft.digest
    entry = forge(books, "review:approve", "david", review, {"digest": digest}, **signed)
    at = f"{entry.at:%Y-%m-%d %H:%M:%S.%f}"
    forge(books, "release:mint", "humphrey", review, {"digest": digest, "outlet": "web"}, **signed)
    books.change(
        "INSERT INTO decisions (review, n, verdict, reviewer, digest, reason, at, reasons) "
        "VALUES (?, 1, 'approve', 'david', ?, '', ?, '[]')",
        *(review.id, digest, at),
    )
    books.change("UPDATE reviews SET state = 'released', decided_at = ? WHERE id = ?", at, review.id)
    books.change(
        "INSERT INTO outbox (key, review, outlet, queued_at, attempts, next_try, failure, receipt, sent_digest) "
        "VALUES (?, ?, 'web', ?, 0, ?, '', '', '')",
        f"{review.id}:{digest}", review.id, at, at,
    )  # fmt: skip


def left(books: Books) -> int:
    return len(books.desk.deliver("web", lambda _release: SHOWN).delivered)


def test_an_approval_that_humphrey_made_leaves(books: Books):
    review = books.take()
    books.desk.clearance.decide(review.id, "approve", "david", review.draft.digest)

    assert left(books) == 1
    assert books.verify().ok


def unsigned(_books: Books, _review: Review) -> dict[str, str]:
    return {}


def copied(books: Books, _review: Review) -> dict[str, str]:
    last = newest(books)
    return {"key": last.key, "signature": last.signature}


def by_another_key(books: Books, _review: Review) -> dict[str, str]:
    stranger = Ed25519Keys(books.folder / "elsewhere", None)
    return {"key": stranger.public_key(), "signature": stranger.sign("anything")}


@pytest.mark.parametrize("how", [unsigned, copied, by_another_key])
def test_a_validly_sealed_approval_that_was_written_into_the_database_does_not_leave(
    books: Books, how: Callable[[Books, Review], dict[str, str]]
):
    review = books.take()
    forge_approval(books, review, **how(books, review))

    done = books.desk.deliver("web", lambda _release: SHOWN)

    assert not done.delivered
    assert "is not signed by humphrey's key" in done.failed[0].reason
    faults = [fault for fault in books.verify().faults if fault.subject == review.id]
    assert any("(review:approve) is not signed by humphrey's key" in fault.message for fault in faults)


def test_an_approval_signed_with_another_key_in_the_right_form_does_not_leave(books: Books):
    review, stranger = books.take(), Ed25519Keys(books.folder / "elsewhere", None)
    about, key = list(ledger_store.entries(books.database, review.id)), stranger.public_key()
    last = newest(books)
    digest = {"digest": review.draft.digest}
    made = seal(Entry(last.n + 1, books.clock.now + timedelta(milliseconds=1), "david", "review:approve", review.id,
                      digest, last.seal))  # fmt: skip
    words = signed_words(made.n, made.seal, about[-1].seal, key)
    assert verify(key, words, stranger.sign(words))

    forge_approval(books, review, key=key, signature=stranger.sign(words))

    assert not left(books)


def blocked(books: Books) -> Review:
    """A review with a blocking finding of a later check, as humphrey enters one."""
    review = books.take()
    with books.database.transaction() as tx:
        stored, at = review_store.load_for_update(tx, review.id), books.clock()
        review_store.save(tx, rules.recheck(stored, BLOCKING, at))
        found = sha256(canonical([asdict(finding) for finding in BLOCKING]))
        ledger_store.enter(
            tx, "humphrey", "review:recheck", review.id, {"digest": review.draft.digest, "findings": found}, at
        )
    return review


def approve(books: Books, review: Review) -> None:
    books.desk.clearance.decide(review.id, "approve", "david", review.draft.digest)


def test_a_later_check_that_hides_a_blocking_finding_is_not_decided_on(books: Books):
    review = blocked(books)
    at = f"{books.clock():%Y-%m-%d %H:%M:%S.%f}"
    books.change("INSERT INTO rechecks VALUES (?, 2, 1, '[]', ?)", review.id, at)
    books.change("UPDATE reviews SET blocking = 0 WHERE id = ?", review.id)

    with pytest.raises(NotOnRecord, match="is not what the ledger records"):
        approve(books, review)

    assert "later check 2 has no entry" in " ".join(fault.message for fault in books.verify().faults)


def test_a_later_check_that_hides_a_finding_after_the_approval_does_not_let_it_leave(books: Books):
    review = books.take()
    approve(books, review)
    at = f"{books.clock():%Y-%m-%d %H:%M:%S.%f}"
    books.change("INSERT INTO rechecks VALUES (?, 1, 1, '[]', ?)", review.id, at)

    done = books.desk.deliver("web", lambda _release: SHOWN)

    assert not done.delivered
    assert "is not what the ledger records" in done.failed[0].reason


def test_a_later_check_whose_row_and_newest_entry_were_taken_away_is_missed(books: Books):
    review = blocked(books)
    books.take()
    books.change("DELETE FROM rechecks WHERE review = ?", review.id)
    books.change("DELETE FROM ledger WHERE act = 'review:recheck'")

    with pytest.raises(NotOnRecord, match="or it or the one before it is gone"):
        approve(books, review)

    assert "was written and is no longer there" in " ".join(fault.message for fault in books.verify().faults)


def test_entries_cut_off_the_end_are_missed_by_a_process_that_starts_afterwards(books: Books, clock: Clock):
    review = blocked(books)
    books.change("DELETE FROM rechecks WHERE review = ?", review.id)
    books.change("DELETE FROM ledger WHERE n = (SELECT max(n) FROM ledger)")
    books.database.close()

    again = Books(books.folder, clock)

    with pytest.raises(NotOnRecord):
        approve(again, review)
    assert "was written and is no longer there" in " ".join(fault.message for fault in again.verify().faults)
    again.database.close()


def test_a_refused_draft_that_was_opened_again_in_the_database_is_not_decided_on(books: Books):
    review = books.take()
    books.desk.clearance.decide(review.id, "refuse", "grace", review.draft.digest, "Not ours.")
    books.change("UPDATE reviews SET state = 'open' WHERE id = ?", review.id)

    with pytest.raises(NotOnRecord):
        approve(books, review)


def test_a_draft_whose_recipient_was_changed_in_the_database_is_not_amended_into_a_signed_one(books: Books):
    review = books.take()
    books.change("""UPDATE versions SET draft = replace(draft, '"asked_by":"amina"', '"asked_by":"tom"')""")

    with pytest.raises(NotOnRecord):
        books.desk.clearance.amend(review.id, "Other words.", "amina")


def test_what_was_delivered_is_not_sent_again_where_the_outbox_was_made_to_say_that_it_was_not(books: Books):
    review = books.take()
    approve(books, review)
    assert left(books) == 1
    books.change("UPDATE outbox SET delivered_at = NULL, receipt = '', sent_digest = '', next_try = queued_at")

    done = books.desk.deliver("web", lambda _release: SHOWN)

    assert not done.delivered
    assert "was delivered before" in done.failed[0].reason
    assert not books.verify().ok


def test_an_approval_holds_after_the_words_of_its_reasons_were_disposed_of(books: Books):
    review = books.take()
    books.desk.clearance.decide(review.id, "return", "grace", review.draft.digest, "Say which Act.")
    other = books.desk.clearance.amend(review.id, "“The law gives twenty working days.” [1] Ask early.", "amina")
    books.change("UPDATE decisions SET reason = ''")
    books.desk.clearance.decide(review.id, "approve", "david", other.draft.digest)

    assert left(books) == 1, "signatures cover digests, not words"


def test_a_clock_that_goes_back_between_two_acts_changes_nothing_about_the_signatures(books: Books, clock: Clock):
    review = books.take()
    clock.pass_by(hours=-3)
    approve(books, review)

    assert left(books) == 1
    assert not [fault for fault in books.verify().faults if "signed" in fault.message]


def test_a_database_without_keys_lets_nothing_leave(books: Books):
    review = books.take()
    approve(books, review)
    books.database.signatures = None

    done = books.desk.deliver("web", lambda _release: SHOWN)

    assert not done.delivered


def opened_again(books: Books) -> Database:
    database = open_database(f"sqlite:///{books.path}")
    keys = EntryKeys(Ed25519Keys(books.folder / "keys", None), books.folder / "keys", verify, books.clock)
    database.signatures = keys
    return database


def test_two_processes_sign_with_one_key_and_trust_each_other(books: Books):
    other = opened_again(books)
    with other.transaction() as tx:
        ledger_store.enter(tx, "grace", "review:comment", "r9", {}, books.clock())
    books.take()

    with sqlite3.connect(books.path) as connection:
        keys = connection.execute("SELECT DISTINCT key FROM ledger WHERE n > 1").fetchall()
    assert len(keys) == 1
    assert not [fault for fault in books.verify().faults if "signed" in fault.message]
    other.close()
