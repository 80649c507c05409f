"""Ledger entries of a draft: the question, the writing and the checks, as ids and digests without any words."""

from dataclasses import asdict
from datetime import datetime

from humphrey.database.transaction import Transaction
from humphrey.digests import canonical, sha256
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import Act
from humphrey.papers.draft import Draft


def record_draft(tx: Transaction, subject: str, draft: Draft, at: datetime) -> None:
    """Enter a stored draft in the ledger.

    Args:
        tx: the transaction that stores the draft.
        subject: the id of its exchange; of its review if it goes to review at once.
        draft: the draft.
        at: when it is stored.
    """
    for actor, act, detail in draft_entries(draft):
        ledger_store.enter(tx, actor, act, subject, detail, at)


def draft_entries(draft: Draft) -> list[tuple[str, Act, dict[str, str]]]:
    """Return the entries of a draft in order, each as its actor, its act, and its detail of ids and digests."""
    commission, model = draft.commission, draft.model
    conversation = {"conversation": commission.conversation} if commission.conversation else {}
    findings = sha256(canonical([asdict(finding) for finding in draft.findings]))
    blocking = sum(finding.level == "block" for finding in draft.findings)
    return [
        (commission.asked_by, "question:ask", {"kind": commission.kind, **conversation}),
        ("humphrey", "draft:write", {"digest": draft.digest, "model": f"{model.provider}/{model.name}"}),
        ("humphrey", "draft:check", {"findings": findings, "blocking": str(blocking)}),
    ]
