"""What leaves: approved words only, minted again from storage, each parcel once where it can be."""

import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from humphrey.clearance.gate import Release
from humphrey.clearance.model import Review
from humphrey.delivery import store as outbox_store
from humphrey.delivery.model import ATTEMPTS, Receipt
from humphrey.delivery.outbox import Deliveries, Outbox
from humphrey.digests import digest_of, sha256
from humphrey.errors import DeliveryError, IdentityError, NotPermitted, ReviewError, Undeliverable
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken
from tests.support.services import LIFE, SHOWN, Clock, Desk, desk_on, question


def receipt(release: Release) -> Receipt:
    return Receipt(f"shown {release.review}", digest_of(release.text.encode()))


def approved(desk: Desk, outlet: str = "web", asked_by: str = "amina") -> Review:
    review = desk.clearance.take(question(asked_by=asked_by, outlet=outlet))
    return desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)


def alter(folder: Path, statement: str, *values: object) -> None:
    """Change the database behind humphrey's back."""
    connection = sqlite3.connect(folder / "humphrey.db")
    with connection:
        assert connection.execute(statement, values).rowcount > 0
    connection.close()


def last(database) -> tuple[str, str, str]:
    assert first_broken(ledger_store.entries(database)) is None
    entry = list(ledger_store.entries(database))[-1]
    return entry.actor, entry.act, entry.subject


def test_an_approved_draft_is_delivered_once_and_its_receipt_kept(desk, database, clock):
    review = approved(desk)
    sent: list[Release] = []

    done = desk.deliver("web", lambda release: sent.append(release) or SHOWN)

    assert [release.review for release in done.delivered] == [review.id]
    assert (sent, done.failed) == (list(done.delivered), ())
    assert desk.clearance.review(review.id).state == "delivered"
    assert last(database) == ("humphrey", "release:deliver", review.id)
    clock.now += timedelta(days=1)
    assert desk.deliver("web", receipt).delivered == ()


def test_an_outlet_is_given_only_what_is_meant_for_it(desk):
    approved(desk, "file")

    assert desk.deliver("web", receipt).delivered == ()
    assert len(desk.deliver("file", receipt).delivered) == 1


def test_nothing_leaves_without_approval(desk):
    review = desk.clearance.take(question())
    desk.clearance.take(question())
    desk.clearance.decide(review.id, "return", "grace", review.draft.digest, "No.")

    assert desk.deliver("web", receipt) == desk.deliver("file", receipt)
    assert desk.delivery.released_to("amina") == []


def test_a_failure_is_recorded_tried_again_later_and_holds_up_nothing_behind_it(desk, database, clock):
    first, second, third = approved(desk), approved(desk), approved(desk)

    def moody(release: Release) -> Receipt:
        if release.review == first.id:
            raise DeliveryError("the printer is out of paper; fill it")
        if release.review == second.id:
            raise KeyError("a secret")
        return SHOWN

    done = desk.deliver("web", moody)

    assert [release.review for release in done.delivered] == [third.id]
    reasons = {failure.review: failure.reason for failure in done.failed}
    assert reasons[first.id] == "the printer is out of paper; fill it"
    assert "KeyError" in reasons[second.id]
    assert "secret" not in reasons[second.id]
    assert desk.clearance.review(first.id).state == "released"
    assert ("humphrey", "release:fail", first.id) in {
        (e.actor, e.act, e.subject) for e in ledger_store.entries(database)
    }
    assert desk.deliver("web", receipt).delivered == ()
    clock.now += timedelta(minutes=1)
    assert {release.review for release in desk.deliver("web", receipt).delivered} == {first.id, second.id}


