"""The services that the pages use, and the address that they are served at."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from humphrey.accounts.oidc.sign_in import OidcSignIn
from humphrey.accounts.refused_requests import RefusedRequests
from humphrey.accounts.service import Accounts
from humphrey.clearance.access import Access
from humphrey.clearance.assignment import Assignment
from humphrey.clearance.instructions import Instructions
from humphrey.clearance.notifications.service import Notifications
from humphrey.clearance.ratings.service import Ratings
from humphrey.clearance.reviewer_statistics.service import ReviewerStatistics
from humphrey.clearance.service import ClearanceService
from humphrey.conversations.attachments import Attachments
from humphrey.conversations.service import ConversationService
from humphrey.delivery.downloads import Downloads
from humphrey.delivery.service import DeliveryService
from humphrey.drafting.service import DraftingService
from humphrey.guidance.curation import Curation
from humphrey.guidance.library import Library
from humphrey.network_addresses import LOOPBACK, Network
from humphrey.records.audit import Audit
from humphrey.records.case_files.service import CaseFiles
from humphrey.records.disclosure.service import Disclosure

Ready = Callable[[], list[str]]
"""Return the reasons why the server is not ready, one sentence each; empty if it is."""


@dataclass(frozen=True)
class Services:
    """The services of the server, named as in the application.

    `oidc` is None if there is no identity provider. `ready` returns why the server is not ready.
    """

    drafting: DraftingService
    conversations: ConversationService
    clearance: ClearanceService
    assignment: Assignment
    instructions: Instructions
    access: Access
    ratings: Ratings
    delivery: DeliveryService
    library: Library
    accounts: Accounts
    curation: Curation
    attachments: Attachments
    notifications: Notifications
    case_files: CaseFiles
    disclosure: Disclosure
    downloads: Downloads
    audit: Audit
    statistics: ReviewerStatistics
    refused_requests: RefusedRequests
    oidc: OidcSignIn | None
    ready: Ready


@dataclass(frozen=True)
class Address:
    """The address that the server is reached at, and how long its sessions last.

    Attributes:
        host: the name or address that it listens on.
        port: the port; 0 for a free one.
        origin: the address behind a proxy, such as `https://humphrey.example`; empty without a proxy.
        session_hours: how long a session lasts, in hours.
        trusted_proxies: the proxies that are believed about whom they pass on, if there is an origin.
    """

    host: str
    port: int
    origin: str
    session_hours: int
    trusted_proxies: Collection[Network] = LOOPBACK
