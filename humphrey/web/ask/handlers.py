"""What the Ask page does. Every handler asks the session who is calling, and the services what is theirs."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import gradio as gr

from humphrey.accounts.model import Person
from humphrey.conversations.model import AttachedFile, Exchange
from humphrey.errors import CommissionError
from humphrey.papers.draft import Commission, Task
from humphrey.web import draft_view
from humphrey.web.ask import attachments, conversation_view
from humphrey.web.ask.components import AskPage
from humphrey.web.clearance import review_view
from humphrey.web.gradio_handlers import Changes, DraftInProgress, explained, word
from humphrey.web.identity import caller
from humphrey.web.services import Services

_CHANGING = "You are changing an earlier question. Asking it replaces what it was answered, and all that came after it."


_STOPPED = "You stopped this draft, and nothing of it was kept. What you wrote is still in the box."


@dataclass(frozen=True)
class _Asked:
    """A question as it was asked on the page; `editing` is the exchange whose place its answer takes."""

    words: str
    conversation: str
    editing: str = ""


class AskHandlers:
    """The handlers.

    Args:
        services: drafting, conversations, clearance, delivery, the library and attached files.
        page: the components that are changed.
    """

    def __init__(self, services: Services, page: AskPage) -> None:
        self._drafting = services.drafting
        self._conversations = services.conversations
        self._clearance = services.clearance
        self._delivery = services.delivery
        self._lookup = services.library.document
        self._attached = services.attachments
        self._page = page
        self._pool = ThreadPoolExecutor(max_workers=40, thread_name_prefix="ask")

    def load(self, request: gr.Request) -> Changes:
        """The page as it opens."""
        person = caller(request)
        return {**self._listed(person, ""), **self._sent(person)}

    def refresh(self, request: gr.Request) -> Changes:
        """What was sent, as it stands now."""
        return self._sent(caller(request))

    def new(self, request: gr.Request) -> Changes:
        """An empty page for another conversation."""
        return {**self._listed(caller(request), ""), **self._emptied()}

    def choose(self, conversation: object, request: gr.Request) -> Changes:
        """One of the caller's conversations, opened again."""
        return self._opened(word(conversation), caller(request))

    def remove(self, current: object, request: gr.Request) -> Changes:
        """The open conversation is no longer kept."""
        person = caller(request)
        self._attached.remove_conversation(word(current), person.name)
        note = draft_view.notice("The conversation is removed, with its files.")
        return {**self._listed(person, ""), **self._emptied(), **self._sent(person), self._page.note: note}

    def search(self, sought: object, current: object, request: gr.Request) -> Changes:
        """The caller's conversations in which some words occur; the open one stays open."""
        person, words = caller(request), word(sought).strip()
        label = "Your conversations"
        found = self._conversations.find_conversations(person.name, words)
        if words:
            label = f"Your conversations with “{words[:60]}” ({len(found)})"
        choices = [(kept.title, kept.id) for kept in found]
        held = word(current) if word(current) in {kept.id for kept in found} else None
        return {self._page.conversation: gr.update(choices=choices, value=held, label=label)}

    def wish(self, wish: object, current: object, request: gr.Request) -> Changes:
        """What was pressed inside a text: the script says what, and of which id."""
        verb, _, rest = word(wish).partition(" ")
        person, wished = caller(request), rest.partition(" ")[0]
        if verb == "edit":
            return self._editing(wished, person)
        if verb == "remove":
            self._attached.remove(wished, person.name)
            return self._held(word(current), person)
        if verb == "attached":
            return {**self._listed(person, wished), **self._held(wished, person)}
        return {}

    def ask(self, question: object, current: object, editing: object, request: gr.Request) -> Iterator[Changes]:
        """A draft of what is in the box; when it fails, the question stays there."""
        asked = _Asked(word(question), word(current), word(editing))
        yield from self._written(lambda _: asked, request, {self._page.question: "", **self._not_editing()})

    def task(self, task: Task) -> Callable[..., Iterator[Changes]]:
        """The handler that has something done with all files of the conversation; the box keeps what it holds."""

        def done(current: object, request: gr.Request) -> Iterator[Changes]:
            def asked(person: Person) -> _Asked:
                count = len(self._files(word(current), person))
                return _Asked(attachments.asks(task, count), word(current))

            yield from self._written(asked, request, {})

        return done

    def stopped(self, current: object, request: gr.Request) -> Changes:
        """The page after a draft was given up; nothing of it was kept."""
        before = self._before_this(word(current), caller(request))
        return {**self._idle(), **before, self._page.note: draft_view.notice(_STOPPED)}

    def unchanged(self, request: gr.Request) -> Changes:
        """The earlier question is left as it is, after all."""
        caller(request)
        return {self._page.question: "", **self._not_editing()}

    def send(self, exchange: object, request: gr.Request) -> Changes:
        """The draft on the page, put to the reviewers."""
        person, page = caller(request), self._page
        review = self._clearance.send(word(exchange), person.name)
        note = draft_view.notice(
            f"Sent for clearance as review {review.id}. A reviewer will decide; you will see it below."
        )
        return {page.note: note, page.send: gr.update(visible=False), **self._sent(person)}

    def thinking(self, useful: object) -> object:
        """Reasons are asked for where a draft was not useful."""
        return gr.update(visible=useful == "Not useful")

    def thank(
        self, exchange: object, current: object, useful: object, reason: object, words: object, request: gr.Request
    ) -> Changes:
        """What the caller thinks of the draft on the page."""
        person = caller(request)
        if useful not in {"Useful", "Not useful"}:
            raise CommissionError("say first whether it was useful")
        chosen = word(reason) if useful == "Not useful" and reason in conversation_view.REASONS else ""
        why = ": ".join(part for part in (chosen, word(words).strip()) if part)
        self._conversations.save_feedback(word(exchange), person.name, useful == "Useful", why)
        note = draft_view.notice("Thank you. What you said is kept with this draft.")
        return {**self._opened(word(current), person), self._page.note: note}

    def _written(self, asks: Callable[[Person], _Asked], request: gr.Request, done: Changes) -> Iterator[Changes]:
        """A draft, shown while it grows and kept when it is done; a refusal is said, and nothing of it kept."""
        page = self._page
        before: Changes = {page.latest: ""}
        try:
            person = caller(request)
            asked = asks(person)
            before = self._before_this(asked.conversation, person)
            writing = DraftInProgress(self._pool, self._drafting, self._commission(asked, person))
            yield {**self._busy(), page.latest: draft_view.growing("")}
            for text in writing.growth():
                yield {page.latest: draft_view.growing(text)}
            draft = writing.draft()
            if draft.status == "refused":
                yield {**self._idle(), **before, page.alert: draft_view.refusal(draft)}
                return
            kept = self._conversations.save(draft, asked.conversation or None, replacing=asked.editing)
            shown = {**self._listed(person, kept.conversation), **self._opened(kept.conversation, person)}
            yield {**self._idle(), **done, **shown}
        except Exception as error:  # noqa: BLE001 - the page's last door: what is unexpected is logged, not shown
            yield {**self._idle(), **before, page.alert: draft_view.alert(explained(error))}

    def _commission(self, asked: _Asked, person: Person) -> Commission:
        return Commission(
            kind="answer",
            text=asked.words,
            asked_by=person.name,
            outlet="web",
            conversation=asked.conversation,
            earlier=conversation_view.turns(self._before(asked, person)),
            attached=tuple(each.document for each in self._files(asked.conversation, person)),
        )

    def _before(self, asked: _Asked, person: Person) -> Sequence[Exchange]:
        if asked.editing:
            return self._conversations.edit(asked.editing, person.name).earlier
        return self._conversations.exchanges(asked.conversation, person.name) if asked.conversation else ()

    def _files(self, conversation: str, person: Person) -> Sequence[AttachedFile]:
        return self._attached.files(conversation, person.name) if conversation else ()

    def _editing(self, exchange: str, person: Person) -> Changes:
        page, edit = self._page, self._conversations.edit(exchange, person.name)
        return {
            page.question: edit.exchange.draft.commission.text,
            page.editing: edit.exchange.id,
            page.changing: draft_view.notice(_CHANGING),
            page.unchanged: gr.update(visible=True),
        }

    def _not_editing(self) -> Changes:
        page = self._page
        return {page.editing: "", page.changing: "", page.unchanged: gr.update(visible=False)}

    def _busy(self) -> Changes:
        page = self._page
        hidden = dict.fromkeys((page.send, page.thoughts), gr.update(visible=False))
        return {
            page.alert: "",
            page.note: "",
            **hidden,
            page.ask: gr.update(interactive=False),
            page.stop: gr.update(visible=True),
        }

    def _idle(self) -> Changes:
        return {self._page.ask: gr.update(interactive=True), self._page.stop: gr.update(visible=False)}

    def _listed(self, person: Person, chosen: str) -> Changes:
        """All conversations of a person, with one of them open, or none."""
        page = self._page
        choices = [(kept.title, kept.id) for kept in self._conversations.conversations(person.name)]
        listed = gr.update(choices=choices, value=chosen or None, label="Your conversations")
        return {page.conversation: listed, page.current: chosen, page.removal: gr.update(visible=bool(chosen))}

    def _opened(self, conversation: str, person: Person) -> Changes:
        page, exchanges = self._page, self._conversations.exchanges(conversation, person.name)
        newest = conversation_view.newest(exchanges)
        return {
            page.current: conversation,
            page.removal: gr.update(visible=True),
            page.exchange: newest.id if newest else "",
            page.earlier: conversation_view.earlier(exchanges, self._lookup),
            **self._shown(exchanges),
            **self._not_editing(),
            **self._held(conversation, person),
            page.note: "",
        }

    def _emptied(self) -> Changes:
        page = self._page
        texts = dict.fromkeys((page.latest, page.exchange, page.earlier, page.files, page.note), "")
        hidden = dict.fromkeys((page.send, page.tasks), gr.update(visible=False))
        return {**texts, **hidden, **self._asked_what_they_think(None), **self._not_editing()}

    def _before_this(self, conversation: str, person: Person) -> Changes:
        """What the page showed before a draft that came to nothing."""
        return self._shown(self._conversations.exchanges(conversation, person.name) if conversation else ())

    def _shown(self, exchanges: Sequence[Exchange]) -> Changes:
        page, newest = self._page, conversation_view.newest(exchanges)
        return {
            page.latest: conversation_view.latest(exchanges, self._lookup),
            page.send: gr.update(visible=newest is not None and not newest.review),
            **self._asked_what_they_think(newest),
        }

    def _asked_what_they_think(self, newest: Exchange | None) -> Changes:
        page = self._page
        return {
            page.thoughts: gr.update(visible=newest is not None and newest.feedback is None),
            page.useful: None,
            page.reason: gr.update(visible=False, value=None),
            page.words: "",
        }

    def _held(self, conversation: str, person: Person) -> Changes:
        held, page = self._files(conversation, person), self._page
        return {page.files: attachments.files(held), page.tasks: gr.update(visible=bool(held))}

    def _sent(self, person: Person) -> Changes:
        asked, released = self._clearance.sent_by(person.name), self._delivery.released_to(person.name)
        return {self._page.sent: review_view.sent(asked, released, self._lookup)}
