"""Heads are signed once a day and handed to places that humphrey cannot rewrite; what was cut shows against them."""

import threading
from pathlib import Path

import pytest

from humphrey.errors import RecordError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.heads import Head, from_line, signed_text, to_line
from humphrey.ledger.model import START
from humphrey.ledger.publication_targets import append_to, mail_to
from humphrey.ledger.publishing import Publisher
from humphrey.ledger.signing import Ed25519Keys, verify
from tests.support.ledger_books import Books, Clock


def lines(books: Books) -> list[Head]:
    return [from_line(line) for line in books.file.read_text(encoding="utf-8").splitlines()]


def test_a_head_is_signed_kept_and_published_once_a_day(books: Books, clock: Clock):
    books.take()
    last = list(ledger_store.entries(books.database))[-1]

    assert [books.publishing.publish(clock()) for _ in range(3)] == [1, 0, 0]

    (head,) = lines(books)
    assert (head.n, head.seal) == (last.n, last.seal)
    assert verify(head.key, signed_text(head), head.signature)
    assert [kept.head for kept in books.heads()] == [head]
    entry = list(ledger_store.entries(books.database))[-1]
    assert (entry.actor, entry.act, entry.subject) == ("humphrey", "head:publish", f"head-{head.n}")
    assert entry.detail == {"place": "file", "n": str(head.n), "seal": head.seal, "key": head.key}

    clock.pass_by(days=1)
    assert books.publishing.publish(clock()) == 1
    assert [head.n for head in lines(books)] == [last.n, entry.n]
    assert books.verify().ok


def test_nothing_is_signed_where_there_is_nothing_or_nowhere_to_publish(books: Books, clock: Clock):
    books.change("DELETE FROM ledger")
    assert books.publishing.publish(clock()) == 0
    assert not books.file.exists()

    books.take()
    assert Publisher(books.database, books.keys, {}).publish(clock()) == 0
    assert books.heads() == []


def test_a_place_that_fails_holds_up_nothing_is_seen_and_tried_again_with_growing_waits(books: Books, clock: Clock):
    tried = []

    def full(head: Head) -> None:
        tried.append(head.n)
        raise RecordError("the disk is full")

    books.take()
    publishing = Publisher(books.database, books.keys, {"letter": full, "file": append_to(books.file)})

    assert publishing.publish(clock()) == 1
    assert publishing.publish(clock()) == 0
    assert (len(tried), len(lines(books))) == (1, 1)
    clock.pass_by(seconds=61)
    publishing.publish(clock())
    clock.pass_by(seconds=61)
    publishing.publish(clock())
    assert len(tried) == 2, "the second wait is two minutes"
    assert publishing.problem(clock()) == "", "a short trouble is no trouble"
    clock.pass_by(hours=2)
    assert "was not published yet (letter)" in publishing.problem(clock())
    with pytest.raises(RecordError, match="disk is full"):
        publishing.publish_now(clock())


def test_a_day_without_a_head_is_seen(books: Books, clock: Clock):
    books.take()
    assert books.publishing.problem(clock()) == ""
    books.publishing.publish(clock())
    clock.pass_by(hours=25)
    assert books.publishing.problem(clock()) == ""
    clock.pass_by(hours=2)

    assert "the last head was signed on 2026-11-23" in books.publishing.problem(clock())


def test_a_place_that_was_told_twice_is_on_the_record_once(books: Books, clock: Clock):
    books.take()
    first, second = books.publishing, Publisher(books.database, books.keys, {"file": append_to(books.file)})
    first.publish(clock())
    head = books.heads()[0].head

    second._publish_to(head, "file", clock())  # what a process does that was killed before it noted the first time

    assert lines(books) == [head, head]
    assert [entry.act for entry in ledger_store.entries(books.database)].count("head:publish") == 1
    assert books.verify().ok


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM ledger WHERE n > 2",
        "UPDATE ledger SET seal = 'sha256:1' WHERE n = 5",
        "UPDATE ledger SET actor = 'tom' WHERE n = 6",
    ],
)
def test_a_ledger_that_was_cut_or_rewritten_is_not_vouched_for(books: Books, clock: Clock, change: str):
    books.take()
    books.publishing.publish(clock())
    books.take()
    books.change(change)
    clock.pass_by(days=1)

    with pytest.raises(RecordError, match="`humphrey ledger verify` names what is wrong"):
        books.publishing.publish(clock())

    assert len(lines(books)) == 1


def test_a_head_that_was_changed_where_it_was_published_is_named(books: Books, clock: Clock):
    books.take()
    books.publishing.publish(clock())
    (head,) = lines(books)
    books.file.write_text(to_line(head).replace('"head":', "").replace(f'"n":{head.n}', '"n":1') + "\n")

    said = "\n".join(fault.message for fault in books.verify().faults)

    assert "the head of entry 1 that was published on" in said
    assert "was not signed with its key" in said
    assert f"the head of entry {head.n} was published to {books.file} and is no longer in it" in said


@pytest.mark.parametrize("line", ['{"n":1}', '{"n":"1","seal":"","at":"","key":"","signature":""}', "{"])
def test_a_line_that_is_no_head_is_named(books: Books, clock: Clock, line: str):
    books.take()
    books.publishing.publish(clock())
    with books.file.open("a") as file:
        file.write(line + "\n")

    assert "line 2" in "\n".join(fault.message for fault in books.verify().faults)
    with pytest.raises(RecordError, match="line 2"):
        books.verify([books.file])


