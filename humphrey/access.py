"""Access to reviews: which people may see, change and clear a draft."""

from humphrey.core.attaching import open_to
from humphrey.core.people import Person
from humphrey.core.review import Review
from humphrey.core.rights import may_clear, require_clearing
from humphrey.core.search import MayRead
from humphrey.errors import IdentityError, NotPermitted
from humphrey.people import People
from humphrey.store import seeds as spot_check_store
from humphrey.store.engine import Database


class Access:
    """Decides who may see, change and clear a draft.

    Args:
        database: holds the spot checks.
        people: the accounts.
        may_read: decides which documents a group may read.
    """

    def __init__(self, database: Database, people: People, may_read: MayRead) -> None:
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

    def require_at_hand(self, review: Review, person: Person) -> None:
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