def test_a_failure_waits_twice_as_long_each_time_less_up_to_a_quarter_and_never_more_than_an_hour(desk, clock):
    approved(desk)
    waits = []

    def broken(_release: Release) -> Receipt:
        raise DeliveryError("closed; open it")

    for _ in range(9):
        assert len(desk.deliver("web", broken).failed) == 1
        began = clock.now
        while not outbox_store.waiting(desk.database, "web", clock()):
            clock.now += timedelta(seconds=1)
        waits.append((clock.now - began) / timedelta(minutes=1))
    longest = [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert [wait for wait, most in zip(waits, longest, strict=True) if not 0.75 * most <= wait <= most + 1 / 60] == []
    assert len({wait / most for wait, most in zip(waits, longest, strict=True)}) > 5


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE versions SET draft = replace(draft, 'twenty working', 'twenty wording')",
        'UPDATE versions SET draft = replace(draft, \'"quote":"t\', \'"quote":"T\')',
        'UPDATE versions SET draft = replace(draft, \'"reply_to":""\', \'"reply_to":"eve"\')',
        'UPDATE versions SET draft = replace(draft, \'"asked_by":"amina"\', \'"asked_by":"tom"\')',
        'UPDATE versions SET draft = replace(draft, \'"outlet":"web"\', \'"outlet":"fax"\')',
        "UPDATE versions SET draft = substr(draft, 2)",
        "UPDATE versions SET draft = replace(draft, 'workings', 'worrings')",
        "UPDATE versions SET editor = 'grace'",
        "UPDATE versions SET at = 'yesterday'",
        "DELETE FROM versions",
        "UPDATE decisions SET digest = replace(digest, 'sha256:', 'sha257:')",
        "UPDATE decisions SET reviewer = 'david'",
        "UPDATE decisions SET reviewer = 'amina'",
        "UPDATE decisions SET verdict = 'refuse'",
        "UPDATE decisions SET at = replace(at, '12:00', '12:01')",
        "DELETE FROM decisions",
        "UPDATE reviews SET state = 'open'",
        "UPDATE ledger SET actor = 'david' WHERE act = 'review:approve'",
        "UPDATE ledger SET at = replace(at, '12:00', '12:01') WHERE act = 'review:approve'",
        "UPDATE ledger SET at = 'x' WHERE act = 'review:approve'",
        "UPDATE ledger SET at = replace(at, ' ', 'T') WHERE act = 'review:approve'",
        "UPDATE ledger SET detail = replace(detail, 'a', 'b') WHERE act = 'review:approve'",
        "UPDATE ledger SET detail = detail || ' ' WHERE act = 'review:approve'",
        "UPDATE ledger SET detail = '{' WHERE act = 'review:approve'",
        "UPDATE ledger SET seal = replace(seal, 'sha256:', 'sha256;') WHERE act = 'review:approve'",
        "UPDATE ledger SET previous = replace(previous, '0', '1') WHERE act = 'review:open'",
        "DELETE FROM ledger WHERE act = 'review:approve'",
        "UPDATE outbox SET outlet = 'web', key = key || 'x'",
    ],
)
def test_what_was_changed_behind_the_desk_does_not_leave(desk, database, tmp_path, statement):
    review = approved(desk)
    alter(tmp_path, statement)
    sent: list[Release] = []

    done = desk.deliver("web", lambda release: sent.append(release) or SHOWN)

    assert sent == []
    assert [failure.review for failure in done.failed] == [review.id]
    assert list(ledger_store.entries(database))[-1].act == "release:set_aside"
    assert desk.delivery.outbox_rows()[0].failure == done.failed[0].reason
    assert (first_broken(ledger_store.entries(database)) is not None) == ("ledger" in statement)
    assert desk.delivery.released_to("amina") == []


def test_a_parcel_put_into_another_outbox_does_not_leave(desk, tmp_path):
    review = approved(desk, "file")
    alter(tmp_path, "UPDATE outbox SET outlet = 'web'")

    done = desk.deliver("web", receipt)

    assert done.delivered == ()
    assert (
        done.failed[0].reason == f"the outbox does not have what was approved as review {review.id}; it does not leave"
    )


@pytest.mark.parametrize("n", [1, 2, 4])
def test_the_first_entry_that_was_changed_is_named(desk, database, tmp_path, n):
    for _ in range(2):
        approved(desk)
    assert first_broken(ledger_store.entries(database)) is None

    alter(tmp_path, "UPDATE ledger SET subject = 'x' || substr(subject, 2) WHERE n = ?", n)

    assert first_broken(ledger_store.entries(database)) == n


def test_one_review_that_cannot_be_read_hides_no_other(desk, database, tmp_path):
    damaged, whole = desk.clearance.take(question()), desk.clearance.take(question())
    alter(tmp_path, "UPDATE versions SET draft = 'x' WHERE review = ?", damaged.id)

    assert [review.id for review in desk.clearance.reviews(everything=False)] == [whole.id]


def test_what_was_delivered_is_shown_to_the_person_who_asked_and_to_nobody_else(desk, clock):
    first = approved(desk)
    clock.now += timedelta(minutes=1)
    second = approved(desk)
    approved(desk, asked_by="tom")
    approved(desk, "file")
    assert desk.delivery.released_to("amina") == []
    desk.deliver("web", receipt)
    desk.deliver("file", receipt)

    assert [release.review for release in desk.delivery.released_to("amina")] == [second.id, first.id]
    assert len(desk.delivery.released_to("tom")) == 1
    assert desk.delivery.released_to("david") == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE versions SET draft = replace(draft, 'twenty', 'Twenty')",
        "UPDATE ledger SET actor = 'x' WHERE act = 'review:approve'",
        "UPDATE reviews SET recipient = 'tom'",
    ],
)
def test_what_was_changed_after_its_delivery_is_shown_to_nobody(desk, tmp_path, statement):
    approved(desk)
    desk.deliver("web", receipt)
    assert len(desk.delivery.released_to("amina")) == 1

    alter(tmp_path, statement)

    assert desk.delivery.released_to("amina") == desk.delivery.released_to("tom") == []


