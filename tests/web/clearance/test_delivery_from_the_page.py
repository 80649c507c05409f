"""What the Clear page delivers once a draft is approved there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from humphrey.accounts.passwords import Argon2Passwords
from humphrey.accounts.service import Accounts
from humphrey.clearance.deadlines import ReminderSchedule
from humphrey.clearance.deciding.service import DecidingRules
from humphrey.clearance.model import Review
from humphrey.clearance.reminders import Reminders
from humphrey.database.engine import open_database
from humphrey.delivery.outlets.web import OUTLET, show
from humphrey.delivery.service import DeliveryService
from humphrey.ledger.attempts import Attempts
from humphrey.papers.draft import Commission
from humphrey.text.dates import LONDON
from humphrey.web.clearance.components import ClearancePage
from humphrey.web.clearance.handlers import Handlers
from humphrey.web.gradio_handlers import Changes
from tests.support.services import Clock, Desk, desk_from
from tests.web.running_site import PAPERS, drafter, library_of

PACE = ReminderSchedule(approval=timedelta(hours=72))


@dataclass
class ClearPage:
    """The handlers of the page for grace, over a real database and a clock that is moved."""

    clock: Clock
    desk: Desk
    delivery: DeliveryService
    parts: ClearancePage
    acts: Handlers
    grace: SimpleNamespace

    def taken(self, question: str) -> Review:
        return self.desk.clearance.take(Commission("answer", question, "amina", "web"))

    def approve(self, review: Review) -> Changes:
        """Claim a draft and approve it."""
        self.desk.assignment.claim(review.id, "grace")
        return self.acts.decide(review.id, f"approve {review.draft.digest}", [], "", [], self.grace)

    def released(self) -> list[str]:
        return [release.review for release in self.delivery.released_to("amina")]


@contextmanager
def clear_page(tmp_path: Path, undo_s: int) -> Iterator[ClearPage]:
    """Build the page with a number of seconds in which an approval can be taken back."""
    database, clock = open_database(f"sqlite:///{tmp_path / 'humphrey.db'}"), Clock()
    clock.now = datetime.now(UTC)
    people, library = Accounts(database, Argon2Passwords(), demonstration=True), library_of(database)
    deciding = DecidingRules(undo=timedelta(seconds=undo_s))
    desk = desk_from(
        drafter, database, PAPERS, library.document, library.may_read, people, now=clock, deciding=deciding
    )
    time = Reminders(database, people, library.may_read, PACE, clock)
    pages = {"web": replace(OUTLET, send=show)}
    delivery = DeliveryService(database, people, Attempts(database, clock), pages, time.expire, PACE.approval, clock)
    parts = ClearancePage(**{field.name: field.name for field in fields(ClearancePage)})
    acts = Handlers(
        desk.clearance, desk.assignment, desk.instructions, delivery, library.document, lambda *_read: (), parts
    )
    grace = SimpleNamespace(request=SimpleNamespace(state=SimpleNamespace(still=lambda: people.person("grace"))))
    yield ClearPage(clock, desk, delivery, parts, acts, grace)
    database.close()


def test_an_approval_that_has_run_out_is_not_delivered_by_the_clear_page(tmp_path):
    with clear_page(tmp_path, undo_s=0) as page:
        page.clock.now = datetime.now(UTC) - timedelta(days=4)
        old = page.taken("What is old?")
        page.desk.clearance.decide(old.id, "approve", "david", old.draft.digest)
        page.clock.now = datetime.now(UTC)
        new = page.taken("What is new?")

        changes = page.approve(new)

        assert "You have approved the draft. It is released" in changes[page.parts.note]
        assert page.released() == [new.id]
        assert page.desk.clearance.review(old.id).state == "open"


def test_a_text_leaves_after_the_moment_that_the_page_names_and_not_before(tmp_path):
    with clear_page(tmp_path, undo_s=30) as page:
        review = page.taken("When does it leave?")
        leaves = page.clock.now + timedelta(seconds=30)

        note = page.approve(review)[page.parts.note]

        assert f"It leaves after {leaves.astimezone(LONDON):%H:%M:%S %Z}. Until then you can take" in note
        assert f'<a href="/reviews/{review.id}">' in note, "where it is taken back"
        page.clock.now = leaves - timedelta(seconds=1)
        page.delivery.deliver("web")
        assert page.released() == []
        page.clock.now = leaves
        page.delivery.deliver("web")
        assert page.released() == [review.id]


def test_a_text_that_is_taken_back_in_its_moment_never_leaves(tmp_path):
    with clear_page(tmp_path, undo_s=30) as page:
        review = page.taken("Does it leave?")
        page.approve(review)
        page.desk.clearance.undo(review.id, "grace")

        page.clock.now += timedelta(minutes=1)
        page.delivery.deliver("web")

        assert page.released() == []
        assert page.desk.clearance.review(review.id).state == "open"
