"""The services that the pages work with, and the address that they are served at."""

from collections.abc import Callable
from dataclasses import dataclass

from humphrey.attached import Attached
from humphrey.auditing import Auditing
from humphrey.casefile import CaseFiles
from humphrey.clearing import ClearanceService
from humphrey.conversing import ConversationService
from humphrey.curator import Curator
from humphrey.desk import DeliveryService
from humphrey.disclosing import Disclosing
from humphrey.drafting_service import DraftingService
from humphrey.exporting import Exports
from humphrey.instructing import Instructions
from humphrey.library import Library
from humphrey.notices import Notices
from humphrey.people import People
from humphrey.reading import Readings
from humphrey.refusals import Refusals
from humphrey.turns import Assignment
from humphrey.vouching import Vouching

Ready = Callable[[], list[str]]
"""Why the server is not ready, one sentence each; empty when it is."""


@dataclass(frozen=True)
class Services:
    """The services of the server, named as in the application.

    `vouching` is None if there is no identity provider. `ready` returns why the server is not ready.
    """

    drafting: DraftingService
    conversations: ConversationService
    clearance: ClearanceService
    assignment: Assignment
    instructions: Instructions
    delivery: DeliveryService
    library: Library
    people: People
    curator: Curator
    attached: Attached
    notices: Notices
    cases: CaseFiles
    disclosing: Disclosing
    exports: Exports
    auditing: Auditing
    readings: Readings
    refusals: Refusals
    vouching: Vouching | None
    ready: Ready


@dataclass(frozen=True)
class Address:
    """The address that the server is reached at, and how long its sessions last.

    Attributes:
        host: the name or address that it listens on.
        port: the port; 0 for a free one.
        origin: the address behind a proxy, such as `https://humphrey.example`; empty without a proxy.
        session_hours: how long a session lasts, in hours.
    """

    host: str
    port: int
    origin: str
    session_hours: int
