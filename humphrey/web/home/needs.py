"""What needs a person now, gathered for the home page. Nothing is gathered that their roles do not open to them."""

from collections.abc import Sequence
from dataclasses import dataclass

from humphrey.accounts.model import Person
from humphrey.accounts.roles import may
from humphrey.clearance.model import Review
from humphrey.clearance.queue import QueuePage, QueueQuery
from humphrey.conversations.model import Conversation
from humphrey.delivery.store import OutboxRow
from humphrey.documents.ingest import FileRejected
from humphrey.guidance.store import DocumentRow
from humphrey.ledger.heads import StoredHead
from humphrey.records.audit import RecordCheck
from humphrey.web.services import Services

MOST = 5
"""Most lines of one list; the page of the subject has them all."""


@dataclass(frozen=True)
class OwnWork:
    """The person's own drafts that were returned or wait for a reviewer, and their latest conversations."""

    returned: Sequence[Review]
    waiting: Sequence[Review]
    recent: Sequence[Conversation]


@dataclass(frozen=True)
class GuidanceFaults:
    """Files that were refused, and documents that their publisher replaced, moved or withdrew."""

    refused: Sequence[FileRejected]
    outdated: Sequence[DocumentRow]


@dataclass(frozen=True)
class RecordState:
    """The last check of the record, the head published last, and faults in publishing."""

    check: RecordCheck | None
    head: StoredHead | None
    warnings: Sequence[str]


@dataclass(frozen=True)
class Health:
    """Why the service is not ready, and the deliveries that failed."""

    trouble: Sequence[str]
    failed: Sequence[OutboxRow]


@dataclass(frozen=True)
class Needs:
    """The sections of one person; None where their roles open none."""

    own: OwnWork
    queue: QueuePage | None
    guidance: GuidanceFaults | None
    record: RecordState | None
    health: Health | None


def gather(services: Services, person: Person) -> Needs:
    """Return what needs the person now.

    Raises:
        HumphreyError: the database cannot be read, or the person was disabled.
    """
    return Needs(
        _own(services, person),
        services.assignment.queue(person.name, QueueQuery(limit=MOST)) if may(person, "clear") else None,
        _guidance(services, person) if may(person, "curate") else None,
        _record(services, person) if may(person, "audit") else None,
        _health(services) if may(person, "administer") else None,
    )


def landing(person: Person) -> str:
    """Return the path a person starts at: Ask for officials, what needs them for everybody who does more than ask."""
    more = any(may(person, right) for right in ("clear", "curate", "audit", "administer"))
    return "/home" if more else "/ask"


def _own(services: Services, person: Person) -> OwnWork:
    newest = sorted(services.clearance.sent_by(person.name), key=lambda review: review.opened, reverse=True)
    returned, waiting = ([each for each in newest if each.state == state] for state in ("returned", "open"))
    return OwnWork(returned, waiting, services.conversations.conversations(person.name)[:MOST])


def _guidance(services: Services, person: Person) -> GuidanceFaults:
    held = services.library.list_documents(person.groups)
    outdated = [each for each in held if each.imprint.state != "current"]
    return GuidanceFaults(services.library.refusals(person.groups), outdated)


def _record(services: Services, person: Person) -> RecordState:
    audit = services.audit
    return RecordState(audit.check(person.name), audit.published(person.name), audit.warnings())


def _health(services: Services) -> Health:
    failed = [row for row in services.delivery.outbox_rows() if row.failure or row.set_aside_at]
    return Health(services.ready(), failed)
