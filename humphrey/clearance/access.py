"""Access to reviews: which people may see, change and clear a draft."""

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
        """Return whether a person may clear a draft: kind and marking are granted, and all it cites is readable."""
        asked = review.draft.commission
        return may_clear(person, asked.kind, asked.marking) and open_to(review, person, self._may_read)

    def require_author_or_reviewer(self, review: Review, person: Person) -> None:
        """Require that a person is an author of a draft or may clear it.

        The authors of a spot check did not send it, so they have no access to it.

        Raises:
            NotPermitted: the person is neither.
        """
        if person.name not in review.authors or spot_check_store.seed(self._database, review.id):
            self.require_clearing(review, person)

    def require_clearing(self, review: Review, person: Person) -> None:
        """Require that a person may clear a draft and read every document it cites.

        Raises:
            NotPermitted: the kind or marking is not granted, or a document is not readable.
        """
        asked, name = review.draft.commission, person.name
        require_clearing(person, asked.kind, asked.marking)
        if not open_to(review, person, self._may_read):
            raise NotPermitted(
                f"review {review.id} cites a document that {name} may not read; a reviewer in its groups must decide"
            )

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
    """Return whether a person may read every document that a draft under review cites.

    A reviewer may read the cited files that the asker attached to the conversation.
    """
    asked = review.draft.commission
    given = (group_of(asked.conversation),) if may(person, "clear") and asked.attached else ()
    groups = (*person.groups, *given)
    return all(may_read(each.document, groups, each.version) for each in review.draft.citations)
