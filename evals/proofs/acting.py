"""Random acts by random people on drafts, each compared with the outcome that the independent books expect."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeVar

from evals.proofs.books import CLOSED, DELIVERED, OPEN, RELEASED, RETURNED, Book
from evals.proofs.scene import BOTH, CLOSED_NOTE, FIRST_WORDING, LIFE, asking
from humphrey.accounts.model import Person
from humphrey.app.container import Humphrey
from humphrey.clearance.deadlines import ReminderSchedule
from humphrey.clearance.gate import Release
from humphrey.clearance.model import Review, Verdict
from humphrey.clearance.reminders import Reminders
from humphrey.clearance.spot_checks.service import SpotChecks
from humphrey.delivery.model import Receipt
from humphrey.delivery.outbox import Outbox
from humphrey.digests import digest_of
from humphrey.errors import HumphreyError

T = TypeVar("T")


ACTS = 30


SEEDED = 1.0
"""The number of spot checks for each draft that is sent."""


CLAIM = timedelta(minutes=30)
"""The time that a claim lasts."""


_CAST = (
    Person("ann", ("official",)),
    Person("bob", ("official",), ("inner",)),
    Person("rae", ("reviewer",), ("inner",), markings=BOTH),
    Person("rio", ("reviewer", "guidance_owner"), ("inner",), markings=BOTH),
    Person("roy", ("reviewer",)),
    Person("ray", ("reviewer",), ("inner",), kinds=("foi_acknowledgement",), markings=BOTH),
    Person("eve", ("administrator", "auditor")),
)


_ANOTHER_SENTENCE = re.compile(r"[.\]]\s+[A-Z]")


_ENDINGS = ("", " Say so.", " Tell them.", " Write it down.")


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time of the clock."""
        return self.now


@dataclass
class Outcome:
    """The result of some sequences: acts done and refused by name, and a sentence for every breach."""

    sequences: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    released: int = 0
    unsafe: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        """Add the result of other sequences."""
        self.sequences += other.sequences
        self.done += other.done
        self.refused += other.refused
        self.released += other.released
        self.unsafe += other.unsafe
        self.stuck += other.stuck


