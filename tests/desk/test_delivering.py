"""What leaves: approved words only, minted again from storage, each parcel once where it can be."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from making import Clock, question

from humphrey.core.ledger import first_broken
from humphrey.core.review import Release, Review
from humphrey.desk import Desk
from humphrey.errors import DeliveryError


def receipt(release: Release) -> str:
    return f"shown {release.review}"


def approved(desk: Desk, outlet: str = "web", asked_by: str = "amina") -> Review:
    review = desk.take(question(asked_by=asked_by, outlet=outlet))
    return desk.decide(review.id, "approve", "grace", review.draft.digest)


def alter(folder: Path, statement: str, *values: object) -> None:
    """Change the database behind humphrey's back."""
    connection = sqlite3.connect(folder / "humphrey.db")
    with connection:
        assert connection.execute(statement, values).rowcount > 0
    connection.close()


def last(store) -> tuple[str, str, str]:
    assert first_broken(store.entries()) is None
    entry = list(store.entries())[-1]
    return entry.actor, entry.act, entry.subject


def test_an_approved_draft_is_delivered_once_and_its_receipt_kept(desk, store, clock):
    review = approved(desk)
    sent: list[Release] = []

    done = desk.deliver("web", lambda release: sent.append(release) or "shown")

    assert [release.review for release in done.delivered] == [review.id]
    assert (sent, done.failed) == (list(done.delivered), ())
    assert desk.review(review.id).state == "delivered"
    assert last(store) == ("humphrey", "release:deliver", review.id)
    clock.now += timedelta(days=1)
    assert desk.deliver("web", receipt).delivered == ()


def test_an_outlet_is_given_only_what_is_meant_for_it(desk):
    approved(desk, "file")

    assert desk.deliver("web", receipt).delivered == ()
    assert len(desk.deliver("file", receipt).delivered) == 1


def test_nothing_leaves_without_approval(desk):
    review = desk.take(question())
    desk.take(question())
    desk.decide(review.id, "return", "grace", review.draft.digest, "No.")

    assert desk.deliver("web", receipt) == desk.deliver("file", receipt)
    assert desk.released_to("amina") == []


def test_a_failure_is_recorded_tried_again_later_and_holds_up_nothing_behind_it(desk, store, clock):
    first, second, third = approved(desk), approved(desk), approved(desk)

    def moody(release: Release) -> str:
        if release.review == first.id:
            raise DeliveryError("the printer is out of paper; fill it")
        if release.review == second.id:
            raise KeyError("a secret")
        return "shown"

    done = desk.deliver("web", moody)

    assert [release.review for release in done.delivered] == [third.id]
    reasons = {failure.review: failure.reason for failure in done.failed}
    assert reasons[first.id] == "the printer is out of paper; fill it"
    assert "KeyError" in reasons[second.id]
    assert "secret" not in reasons[second.id]
    assert desk.review(first.id).state == "released"
    assert ("humphrey", "release:fail", first.id) in {(e.actor, e.act, e.subject) for e in store.entries()}
    assert desk.deliver("web", receipt).delivered == ()
    clock.now += timedelta(minutes=1)
    assert {release.review for release in desk.deliver("web", receipt).delivered} == {first.id, second.id}


def test_a_failure_waits_twice_as_long_each_time_and_never_more_than_an_hour(desk, clock):
    approved(desk)
    waits = []

    def broken(_release: Release) -> str:
        raise DeliveryError("closed; open it")

    for _ in range(9):
        assert len(desk.deliver("web", broken).failed) == 1
        began = clock.now
        while not desk._store.waiting("web", clock()):
            clock.now += timedelta(seconds=30)
        waits.append((clock.now - began) / timedelta(minutes=1))
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


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
def test_what_was_changed_behind_the_desk_does_not_leave(desk, store, tmp_path, statement):
    review = approved(desk)
    alter(tmp_path, statement)
    sent: list[Release] = []

    done = desk.deliver("web", lambda release: sent.append(release) or "shown")

    assert sent == []
    assert [failure.review for failure in done.failed] == [review.id]
    assert list(store.entries())[-1].act == "release:fail"
    assert (first_broken(store.entries()) is not None) == ("ledger" in statement)
    assert desk.released_to("amina") == []


