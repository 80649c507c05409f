"""Values of clearance: a review with its versions, decisions, rechecks, claim and comments."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Literal

from humphrey.digests import canonical, sha256
from humphrey.documents.sources import source_name
from humphrey.papers.draft import Draft, Finding, GivenDocument, to_json
from humphrey.papers.given import rests_on

Verdict = Literal["approve", "return", "refuse"]
"""A reviewer's decision. `return` sends the draft back to its author and is the usual outcome of a complaint."""


ReviewState = Literal["open", "returned", "refused", "approved", "released", "delivered", "closed"]
"""The state of a review. An `open` or `returned` one can be amended, and is `open` afterwards.

`closed`: a spot check whose error was found or missed; it never leaves.
"""


Reason = Literal[
    "facts", "evidence", "guidance", "unclear", "tone", "incomplete", "personal_data", "marking", "not_ours", "other"
]
"""The fixed reasons for a return or refusal, which statistics count; the reviewer adds words of their own."""


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
"""The reasons as pages show them."""


Door = Literal["command", "api", "web"]
"""Where a decision was made: at the command line, through the JSON routes, or on a page."""


Origin = Literal["model", "instruction", "person"]
"""The author of a wording: the model at first, the model by instruction, or a person."""


@dataclass(frozen=True)
class Version:
    """One wording of a draft, its editor and its moment; `instruction` is the instruction to the model, if any."""

    draft: Draft
    editor: str
    at: datetime
    origin: Origin = "model"
    instruction: str = ""

    @property
    def kept(self) -> str:
        """Return the digest of all that is stored of it; its entry in the ledger names the same."""
        return wording_digest(canonical(to_json(self.draft)), self.origin, self.instruction)


@dataclass(frozen=True)
class Recheck:
    """Later findings of the checks on the wording with that number (the first is 1); its text stays."""

    wording: int
    findings: tuple[Finding, ...]
    at: datetime


@dataclass(frozen=True)
class Decision:
    """A decision on exact words; `digest` is of the draft that the reviewer was shown.

    `reason` is in the reviewer's own words; `reasons` are fixed ones. `door` is empty and `acknowledged` too if it was
    made before they were kept; `acknowledged` are keys of findings (`deciding.findings.finding_key`). Before
    `held_until` the text is not delivered; None: no such moment.
    """

    verdict: Verdict
    reviewer: str
    digest: str
    reason: str
    at: datetime
    reasons: tuple[Reason, ...] = ()
    door: Door | Literal[""] = ""
    acknowledged: tuple[str, ...] = ()
    held_until: datetime | None = None


@dataclass(frozen=True)
class Deferral:
    """A draft put off until a day by a reviewer, with their reason in words; it ends by itself on that day."""

    by: str
    reason: str
    until: date
    at: datetime


@dataclass(frozen=True)
class Claim:
    """A reviewer's claim on a review and its end; from then on any reviewer may claim it."""

    reviewer: str
    until: datetime


