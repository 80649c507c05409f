"""Join the services that a draft passes through until it is approved."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from humphrey.accounts.service import Accounts
from humphrey.app.delivery import destinations
from humphrey.app.paths import now as wall_clock
from humphrey.calculations.workings import STANDARD, Office
from humphrey.clearance.access import Access
from humphrey.clearance.assignment import Assignment
from humphrey.clearance.deciding.service import Deciding, DecidingRules
from humphrey.clearance.instructions import Instructions
from humphrey.clearance.ratings.service import Ratings
from humphrey.clearance.service import ClearanceService
from humphrey.conversations.service import ConversationService
from humphrey.database.engine import Database
from humphrey.documents.audiences import MayRead
from humphrey.documents.model import DocumentLookup
from humphrey.drafting.questions.screening import Highest
from humphrey.drafting.revision.by_rule import Reviser, revise_by_rule
from humphrey.drafting.service import DraftingService
from humphrey.ledger.attempts import Attempts
from humphrey.papers.assembly.department import UNNAMED, Department
from humphrey.papers.draft import Drafter
from humphrey.papers.kind import Papers
from humphrey.settings import Settings


class ClearanceServices(NamedTuple):
    """The services that a draft passes through until it is approved."""

    drafting: DraftingService
    conversations: ConversationService
    clearance: ClearanceService
    assignment: Assignment
    instructions: Instructions
    access: Access
    ratings: Ratings


def deciding_rules(settings: Settings) -> DecidingRules:
    """Return the settings of decisions."""
    return DecidingRules(
        timedelta(hours=settings.approval_hours),
        timedelta(days=settings.independence_days),
        settings.reading_required,
        timedelta(seconds=settings.undo_seconds),
    )


def build_clearance(
    drafter: Drafter,
    database: Database,
    people: Accounts,
    papers: Papers,
    lookup: DocumentLookup,
    may_read: MayRead,
    *,
    highest: Highest = "OFFICIAL",
    claim: timedelta = timedelta(minutes=30),
    deciding: DecidingRules | None = None,
    revise: Reviser = revise_by_rule,
    outlets: Collection[str] = ("web", "file"),
    office: Office = STANDARD,
    department: Department = UNNAMED,
    now: Callable[[], datetime] = wall_clock,
) -> ClearanceServices:
    """Join the services of drafting and clearance.

    Args:
        drafter: writes drafts.
        database: holds everything.
        people: the accounts.
        papers: the kinds that can be commissioned.
        lookup: returns documents as they stood, for the checks.
        may_read: decides which documents a group may read.
        highest: the highest marking that may be held here.
        claim: how long a reviewer's claim on a draft lasts.
        deciding: the settings of decisions; None for their defaults.
        revise: changes drafts by instruction.
        outlets: the outlets that texts can leave by.
        office: the calendar of the department.
        department: what letters say of the department.
        now: the clock.
    """
    attempts, access = Attempts(database, now), Access(database, people, may_read)
    conversations = ConversationService(database, people, now)
    drafting = DraftingService(
        drafter,
        papers,
        lookup,
        people.groups,
        conversations.files,
        database,
        highest=highest,
        revise=revise,
        destinations=destinations(outlets),
        office=office,
        department=department,
        now=now,
    )
    decides = Deciding(database, people, access, attempts, deciding or DecidingRules(), now)
    clearance = ClearanceService(drafting, access, attempts, people, lookup, database, decides, now)
    assignment = Assignment(database, people, access, attempts, claim, now)
    instructions = Instructions(clearance, drafting, access, attempts, people, database, now)
    ratings = Ratings(database, people, access, attempts, now)
    return ClearanceServices(drafting, conversations, clearance, assignment, instructions, access, ratings)