def test_a_parcel_put_into_another_outbox_does_not_leave(desk, tmp_path):
    review = approved(desk, "file")
    alter(tmp_path, "UPDATE outbox SET outlet = 'web'")

    done = desk.deliver("web", receipt)

    assert done.delivered == ()
    assert (
        done.failed[0].reason == f"the outbox does not hold what was approved as review {review.id}; it does not leave"
    )


@pytest.mark.parametrize("n", [1, 2, 4])
def test_the_first_entry_that_was_changed_is_named(desk, store, tmp_path, n):
    for _ in range(2):
        approved(desk)
    assert first_broken(store.entries()) is None

    alter(tmp_path, "UPDATE ledger SET subject = 'x' || substr(subject, 2) WHERE n = ?", n)

    assert first_broken(store.entries()) == n


def test_one_review_that_cannot_be_read_hides_no_other(desk, store, tmp_path):
    damaged, whole = desk.take(question()), desk.take(question())
    alter(tmp_path, "UPDATE versions SET draft = 'x' WHERE review = ?", damaged.id)

    assert [review.id for review in desk.awaiting("grace")] == [whole.id]


def test_what_was_delivered_is_shown_to_whoever_asked_and_to_nobody_else(desk, clock):
    first = approved(desk)
    clock.now += timedelta(minutes=1)
    second = approved(desk)
    approved(desk, asked_by="tom")
    approved(desk, "file")
    assert desk.released_to("amina") == []
    desk.deliver("web", receipt)
    desk.deliver("file", receipt)

    assert [release.review for release in desk.released_to("amina")] == [second.id, first.id]
    assert len(desk.released_to("tom")) == 1
    assert desk.released_to("david") == []


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
    assert len(desk.released_to("amina")) == 1

    alter(tmp_path, statement)

    assert desk.released_to("amina") == desk.released_to("tom") == []


def test_a_round_that_finds_a_parcel_taken_leaves_it_alone(desk, clock: Clock):
    review = approved(desk)
    inner = []

    def slow(release: Release) -> str:
        inner.append(desk.deliver("web", receipt))
        return receipt(release)

    outer = desk.deliver("web", slow)

    assert [release.review for release in outer.delivered] == [review.id]
    assert [(one.delivered, one.failed) for one in inner] == [((), ())]


def test_two_rounds_at_once_share_what_waits(desk):
    first, second = approved(desk), approved(desk)
    inner = []

    def slow(release: Release) -> str:
        inner.extend(desk.deliver("web", receipt).delivered)
        return receipt(release)

    outer = desk.deliver("web", slow)

    assert [release.review for release in outer.delivered] + [release.review for release in inner] in (
        [first.id, second.id],
        [second.id, first.id],
    )


def test_a_round_with_an_old_list_takes_nothing_twice(desk, store, clock):
    approved(desk)
    old = store.waiting("web", clock())
    desk.deliver("web", receipt)

    with store.transaction() as act:
        assert not act.claim(old[0], clock())


def test_a_receipt_that_comes_after_the_claim_was_over_is_not_kept_twice(desk, store, clock):
    review = approved(desk)
    keys = []

    def very_slow(release: Release) -> str:
        keys.append(release.key)
        clock.now += timedelta(minutes=6)
        keys.extend(other.key for other in desk.deliver("web", receipt).delivered)
        return receipt(release)

    assert desk.deliver("web", very_slow).delivered == ()
    assert len(set(keys)) == 1
    assert len(keys) == 2
    assert [entry.act for entry in desk.history(review.id)].count("release:deliver") == 1
