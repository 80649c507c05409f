"""The Ask page: a question, the cited draft, and what became of the drafts that were sent for clearance."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import gradio as gr

from humphrey.core.conversations import Exchange
from humphrey.core.drafts import Commission, Turn
from humphrey.core.guidance import Lookup
from humphrey.core.people import Person
from humphrey.desk import Desk
from humphrey.web import reviews, show
from humphrey.web.handlers import Changes, Writing, area, explained, guarded, word
from humphrey.web.identity import caller

EARLIER_TURNS = 4
"""How many earlier exchanges of a conversation complete a question."""

REFRESH_S = 15
"""How often the list of what was sent is read again, in seconds."""


@dataclass(frozen=True)
class _Page:
    """The components of the page that handlers change."""

    alert: gr.Markdown
    conversation: gr.Radio
    question: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    latest: gr.Markdown
    exchange: gr.Textbox
    send: gr.Button
    note: gr.Markdown
    earlier: gr.Markdown
    sent: gr.Markdown

    @property
    def all(self) -> list[gr.Component]:
        """All of them, as Gradio wants outputs listed."""
        return list(vars(self).values())


def lay(pages: gr.Blocks, desk: Desk, lookup: Lookup) -> None:
    """Lay out the page in the open route of `pages`, and connect it to the desk."""
    page, new = _components()
    acts = _Acts(desk, lookup, page)
    quiet = {"show_progress": "hidden", "api_visibility": "private"}
    # Without preprocessing, a choice is not compared with the list of a session that may have ended; whose
    # conversation it is decides the desk.
    asking = gr.on(
        [page.ask.click, page.question.submit],
        acts.ask,
        [page.question, page.conversation],
        page.all,
        preprocess=False,
        concurrency_limit=None,
        **quiet,
    )
    page.stop.click(acts.stopped, None, page.all, cancels=[asking], **quiet)
    page.conversation.input(
        guarded(page.alert, acts.choose), page.conversation, page.all, preprocess=False, concurrency_limit=None, **quiet
    )
    new.click(guarded(page.alert, acts.new), None, page.all, concurrency_limit=None, **quiet)
    page.send.click(
        guarded(page.alert, acts.send), page.exchange, page.all, preprocess=False, concurrency_limit=None, **quiet
    )
    refresh = guarded(page.alert, acts.refresh, keeps=True)
    gr.Timer(REFRESH_S).tick(refresh, None, [page.alert, page.sent], concurrency_limit=None, **quiet)
    pages.load(guarded(page.alert, acts.load), None, page.all, **quiet)


def _components() -> tuple[_Page, gr.Button]:
    gr.Markdown("# Ask about the guidance")
    alert = area(elem_id="ask-alert")
    with gr.Row():
        with gr.Column(scale=1, min_width=260, elem_classes="side"):
            new = gr.Button("New conversation")
            conversation = gr.Radio([], label="Your conversations", elem_id="conversations", elem_classes="list")
        with gr.Column(scale=3, min_width=320):
            question = gr.Textbox(
                label="Your question",
                info="Answers come from the guidance humphrey holds, with citations. Shift and Enter asks too.",
                lines=3,
                max_lines=12,
                elem_id="question",
            )
            with gr.Row(elem_classes="buttons"):
                ask = gr.Button("Ask", variant="primary", min_width=120)
                stop = gr.Button("Stop", visible=False, min_width=120)
            latest = area(elem_id="latest")
            exchange = gr.Textbox(visible="hidden", label="Draft", elem_id="exchange")
            send = gr.Button("Send for clearance", variant="primary", visible=False)
            note = area(elem_id="note")
            earlier = area(elem_id="earlier")
            gr.Markdown("## What I sent")
            sent = area(elem_id="sent")
    return _Page(alert, conversation, question, ask, stop, latest, exchange, send, note, earlier, sent), new


class _Acts:
    """The handlers; each asks the session who is calling."""

    def __init__(self, desk: Desk, lookup: Lookup, page: _Page) -> None:
        self._desk = desk
        self._lookup = lookup
        self._page = page
        self._pool = ThreadPoolExecutor(max_workers=40, thread_name_prefix="ask")

    def load(self, request: gr.Request) -> Changes:
        """The page as it opens."""
        person = caller(request)
        return {**self._conversations(person, None), **self._sent(person)}

    def refresh(self, request: gr.Request) -> Changes:
        """What was sent, as it stands now."""
        return self._sent(caller(request))

    def new(self, request: gr.Request) -> Changes:
        """An empty page for another conversation."""
        return {**self._conversations(caller(request), None), **self._exchanges(())}

    def choose(self, conversation: object, request: gr.Request) -> Changes:
        """One of the caller's conversations, opened again."""
        exchanges = self._desk.exchanges(word(conversation), caller(request).name)
        return self._exchanges(exchanges)

    def ask(self, question: object, conversation: object, request: gr.Request) -> Iterator[Changes]:
        """A draft, shown while it grows and kept when it is done; when it fails, the question stays in its box."""
        page = self._page
        busy = {page.ask: gr.update(interactive=False), page.stop: gr.update(visible=True)}
        idle = {page.ask: gr.update(interactive=True), page.stop: gr.update(visible=False)}
        try:
            person, chosen = caller(request), word(conversation)
            writing = Writing(self._pool, self._desk, self._commission(person, word(question), chosen))
            yield {
                page.alert: "",
                page.note: "",
                page.send: gr.update(visible=False),
                page.latest: show.growing(""),
                **busy,
            }
            for text in writing.growth():
                yield {page.latest: show.growing(text)}
            kept = self._desk.keep(writing.draft(), chosen or None)
            yield {**idle, page.question: "", **self._opened(kept.conversation, person)}
        except Exception as error:  # noqa: BLE001 - the page's last door: what is unexpected is logged, not shown
            yield {**idle, page.alert: show.alert(explained(error)), page.latest: ""}

    def stopped(self, request: gr.Request) -> Changes:
        """The page after a draft was given up; nothing of it was kept."""
        caller(request)
        page = self._page
        idle = {page.ask: gr.update(interactive=True), page.stop: gr.update(visible=False)}
        return {**idle, page.latest: show.notice("You stopped this draft. Your question is still in the box.")}

    def send(self, exchange: object, request: gr.Request) -> Changes:
        """The draft on the page, put to the reviewers."""
        person, page = caller(request), self._page
        review = self._desk.send(word(exchange), person.name)
        note = show.notice(f"Sent for clearance as review {review.id}. A reviewer will decide; you will see it below.")
        return {page.note: note, page.send: gr.update(visible=False), **self._sent(person)}

    def _commission(self, person: Person, question: str, conversation: str) -> Commission:
        earlier = self._desk.exchanges(conversation, person.name) if conversation else ()
        turns = [Turn(kept.draft.commission.text, kept.draft.text) for kept in earlier if _is_answer(kept)]
        return Commission(
            kind="answer",
            text=question,
            asked_by=person.name,
            outlet="web",
            conversation=conversation,
            earlier=tuple(turns[-EARLIER_TURNS:]),
        )

    def _opened(self, conversation: str, person: Person) -> Changes:
        exchanges = self._desk.exchanges(conversation, person.name)
        return {**self._conversations(person, conversation), **self._exchanges(exchanges)}

    def _conversations(self, person: Person, chosen: str | None) -> Changes:
        choices = [(kept.title, kept.id) for kept in self._desk.conversations(person.name)]
        return {self._page.conversation: gr.update(choices=choices, value=chosen)}

    def _exchanges(self, exchanges: Sequence[Exchange]) -> Changes:
        page, newest = self._page, exchanges[-1] if exchanges else None
        before = "".join(show.exchange(kept, self._lookup) for kept in reversed(exchanges[:-1]))
        return {
            page.latest: show.exchange(newest, self._lookup) if newest else "",
            page.exchange: newest.id if newest else "",
            page.send: gr.update(visible=newest is not None and not newest.review),
            page.note: "",
            page.earlier: f"<div><h2>Earlier in this conversation</h2>{before}</div>" if before else "",
        }

    def _sent(self, person: Person) -> Changes:
        asked, released = self._desk.sent_by(person.name), self._desk.released_to(person.name)
        return {self._page.sent: reviews.sent(asked, released, self._lookup)}


def _is_answer(kept: Exchange) -> bool:
    return kept.draft.commission.kind == "answer"
