"""JSON schemas of requests and responses, with the field names of the commands; fields may be added, never renamed."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from humphrey.clearance.deciding.findings import finding_key, passages_of, to_acknowledge
from humphrey.clearance.model import Decision, Reason, RecordedReview, Review, Version
from humphrey.clearance.notifications.model import Notification
from humphrey.clearance.queue import QueuePage, QueueRow
from humphrey.clearance.ratings.model import CitationRating, Rating, SentenceRating, rated_sentences
from humphrey.clearance.source_changes import SourceChange
from humphrey.documents.sources import source_name
from humphrey.papers.deciding import deciding_words
from humphrey.papers.draft import Draft
from humphrey.web.draft_view import format_date
from humphrey.web.provenance_view import count_of

Shape = dict[str, Any]


class _RequestBody(BaseModel):
    """Base of request bodies; an unknown field is an error, because its sender expects an effect."""

    model_config = ConfigDict(extra="forbid", strict=True)


class HandOver(_RequestBody):
    """The person who receives a draft."""

    deputy: str = Field(description="The name of a reviewer who may clear it and had no hand in it.")


class Remark(_RequestBody):
    """A comment on a draft."""

    text: str = Field(description="At most 5,000 characters.")


class Amendment(_RequestBody):
    """A new text for a draft."""

    text: str = Field(description="The whole text.")
    digest: str = Field(min_length=1, description="Of the draft that was read, as GET gave it.")


class Instruction(_RequestBody):
    """An instruction to the model to change a draft."""

    instruction: str = Field(description="What to change.")
    digest: str = Field(min_length=1, description="Of the draft that was read, as GET gave it.")


class DecisionBody(_RequestBody):
    """A decision on an exact text."""

    verdict: Literal["approve", "return", "refuse"]
    digest: str = Field(min_length=1, description="Of the draft that was read, as GET gave it.")
    reason: str = Field("", description="For its author, in words.")
    reasons: tuple[Reason, ...] = Field((), strict=False, description="The fixed reasons for a return or a refusal.")
    acknowledge: tuple[str, ...] = Field(
        (), strict=False, max_length=500, description="Findings that were weighed, by their key or their check."
    )


class DeferralBody(_RequestBody):
    """A day until which a draft is put off."""

    until: date = Field(strict=False, description="A day after today, such as 2026-12-04.")
    reason: str = Field(description="In words, for everybody who may see the draft; at most 5,000 characters.")


class RatingBody(_RequestBody):
    """What a reviewer says of the sentences and citations of an exact text; what is left out is not rated."""

    digest: str = Field(min_length=1, description="Of the draft that was read, as GET gave it.")
    # A name in JSON is text, so the number of a sentence is read from it.
    sentences: dict[Annotated[int, Field(strict=False)], SentenceRating] = Field(
        {}, max_length=2000, description="By the number of the sentence, from 1."
    )
    citations: dict[str, CitationRating] = Field({}, max_length=500, description="By the marker of the citation.")


class ReadingNote(_RequestBody):
    """How a draft was read since the last note."""

    wording: int = Field(ge=1, description="Which wording was before the reader; the first is 1.")
    seconds: float = Field(ge=0, le=86_400, description="How long it was, with the page in front.")
    opened: tuple[str, ...] = Field((), strict=False, max_length=200, description="Numbers of the opened passages.")


def page_shape(page: QueuePage) -> Shape:
    """Return one page of the queue with its counts."""
    counts = page.counts
    return {
        "reviews": [row_shape(row) for row in page.rows],
        "total": page.total,
        "counts": {**asdict(counts), "state": dict(counts.state), "kind": dict(counts.kind)},
    }


def row_shape(row: QueueRow) -> Shape:
    """Return a review as one row of the queue."""
    return {
        **asdict(row),
        "opened": row.opened.isoformat(),
        "due": row.due.isoformat() if row.due else None,
        "due_said": time_left(row),
        "claimed_until": row.claimed_until.isoformat() if row.claimed_until else None,
        "deferred_until": row.deferred_until.isoformat() if row.deferred_until else None,
    }


def time_left(row: QueueRow) -> str:
    """Return the time left in words; only the date if the number of working days is unknown."""
    if row.due is None:
        return "no due date"
    if row.days_left is None:
        return f"due {format_date(row.due)}"
    if row.days_left < 0:
        return f"overdue by {count_of(-row.days_left, 'working day')}"
    return (
        f"{count_of(row.days_left, 'working day')} left" if row.days_left else f"last day, due {format_date(row.due)}"
    )


def state_shape(review: Review) -> Shape:
    """Return the state of a review without its text."""
    claim, last = review.claim, review.decisions[-1] if review.decisions else None
    return {
        "id": review.id,
        "reference": review.reference,
        "state": review.state,
        "digest": review.draft.digest,
        "wordings": len(review.versions),
        "editor": review.versions[-1].editor,
        "comments": len(review.comments),
        "claimed_by": claim.reviewer if claim else "",
        "claimed_until": claim.until.isoformat() if claim else None,
        "handed_to": review.handed_to,
        "decided_by": last.reviewer if last else "",
        "decided_at": last.at.isoformat() if last else None,
    }


def review_shape(review: Review, changes: Sequence[SourceChange]) -> Shape:
    """Return a review with its draft, all versions, decisions and comments, and the changes of what it cites."""
    draft, asked = review.draft, review.draft.commission
    return {
        **state_shape(review),
        "kind": asked.kind,
        "status": draft.status,
        "asked_by": asked.asked_by,
        "question": asked.text,
        "facts": dict(asked.facts),
        "outlet": asked.outlet,
        "recipient": asked.recipient,
        "marking": asked.marking,
        "opened": review.opened.isoformat(),
        **_days(review),
        "text": draft.text,
        "note": draft.note,
        "citations": [{**asdict(citation), "source": source_name(citation)} for citation in draft.citations],
        "findings": _findings(draft),
        "workings": [asdict(working) for working in draft.workings],
        "deciding": [list(span) for span in deciding_words(draft)],
        "model": asdict(draft.model),
        "authors": sorted(review.authors),
        "versions": [_version(version) for version in review.versions],
        "decisions": [_decision(decision) for decision in review.decisions],
        "deferrals": [
            {**asdict(each), "until": each.until.isoformat(), "at": each.at.isoformat()} for each in review.deferrals
        ],
        "source_changes": [{**asdict(change), "at": change.at.isoformat()} for change in changes],
        "remarks": [{**asdict(said), "at": said.at.isoformat()} for said in review.comments],
    }


def recorded_shape(held: RecordedReview, why: str) -> Shape:
    """Return what the record says of a review, without its words, and why they are withheld."""
    return {
        **{name: getattr(held, name) for name in ("id", "kind", "state", "asked_by", "marking")},
        "withheld": why,
        "opened": held.opened.isoformat(),
        "documents": list(held.titles),
        "sources": list(held.sources),
        "versions": [
            {"editor": editor, "at": at.isoformat(), "digest": digest} for editor, at, digest in held.wordings
        ],
        "decisions": [
            {"verdict": verdict, "reviewer": by, "at": at.isoformat(), "reasons": list(reasons)}
            for verdict, by, at, reasons in held.decisions
        ],
    }


def notice_shape(notice: Notification, sentence: str) -> Shape:
    """Return a notice with its sentence."""
    return {
        "id": notice.id,
        "event": notice.event,
        "review": notice.review,
        "at": notice.at.isoformat(),
        "read": notice.read_at is not None,
        "said": sentence,
    }


def _version(version: Version) -> Shape:
    return {
        "text": version.draft.text,
        "digest": version.draft.digest,
        "editor": version.editor,
        "at": version.at.isoformat(),
        "origin": version.origin,
        "instruction": version.instruction,
    }


def rating_shape(rating: Rating) -> Shape:
    """Return a rating."""
    return {**asdict(rating), "at": rating.at.isoformat()}


def ratings_shape(review: Review, ratings: Sequence[Rating]) -> Shape:
    """Return the latest rating of each reviewer, and the place of each sentence in the text, as `[start, end]`."""
    return {
        "digest": review.draft.digest,
        "sentences": [[span.start, span.end] for span in rated_sentences(review.draft)],
        "ratings": [rating_shape(each) for each in ratings],
    }


def _findings(draft: Draft) -> list[Shape]:
    """Return the findings, each with its key, the passages that it is about, and whether it is to be acknowledged."""
    weighed = to_acknowledge(draft)
    return [
        {
            **asdict(finding),
            "key": finding_key(finding),
            "passages": list(passages_of(draft, finding)),
            "to_acknowledge": finding in weighed,
        }
        for finding in draft.findings
    ]


def _days(review: Review) -> Shape:
    days = {"due": review.due, "wished": review.wished, "deferred_until": review.deferred_until}
    return {name: day.isoformat() if day else None for name, day in days.items()}


def _decision(decision: Decision) -> Shape:
    lists = {"reasons": list(decision.reasons), "acknowledged": list(decision.acknowledged)}
    held = decision.held_until.isoformat() if decision.held_until else None
    return {**asdict(decision), **lists, "at": decision.at.isoformat(), "held_until": held}