def test_a_round_that_finds_a_parcel_taken_leaves_it_alone(desk, clock: Clock):
    review = approved(desk)
    inner = []

    def slow(release: Release) -> Receipt:
        inner.append(desk.deliver("web", receipt))
        return receipt(release)

    outer = desk.deliver("web", slow)

    assert [release.review for release in outer.delivered] == [review.id]
    assert [(one.delivered, one.failed) for one in inner] == [((), ())]


def test_two_rounds_at_once_share_what_waits(desk):
    first, second = approved(desk), approved(desk)
    inner = []

    def slow(release: Release) -> Receipt:
        inner.extend(desk.deliver("web", receipt).delivered)
        return receipt(release)

    outer = desk.deliver("web", slow)

    assert [release.review for release in outer.delivered] + [release.review for release in inner] in (
        [first.id, second.id],
        [second.id, first.id],
    )


def test_a_round_with_an_old_list_takes_nothing_twice(desk, database, clock):
    approved(desk)
    old = outbox_store.waiting(database, "web", clock())
    desk.deliver("web", receipt)

    with database.transaction() as tx:
        assert not outbox_store.claim(tx, old[0], clock())


def test_a_receipt_that_comes_after_the_claim_was_over_is_not_kept_twice(desk, database, clock):
    review = approved(desk)
    keys = []

    def very_slow(release: Release) -> Receipt:
        keys.append(release.key)
        clock.now += timedelta(minutes=6)
        keys.extend(other.key for other in desk.deliver("web", receipt).delivered)
        return receipt(release)

    assert desk.deliver("web", very_slow).delivered == ()
    assert len(set(keys)) == 1
    assert len(keys) == 2
    assert [entry.act for entry in desk.clearance.history(review.id)].count("release:deliver") == 1


def test_two_that_fail_together_do_not_come_back_together(desk, clock):
    for _ in range(8):
        approved(desk)

    def away(_release: Release) -> Receipt:
        raise DeliveryError("the outlet is away; wait")

    desk.deliver("web", away)

    assert len({posting.next_try for posting in desk.delivery.outbox_rows()}) > 4


def test_what_an_outlet_will_never_take_is_set_aside_with_its_reason_and_the_rest_goes_on(desk, database, clock):
    poison, well = approved(desk), approved(desk, asked_by="tom")

    def choosy(release: Release) -> Receipt:
        if release.review == poison.id:
            raise Undeliverable("nobody lives there; look at the address")
        return receipt(release)

    done = desk.deliver("web", choosy)

    assert [release.review for release in done.delivered] == [well.id]
    assert [failure.reason for failure in done.failed] == ["nobody lives there; look at the address"]
    clock.now += timedelta(days=30)
    assert desk.deliver("web", receipt).delivered == ()
    aside = desk.delivery.outbox_rows()
    assert [(each.review, each.failure) for each in aside] == [(poison.id, "nobody lives there; look at the address")]
    assert aside[0].set_aside_at is not None
    entry = list(ledger_store.entries(database, poison.id))[-1]
    assert (entry.act, dict(entry.detail)) == ("release:set_aside", {"why": "Undeliverable", "attempts": "1"})
    assert desk.clearance.review(poison.id).state == "released"


def test_the_person_who_asked_and_the_person_who_approved_are_told_of_what_did_not_leave(desk, tmp_path):
    review = approved(desk)

    def never(_release: Release) -> Receipt:
        raise Undeliverable("no")

    desk.deliver("web", never)

    assert told(tmp_path, review.id, "not_delivered") == ["amina", "grace"]


def test_the_person_who_asked_is_told_of_what_left(desk, tmp_path):
    review = approved(desk)
    desk.deliver("web", receipt)

    assert told(tmp_path, review.id, "delivered") == ["amina"]


def told(folder: Path, review: str, event: str) -> list[str]:
    with closing(sqlite3.connect(folder / "humphrey.db")) as connection:
        asked = "SELECT person FROM notices WHERE review = ? AND event = ? ORDER BY person"
        return [name for (name,) in connection.execute(asked, (review, event))]


