"""The ledger's entries about a review, read with the check that what is stored is what they say, and about accounts."""

import logging
from collections.abc import Sequence
from datetime import datetime

from humphrey.clearance.independence import ACCOUNT_ACTS
from humphrey.clearance.model import Review
from humphrey.clearance.on_record import require_on_record
from humphrey.database.transaction import Transaction
from humphrey.errors import NotOnRecord, RecordError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.entry_signatures import first_unsigned, signature_holds
from humphrey.ledger.model import Entry, seal_holds

logger = logging.getLogger(__name__)


def checked_record(tx: Transaction, review: Review) -> Sequence[Entry]:
    """Return the entries about a review, given what is stored of it; require it before the review is changed.

    Raises:
        NotOnRecord: what is stored is not what its signed entries say.
        RecordError: the keys cannot be read.
    """
    signed = first_unsigned(tx.signatures, review.id)
    record = ledger_store.entries_about(tx, review.id)
    require_on_record(review, record, signed)
    return record


def require_signed_accounts(tx: Transaction, after: datetime) -> None:
    """Require that every entry about accounts after a moment is signed as it stands; a reviewer is judged by them.

    Raises:
        NotOnRecord: one is not.
        RecordError: the keys cannot be read.
    """
    for entry in ledger_store.entries_of_acts(tx, ACCOUNT_ACTS, after):
        if not (seal_holds(entry) and signature_holds(entry, tx.signatures)):
            raise NotOnRecord(
                f"entry {entry.n}, about the account {entry.subject}, is not signed by humphrey's key as it stands, so "
                "nobody can say who is independent, and nothing is decided; tell the administrator: `humphrey ledger "
                "verify` says more"
            )


def is_recorded(tx: Transaction, review: Review) -> bool:
    """Return whether a review may be checked again; one that is not as recorded is left as it is, and logged."""
    try:
        checked_record(tx, review)
    except (NotOnRecord, RecordError):
        logger.exception("review_not_on_record", extra={"review": review.id})
        return False
    return True
