"""The ledger's entries about a review, read together with the check that what is stored is what they say."""

import logging
from collections.abc import Sequence

from humphrey.clearance.model import Review
from humphrey.clearance.on_record import require_on_record
from humphrey.database.transaction import Transaction
from humphrey.errors import NotOnRecord, RecordError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.entry_signatures import first_unsigned
from humphrey.ledger.model import Entry

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


def is_recorded(tx: Transaction, review: Review) -> bool:
    """Return whether a review may be checked again; one that is not as recorded is left as it is, and logged."""
    try:
        checked_record(tx, review)
    except (NotOnRecord, RecordError):
        logger.exception("review_not_on_record", extra={"review": review.id})
        return False
    return True