@dataclass(frozen=True)
class Comment:
    """A comment on a draft under review, for everyone who may see the review."""

    by: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Review:
    """A draft in clearance, with all its wordings, decisions, rechecks and comments.

    `claim` is the latest claim, which may have ended. `handed_to` is the deputy that it was handed to, until they hand
    it back. `noted` are the (document, version) pairs that the database has as its sources; for a draft from before
    documents given were kept, they are more than the draft says itself. `wished` is the day by which its asker wishes
    to have it. `deferrals` are all there were; `deferred_until` is the day of the latest, None once a wording or a
    decision came after it. `reference` is the
    short one that people read and type, such as H26-00142; the store gives it.
    """

    id: str
    versions: tuple[Version, ...]
    state: ReviewState = "open"
    decisions: tuple[Decision, ...] = ()
    rechecks: tuple[Recheck, ...] = ()
    claim: Claim | None = None
    handed_to: str = ""
    comments: tuple[Comment, ...] = ()
    noted: frozenset[tuple[str, str]] = field(default=frozenset(), compare=False, repr=False)
    wished: date | None = None
    deferrals: tuple[Deferral, ...] = ()
    deferred_until: date | None = None
    reference: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        """Return what people call it: its short reference, or its id before it has one."""
        return self.reference or self.id

    @cached_property
    def sources(self) -> frozenset[tuple[str, str]]:
        """Return the (document, version) pairs that its wordings rest on; a reader needs the right to all of them.

        A file that the asker attached is among them only if a wording cites it: the reviewers of a draft may read the
        files attached to its question.
        """
        return self.derived_sources | self.noted

    @cached_property
    def derived_sources(self) -> frozenset[tuple[str, str]]:
        """Return the sources that the wordings themselves name."""
        drafts = [version.draft for version in self.versions]
        cited = {(each.document, each.version) for draft in drafts for each in draft.citations}
        given = {(each.id, each.version) for each in self.named_documents if not each.attached}
        return frozenset(cited | given)

    @cached_property
    def documents(self) -> tuple[GivenDocument, ...]:
        """Return the documents that it rests on, files of the asker included.

        Of one that is only noted no title is known; its id stands in the place of it.
        """
        named = {(each.id, each.version) for each in self.named_documents}
        noted = (GivenDocument(*pair, title=pair[0]) for pair in sorted(self.noted - named))
        return (*self.named_documents, *noted)

    @cached_property
    def named_documents(self) -> tuple[GivenDocument, ...]:
        """Return the documents that the wordings themselves name, files of the asker included; each once."""
        every = (each for version in self.versions for each in rests_on(version.draft))
        return tuple({(each.id, each.version): each for each in every}.values())

    @cached_property
    def has_files(self) -> bool:
        """Return whether a wording rests on a file that the asker attached."""
        return any(each.attached for each in self.named_documents)

    @property
    def draft(self) -> Draft:
        """Return the latest wording with its latest findings."""
        worded = self.versions[-1].draft
        if self.rechecks and self.rechecks[-1].wording == len(self.versions):
            return replace(worded, findings=self.rechecks[-1].findings)
        return worded

    @property
    def authors(self) -> frozenset[str]:
        """Return the people who asked for the draft or changed its words."""
        return frozenset({self.draft.commission.asked_by} | {version.editor for version in self.versions})

    @property
    def due(self) -> date | None:
        """Return the day by which to clear it: of its time limit, or else the one that its asker wishes."""
        return self.draft.due or self.wished

    @property
    def opened(self) -> datetime:
        """Return when the review was opened."""
        return self.versions[0].at


@dataclass(frozen=True)
class RecordedReview:
    """What the record and the titles say of a review: who did what and when, and on which documents; none of its words.

    Args:
        id: id of the review.
        kind: kind of paper.
        state: state of the review.
        asked_by: name of the asker.
        marking: the full marking.
        opened: when the review was opened.
        wordings: editor, moment and digest of each wording.
        decisions: verdict, reviewer, moment and fixed reasons of each decision.
        titles: titles of the documents that its wordings rest on.
        sources: the names of these documents.
        name: what people call it: its short reference.
    """

    id: str
    kind: str
    state: ReviewState
    asked_by: str
    marking: str
    opened: datetime
    wordings: tuple[tuple[str, datetime, str], ...]
    decisions: tuple[tuple[Verdict, str, datetime, tuple[Reason, ...]], ...]
    titles: tuple[str, ...]
    sources: tuple[str, ...]
    name: str


def recorded(review: Review) -> RecordedReview:
    """Return what the record and the titles say of a review."""
    asked = review.draft.commission
    return RecordedReview(
        review.id,
        asked.kind,
        review.state,
        asked.asked_by,
        asked.marking,
        review.opened,
        tuple((each.editor, each.at, each.draft.digest) for each in review.versions),
        tuple((each.verdict, each.reviewer, each.at, each.reasons) for each in review.decisions),
        tuple(dict.fromkeys(each.title for each in review.named_documents)),
        tuple(dict.fromkeys(map(source_name, review.named_documents))),
        review.name,
    )


def wording_digest(draft: str, origin: str, instruction: str) -> str:
    """Return the digest of a stored wording: canonical JSON of the draft with its findings, origin, instruction."""
    return sha256(canonical([draft, origin, instruction]))
