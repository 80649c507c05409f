"""Case files: everything about one review, as a file for people who may have it.

Rule: an auditor may have any whose sources they may read, and a disclosure officer any at all, by a right whose use the
ledger names. The asker and the people who decided may have it once the text was released, if they may read everything
that it rests on. Each export is entered in the ledger first, with the digest of the file.
"""

import hashlib
import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from humphrey.accounts.model import Person
from humphrey.accounts.roles import may
from humphrey.accounts.service import Accounts
from humphrey.clearance.access import open_to
from humphrey.clearance.model import Review
from humphrey.clearance.ratings import store as rating_store
from humphrey.clearance.store import reviews as review_store
from humphrey.database.engine import Database
from humphrey.documents.audiences import MayRead
from humphrey.documents.model import DocumentLookup
from humphrey.documents.sources import source_name
from humphrey.errors import NotPermitted
from humphrey.ledger import store as ledger_store
from humphrey.ledger.attempts import Attempts
from humphrey.records.case_files import store as case_store
from humphrey.records.case_files.model import CaseFile, SourceText, cited, to_plain
from humphrey.records.case_files.web_page import page

Form = Literal["html", "pdf", "json"]
"""The format of a case file: `html` to read on screen, `pdf` to print or file, `json` to verify."""


logger = logging.getLogger(__name__)


class CaseFiles:
    """The export of case files.

    Args:
        database: the database.
        people: the accounts.
        lookup: returns the text of a document in a given version.
        may_read: checks whether a person may read a document.
        pdf: renders a case as PDF.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        people: Accounts,
        lookup: DocumentLookup,
        may_read: MayRead,
        pdf: Callable[[CaseFile], bytes],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._people = people
        self._lookup = lookup
        self._may_read = may_read
        self._pdf = pdf
        self._now = now
        self._attempts = Attempts(database, now)

    def export(self, review_id: str, user: str, form: Form) -> bytes:
        """Return the case file of a review, after a ledger entry with its reader and its digest.

        Raises:
            IdentityError: the user is unknown or disabled.
            NotPermitted: the user may not have it, or not yet.
            RecordError: it cannot be rendered as PDF.
            ReviewError: there is no such review.
        """
        with self._attempts.trying("case:export", review_id, user):
            case = self._read(review_id, user)
        rendered = self._render(case, form)
        with self._database.transaction() as tx:
            detail = {"form": form, "digest": "sha256:" + hashlib.sha256(rendered).hexdigest()}
            if not open_to(case.review, self._people.person(user), self._may_read):
                detail["right"] = "disclose"
            ledger_store.enter(tx, user, "case:export", review_id, detail, self._now())
        logger.info("case_taken_out", extra={"review": review_id, "form": form})
        return rendered

    def may_take(self, review: Review, person: Person) -> bool:
        """Return whether a person may have the case file of a review now."""
        if may(person, "disclose"):
            return True
        part = {review.draft.commission.asked_by, *(each.reviewer for each in review.decisions)}
        left = review.state in {"released", "delivered"}
        due = may(person, "audit") or (left and person.name in part and not person.disabled)
        return due and open_to(review, person, self._may_read)

    def _read(self, review_id: str, user: str) -> CaseFile:
        person, at = self._people.person(user), self._now()
        with self._database.transaction() as tx:
            review = review_store.load_for_update(tx, review_id)
            self._require(review, person)
            stored = case_store.case_rows(tx, review_id)
            about = [
                entry for subject in (review_id, *stored.exchanges) for entry in ledger_store.entries_about(tx, subject)
            ]
            entries = tuple(sorted(about, key=lambda entry: entry.n))
            head = case_store.covering_head(tx, entries[-1].n) if entries else None
            ratings = rating_store.ratings_of(tx, review_id)
        sources = tuple(self._source(document, version, review) for document, version in cited(review))
        gone = stored.disposed, stored.disposed_at
        return CaseFile(review, stored.deliveries, sources, entries, head, *gone, person.name, at, ratings)

    def _render(self, case: CaseFile, form: Form) -> bytes:
        if form == "json":
            return (json.dumps(to_plain(case), ensure_ascii=False, indent=1) + "\n").encode()
        return page(case).encode() if form == "html" else self._pdf(case)

    def _source(self, document: str, version: str, review: Review) -> SourceText:
        held = self._lookup(document, version)
        citations = [each for wording in review.versions for each in wording.draft.citations]
        named = next(each for each in citations if (each.document, each.version) == (document, version))
        return SourceText(document, version, named.title, named.url, held.text if held else None, source_name(named))

    def _require(self, review: Review, person: Person) -> None:
        if self.may_take(review, person):
            return
        raise NotPermitted(
            f"the case file of review {review.name} is for auditors; after release also for its asker and its "
            "reviewers; all of them must be allowed to read what it rests on; ask an auditor who may, "
            "or a disclosure officer"
        )
