"""Access to reviews: which people may see, change and clear a draft."""

from collections.abc import Collection, Sequence
from functools import cache

from humphrey.accounts.model import Person
from humphrey.accounts.roles import may, may_clear, require_clearing
from humphrey.accounts.service import Accounts
from humphrey.clearance.model import Review
from humphrey.clearance.spot_checks import store as spot_check_store
from humphrey.clearance.store import reviews as review_store
from humphrey.conversations import attachment_store
from humphrey.database.engine import Database
from humphrey.documents.audiences import MayRead, conversations_in, group_of
from humphrey.documents.model import Document, DocumentLookup
from humphrey.errors import IdentityError, NotPermitted
from humphrey.guidance import store as document_store

_MOST_NAMED = 5
"""The most names in one sentence; a department may have hundreds of reviewers."""


class Access:
    """Decides who may see, change and clear a draft.

    Args:
        database: holds the spot checks.
        people: the accounts.
        may_read: decides which documents a group may read.
    """

    def __init__(self, database: Database, people: Accounts, may_read: MayRead) -> None:
        self._database = database
        self._people = people
        self._may_read = may_read

    def reader(self, name: str) -> Person:
        """Return a person as a reader; an unknown or disabled person has no group and no right."""
        try:
            return self._people.person(name)
        except IdentityError:
            return Person(name, ("official",), disabled=True)

    def clears(self, review: Review, person: Person) -> bool:
        """Return whether a person may clear a draft: kind and marking are granted, and all it rests on is readable."""
        asked = review.draft.commission
        return may_clear(person, asked.kind, asked.marking) and self.reads(review, person)

    def reads(self, review: Review, person: Person) -> bool:
        """Return whether a person may read every document that a draft rests on."""
        return open_to(review, person, self._may_read)

    def sees(self, review: Review, person: Person) -> bool:
        """Return whether a person is shown a draft: an author, a reviewer who may clear it, or an auditor who may."""
        if person.disabled:
            return False
        if may(person, "audit") and self.reads(review, person):
            return True
        try:
            self.require_author_or_reviewer(review, person)
        except NotPermitted:
            return False
        return True

    def require_author_or_reviewer(self, review: Review, person: Person) -> None:
        """Require that a person is an author of a draft or may clear it.

        The asker was given its words. Other authors need the right to read what it rests on, as reviewers do. The
        authors of a spot check did not send it, so they have no access to it.

        Raises:
            NotPermitted: the person is neither, or may not read what the draft rests on.
        """
        if person.name not in review.authors or spot_check_store.seed(self._database, review.id):
            self.require_clearing(review, person)
        elif person.name != review.draft.commission.asked_by:
            self.require_reading(review, person)

    def require_clearing(self, review: Review, person: Person) -> None:
        """Require that a person may clear a draft and read every document it rests on.

        Raises:
            NotPermitted: the kind or marking is not granted, or a document is not readable.
        """
        asked = review.draft.commission
        require_clearing(person, asked.kind, asked.marking)
        self.require_reading(review, person)

    def require_reading(self, review: Review, person: Person) -> None:
        """Require that a person may read every document that a draft rests on.

        Raises:
            NotPermitted: a document is not readable; the message names the people who may clear the draft.
        """
        if not self.reads(review, person):
            raise NotPermitted(
                f"review {review.name} rests on a document that {person.name} may not read; {self._able(review)}"
            )

    def _able(self, review: Review) -> str:
        """Return a clause that names the reviewers who may clear a draft, or the administrators if there is none."""
        staff, asked, may_read = self._people.everyone(), review.draft.commission, remembered(self._may_read)
        granted = (each for each in staff if may_clear(each, asked.kind, asked.marking))
        able = [each.name for each in granted if each.name not in review.authors and open_to(review, each, may_read)]
        if able:
            return f"it can be cleared by {_listed(able)}"
        if not all(document_store.audiences(self._database, *source) for source in review.sources):
            return "the document is stored no longer, so nobody can clear it; its author can ask the question again"
        helpers = [each.name for each in staff if may(each, "administer")]
        named = f": {_listed(helpers)}" if helpers else ""
        return f"no reviewer may read all of it, so ask an administrator to add one to its groups{named}"

    def may_read(self, document_id: str, person: Person, version: str = "") -> bool:
        """Return whether a person may read a version of a document, today's if none is named.

        Guidance is read by its groups. An attached file is read by its owner, by the person who asked for a review that
        cites it, and by the reviewers who may clear such a review.
        """
        audience = document_store.audience(self._database, document_id, version) or frozenset()
        conversations = conversations_in(audience)
        if not conversations:
            return self._may_read(document_id, person.groups, version)
        owner = attachment_store.owner_of(self._database, conversations[0])
        return owner == person.name or any(
            person.name == review.draft.commission.asked_by
            or (may(person, "clear") and open_to(review, person, self._may_read))
            for review in review_store.reviews_citing(self._database, document_id, owner)
        )

    def lookup(self, person: Person) -> DocumentLookup:
        """Return a function that opens documents for a person; it finds nothing that they may not read."""

        def look(document_id: str, version: str) -> Document | None:
            may = self.may_read(document_id, person, version)
            return document_store.document(self._database, document_id, version) if may else None

        return look


def open_to(review: Review, person: Person, may_read: MayRead) -> bool:
    """Return whether a person may read every document that a draft under review rests on.

    Its asker, reviewers and auditors may read the files that the asker attached: they are no guidance of a group, and
    were sent along with the question.
    """
    asked = review.draft.commission
    near = may(person, "clear") or may(person, "audit") or person.name == asked.asked_by
    if review.has_files and not near:
        return False
    given = (group_of(asked.conversation),) if near and asked.attached else ()
    groups = (*person.groups, *given)
    return all(may_read(document, groups, version) for document, version in review.sources)


def remembered(may_read: MayRead) -> MayRead:
    """Return the same decision with its answers remembered, for one act that asks about many people."""
    known = cache(may_read)

    def decide(document_id: str, groups: Collection[str], version: str = "") -> bool:
        return known(document_id, tuple(groups), version)

    return decide


def _listed(names: Sequence[str]) -> str:
    """Return names as a list in words, the first few of many."""
    shown, more = sorted(names)[:_MOST_NAMED], len(names) - _MOST_NAMED
    if more > 0:
        return f"{', '.join(shown)} or {more} more"
    return " or ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