class Sequence:
    """One sequence: its people, its reviews, and the books about them.

    Args:
        humphrey: with services whose clock is `clock`.
        clock: the clock.
        seed: the name of the sequence, and the seed of every random choice in it.
        outcome: where its acts are counted.
    """

    def __init__(self, humphrey: Humphrey, clock: Clock, seed: str, outcome: Outcome) -> None:
        self.humphrey, self.clock, self.seed, self.outcome = humphrey, clock, seed, outcome
        self.choose = Random(seed)  # noqa: S311 - choices that can be repeated, not secrets
        self.timekeeping = Reminders(
            humphrey.database, humphrey.accounts, humphrey.library.may_read, ReminderSchedule(approval=LIFE), clock
        )
        self.seeds = SpotChecks(humphrey.database, humphrey.drafting.findings, self.clears, SEEDED, clock)
        self.books: dict[str, Book] = {}
        self.cast: dict[str, Person] = {}
        self.strange = self.planted()

    def run(self) -> None:
        """Add the people, send three drafts, and then do random acts."""
        self.cast = {each.name: each for each in cast(self.seed)}
        turns = [self.claim, self.claim, self.hand_back, self.hand_over, self.comment, self.defer, self.undo]
        acts = [
            self.instruct,
            self.instruct,
            self.plant,
            *turns,
            *[self.amend] * 2,
            *[self.decide] * 4,
            *[self.deliver] * 2,
            self.ask,
            *[self.wait] * 2,
            self.expire,
        ]
        for _ in range(3):
            self.ask()
        for _ in range(ACTS):
            self.choose.choice(acts)()
            if self.choose.random() < 0.03:
                self.disable()
        self.clock.now += timedelta(days=2)
        self.deliver(fails=0.0)
        self.run_out()
        self.compare()

    def ask(self) -> None:
        """Send a draft for clearance."""
        name, person = self.any_person()
        marking, closed = self.choose.choice(BOTH), self.choose.random() < 0.2
        asked = asking(name, self.choose.choice(("web", "file")), about=CLOSED_NOTE if closed else "", marking=marking)
        allowed = person is not None and not person.disabled
        review = self.tried("ask", allowed, lambda: self.humphrey.clearance.take(asked))
        if review:
            draft = review.draft
            self.books[review.id] = Book(name, marking, closed, {draft.digest: draft.text}, draft.digest, {name})

    def amend(self) -> None:
        """Amend a draft."""
        review_id, book = self.something()
        name, person = self.any_person()
        text = FIRST_WORDING + self.choose.choice(_ENDINGS)
        allowed = book.may_amend(person, self.clock.now, text)
        amended = self.tried("amend", allowed, lambda: self.humphrey.clearance.amend(review_id, text, name))
        if amended:
            self.reworded(book, amended, name)

    def instruct(self) -> None:
        """Have the model leave out the last sentence; the only sentence cannot be left out."""
        review_id, book = self.something()
        name, person = self.any_person()
        standing = book.texts[book.digest]
        allowed = book.may_amend(person, self.clock.now, "") and bool(_ANOTHER_SENTENCE.search(standing))
        changed = self.tried(
            "instruct",
            allowed,
            lambda: self.humphrey.instructions.instruct(review_id, "Leave out the last sentence.", name),
        )
        if changed:
            self.reworded(book, changed, name)

    def reworded(self, book: Book, review: Review, name: str) -> None:
        """Record new words in the books; a person who so corrects an inserted error has found it."""
        book.worded(review.draft.digest, review.draft.text, name)
        if book.seeded and review.state == CLOSED:
            book.state = CLOSED

    def plant(self) -> None:
        """Insert a spot check into the queue, made of any draft that is there."""
        if not self.seeds.create():
            return
        planted = self.planted() - set(self.books) - self.strange
        for review_id in planted:
            draft = self.humphrey.clearance.review(review_id).draft
            asked = draft.commission
            closed = asked.text.endswith(CLOSED_NOTE)
            book = Book(
                asked.asked_by, asked.marking, closed, {draft.digest: draft.text}, draft.digest, {asked.asked_by}
            )
            book.seeded = True
            self.books[review_id] = book
            self.outcome.done["plant"] += 1

    def planted(self) -> set[str]:
        """Return every spot check in the database."""
        with self.humphrey.database.reading() as connection:
            return {row[0] for row in connection.exec_driver_sql("SELECT review FROM seeds")}

    def clears(self, name: str) -> bool:
        """Return whether a person is a reviewer, as their name tells."""
        return name.startswith(("rae", "rio", "roy", "ray"))

    def claim(self) -> None:
        """Claim a draft."""
        review_id, book = self.something()
        name, person = self.any_person()
        claimed = self.tried(
            "claim", book.may_claim(person, self.clock.now), lambda: self.humphrey.assignment.claim(review_id, name)
        )
        if claimed:
            book.holder, book.until = name, self.clock.now + CLAIM

    def hand_back(self) -> None:
        """Hand back a draft, whether it was claimed or not."""
        review_id, book = self.something()
        name = book.holder if book.holder and self.choose.random() < 0.7 else self.any_person()[0]
        allowed = book.may_hand_back(self.cast.get(name), self.clock.now)
        if self.tried("hand back", allowed, lambda: self.humphrey.assignment.hand_back(review_id, name)):
            book.holder, book.until = "", None

    def hand_over(self) -> None:
        """Hand a draft over to another person."""
        review_id, book = self.something()
        (name, person), (other, deputy) = self.any_person(), self.any_person()
        allowed = book.may_hand_over(person, deputy, self.clock.now)
        if self.tried("hand over", allowed, lambda: self.humphrey.assignment.hand_over(review_id, name, other)):
            book.holder, book.until = other, self.clock.now + CLAIM

    def defer(self) -> None:
        """Put a draft off, which ends a claim."""
        review_id, book = self.something()
        name, person = self.any_person()
        day = (self.clock.now + timedelta(days=3)).date()
        allowed = book.may_claim(person, self.clock.now)
        if self.tried("defer", allowed, lambda: self.humphrey.assignment.defer(review_id, name, day, "Later.")):
            book.holder, book.until = "", None

    def undo(self) -> None:
        """Take back an approval before its text leaves."""
        review_id, book = self.something()
        approver = book.approved[1] if book.approved else ""
        name = approver if approver and self.choose.random() < 0.7 else self.any_person()[0]
        allowed = book.may_undo(self.cast.get(name))
        if self.tried("undo", allowed, lambda: self.humphrey.clearance.undo(review_id, name)):
            book.expired()

    def comment(self) -> None:
        """Comment on a draft."""
        review_id, book = self.something()
        name, person = self.any_person()
        self.tried(
            "comment", book.at_hand(person), lambda: self.humphrey.assignment.comment(review_id, name, "Look again.")
        )

    def expire(self) -> None:
        """Let approvals expire, and check that only those old enough do."""
        self.clock.now += timedelta(hours=self.choose.choice((0, 30, 80)))
        self.run_out()

    def run_out(self) -> None:
        """Move expired approvals back to the queue in the books."""
        self.timekeeping.expire()
        for review_id, book in self.books.items():
            if book.state != RELEASED or self.humphrey.clearance.review(review_id).state == RELEASED:
                continue
            if book.approved_at is None or book.approved_at + LIFE > self.clock.now:
                self.unsafe(f"the approval of review {review_id} ran out before its time")
            book.expired()
            self.outcome.done["expire"] += 1

    def decide(self) -> None:
        """Decide on a draft, having seen the current words or earlier ones."""
        review_id, book = self.something()
        name, person = self.any_person()
        digest = book.digest if self.choose.random() < 0.8 else self.choose.choice([*book.texts, "sha256:none"])
        verdict: Verdict = self.choose.choice(("approve", "approve", "approve", "return", "refuse"))
        allowed = book.may_decide(person, self.clock.now, digest)
        ruled = self.tried(
            verdict, allowed, lambda: self.humphrey.clearance.decide(review_id, verdict, name, digest, "Because.")
        )
        if ruled:
            self.outcome.done["rule on a planted draft"] += book.seeded
            book.ruled(verdict, name, self.clock.now)

    def deliver(self, fails: float = 0.2) -> None:
        """Deliver once, through outlets that fail now and then."""
        for outlet in ("web", "file"):
            Outbox(self.humphrey.database, LIFE, self.clock).deliver(outlet, lambda release: self.send(release, fails))

    def send(self, release: Release, fails: float) -> Receipt:
        """Act as the outlet: everything given to it has left, unless it reports a failure."""
        taken, book = Receipt("taken", digest_of(release.text.encode())), self.books.get(release.review)
        if book is None:
            # It waited from an earlier sequence.
            return taken
        if fault := book.fault(release):
            self.unsafe(f"review {release.review} {fault}")
        if release.approved_at + LIFE <= self.clock.now:
            self.unsafe(f"review {release.review} left after its approval had run out")
        if self.choose.random() < fails:
            raise ConnectionError("the outlet is away")
        book.sent.append(release.digest)
        book.state = DELIVERED
        self.outcome.released += 1
        return taken

    def disable(self) -> None:
        """Disable a person."""
        name = self.choose.choice(sorted(name for name in self.cast if not name.startswith("eve")))
        allowed = not self.cast[name].disabled
        gone = self.tried("disable", allowed, lambda: self.humphrey.accounts.disable(name))
        if gone:
            self.cast[name] = gone

    def wait(self) -> None:
        """Let time pass."""
        self.clock.now += timedelta(minutes=self.choose.choice((1, 5, 20, 45, 120)))

    def compare(self) -> None:
        """Check at the end that the database agrees with the books, and that every approved text has left."""
        for review_id, book in self.books.items():
            review = self.humphrey.clearance.review(review_id)
            if (review.state, review.draft.digest, set(review.authors)) != (book.state, book.digest, book.authors):
                self.unsafe(f"review {review_id} is {review.state}, and by our books {book.state}")
            if book.approved and book.state != DELIVERED:
                self.outcome.stuck.append(f"{self.seed}: review {review_id} was approved and never left")

    def any_person(self) -> tuple[str, Person | None]:
        """Return a random person of the sequence, or now and then one without an account."""
        if self.choose.random() < 0.02:
            return f"zoe {self.seed}", None
        likely = [name for name in self.cast if name.startswith(("rae", "rio", "ann"))]
        name = self.choose.choice(sorted(likely if self.choose.random() < 0.6 else self.cast))
        return name, self.cast[name]

    def something(self) -> tuple[str, Book]:
        """Return a random review, preferring one that can still change."""
        live = [each for each, book in self.books.items() if book.state in {OPEN, RETURNED}]
        review_id = self.choose.choice(sorted(live) if live and self.choose.random() < 0.8 else sorted(self.books))
        return review_id, self.books[review_id]

    def tried(self, name: str, allowed: bool, act: Callable[[], T]) -> T | None:
        """Do an act and compare the result with what the books allow; return None if it was refused."""
        try:
            done = act()
        except HumphreyError as error:
            self.outcome.refused[name] += 1
            if allowed:
                self.outcome.stuck.append(f"{self.seed}: {name} was refused: {error}")
            return None
        self.outcome.done[name] += 1
        if not allowed:
            self.unsafe(f"{name} was done and should have been refused")
        return done

    def unsafe(self, said: str) -> None:
        """Record a breach, with the sequence that shows it."""
        self.outcome.unsafe.append(f"{self.seed}: {said}")


def cast(seed: str) -> list[Person]:
    """Return the people of one sequence, named after it, so that sequences can share a database."""
    return [replace(each, name=f"{each.name} {seed}") for each in _CAST]
