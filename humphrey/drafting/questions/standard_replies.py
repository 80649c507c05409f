"""Standard replies, which no model writes: to questions that need no guidance, and refusals of screened questions.

A refused draft contains neither the question nor the facts, so that they cannot be stored, logged or sent by mistake.
"""

from collections.abc import Mapping

from humphrey.drafting.questions.screening import QuestionRefused
from humphrey.papers.draft import Commission, Draft, Finding, ModelName, Status
from humphrey.papers.standard_wording import REPLIES

RULES = ModelName("rules", "questions-1")
"""The model name of drafts written by these rules."""


NOT_KEPT = "(a question that was refused and not kept)"
"""The text that replaces a refused question."""


_STATUS: Mapping[str, Status] = {
    "small_talk": "answered",
    "about_humphrey": "answered",
    "emergency": "answered",
    "legal_advice": "refused",
    "party_politics": "refused",
    "named_person": "refused",
    "no_text": "clarify",
}


def standard_reply(commission: Commission, kind: str) -> Draft | None:
    """Return the standard reply to a question of a kind, or to a task without a text (`no_text`); None if none."""
    if kind not in REPLIES:
        return None
    if _STATUS[kind] == "refused":
        return refusal_draft(commission, QuestionRefused(kind, REPLIES[kind]))
    return Draft(commission, _STATUS[kind], REPLIES[kind], RULES)


def refusal_draft(commission: Commission, refusal: QuestionRefused) -> Draft:
    """Return a draft that explains a refusal; its finding gives the reason and blocks the draft from being sent."""
    bare = Commission(
        commission.kind, NOT_KEPT, commission.asked_by, commission.outlet, conversation=commission.conversation
    )
    finding = Finding(refusal.why, "block", "refused before anything was kept; ask again as the text says")
    return Draft(bare, "refused", refusal.message, RULES, findings=(finding,))
