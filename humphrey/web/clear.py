"""The Clear page: a reviewer reads a draft beside its passages, and approves, returns, refuses or amends it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import gradio as gr

from humphrey.app import shown
from humphrey.core.guidance import Lookup
from humphrey.core.people import Person
from humphrey.core.review import Review, Verdict
from humphrey.core.rights import may
from humphrey.desk import Desk
from humphrey.errors import AlreadyDecided, StaleDigest
from humphrey.web import reviews, show
from humphrey.web.handlers import Changes, area, guarded, word
from humphrey.web.identity import caller, reviewer

REFRESH_S = 10
"""How often the queue is read again, in seconds."""

_DONE: dict[Verdict, str] = {"approve": "approved", "return": "returned to its author", "refuse": "refused"}


@dataclass(frozen=True)
class _Page:
    """The components of the page that handlers change."""

    alert: gr.Markdown
    note: gr.Markdown
    queue: gr.Radio
    meanwhile: gr.Markdown
    shown: gr.Markdown
    form: gr.Column
    review: gr.Textbox
    digest: gr.Textbox
    reason: gr.Textbox
    text: gr.Textbox

    @property
    def all(self) -> list[gr.Component]:
        """All of them, as Gradio wants outputs listed."""
        return list(vars(self).values())


def lay(pages: gr.Blocks, desk: Desk, lookup: Lookup) -> None:
    """Lay out the page in the open route of `pages`, and connect it to the desk."""
    page, rulings, amend = _components()
    acts = _Acts(desk, lookup, page)
    quiet = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
    page.queue.input(guarded(page.alert, acts.choose), page.queue, page.all, preprocess=False, **quiet)
    form = [page.review, page.digest, page.reason]
    for verdict, button in rulings.items():
        button.click(acts.ruling(verdict), form, page.all, preprocess=False, **quiet)
    amend.click(
        guarded(page.alert, acts.amend), [page.review, page.digest, page.text], page.all, preprocess=False, **quiet
    )
    refresh = guarded(page.alert, acts.refresh, keeps=True)
    listed = [page.alert, page.queue, page.meanwhile]
    gr.Timer(REFRESH_S).tick(refresh, [page.queue, page.review], listed, preprocess=False, **quiet)
    pages.load(guarded(page.alert, acts.load), None, page.all, **quiet)


def _components() -> tuple[_Page, dict[Verdict, gr.Button], gr.Button]:
    gr.Markdown("# Clear drafts")
    alert, note = area(elem_id="clear-alert"), area(elem_id="clear-note")
    with gr.Row():
        with gr.Column(scale=1, min_width=260, elem_classes="side"):
            queue = gr.Radio([], label="Waiting for clearance, oldest first", elem_id="queue", elem_classes="list")
        with gr.Column(scale=4, min_width=320):
            meanwhile, shown = area(elem_id="meanwhile"), area(elem_id="shown")
            review = gr.Textbox(visible="hidden", label="Review", elem_id="review")
            digest = gr.Textbox(visible="hidden", label="Digest of what is shown", elem_id="digest")
            with gr.Column(visible=False, elem_id="ruling") as form:
                gr.Markdown("## Your decision")
                reason = gr.Textbox(
                    label="Reason", info="For the author. Needed to return or refuse.", lines=2, elem_id="reason"
                )
                with gr.Row(elem_classes="buttons"):
                    rulings: dict[Verdict, gr.Button] = {
                        "approve": gr.Button("Approve and release", variant="primary", min_width=160),
                        "return": gr.Button("Return to author", min_width=160),
                        "refuse": gr.Button("Refuse", variant="stop", min_width=120),
                    }
                with gr.Accordion("Change the words", open=False):
                    text = gr.Textbox(
                        label="The text",
                        info="The checks run again, and somebody else must approve what you changed.",
                        lines=10,
                        max_lines=30,
                        elem_id="amended",
                    )
                    amend = gr.Button("Save the new words")
    return _Page(alert, note, queue, meanwhile, shown, form, review, digest, reason, text), rulings, amend


class _Acts:
    """The handlers; each asks the session who is calling, and whether they are a reviewer."""

    def __init__(self, desk: Desk, lookup: Lookup, page: _Page) -> None:
        self._desk = desk
        self._lookup = lookup
        self._page = page

    def load(self, request: gr.Request) -> Changes:
        """The page as it opens."""
        return self._queue(None, reviewer(request))

    def refresh(self, chosen: object, opened: object, request: gr.Request) -> Changes:
        """The queue as it stands now, and a word when somebody else decided on what is being read."""
        person = reviewer(request)
        return {**self._queue(word(chosen), person), self._page.meanwhile: self._meanwhile(word(opened))}

    def choose(self, chosen: object, request: gr.Request) -> Changes:
        """One review, with the digest of what is shown."""
        person = reviewer(request)
        return self._opened(self._desk.opened(word(chosen), person.name))

    def ruling(self, verdict: Verdict) -> Callable[..., Changes]:
        """The handler of one verdict; when somebody else was first, the queue is read again."""

        def rule(review: object, digest: object, reason: object, request: gr.Request) -> Changes:
            # Whether they may is for the desk to say, which records that it was tried.
            person = caller(request)
            try:
                decided = self._desk.decide(word(review), verdict, person.name, word(digest), word(reason))
            except (AlreadyDecided, StaleDigest) as error:
                listed = self._queue(None, person) if may(person, "clear") else {}
                return {**listed, self._page.alert: show.alert(error)}
            note = f"Review {decided.id} is {_DONE[verdict]}.{self._delivered(decided)}"
            return {**self._closed(), self._page.note: show.notice(note), **self._queue(None, person)}

        return guarded(self._page.alert, rule)

    def amend(self, review: object, digest: object, text: object, request: gr.Request) -> Changes:
        """Other words for the draft that is shown; whoever gives them is its author from then on."""
        person = caller(request)
        stored = self._desk.review(word(review))
        if may(person, "clear") and stored.draft.digest != digest:
            raise StaleDigest(f"review {stored.id} changed since it was shown to you; choose it again and read it")
        amended = self._desk.amend(stored.id, word(text), person.name)
        note = f"You changed the words of review {amended.id}. Somebody else must decide on it now."
        return {**self._opened(amended), self._page.note: show.notice(note), **self._queue(amended.id, person)}

    def _delivered(self, review: Review) -> str:
        if review.state != "released" or review.draft.commission.outlet != "web":
            return ""
        failed = {failure.review: failure.reason for failure in self._desk.deliver("web", shown).failed}
        if review.id in failed:
            return f" It is not released yet: {failed[review.id]}"
        return f" It is released to {review.draft.commission.recipient}."

    def _queue(self, chosen: str | None, person: Person) -> Changes:
        now = datetime.now(UTC)
        choices = [(reviews.waiting(review, now), review.id) for review in self._desk.awaiting(person.name)]
        held = chosen if chosen in {review_id for _, review_id in choices} else None
        label = f"Waiting for clearance, oldest first ({len(choices)})"
        return {self._page.queue: gr.update(choices=choices, value=held, label=label)}

    def _opened(self, review: Review) -> Changes:
        page = self._page
        return {
            page.shown: reviews.review(review, self._lookup, datetime.now(UTC)),
            page.form: gr.update(visible=review.state == "open"),
            page.review: review.id,
            page.digest: review.draft.digest,
            page.reason: "",
            page.text: review.draft.text,
            page.meanwhile: "",
            page.note: "",
        }

    def _closed(self) -> Changes:
        page = self._page
        empty = dict.fromkeys((page.shown, page.review, page.digest, page.reason, page.text, page.meanwhile), "")
        return {**empty, page.form: gr.update(visible=False)}

    def _meanwhile(self, opened: str) -> str:
        if not opened:
            return ""
        review = self._desk.review(opened)
        if review.state == "open" or not review.decisions:
            return ""
        by, state = review.decisions[-1].reviewer, reviews.STATES[review.state].lower()
        return show.alert(f"Meanwhile {by} decided on this review: {state}. Choose another from the list.")
