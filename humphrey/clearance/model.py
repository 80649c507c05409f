"""Values of clearance: a review with its versions, decisions, rechecks, claim and comments."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from humphrey.digests import canonical, sha256
from humphrey.papers.draft import Draft, Finding, to_json

Verdict = Literal["approve", "return", "refuse"]
"""A reviewer's ruling; `return` sends the draft back to its author and is the usual outcome of a complaint."""


ReviewState = Literal["open", "returned", "refused", "approved", "released", "delivered", "closed"]
"""Where a review stands. `open` and `returned` can be amended; an amended one is `open`.

`closed`: it was a seeded draft, and somebody found or missed its error; it goes nowhere.
"""


Reason = Literal[
    "facts", "evidence", "guidance", "unclear", "tone", "incomplete", "personal_data", "marking", "not_ours", "other"
]
"""Why a draft is returned or refused, for counting; the reviewer's own words say the rest."""


REASONS: Mapping[Reason, str] = {
    "facts": "A fact, figure or date is wrong",
    "evidence": "Something is said without evidence",
    "guidance": "It rests on the wrong or old guidance",
    "unclear": "It is hard to understand",
    "tone": "The tone is not right for its reader",
    "incomplete": "It does not answer all that was asked",
    "personal_data": "It holds personal data that should not leave",
    "marking": "The marking or the handling is wrong",
    "not_ours": "It is not for this department to answer",
    "other": "Another reason",
}
"""What the reasons are called on screen."""


Origin = Literal["model", "instruction", "person"]
"""Who wrote a wording: the model at first, the model again as somebody instructed it, or a person."""


@dataclass(frozen=True)
class Version:
    """One wording of a draft, who made it so, and when; `instruction` is what the model was told, where it was."""

    draft: Draft
    editor: str
    at: datetime
    origin: Origin = "model"
    instruction: str = ""

    @property
    def kept(self) -> str:
        """The digest of all that is kept of it, which its entry in the ledger names."""
        return wording_digest(canonical(to_json(self.draft)), self.origin, self.instruction)


@dataclass(frozen=True)
class Recheck:
    """What the checks said when they ran again, of the wording with that number (the first is 1); its words stay."""

    wording: int
    findings: tuple[Finding, ...]
    at: datetime


@dataclass(frozen=True)
class Decision:
    """A ruling on exact words: `digest` is of the draft the reviewer was shown.

    `reason` is in the reviewer's words, `reasons` are the fixed ones that it falls under.
    """

    verdict: Verdict
    reviewer: str
    digest: str
    reason: str
    at: datetime
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Claim:
    """Who has a review before them, and until when; after that moment it is anybody's again."""

    reviewer: str
    until: datetime


@dataclass(frozen=True)
class Comment:
    """What somebody said about a draft under review, to everybody who may see it there."""

    by: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Review:
    """A draft awaiting clearance, with every wording, every ruling and every later check it has had.

    `claim` is who took it, over or not; `handed_to` is the deputy it was handed to, until they hand it back.
    """

    id: str
    versions: tuple[Version, ...]
    state: ReviewState = "open"
    decisions: tuple[Decision, ...] = ()
    rechecks: tuple[Recheck, ...] = ()
    claim: Claim | None = None
    handed_to: str = ""
    comments: tuple[Comment, ...] = ()

    @property
    def draft(self) -> Draft:
        """The wording that stands, with what the checks said of it last."""
        worded = self.versions[-1].draft
        if self.rechecks and self.rechecks[-1].wording == len(self.versions):
            return replace(worded, findings=self.rechecks[-1].findings)
        return worded

    @property
    def authors(self) -> frozenset[str]:
        """Whoever asked for the draft or changed its words."""
        return frozenset({self.draft.commission.asked_by} | {version.editor for version in self.versions})

    @property
    def opened(self) -> datetime:
        """When the first wording was put on the list."""
        return self.versions[0].at


def wording_digest(draft: str, origin: str, instruction: str) -> str:
    """The digest of a wording as it is stored: the draft as canonical JSON, findings and all, and how it came about."""
    return sha256(canonical([draft, origin, instruction]))
