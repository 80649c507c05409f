"""What the record says of a question, of the draft that was written for it, and of what the checks found in it."""

from dataclasses import asdict
from datetime import datetime

from humphrey.database.transaction import Transaction
from humphrey.digests import canonical, sha256
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import Act
from humphrey.papers.draft import Draft


def record_draft(tx: Transaction, subject: str, draft: Draft, at: datetime) -> None:
    """Enter that a draft was asked for, written and checked, in the transaction that keeps it.

    Args:
        tx: that transaction.
        subject: the exchange that it is kept as, or the review where it goes to review at once.
        draft: the draft.
        at: when it is kept.
    """
    for actor, done, detail in draft_entries(draft):
        ledger_store.enter(tx, actor, done, subject, detail, at)


def draft_entries(draft: Draft) -> list[tuple[str, Act, dict[str, str]]]:
    """What the record says of how a draft came about: who did what, with which ids and digests, in order."""
    asked, model = draft.commission, draft.model
    where = {"conversation": asked.conversation} if asked.conversation else {}
    said = sha256(canonical([asdict(finding) for finding in draft.findings]))
    blocking = sum(finding.level == "block" for finding in draft.findings)
    return [
        (asked.asked_by, "question:ask", {"kind": asked.kind, **where}),
        ("humphrey", "draft:write", {"digest": draft.digest, "model": f"{model.provider}/{model.name}"}),
        ("humphrey", "draft:check", {"findings": said, "blocking": str(blocking)}),
    ]