def test_a_file_of_heads_that_was_emptied_or_taken_away_is_named(books: Books, clock: Clock):
    books.take()
    books.publishing.publish(clock())
    books.file.write_text("")
    assert "is no longer in it" in books.verify().faults[0].message

    books.file.unlink()
    assert "is no longer in it" in books.verify().faults[0].message


@pytest.mark.parametrize(("old", "new"), [("2026-", "2025-"), ("T", " "), ("file", "fire"), ('{"', '{ "')])
def test_where_and_when_a_head_was_published_is_held_against_its_entry(books: Books, clock: Clock, old: str, new: str):
    books.take()
    books.publishing.publish(clock())
    assert books.verify().ok

    books.change("UPDATE heads SET published = replace(published, ?, ?)", old, new)

    assert not books.verify().ok


def test_heads_are_read_out_of_a_saved_letter(books: Books, clock: Clock, tmp_path: Path):
    class Post:
        def send(self, to, subject, text, message_id, attachments=()):
            (tmp_path / "letter").write_text(f"To: {to}\nSubject: {subject}\nMessage-ID: {message_id}\n\n{text}")
            return "taken"

    books.take()
    Publisher(books.database, books.keys, {"email": mail_to(Post(), "audit@office.example")}).publish(clock())
    length = len(list(ledger_store.entries(books.database)))
    assert books.verify([tmp_path / "letter"]).ok

    books.change("DELETE FROM ledger WHERE n >= ?", length - 1)
    books.change("DELETE FROM heads")

    assert "is no longer there" in books.verify([tmp_path / "letter"]).faults[0].message


def test_only_keys_that_are_trusted_count(books: Books, clock: Clock, tmp_path: Path):
    books.take()
    books.publishing.publish(clock())
    stranger = Ed25519Keys(tmp_path / "elsewhere", None)

    assert books.verify(keys=[books.keys.public_key()]).ok
    assert "a key that is not trusted" in books.verify(keys=[stranger.public_key()]).faults[0].message

    forged = Publisher(books.database, stranger, {"file": append_to(books.file)})
    clock.pass_by(days=1)
    forged.publish(clock())
    assert [fault.n for fault in books.verify().faults] == [books.heads()[-1].head.n]


def test_the_person_who_trusts_the_first_key_comes_to_trust_those_after_it(books: Books, clock: Clock):
    books.take()
    first = books.keys.public_key()
    books.publishing.publish(clock())
    for _ in range(2):
        clock.pass_by(days=1)
        books.publishing.renew(clock())
        clock.pass_by(days=1)
        books.publishing.publish(clock())

    assert len({head.key for head in lines(books)} | {first}) == 3
    assert books.keys.public_keys()[0] == books.keys.public_key() != first
    assert len(books.keys.public_keys()) == 3
    assert books.verify().ok
    assert books.verify([books.file], [first]).ok
    assert not books.verify([books.file], [books.keys.public_key()]).ok, "the last key says nothing of those before it"


def test_a_renewal_that_was_stopped_goes_on_with_the_same_key(books: Books):
    first, waiting = books.keys.public_key(), books.keys.prepare()

    again = Ed25519Keys(books.folder / "keys", None)
    assert (again.prepare(), again.public_key()) == (waiting, first)

    again.promote()
    assert again.public_keys() == [waiting, first]


def test_a_key_is_made_once_however_many_ask_and_only_its_account_reads_it(tmp_path: Path):
    barrier, made = threading.Barrier(8), []

    def ask() -> None:
        keys = Ed25519Keys(tmp_path / "keys", None)
        barrier.wait()
        made.append(keys.public_key())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(made)) == 1
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["record.pem"]
    assert (tmp_path / "keys" / "record.pem").stat().st_mode & 0o777 == 0o600


def test_a_key_that_a_setting_names_is_used_and_never_changed(tmp_path: Path):
    made = Ed25519Keys(tmp_path / "made", None).public_key()
    named = Ed25519Keys(tmp_path / "keys", tmp_path / "made" / "record.pem")

    assert named.public_key() == made
    assert not (tmp_path / "keys").exists()
    with pytest.raises(RecordError, match="HUMPHREY_RECORD__KEY_FILE"):
        named.prepare()
    (tmp_path / "none.pem").write_text("no key")
    for file, told in (("none.pem", "holds no Ed25519"), ("gone.pem", "cannot be read")):
        with pytest.raises(RecordError, match=told):
            Ed25519Keys(tmp_path, tmp_path / file).public_key()


@pytest.mark.parametrize(
    "change", [{"n": 2}, {"seal": "sha256:2"}, {"key": "ed25519:AAAA"}, {"signature": "AAAA"}, {"signature": "ä"}]
)
def test_a_signature_holds_for_one_head_alone(tmp_path: Path, change: dict[str, object]):
    keys = Ed25519Keys(tmp_path, None)
    unsigned = Head(1, START, Clock()(), keys.public_key())
    head = Head(**{**vars(unsigned), "signature": keys.sign(signed_text(unsigned))})
    assert verify(head.key, signed_text(head), head.signature)

    other = Head(**{**vars(head), **change})

    assert not verify(other.key, signed_text(other), other.signature)


def test_a_file_that_is_a_folder_is_told_with_the_setting(tmp_path: Path):
    with pytest.raises(RecordError, match="HUMPHREY_RECORD__PUBLISH_FILE"):
        append_to(tmp_path)(Head(1, START, Clock()(), ""))
