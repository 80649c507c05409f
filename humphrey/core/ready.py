"""Drafts that no model writes: replies to what wants no guidance, and refusals of what may not be asked.

A refused draft holds neither the question nor the facts, so that nobody can keep, log or send them by mistake.
"""

from collections.abc import Mapping

from humphrey.core.drafts import Commission, Draft, Finding, ModelName, Status
from humphrey.core.screening import Refusal
from humphrey.core.wording import REPLIES

RULES = ModelName("rules", "questions-1")
"""How drafts name what wrote them where it was no model."""

NOT_KEPT = "(a question that was refused and not kept)"
"""What stands in place of a refused question."""

_STATUS: Mapping[str, Status] = {
    "small_talk": "answered",
    "about_humphrey": "answered",
    "emergency": "answered",
    "legal_advice": "refused",
    "party_politics": "refused",
    "named_person": "refused",
    "no_text": "clarify",
}


def replied(commission: Commission, kind: str) -> Draft | None:
    """The reply to a question of that kind, or to `no_text`; None where the kind has none of its own."""
    if kind not in REPLIES:
        return None
    if _STATUS[kind] == "refused":
        return refused(commission, Refusal(kind, REPLIES[kind]))
    return Draft(commission, _STATUS[kind], REPLIES[kind], RULES)


def refused(commission: Commission, refusal: Refusal) -> Draft:
    """A draft that says why nothing is answered; its finding names the reason and forbids sending it."""
    bare = Commission(
        commission.kind, NOT_KEPT, commission.asked_by, commission.outlet, conversation=commission.conversation
    )
    finding = Finding(refusal.why, "block", "refused before anything was kept; ask again as the text says")
    return Draft(bare, "refused", refusal.message, RULES, findings=(finding,))