def test_what_fails_too_often_is_set_aside(desk, clock):
    review = approved(desk)

    def away(_release: Release) -> Receipt:
        raise DeliveryError("the outlet is away; wait")

    for _ in range(ATTEMPTS):
        assert len(desk.deliver("web", away).failed) == 1
        clock.now += timedelta(hours=1)

    assert desk.deliver("web", receipt).delivered == ()
    assert [each.review for each in desk.delivery.outbox_rows() if each.set_aside_at] == [review.id]
    assert [entry.act for entry in desk.clearance.history(review.id)].count("release:fail") == ATTEMPTS - 1


def test_only_an_administrator_puts_it_back_and_then_it_leaves(desk, database):
    review = approved(desk)

    def never(_release: Release) -> Receipt:
        raise Undeliverable("no")

    desk.deliver("web", never)
    for name in ("grace", "amina", "iris", "nobody at all"):
        with pytest.raises((NotPermitted, IdentityError)):
            desk.delivery.put_back(review.id, name)
        assert list(ledger_store.entries(database, review.id))[-1].act == "act:refused"
    assert desk.deliver("web", receipt).delivered == ()

    desk.delivery.put_back(review.id, "sam")

    assert last(database) == ("sam", "release:retry", review.id)
    with pytest.raises(ReviewError, match="set aside"):
        desk.delivery.put_back(review.id, "sam")
    assert [release.review for release in desk.deliver("web", receipt).delivered] == [review.id]
    with pytest.raises(ReviewError, match="set aside"):
        desk.delivery.put_back(review.id, "sam")


def test_the_digest_of_what_was_sent_is_kept_and_on_the_record_and_no_address_is(desk, database):
    review = approved(desk)
    sent = Receipt("taken for jo@example.org", digest_of(b"the bytes"))

    desk.deliver("web", lambda _: sent)

    posting = desk.delivery.outbox_rows(everything=True)[0]
    assert (posting.receipt, posting.sent_digest) == (sent.text, sent.digest)
    entry = list(ledger_store.entries(database, review.id))[-1]
    assert entry.detail["sent"] == sent.digest
    assert entry.detail["receipt"] == sha256(sent.text)
    assert "jo@example.org" not in str(entry)


def test_a_claim_is_renewed_while_a_slow_outlet_works(database, clock):
    outbox, review = Outbox(database, LIFE, clock, renewed_every_s=0.01), approved(desk_on(database, clock))

    def slow(release: Release) -> Receipt:
        clock.now += timedelta(minutes=4)
        renewed = clock.now + timedelta(minutes=5)
        until = time.monotonic() + 5
        while outbox_store.list_items(database)[0].next_try < renewed and time.monotonic() < until:
            time.sleep(0.01)
        clock.now += timedelta(minutes=4)
        assert outbox.deliver("web", receipt) == Deliveries((), ())
        return receipt(release)

    assert [release.review for release in outbox.deliver("web", slow).delivered] == [review.id]


def test_a_round_that_lost_its_claim_says_nothing_of_its_failure(desk, clock):
    review = approved(desk)

    def too_late(_release: Release) -> Receipt:
        clock.now += timedelta(minutes=6)
        assert len(desk.deliver("web", receipt).delivered) == 1
        raise DeliveryError("broke off")

    assert desk.deliver("web", too_late).failed == ()
    acts = [entry.act for entry in desk.clearance.history(review.id)]
    assert (acts.count("release:deliver"), acts.count("release:fail")) == (1, 0)


def test_what_is_being_sent_is_told_from_what_failed(desk, clock):
    approved(desk)

    def away(_release: Release) -> Receipt:
        assert desk.delivery.outbox_rows()[0].failure == ""
        raise DeliveryError("away; wait")

    for _ in range(2):
        desk.deliver("web", away)
        assert desk.delivery.outbox_rows()[0].failure == "away; wait"
        clock.now += timedelta(hours=1)


def test_a_round_that_lost_its_claim_leaves_the_parcel_to_the_person_who_is_sending_it_now(desk, database, clock):
    review = approved(desk)

    def too_late(_release: Release) -> Receipt:
        clock.now += timedelta(minutes=6)
        with database.transaction() as tx:
            assert outbox_store.claim(
                tx, outbox_store.waiting(database, "web", clock())[0], clock() + timedelta(minutes=5)
            )
        raise DeliveryError("broke off")

    assert desk.deliver("web", too_late).failed == ()
    posting = desk.delivery.outbox_rows()[0]
    assert (posting.failure, posting.next_try) == ("", clock() + timedelta(minutes=5))
    assert "release:fail" not in [entry.act for entry in desk.clearance.history(review.id)]
