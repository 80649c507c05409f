"""What the Clear page delivers once a draft is approved there."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from humphrey.accounts.passwords import Argon2Passwords
from humphrey.accounts.service import Accounts
from humphrey.clearance.deadlines import ReminderSchedule
from humphrey.clearance.reminders import Reminders
from humphrey.database.engine import open_database
from humphrey.delivery.outlets.web import OUTLET, show
from humphrey.delivery.service import DeliveryService
from humphrey.ledger.attempts import Attempts
from humphrey.papers.draft import Commission
from humphrey.web.clearance.components import ClearancePage
from humphrey.web.clearance.handlers import Handlers
from tests.support.services import desk_from
from tests.web.running_site import PAPERS, drafter, library_of

PACE = ReminderSchedule(approval=timedelta(hours=72))


def test_an_approval_that_has_run_out_is_not_delivered_by_the_clear_page(tmp_path):
    database, clock = open_database(f"sqlite:///{tmp_path / 'humphrey.db'}"), [datetime.now(UTC) - timedelta(days=4)]
    people, library = Accounts(database, Argon2Passwords(), demonstration=True), library_of(database)

    def now() -> datetime:
        return clock[0]

    desk = desk_from(drafter, database, PAPERS, library.document, library.may_read, people, now=now)
    time = Reminders(database, people, library.may_read, PACE, now)
    attempts = Attempts(database, now)
    pages = {"web": replace(OUTLET, send=show)}
    delivery = DeliveryService(database, people, attempts, pages, time.expire, PACE.approval, now)
    parts = ClearancePage(**{field.name: field.name for field in fields(ClearancePage)})
    acts = Handlers(
        desk.clearance, desk.assignment, desk.instructions, delivery, library.document, lambda *_read: (), parts
    )
    grace = SimpleNamespace(request=SimpleNamespace(state=SimpleNamespace(still=lambda: people.person("grace"))))
    old = desk.clearance.take(Commission("answer", "What is old?", "amina", "web"))
    desk.clearance.decide(old.id, "approve", "david", old.draft.digest)
    clock[0] = datetime.now(UTC)
    new = desk.clearance.take(Commission("answer", "What is new?", "amina", "web"))

    desk.assignment.claim(new.id, "grace")

    changes = acts.decide(new.id, f"approve {new.draft.digest}", [], "", [], grace)

    assert "You have approved the draft. It is released" in changes[parts.note]
    assert [release.review for release in delivery.released_to("amina")] == [new.id]
    assert desk.clearance.review(old.id).state == "open"
    database.close()
