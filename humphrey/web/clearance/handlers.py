"""Handlers of the Clear page.

A decision takes two steps. The first shows the text's destination, marking and digest; the second confirms that
digest. The services check permission and record each refusal.
"""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import partial
from typing import get_args

import gradio as gr

from humphrey.accounts.model import Person
from humphrey.clearance import rules
from humphrey.clearance.assignment import Assignment
from humphrey.clearance.independence import Independence
from humphrey.clearance.instructions import Instructions
from humphrey.clearance.model import REASONS, Decision, Reason, Review, Verdict
from humphrey.clearance.service import ClearanceService
from humphrey.delivery.outlets import OUTLETS
from humphrey.delivery.service import DeliveryService
from humphrey.documents.model import DocumentLookup
from humphrey.errors import AlreadyDecided, Claimed, NotPermitted, ReviewError, StaleDigest
from humphrey.text.dates import say_hour
from humphrey.web import draft_view
from humphrey.web.clearance import confirmation, evidence_view, readiness, standing_view, versions_view
from humphrey.web.clearance.components import NOTHING_OPEN, ClearancePage
from humphrey.web.clearance.readiness import Problem
from humphrey.web.clearance.review_view import destination
from humphrey.web.gradio_handlers import Changes, as_text
from humphrey.web.identity import signed_in_person, signed_in_reviewer

PassagesOpened = Callable[[str, str, int], Collection[str]]
"""Return the markers of the passages that a person opened, by the review, their name and the number of the wording."""


_DONE: dict[Verdict, str] = {
    "approve": "You have approved the draft.",
    "return": "You have returned the draft to its author.",
    "refuse": "You have refused the draft.",
}


_NOTHING = "none"
"""Digest for a request that sends none; an empty digest would mean "whatever is stored now"."""


_SOME_REASON: tuple[Reason, ...] = ("facts",)
"""Stands for the reason of a return or refusal, which is given with the confirmation."""


