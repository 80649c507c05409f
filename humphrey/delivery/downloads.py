"""Downloads of released texts as files, for the asker, and for deciders and auditors who may read what they rest on.

A text that was not released, or is no longer the approved one, is refused, and the attempt is recorded.
"""

import logging
import re
import textwrap
from collections.abc import Callable
from datetime import datetime, timedelta

from humphrey.accounts.model import Person
from humphrey.accounts.roles import may
from humphrey.accounts.service import Accounts
from humphrey.clearance import gate
from humphrey.clearance.gate import Release
from humphrey.clearance.model import Review
from humphrey.clearance.store import reviews as review_store
from humphrey.database.engine import Database
from humphrey.digests import digest_of
from humphrey.errors import NotPermitted
from humphrey.ledger import store as ledger_store
from humphrey.ledger.attempts import Attempts
from humphrey.ledger.entry_signatures import first_unsigned
from humphrey.ledger.model import NOBODY
from humphrey.papers.destinations import Format
from humphrey.papers.draft import title_of

_LONGEST_NAME = 60
"""Characters of the title in the name of a file."""


logger = logging.getLogger(__name__)


class Downloads:
    """Gives out released texts as files.

    Args:
        database: holds the reviews and the ledger.
        people: the accounts.
        export: makes a file of a release and checks its bytes.
        reads: returns whether a person may read every document that a review rests on.
        approval_life: how long an approval is valid before delivery.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        people: Accounts,
        export: Callable[[Release, Format], bytes],
        reads: Callable[[Review, Person], bool],
        approval_life: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._people = people
        self._export = export
        self._reads = reads
        self._approval_life = approval_life
        self._now = now
        self._attempts = Attempts(database, now)

    def download(self, review_id: str, form: Format, user: str = "") -> bytes:
        """Return a released text as a file, once the person and the digest are recorded.

        Args:
            review_id: the review.
            form: the file format.
            user: the person; empty for the operator at the command line.

        Raises:
            IdentityError: the user is unknown or disabled.
            NotPermitted: the user may not have it.
            ReviewError: no review has that id, it was not released, or it is no longer what was approved.
            Undeliverable: the format cannot show the text.
        """
        with self._attempts.trying("release:export", review_id, user or NOBODY):
            release = self._release(review_id, self._people.person(user) if user else None)
        made = self._export(release, form)
        with self._database.transaction() as tx:
            detail = {"form": form, "digest": release.digest, "sent": digest_of(made)}
            ledger_store.enter(tx, user or NOBODY, "release:export", review_id, detail, self._now())
        logger.info("release_exported", extra={"review": review_id, "form": form})
        return made

    def file_name(self, review_id: str, form: Format) -> str:
        """Return what the file of a released text is called: its reference and what it is about.

        Only letters, digits, blanks and hyphens of the title are left, so no system takes a sign of it for another.

        Raises:
            ReviewError: no review has that id.
        """
        review = review_store.load(self._database, review_id)
        title = " ".join(re.sub(r"[^\w -]", " ", title_of(review.draft)).split())
        return f"{review.name} {textwrap.shorten(title, _LONGEST_NAME, placeholder='') or 'paper'}.{form}"

    def may_download(self, review: Review, person: Person) -> bool:
        """Return whether a person may have the text of a review, once it is released."""
        if person.disabled or person.name == review.draft.commission.asked_by:
            return not person.disabled
        part = person.name in {ruling.reviewer for ruling in review.decisions} or may(person, "audit")
        return part and self._reads(review, person)

    def _release(self, review_id: str, person: Person | None) -> Release:
        signed = first_unsigned(self._database.signatures, review_id)
        with self._database.transaction() as tx:
            review, record = review_store.load_for_update(tx, review_id), ledger_store.entries_about(tx, review_id)
        if person and not self.may_download(review, person):
            raise NotPermitted(
                f"the text of review {review.name} is for the person who asked for it, and for the people who decided "
                "on it and auditors, if they may read what it rests on; ask one of them"
            )
        return gate.release(review, record, self._now(), self._approval_life, signed)
