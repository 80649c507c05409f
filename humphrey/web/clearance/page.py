"""The Clear page: a reviewer opens a draft of the queue, reads it beside its evidence, and decides.

A decision takes two steps: what is asked first shows what would leave, to whom, under which marking and digest; what
is confirmed then is that digest. The services decide whether a person may act, and enter what they refuse.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, get_args

import gradio as gr

from humphrey.accounts.model import Person
from humphrey.clearance import rules
from humphrey.clearance.assignment import Assignment
from humphrey.clearance.instructions import Instructions
from humphrey.clearance.model import REASONS, Claim, Decision, Reason, Review, Verdict
from humphrey.clearance.service import ClearanceService
from humphrey.delivery.outlets import OUTLETS
from humphrey.delivery.service import DeliveryService
from humphrey.documents.model import DocumentLookup
from humphrey.errors import AlreadyDecided, Claimed, NotPermitted, ReviewError, StaleDigest
from humphrey.web import draft_view
from humphrey.web.clearance import components, confirmation, evidence_view, versions_view
from humphrey.web.clearance.components import ClearancePage, ClearancePageMode
from humphrey.web.clearance.review_view import address, destination
from humphrey.web.escaping import safe
from humphrey.web.gradio_handlers import Changes, explained, guarded, word
from humphrey.web.identity import caller, reviewer

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}


_DONE: dict[Verdict, str] = {"approve": "approved", "return": "returned to its author", "refuse": "refused"}


_NOTHING = "none"
"""The digest of what was shown where a caller says none: an empty one would stand for whatever is stored."""


def lay(
    pages: gr.Blocks,
    clearance: ClearanceService,
    assignment: Assignment,
    instructions: Instructions,
    delivery: DeliveryService,
    lookup: DocumentLookup,
) -> None:
    """Lay out the page in the open route, and connect it to the services."""
    page, ways = components.lay()
    acts = _Acts(clearance, assignment, instructions, delivery, lookup, page)
    _connect_ruling(page, ways, acts)
    is_shown = [page.review, page.digest]
    connections: list[tuple[Any, Callable[..., Changes], list[gr.Component]]] = [
        (ways.wish.change, acts.wish, [ways.wish, page.review]),
        (page.claim.click, acts.claim, [page.review]),
        (page.back.click, acts.hand_back, [page.review]),
        (ways.amend.click, acts.amend, [*is_shown, page.text]),
        (ways.say.click, acts.comment, [page.review, page.comment]),
        (ways.hand_over.click, acts.hand_over, [page.review, page.deputy]),
    ]
    for event, act, given in connections:
        event(guarded(page.alert, act), given, page.all, preprocess=False, **_QUIET)
    slow = {**_QUIET, "show_progress": "minimal"}
    pages.load(guarded(page.alert, acts.load), None, page.all, **_QUIET)
    told = [*is_shown, page.instruction]
    ways.instruct.click(guarded(page.alert, acts.instruct), told, page.all, preprocess=False, **slow)


def _connect_ruling(page: ClearancePage, ways: ClearancePageMode, acts: "_Acts") -> None:
    given = [page.reasons, page.words]
    for verdict, button in ways.rulings.items():
        asks = guarded(page.alert, acts.asking(verdict))
        button.click(asks, [page.review, page.digest, *given], page.all, preprocess=False, **_QUIET)
    confirmed = guarded(page.alert, acts.decide)
    ways.confirm.click(confirmed, [page.review, page.pending, *given], page.all, preprocess=False, **_QUIET)
    ways.cancel.click(guarded(page.alert, acts.cancel), page.review, page.all, preprocess=False, **_QUIET)


class _Acts:
    """The handlers; each asks the session who is calling."""

    def __init__(
        self,
        clearance: ClearanceService,
        assignment: Assignment,
        instructions: Instructions,
        delivery: DeliveryService,
        lookup: DocumentLookup,
        page: ClearancePage,
    ) -> None:
        self._clearance = clearance
        self._assignment = assignment
        self._instructions = instructions
        self._delivery = delivery
        self._lookup = lookup
        self._page = page

    def load(self, request: gr.Request) -> Changes:
        """The page as it opens, with the review that stands in its address."""
        person, wanted = reviewer(request), str(request.query_params.get("review", ""))
        return self._opened(self._clearance.opened(wanted, person.name), person) if wanted else {}

    def wish(self, wish: object, opened: object, request: gr.Request) -> Changes:
        """What was chosen in the queue or inside a text: the script says what, and of which id or numbers."""
        verb, *said = word(wish).split(" ")
        person = reviewer(request)
        if verb == "open" and said:
            return self._opened(self._clearance.opened(said[0], person.name), person)
        if verb == "compare" and len(said) >= 2:
            return self._compared(self._clearance.opened(word(opened), person.name), said[0], said[1])
        return {}

    def claim(self, review: object, request: gr.Request) -> Changes:
        """The review is before the caller, and nobody else is to take it up."""
        person = caller(request)
        return self._again(self._assignment.claim(word(review), person.name), person, "You have claimed it.")

    def hand_back(self, review: object, request: gr.Request) -> Changes:
        """The review is anybody's again."""
        person = caller(request)
        return self._again(self._assignment.hand_back(word(review), person.name), person, "You have handed it back.")

    def hand_over(self, review: object, deputy: object, request: gr.Request) -> Changes:
        """The review is before somebody else, who is told."""
        person = caller(request)
        handed = self._assignment.hand_over(word(review), person.name, word(deputy))
        return self._again(handed, person, f"You have handed it to {word(deputy)}.")

    def comment(self, review: object, text: object, request: gr.Request) -> Changes:
        """A word to everybody who may see it under review."""
        person = caller(request)
        said = self._assignment.comment(word(review), person.name, word(text))
        return {**self._again(said, person, "Your comment stands below the draft."), self._page.comment: ""}

    def amend(self, review: object, digest: object, text: object, request: gr.Request) -> Changes:
        """Other words for the draft that is shown; whoever gives them is its author from then on."""
        person = caller(request)
        return self._reworded(
            lambda: self._clearance.amend(word(review), word(text), person.name, word(digest) or _NOTHING),
            person,
            review,
        )

    def instruct(self, review: object, digest: object, told: object, request: gr.Request) -> Changes:
        """A change by the model to the draft that is shown; whoever asks for it is an author from then on."""
        person = caller(request)

        def change() -> Review:
            return self._instructions.instruct(word(review), word(told), person.name, digest=word(digest) or _NOTHING)

        return self._reworded(change, person, review)

    def asking(self, verdict: Verdict) -> Callable[..., Changes]:
        """The handler that shows a decision before it is made; nothing is done yet."""

        def ask(review: object, digest: object, reasons: object, words: object, request: gr.Request) -> Changes:
            person, page = reviewer(request), self._page
            stored = self._clearance.opened(word(review), person.name)
            why = _reasons(reasons) if verdict != "approve" else ()
            said = word(words)
            try:
                rules.decide(stored, Decision(verdict, person.name, word(digest), said, datetime.now(UTC), why))
            except (AlreadyDecided, Claimed, StaleDigest) as error:
                return self._late(stored, person, error)
            return {
                page.confirmation: confirmation.confirmation(stored, verdict, why, said),
                page.pending: f"{verdict} {stored.draft.digest}",
                page.note: "",
                **self._only_confirming(True),
            }

        return ask

    def cancel(self, review: object, request: gr.Request) -> Changes:
        """Nothing is decided after all."""
        person = reviewer(request)
        opened = self._clearance.opened(word(review), person.name)
        return {**self._only_confirming(False), self._page.pending: "", **self._allowed(opened, person)}

    def decide(self, review: object, pending: object, reasons: object, words: object, request: gr.Request) -> Changes:
        """The decision that was shown, on the digest that was shown with it."""
        person, page = caller(request), self._page
        said, _, digest = word(pending).partition(" ")
        verdict = next((each for each in get_args(Verdict) if each == said), None)
        if verdict is None:
            raise ReviewError("choose a decision first, and confirm what is shown then")
        why = _reasons(reasons) if verdict != "approve" else ()
        try:
            decided = self._clearance.decide(word(review), verdict, person.name, digest, word(words), why)
        except (AlreadyDecided, Claimed, StaleDigest) as error:
            return self._late(self._clearance.opened(word(review), person.name), person, error)
        done = f"Review {decided.id} is {_DONE[verdict]}.{self._delivered(decided)}"
        # A seeded draft was nobody's, so there is nothing to follow it to.
        revealed = self._clearance.revealed(decided.id)
        note = draft_view.notice(revealed) if revealed else f"{draft_view.notice(done)}{_page_of(decided)}"
        return {**self._closed(), page.note: note}

    def _reworded(self, change: Callable[[], Review], person: Person, review: object) -> Changes:
        try:
            changed = change()
        except (AlreadyDecided, Claimed, StaleDigest) as error:
            return self._late(self._clearance.opened(word(review), person.name), person, error)
        if revealed := self._clearance.revealed(changed.id):
            return {**self._closed(), self._page.note: draft_view.notice(revealed)}
        last = len(changed.versions)
        note = f"This is wording {last} now, and you are one of its authors. Somebody else must decide on it."
        return {
            **self._opened(changed, person),
            self._page.note: draft_view.notice(note),
            self._page.compared: versions_view.compared(changed, last - 1, last),
            self._page.instruction: "",
        }

    def _late(self, stored: Review, person: Person, error: ReviewError) -> Changes:
        """What stands now, and why what was wanted cannot be; with what changed where the words did."""
        page, last = self._page, len(stored.versions)
        changed = versions_view.compared(stored, last - 1, last) if isinstance(error, StaleDigest) and last > 1 else ""
        opened = self._opened(stored, person)
        return {**opened, page.compared: changed, page.alert: draft_view.alert(explained(error))}

    def _compared(self, opened: Review, before: str, after: str) -> Changes:
        last = len(opened.versions)
        chosen = [int(each) for each in (before, after) if each.isascii() and each.isdigit() and len(each) < 5]
        if len(chosen) != 2 or not all(1 <= each <= last for each in chosen):
            raise ReviewError(f"review {opened.id} has {last} wordings; choose two of them")
        return {self._page.compared: versions_view.compared(opened, *chosen)}

    def _again(self, held: Review, person: Person, note: str) -> Changes:
        """What else than the words may have changed; these stay as they are being read, with what is open in them."""
        page = self._page
        return {
            page.note: draft_view.notice(note),
            page.said: evidence_view.comments(held.comments),
            **self._allowed(held, person),
        }

    def _opened(self, held: Review, person: Person) -> Changes:
        page = self._page
        return {
            page.shown: evidence_view.review(held, self._lookup, datetime.now(UTC)),
            page.said: evidence_view.comments(held.comments),
            page.review: held.id,
            page.digest: held.draft.digest,
            page.text: held.draft.text,
            page.words: "",
            page.reasons: [],
            **dict.fromkeys((page.note, page.compared, page.pending), ""),
            **self._only_confirming(False),
            **self._allowed(held, person),
        }

    def _allowed(self, held: Review, person: Person) -> Changes:
        """Which acts are offered; the services refuse each that is not allowed, offered or not."""
        page, claim = self._page, rules.claim_in_force(held, datetime.now(UTC))
        free, mine = claim is None or claim.reviewer == person.name, claim is not None and claim.reviewer == person.name
        own, amendable = person.name in held.authors, held.state in {"open", "returned"}
        may_decide = held.state == "open" and not own and free
        others = self._deputies(held, person) if may_decide else []
        return {
            page.standing: _standing(held, person, claim),
            page.taking: gr.update(visible=may_decide),
            page.claim: gr.update(value="Keep it longer" if mine else "Claim it"),
            page.back: gr.update(visible=mine),
            page.ruling: gr.update(visible=may_decide),
            page.changing: gr.update(visible=amendable and free),
            page.telling: gr.update(visible=amendable),
            page.handing: gr.update(visible=bool(others)),
            page.deputy: gr.update(choices=others, value=None),
        }

    def _only_confirming(self, now: bool) -> Changes:
        """While a decision is confirmed, nothing that it says can be changed."""
        page = self._page
        hidden = (page.taking, page.ruling, page.changing, page.telling, page.handing) if now else ()
        return {page.confirming: gr.update(visible=now), **dict.fromkeys(hidden, gr.update(visible=False))}

    def _closed(self) -> Changes:
        page = self._page
        columns = (page.taking, page.ruling, page.confirming, page.changing, page.telling, page.handing)
        ids = (page.review, page.digest, page.pending)
        texts = (page.shown, page.compared, page.said, page.standing, page.confirmation, *ids, page.text)
        return {
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
        where = destination(decided.draft.commission)
        outlet = OUTLETS.get(decided.draft.commission.outlet)
        if outlet is None or not outlet.on_pages:
            return f" It is on its way {where}."
        failed = {failure.review: failure.reason for failure in self._delivery.deliver(outlet.name).failed}
        if decided.id in failed:
            return f" It is not released yet: {failed[decided.id]}"
        return f" It is released {where}."


def _reasons(chosen: object) -> tuple[Reason, ...]:
    """The fixed reasons that were ticked; whatever else a caller sent is none."""
    ticked = chosen if isinstance(chosen, list) else []
    return tuple(reason for reason in REASONS if reason in ticked)


def _page_of(held: Review) -> str:
    """The way to the page of a review, where its case file and its exports are once it was released."""
    return f'<p><a href="{address(held.id)}">See draft {safe(held.id)} and what became of it</a></p>'


def _standing(held: Review, person: Person, claim: Claim | None) -> str:
    """Whose turn it is, in a sentence; nothing where it is anybody's."""
    if held.state not in {"open", "returned"}:
        return f'<p class="standing">This draft is {held.state}.</p>{_page_of(held)}'
    if person.name in held.authors:
        said = "You asked for or changed this draft, so somebody else must decide on it."
    elif claim is None:
        return ""
    elif claim.reviewer == person.name:
        said = f"You have claimed it until {claim.until:%H:%M} UTC."
    else:
        said = f"{claim.reviewer} has claimed it until {claim.until:%H:%M} UTC."
    return f'<p class="standing">{safe(said)}</p>'