class Handlers:
    """Handlers of the page; each takes the caller from the session."""

    def __init__(
        self,
        clearance: ClearanceService,
        assignment: Assignment,
        instructions: Instructions,
        delivery: DeliveryService,
        lookup: DocumentLookup,
        passages_opened: PassagesOpened,
        page: ClearancePage,
    ) -> None:
        self._clearance = clearance
        self._assignment = assignment
        self._instructions = instructions
        self._delivery = delivery
        self._lookup = lookup
        self._passages_opened = passages_opened
        self._page = page

    def load(self, request: gr.Request) -> Changes:
        """Open the review in the address of the page, if there is one."""
        person, wanted = signed_in_reviewer(request), str(request.query_params.get("review", ""))
        return self._opened(self._clearance.review_to_clear(wanted, person.name), person) if wanted else {}

    def link_clicked(self, command: object, opened: object, request: gr.Request) -> Changes:
        """Handle a click in the queue or in a text: the script sends a verb and an id or numbers."""
        verb, *said = as_text(command).split(" ")
        person = signed_in_reviewer(request)
        if verb == "open" and said:
            return self._opened(self._clearance.review_to_clear(said[0], person.name), person)
        if verb == "compare" and len(said) >= 2:
            return self._compared(self._clearance.review_to_clear(as_text(opened), person.name), said[0], said[1])
        return {}

    def claim(self, review: object, request: gr.Request) -> Changes:
        """Claim the review for the caller, or extend the claim."""
        person, name = signed_in_person(request), as_text(review)
        return self._held(lambda: self._assignment.claim(name, person.name), person, name, "You have claimed it.")

    def hand_back(self, review: object, request: gr.Request) -> Changes:
        """Give up the caller's claim."""
        person, said = signed_in_person(request), "You have handed it back."
        given_up = self._assignment.hand_back(as_text(review), person.name)
        try:
            return self._refresh_actions(self._clearance.review_to_clear(given_up.id, person.name), person, said)
        except NotPermitted:
            # The caller may no longer read what the draft rests on, so its comments are not shown either.
            return {**self._closed(), self._page.note: draft_view.notice(said)}

    def hand_over(self, review: object, deputy: object, request: gr.Request) -> Changes:
        """Hand the review over to a deputy, who is notified."""
        person, name, to = signed_in_person(request), as_text(review), as_text(deputy)
        if not to:
            raise ReviewError("choose the reviewer to whom you hand it")
        act = partial(self._assignment.hand_over, name, person.name, to)
        return self._held(act, person, name, f"You have handed it to {to}.")

    def comment(self, review: object, text: object, request: gr.Request) -> Changes:
        """Add a comment to the review."""
        person = signed_in_person(request)
        said = self._assignment.comment(as_text(review), person.name, as_text(text))
        return {**self._refresh_actions(said, person, "Your comment stands below the draft."), self._page.comment: ""}

    def amend(self, review: object, digest: object, text: object, request: gr.Request) -> Changes:
        """Change the text of the draft shown; the caller becomes one of its authors."""
        person = signed_in_person(request)
        return self._reworded(
            lambda: self._clearance.amend(as_text(review), as_text(text), person.name, as_text(digest) or _NOTHING),
            person,
            review,
        )

    def instruct(self, review: object, digest: object, told: object, request: gr.Request) -> Changes:
        """Let the model change the draft shown; the caller becomes one of its authors."""
        person = signed_in_person(request)

        def change() -> Review:
            return self._instructions.instruct(
                as_text(review), as_text(told), person.name, digest=as_text(digest) or _NOTHING
            )

        return self._reworded(change, person, review)

    def ask_confirmation(self, verdict: Verdict) -> Callable[..., Changes]:
        """Return the handler that shows a decision for confirmation; it changes nothing yet."""

        def ask(review: object, digest: object, request: gr.Request) -> Changes:
            person = signed_in_reviewer(request)
            stored = self._clearance.review_to_clear(as_text(review), person.name)
            at, why = datetime.now(UTC), () if verdict == "approve" else _SOME_REASON
            try:
                rules.decide(stored, Decision(verdict, person.name, as_text(digest), "", at, why))
            except (AlreadyDecided, Claimed, StaleDigest) as error:
                return self._too_late(stored, person, error)
            opened = self._opened_by(person, stored)
            strict = self._clearance.reading_required
            problems = readiness.before_confirming(stored, person.name, opened, at) if strict else []
            return self._unready(problems) if problems else self._confirming(stored, verdict)

        return ask

    def cancel(self, review: object, request: gr.Request) -> Changes:
        """Cancel the decision that waits for confirmation."""
        person = signed_in_reviewer(request)
        opened = self._clearance.review_to_clear(as_text(review), person.name)
        return {**self._only_confirming(False), self._page.pending: "", **self._actions(opened, person)}

    def decide(
        self,
        review: object,
        pending: object,
        reasons: object,
        words: object,
        acknowledged: object,
        request: gr.Request,
    ) -> Changes:
        """Make the decision that was shown, on the digest shown with it."""
        person, page = signed_in_person(request), self._page
        said, _, digest = as_text(pending).partition(" ")
        verdict = next((each for each in get_args(Verdict) if each == said), None)
        if verdict is None:
            raise ReviewError("choose a decision first, and confirm what is shown then")
        decision = Decision(verdict, person.name, digest, as_text(words), datetime.now(UTC), _reasons(reasons, verdict))
        if problems := self._missing(as_text(review), decision, acknowledged):
            return self._unready(problems)
        try:
            decided = self._clearance.decide(
                as_text(review),
                verdict,
                person.name,
                digest,
                decision.reason,
                decision.reasons,
                door="web",
                acknowledged=_ticked(acknowledged),
            )
        except (AlreadyDecided, Claimed, StaleDigest) as error:
            return self._too_late(self._clearance.review_to_clear(as_text(review), person.name), person, error)
        done = f"{_DONE[verdict]}{self._delivered(decided)}"
        # A spot check has no author, so its page does not exist.
        revealed = self._clearance.revealed(decided.id)
        way = "" if revealed else standing_view.way_to(decided)
        return {**self._closed(), page.note: f"{draft_view.notice(revealed or done)}{way}"}

    def _missing(self, review: str, decision: Decision, acknowledged: object) -> list[Problem]:
        """Return what the reviewer still has to do; nothing if the decision is refused whatever they do."""
        try:
            stored = self._clearance.review_to_clear(review, decision.reviewer)
        except NotPermitted:
            # The service refuses it too, and records that.
            return []
        claim, own = rules.claim_in_force(stored, decision.at), decision.reviewer in stored.authors
        taken = claim is not None and claim.reviewer != decision.reviewer
        if own or taken or stored.state != "open" or decision.digest != stored.draft.digest:
            return []
        opened = self._passages_opened(stored.id, decision.reviewer, len(stored.versions))
        if not self._clearance.reading_required:
            return readiness.reasons_missing(decision)
        return readiness.before_deciding(stored, decision, opened, _ticked(acknowledged))

    def _held(self, act: Callable[[], Review], person: Person, review: str, note: str) -> Changes:
        """Do an act that changes who has the review; say who was first if it comes too late."""
        try:
            return self._refresh_actions(act(), person, note)
        except (AlreadyDecided, Claimed) as error:
            return self._too_late(self._clearance.review_to_clear(review, person.name), person, error)

    def _reworded(self, change: Callable[[], Review], person: Person, review: object) -> Changes:
        try:
            changed = change()
        except (AlreadyDecided, Claimed, StaleDigest) as error:
            return self._too_late(self._clearance.review_to_clear(as_text(review), person.name), person, error)
        if revealed := self._clearance.revealed(changed.id):
            return {**self._closed(), self._page.note: draft_view.notice(revealed)}
        last = len(changed.versions)
        note = f"This is wording {last} now, and you are one of its authors. Another person must decide on it."
        return {
            **self._opened(changed, person),
            self._page.note: draft_view.notice(note),
            self._page.compared: versions_view.comparison(changed, last - 1, last),
            self._page.instruction: "",
        }

    def _too_late(self, stored: Review, person: Person, error: ReviewError) -> Changes:
        """Show the stored review and why the action was too late; also the changes if its text changed."""
        page, last = self._page, len(stored.versions)
        changed = (
            versions_view.comparison(stored, last - 1, last) if isinstance(error, StaleDigest) and last > 1 else ""
        )
        opened = self._opened(stored, person)
        late = standing_view.too_late(stored, person.name, error)
        return {**opened, page.compared: changed, page.alert: standing_view.problems([Problem("", late)])}

    def _opened_by(self, person: Person, held: Review) -> Collection[str]:
        return self._passages_opened(held.id, person.name, len(held.versions))

    def _unready(self, problems: Collection[Problem]) -> Changes:
        return {self._page.alert: standing_view.problems(problems)}

    def _confirming(self, held: Review, verdict: Verdict) -> Changes:
        """Show a decision for confirmation, with the findings to acknowledge."""
        page, found = self._page, standing_view.acknowledgements(held.draft)
        return {
            page.confirmation: confirmation.confirmation(held, verdict),
            page.pending: f"{verdict} {held.draft.digest}",
            page.acknowledged: gr.update(choices=found, value=[], visible=bool(found)),
            page.explaining: gr.update(visible=verdict != "approve"),
            page.note: "",
            **self._only_confirming(True),
        }

    def _compared(self, opened: Review, before: str, after: str) -> Changes:
        last = len(opened.versions)
        chosen = [int(each) for each in (before, after) if each.isascii() and each.isdigit() and len(each) < 5]
        if len(chosen) != 2 or not all(1 <= each <= last for each in chosen):
            raise ReviewError(f"review {opened.id} has {last} wordings; choose two of them")
        return {self._page.compared: versions_view.comparison(opened, *chosen)}

    def _refresh_actions(self, held: Review, person: Person, note: str) -> Changes:
        """Update the note, the comments and the actions; the text stays, so that opened passages stay open."""
        page = self._page
        return {
            page.note: draft_view.notice(note),
            page.said: evidence_view.comments(held.comments),
            **self._actions(held, person),
        }

    def _opened(self, held: Review, person: Person) -> Changes:
        page = self._page
        return {
            page.shown: evidence_view.reading(held, datetime.now(UTC), self._clearance.source_changes(held)),
            page.evidence: evidence_view.passages(held, self._lookup),
            page.said: evidence_view.comments(held.comments),
            page.review: held.id,
            page.digest: held.draft.digest,
            page.text: held.draft.text,
            page.words: "",
            page.reasons: [],
            **dict.fromkeys((page.note, page.compared, page.pending), ""),
            **self._only_confirming(False),
            **self._actions(held, person),
        }

    def _actions(self, held: Review, person: Person) -> Changes:
        """Show the actions that the person may take; the services still check each one."""
        page, claim = self._page, rules.claim_in_force(held, datetime.now(UTC))
        free, mine = claim is None or claim.reviewer == person.name, claim is not None and claim.reviewer == person.name
        own, amendable = person.name in held.authors, held.state in {"open", "returned"}
        accounts = self._clearance.independence(held, person.name) if amendable and not own else Independence()
        may_claim = held.state == "open" and not own and free and not accounts.against
        others = self._deputies(held, person) if may_claim else []
        return {
            page.standing: standing_view.next_actor(held, person, claim, to_be_claimed=may_claim and not mine)
            + standing_view.accounts(accounts),
            page.claiming: gr.update(visible=may_claim),
            page.claim: gr.update(
                value="Keep it longer" if mine else "Claim it", variant="secondary" if mine else "primary"
            ),
            page.back: gr.update(visible=mine),
            page.ruling: gr.update(visible=may_claim),
            page.approve: gr.update(interactive=mine and not held.draft.blocked),
            page.turn_back: gr.update(interactive=mine),
            page.refuse: gr.update(interactive=mine),
            page.changing: gr.update(visible=amendable and free),
            page.telling: gr.update(visible=amendable),
            page.handing: gr.update(visible=bool(others)),
            page.deputy: gr.update(choices=others, value=None),
        }

    def _only_confirming(self, now: bool) -> Changes:
        """Hide the other actions while a decision waits for confirmation, so that nothing it says can change."""
        page = self._page
        hidden = (page.claiming, page.ruling, page.changing, page.telling, page.handing) if now else ()
        return {page.confirming: gr.update(visible=now), **dict.fromkeys(hidden, gr.update(visible=False))}

    def _closed(self) -> Changes:
        page = self._page
        columns = (page.claiming, page.ruling, page.confirming, page.changing, page.telling, page.handing)
        ids = (page.review, page.digest, page.pending)
        texts = (page.evidence, page.compared, page.said, page.standing, page.confirmation, *ids, page.text)
        return {
            page.shown: NOTHING_OPEN,
            **dict.fromkeys(texts, ""),
            page.words: "",
            page.reasons: [],
            **dict.fromkeys(columns, gr.update(visible=False)),
        }

    def _deputies(self, held: Review, person: Person) -> list[str]:
        try:
            return [each.name for each in self._assignment.deputies(held.id, person.name)]
        except NotPermitted:
            return []

    def _delivered(self, decided: Review) -> str:
        if decided.state != "released":
            return ""
        if held_until := decided.decisions[-1].held_until:
            return f" It leaves after {say_hour(held_until, seconds=True)}. Until then you can take the approval back."
        where = destination(decided.draft.commission)
        outlet = OUTLETS.get(decided.draft.commission.outlet)
        if outlet is None or not outlet.on_pages:
            return f" It is on its way {where}."
        failed = {failure.review: failure.reason for failure in self._delivery.deliver(outlet.name).failed}
        if decided.id in failed:
            return f" It is not released yet: {failed[decided.id]}"
        return f" It is released {where}."


def _ticked(acknowledged: object) -> list[str]:
    return [each for each in acknowledged if isinstance(each, str)] if isinstance(acknowledged, list) else []


def _reasons(chosen: object, verdict: Verdict) -> tuple[Reason, ...]:
    """Return the ticked reasons; none for an approval, and no value that is not one of the fixed reasons."""
    ticked = chosen if isinstance(chosen, list) and verdict != "approve" else []
    return tuple(reason for reason in REASONS if reason in ticked)
