"""Sentences and HTML of where a draft stands: who must act next, what is to be done first, and who came before."""

from collections.abc import Collection, Mapping

from humphrey.accounts.model import Person
from humphrey.clearance.deciding.findings import finding_key
from humphrey.clearance.independence import Independence
from humphrey.clearance.model import Claim, Review, Verdict
from humphrey.errors import AlreadyDecided, Claimed, ReviewError
from humphrey.papers.draft import Draft
from humphrey.web.clearance.evidence_view import LEVELS
from humphrey.web.clearance.readiness import Problem, findings_to_weigh
from humphrey.web.clearance.review_view import address
from humphrey.web.draft_view import format_time
from humphrey.web.escaping import safe, sentence

_DID: Mapping[Verdict, str] = {"approve": "approved", "return": "returned", "refuse": "refused"}


def problems(found: Collection[Problem]) -> str:
    """Return a summary of all that is to be done first, each leading to its place; empty for none."""
    if not found:
        return ""
    items = "".join(f"<li>{_problem(each)}</li>" for each in found)
    return (
        f'<div class="alert" role="alert"><h2 tabindex="-1">There is something to put right</h2><ul>{items}</ul></div>'
    )


def problem(place: str, said: str) -> str:
    """Return a summary of one error, as a sentence; `place` is the id of its field, empty for none."""
    return problems([Problem(place, sentence(said))])


def _problem(each: Problem) -> str:
    return f'<a href="#{safe(each.place)}">{safe(each.said)}</a>' if each.place else safe(each.said)


def acknowledgements(written: Draft) -> list[tuple[str, str]]:
    """Return what the page asks about each finding to be weighed, as text, with the finding's key."""
    return [
        (f"{n}. {LEVELS[each.level]}: {sentence(each.message)}{_at(written, each.start, each.end)}", finding_key(each))
        for n, each in findings_to_weigh(written)
    ]


def _at(written: Draft, start: int, end: int) -> str:
    words = " ".join(written.text[start:end].split())
    return f" “{words}”" if words else ""


def way_to(held: Review) -> str:
    """Return a link to the page of the review, which has its case file and exports after release."""
    return f'<p><a href="{address(held.id)}">See {safe(held.name)} and what became of it</a></p>'


def too_late(held: Review, reviewer: str, error: ReviewError) -> str:
    """Return who was first and when, as sentences."""
    if isinstance(error, AlreadyDecided) and held.decisions:
        last = held.decisions[-1]
        who = "You" if last.reviewer == reviewer else last.reviewer
        return f"{who} already {_DID[last.verdict]} this draft, {format_time(last.at)}. What you pressed did nothing."
    if isinstance(error, Claimed) and held.claim:
        return f"{held.claim.reviewer} has claimed this draft until {format_time(held.claim.until)}. Nothing was done."
    last_wording = held.versions[-1]
    by = f" {last_wording.editor} wrote them anew, {format_time(last_wording.at)}." if len(held.versions) > 1 else ""
    return f"The words changed since they were shown to you.{by} Read them as they are now."


def next_actor(held: Review, person: Person, claim: Claim | None, *, to_be_claimed: bool) -> str:
    """Return who must act next; `to_be_claimed`: whether the person may decide once they have claimed it."""
    if held.state not in {"open", "returned"}:
        return f'<p class="standing">This draft is {held.state}.</p>{way_to(held)}'
    said = _own_or_claimed(held, person, claim)
    if to_be_claimed:
        said = "Claim this draft to decide on it."
    blocked = "It cannot be approved while a finding must be put right: have the words changed, or return it."
    shown = [said, blocked if held.draft.blocked else ""]
    return "".join(f'<p class="standing">{safe(each)}</p>' for each in shown if each)


def _own_or_claimed(held: Review, person: Person, claim: Claim | None) -> str:
    if person.name in held.authors:
        return "You asked for or changed this draft, so another person must decide on it."
    if claim is None:
        return ""
    who = "You have" if claim.reviewer == person.name else f"{claim.reviewer} has"
    return f"{who} claimed it until {format_time(claim.until)}."


def accounts(held: Independence) -> str:
    """Return why the person may not decide because of their account, and the changes that they should know."""
    refused = [f"You cannot decide on this draft: {said}. Another reviewer must." for said in held.against]
    named = [f"Before you decide: {said}." for said in held.named]
    return "".join(f'<p class="standing">{safe(said)}</p>' for said in (*refused, *named))
