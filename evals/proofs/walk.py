"""One draft's way from question to delivery, step by step, by a process that is killed somewhere on it.

A process that starts after another was killed first completes the other's work, as a restarted humphrey does. Then it
continues with drafts of its own until it is killed too.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType

from evals.proofs.scene import FIRST_WORDING, LIFE, asking, joined, wall_clock
from humphrey.app.container import Humphrey
from humphrey.clearance.model import Review
from humphrey.conversations.model import Exchange
from humphrey.delivery.service import DeliveryService
from humphrey.ledger.attempts import Attempts

OUTLETS = ("file", "web", "email")


ADDRESS = "amina@office.example"


AMENDED = f"{FIRST_WORDING} Say so today."


_LATEST = 5
"""How many of the latest conversations to search for unfinished work: a killed process left one draft at most."""


_POINTS = frozenset({"execute", "commit", "rollback", "fsync", "replace", "write", "sendall", "send", "recv_into"})
"""What leaves the process, for the database, a disk or another machine. The moments just before and after matter."""


@dataclass(frozen=True)
class Life:
    """One process that walks.

    Args:
        folder: its data folder.
        mail_port: the port of its mail server, on loopback.
        ahead: how far its clock is ahead, so that the claims of those before it have expired.
        point: the number of the point at which it kills itself; 0 if it is killed from outside, or not at all.
        walks: how many drafts it takes the whole way; None continues until it is killed.
    """

    folder: Path
    mail_port: int
    ahead: timedelta
    point: int = 0
    walks: int | None = None


def live(life: Life, told: Connection) -> None:
    """Complete unfinished work, and walk."""

    def now() -> datetime:
        return wall_clock() + life.ahead

    walker = Walker(joined(life.folder, now=now, mail_port=life.mail_port), now, told)
    points = Points(life.point)
    points.watch()
    walker.end_what_was_left()
    for n, outlet in enumerate(cycle(OUTLETS)):
        if n == life.walks:
            break
        walker.walk(outlet)
    points.leave()
    walker.tell("points", str(points.passed))
    walker.humphrey.close()


class Points:
    """Counts what leaves the process, before and after, and kills it with SIGKILL at one of these points."""

    def __init__(self, deadly: int) -> None:
        self._deadly = deadly
        self.passed = 0

    def watch(self) -> None:
        """Count from now on, in every thread."""
        threading.setprofile(self._called)
        sys.setprofile(self._called)

    def leave(self) -> None:
        """Stop counting."""
        sys.setprofile(None)
        threading.setprofile(None)

    def _called(self, _frame: FrameType, event: str, what: object) -> None:
        if event in {"c_call", "c_return"} and getattr(what, "__name__", "") in _POINTS:
            self.passed += 1
            if self.passed == self._deadly:
                os.kill(os.getpid(), signal.SIGKILL)


class Walker:
    """Takes drafts the whole way, reporting each step when it begins and each act when it is done.

    Args:
        humphrey: the humphrey.
        now: the clock.
        told: where it reports.
    """

    def __init__(self, humphrey: Humphrey, now: Callable[[], datetime], told: Connection) -> None:
        self.humphrey = humphrey
        attempts, expire = Attempts(humphrey.database, now), humphrey.reminders.expire
        self.delivery = DeliveryService(
            humphrey.database, humphrey.accounts, attempts, humphrey.outlets, expire, LIFE, now
        )
        self._told = told

    def tell(self, *words: str) -> None:
        """Report something so that it arrives even if the process is killed right after."""
        self._told.send_bytes("\t".join(words).encode())

    def walk(self, outlet: str) -> None:
        """Take one draft from the question to its delivery."""
        self.tell("step", "ask")
        to = ADDRESS if outlet == "email" else ""
        draft = self.humphrey.drafting.compose(asking("amina", outlet, to=to))
        self.tell("step", "keep the draft")
        exchange = self.humphrey.conversations.save(draft, None)
        self.tell("did", "question:ask", exchange.id)
        self.send(exchange)
        self.deliver((outlet,))

    def send(self, exchange: Exchange) -> None:
        """Send a stored draft for clearance, to the outlet that was asked for, and clear it."""
        clearance, asked = self.humphrey.clearance, exchange.draft.commission

        def sent() -> Review:
            return clearance.send(exchange.id, "amina", asked.outlet, asked.reply_to)

        self.clear(self.done("send for clearance", "review:open", sent))

    def clear(self, review: Review) -> None:
        """Claim, amend, claim as another reviewer, approve; from the review's present state."""
        clearance, assignment, review_id = self.humphrey.clearance, self.humphrey.assignment, review.id
        if len(review.versions) == 1:
            self.done("claim", "review:claim", lambda: assignment.claim(review_id, "grace"))
            first = review.draft.digest
            review = self.done("amend", "review:amend", lambda: clearance.amend(review_id, AMENDED, "grace", first))
        self.done("claim", "review:claim", lambda: assignment.claim(review_id, "david"))
        digest = review.draft.digest
        self.done("approve", "review:approve", lambda: clearance.decide(review_id, "approve", "david", digest))

    def deliver(self, outlets: Sequence[str]) -> None:
        """Deliver once."""
        for outlet in outlets:
            self.tell("step", f"deliver by {outlet}")
            for release in self.delivery.deliver(outlet).delivered:
                self.tell("did", "release:deliver", release.review)

    def done(self, step: str, act: str, attempt: Callable[[], Review]) -> Review:
        """Do one act on a review, reported before and after."""
        self.tell("step", step)
        review = attempt()
        self.tell("did", act, review.id)
        return review

    def end_what_was_left(self) -> None:
        """Send stored drafts, clear sent ones, deliver cleared ones."""
        self.tell("step", "end what was left")
        humphrey = self.humphrey
        for conversation in humphrey.conversations.conversations("amina")[:_LATEST]:
            for exchange in humphrey.conversations.exchanges(conversation.id, "amina"):
                if not exchange.review:
                    self.send(exchange)
        for review in humphrey.clearance.reviews(everything=False):
            self.clear(review)
        self.deliver(OUTLETS)
