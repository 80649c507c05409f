"""The JSON that commands print. Scripts rely on it: fields may be added, none renamed or removed."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from humphrey.accounts.model import Person, Session
from humphrey.clearance.deadlines import days_left_or_none
from humphrey.clearance.model import Decision, Review, Version
from humphrey.clearance.rules import claim_in_force
from humphrey.clearance.source_changes import SourceChange
from humphrey.documents.model import Document, Imprint
from humphrey.documents.sources import original_of, source_name
from humphrey.ledger.model import Entry, stated
from humphrey.papers.deciding import deciding_words
from humphrey.papers.draft import Citation, Draft, title_of
from humphrey.papers.given import names_looked_at
from humphrey.papers.kind import Paper
from humphrey.search.model import Hit
from humphrey.text.dates import local_date


def draft_shape(draft: Draft, name: str) -> dict[str, Any]:
    """Return a draft as JSON; `name` is the id of its question or review, or empty."""
    return {
        "id": name,
        "kind": draft.commission.kind,
        "status": draft.status,
        "text": draft.text,
        "note": draft.note,
        "citations": [_citation(citation) for citation in draft.citations],
        "findings": [asdict(finding) for finding in draft.findings],
        "workings": [asdict(working) for working in draft.workings],
        "deciding": [list(span) for span in deciding_words(draft)],
        "looked_at": [
            {"document": document, "title": title, "source": name}
            for (document, title), name in zip(draft.looked_at, names_looked_at(draft), strict=True)
        ],
        "marking": draft.commission.marking,
        "due": draft.due.isoformat() if draft.due else None,
        "model": asdict(draft.model),
        "digest": draft.digest,
        "seconds": round(draft.seconds, 4),
        "missing": list(draft.missing),
        "steps": [asdict(step) for step in draft.steps],
        "usage": asdict(draft.usage) if draft.usage else None,
    }


def review_shape(
    review: Review, history: Iterable[Entry], at: datetime, changes: Iterable[SourceChange]
) -> dict[str, Any]:
    """Return a review as JSON: its draft, its state at a moment, changes of what it cites, and who did what to it."""
    return {
        **draft_shape(review.draft, review.id),
        "reference": review.reference,
        "state": review.state,
        "asked_by": review.draft.commission.asked_by,
        "outlet": review.draft.commission.outlet,
        "opened": review.opened.isoformat(),
        **_turn(review, at),
        "authors": sorted(review.authors),
        "versions": [_version(version) for version in review.versions],
        **_days(review),
        "comments": [{**asdict(comment), "at": comment.at.isoformat()} for comment in review.comments],
        "decisions": [_decision(decision) for decision in review.decisions],
        "source_changes": [{**asdict(change), "at": change.at.isoformat()} for change in changes],
        "history": [entry_shape(entry) for entry in history],
    }


def row_shape(review: Review, at: datetime) -> dict[str, Any]:
    """Return a review as one row of a list, with its state at a moment."""
    draft = review.draft
    return {
        "id": review.id,
        "reference": review.reference,
        "title": title_of(review.draft),
        "kind": draft.commission.kind,
        "state": review.state,
        "asked_by": draft.commission.asked_by,
        "outlet": draft.commission.outlet,
        "marking": draft.commission.marking,
        "opened": review.opened.isoformat(),
        **_days(review),
        **_turn(review, at),
        "findings": len(draft.findings),
        "digest": draft.digest,
    }


def _turn(review: Review, at: datetime) -> dict[str, Any]:
    """Return the working days left for a review, and who has it."""
    claim = claim_in_force(review, at)
    return {
        "days_left": days_left_or_none(review.due, local_date(at)),
        "claimed_by": claim.reviewer if claim else "",
        "claimed_until": claim.until.isoformat() if claim else None,
        "handed_to": review.handed_to,
    }


def _days(review: Review) -> dict[str, Any]:
    """Return when a review is due, by its time limit or as its asker wishes, and until when it is deferred."""
    days = {"due": review.due, "wished": review.wished, "deferred_until": review.deferred_until}
    return {name: day.isoformat() if day else None for name, day in days.items()}


def _decision(decision: Decision) -> dict[str, Any]:
    held = decision.held_until.isoformat() if decision.held_until else None
    return {**asdict(decision), "at": decision.at.isoformat(), "held_until": held}


def _version(version: Version) -> dict[str, Any]:
    return {
        "text": version.draft.text,
        "digest": version.draft.digest,
        "editor": version.editor,
        "at": version.at.isoformat(),
        "origin": version.origin,
        "instruction": version.instruction,
    }


def hit_shape(rank: int, hit: Hit) -> dict[str, Any]:
    """Return a hit as JSON; its `text` is `document_text[start:end]` of the stored document."""
    return {
        "rank": rank,
        "score": round(hit.score, 6),
        "document": hit.passage.document,
        "title": hit.imprint.title,
        "url": hit.imprint.url,
        "section": list(hit.passage.section),
        "passage": hit.passage.id,
        "text": hit.passage.text,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "state": hit.imprint.state,
        "updated": hit.imprint.updated.isoformat() if hit.imprint.updated else None,
        **_told(hit.imprint),
    }


def document_shape(document: Document, passages: int) -> dict[str, Any]:
    """Return a stored document as JSON, with its whole text."""
    imprint = document.imprint
    return {
        "document": document.id,
        "title": imprint.title,
        "url": imprint.url,
        "publisher": imprint.publisher,
        "text": document.text,
        "state": imprint.state,
        "replaced_by": imprint.replaced_by,
        "updated": imprint.updated.isoformat() if imprint.updated else None,
        "version": document.version,
        "passages": passages,
        **_told(imprint),
    }


def _told(imprint: Imprint) -> dict[str, Any]:
    """Return how a source is named, and whether it is humphrey's summary, of which day and of what."""
    return {
        "source": source_name(imprint),
        "summary": imprint.summary,
        "facts_as_of": imprint.facts_as_of,
        "original": original_of(imprint),
    }


def kind_shape(paper: Paper) -> dict[str, Any]:
    """Return a kind of paper as JSON, with the facts that it needs."""
    return {
        "kind": paper.kind,
        "title": paper.title,
        "purpose": paper.purpose,
        "fields": [asdict(field) for field in paper.fields],
        "family": paper.family,
        "sections": [section.title for section in paper.sections],
        "due": asdict(paper.due) if paper.due else None,
        "marking": paper.marking,
        "clears": list(paper.clears),
        "signs_off": paper.signs_off,
        "looks_for": list(paper.looks_for),
        "leaves_department": paper.leaves_department,
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        **asdict(citation),
        "marker": f"[{citation.marker}]",
        "section": list(citation.section),
        "source": source_name(citation),
    }


def entry_shape(entry: Entry) -> dict[str, Any]:
    """Return an entry of the ledger as JSON."""
    return stated(entry)


def person_shape(person: Person) -> dict[str, Any]:
    """Return a person as JSON; `role` is the first of their roles."""
    return {**asdict(person), "role": person.roles[0]}


def session_shape(session: Session) -> dict[str, Any]:
    """Return a session as JSON, without the token that signs a browser in."""
    return {
        "id": session.id,
        "person": session.person,
        "opened": session.opened.isoformat(timespec="seconds"),
        "seen": session.seen.isoformat(timespec="seconds"),
        "until": session.until.isoformat(timespec="seconds"),
        "way_in": session.way_in,
    }
