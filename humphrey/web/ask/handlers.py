"""Handlers of the Ask page. Each takes the caller from the session; the services check what belongs to the caller."""

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
from humphrey.web.gradio_handlers import Changes, DraftInProgress, as_text, error_message
from humphrey.web.identity import signed_in_person
from humphrey.web.services import Services

_CHANGING = "You are changing an earlier question. Asking it replaces what it was answered, and all that came after it."


_STOPPED = "You stopped this draft, and nothing of it was kept. What you wrote is still in the box."


@dataclass(frozen=True)
class _Question:
    """A question asked on the page; `editing` is the id of the exchange that its answer replaces."""

    words: str
    conversation: str
    editing: str = ""


class AskHandlers:
    """Handlers of the Ask page.

    Args:
        services: drafting, conversations, clearance, delivery, the library and attachments.
        page: the components that the handlers change.
    """

    def __init__(self, services: Services, page: AskPage) -> None:
        self._drafting = services.drafting
        self._conversations = services.conversations
        self._clearance = services.clearance
        self._delivery = services.delivery
        self._access = services.access
        self._attached = services.attachments
        self._page = page
        self._pool = ThreadPoolExecutor(max_workers=40, thread_name_prefix="ask")

    def load(self, request: gr.Request) -> Changes:
        """Show the caller's conversations and sent drafts when the page opens."""
        person = signed_in_person(request)
        return {**self._conversation_list(person, ""), **self._sent(person)}

    def refresh(self, request: gr.Request) -> Changes:
        """Refresh the list of sent drafts."""
        return self._sent(signed_in_person(request))

    def new(self, request: gr.Request) -> Changes:
        """Start an empty conversation."""
        return {**self._conversation_list(signed_in_person(request), ""), **self._empty_page()}

    def choose(self, conversation: object, request: gr.Request) -> Changes:
        """Open one of the caller's conversations."""
        return self._opened(as_text(conversation), signed_in_person(request))

    def remove(self, current: object, request: gr.Request) -> Changes:
        """Remove the open conversation and its files."""
        person = signed_in_person(request)
        self._attached.remove_conversation(as_text(current), person.name)
        note = draft_view.notice("The conversation is removed, with its files.")
        return {
            **self._conversation_list(person, ""),
            **self._empty_page(),
            **self._sent(person),
            self._page.note: note,
        }

    def search(self, sought: object, current: object, request: gr.Request) -> Changes:
        """List the caller's conversations that contain some words; the open one stays open."""
        person, words = signed_in_person(request), as_text(sought).strip()
        label = "Your conversations"
        found = self._conversations.find_conversations(person.name, words)
        if words:
            label = f"Your conversations with “{words[:60]}” ({len(found)})"
        choices = [(kept.title, kept.id) for kept in found]
        held = as_text(current) if as_text(current) in {kept.id for kept in found} else None
        return {self._page.conversation: gr.update(choices=choices, value=held, label=label)}

    def link_clicked(self, command: object, current: object, request: gr.Request) -> Changes:
        """Handle a click inside a text: the script sends a verb and an id."""
        verb, _, rest = as_text(command).partition(" ")
        person, wished = signed_in_person(request), rest.partition(" ")[0]
        if verb == "edit":
            return self._editing(wished, person)
        if verb == "remove":
            self._attached.remove(wished, person.name)
            return self._held(as_text(current), person)
        if verb == "attached":
            return {**self._conversation_list(person, wished), **self._held(wished, person)}
        return {}

    def ask(self, question: object, current: object, editing: object, request: gr.Request) -> Iterator[Changes]:
        """Draft an answer to the question in the box; the question stays there if drafting fails."""
        asked = _Question(as_text(question), as_text(current), as_text(editing))
        yield from self._compose(lambda _: asked, request, {self._page.question: "", **self._not_editing()})

    def task(self, task: Task) -> Callable[..., Iterator[Changes]]:
        """Return the handler of a task on all files of the conversation; the question box stays as it is."""

        def done(current: object, request: gr.Request) -> Iterator[Changes]:
            def asked(person: Person) -> _Question:
                count = len(self._files(as_text(current), person))
                return _Question(attachments.task_question(task, count), as_text(current))

            yield from self._compose(asked, request, {})

        return done

    def stopped(self, current: object, request: gr.Request) -> Changes:
        """Restore the page after the caller stopped a draft; nothing of the draft is stored."""
        before = self._previous_exchange(as_text(current), signed_in_person(request))
        return {**self._idle(), **before, self._page.note: draft_view.notice(_STOPPED)}

    def unchanged(self, request: gr.Request) -> Changes:
        """Leave edit mode; the earlier question stays as it was."""
        signed_in_person(request)
        return {self._page.question: "", **self._not_editing()}

    def send(self, exchange: object, request: gr.Request) -> Changes:
        """Send the draft on the page for clearance."""
        person, page = signed_in_person(request), self._page
        review = self._clearance.send(as_text(exchange), person.name)
        note = draft_view.notice(
            f"Sent for clearance as review {review.name}. A reviewer will decide; you will see it below."
        )
        return {page.note: note, page.send: gr.update(visible=False), **self._sent(person)}

    def feedback_changed(self, useful: object) -> object:
        """Show the reasons if the draft was not useful."""
        return gr.update(visible=useful == "Not useful")

    def save_feedback(
        self, exchange: object, current: object, useful: object, reason: object, words: object, request: gr.Request
    ) -> Changes:
        """Save the caller's feedback on the draft shown."""
        person = signed_in_person(request)
        if as_text(useful) not in {"Useful", "Not useful"}:
            raise CommissionError("say first whether it was useful")
        chosen = as_text(reason) if useful == "Not useful" and reason in conversation_view.REASONS else ""
        why = ": ".join(part for part in (chosen, as_text(words).strip()) if part)
        self._conversations.save_feedback(as_text(exchange), person.name, useful == "Useful", why)
        note = draft_view.notice("Thank you. What you said is kept with this draft.")
        return {**self._opened(as_text(current), person), self._page.note: note}

    def _compose(self, asks: Callable[[Person], _Question], request: gr.Request, done: Changes) -> Iterator[Changes]:
        """Draft an answer, show it as it grows, and store it; a refused question shows its reason and is not stored."""
        page = self._page
        before: Changes = {page.latest: ""}
        try:
            person = signed_in_person(request)
            asked = asks(person)
            before = self._previous_exchange(asked.conversation, person)
            writing = DraftInProgress(self._pool, self._drafting, self._commission(asked, person))
            yield {**self._busy(), page.latest: draft_view.unfinished_draft("")}
            for text in writing.growth():
                yield {page.latest: draft_view.unfinished_draft(text)}
            draft = writing.draft()
            if draft.status == "refused":
                yield {**self._idle(), **before, page.alert: draft_view.refusal(draft)}
                return
            kept = self._conversations.save(draft, asked.conversation or None, replacing=asked.editing)
            shown = {**self._conversation_list(person, kept.conversation), **self._opened(kept.conversation, person)}
            yield {**self._idle(), **done, **shown}
        except Exception as error:  # noqa: BLE001 - the page's last door: what is unexpected is logged, not shown
            yield {**self._idle(), **before, page.alert: draft_view.alert(error_message(error))}

    def _commission(self, asked: _Question, person: Person) -> Commission:
        return Commission(
            kind="answer",
            text=asked.words,
            asked_by=person.name,
            outlet="web",
            conversation=asked.conversation,
            earlier=conversation_view.earlier_turns(self._before(asked, person)),
            attached=tuple(each.document for each in self._files(asked.conversation, person)),
        )

    def _before(self, asked: _Question, person: Person) -> Sequence[Exchange]:
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

    def _conversation_list(self, person: Person, chosen: str) -> Changes:
        """Return the list of the person's conversations, with one of them open, or none if `chosen` is empty."""
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
            page.earlier: conversation_view.earlier(exchanges, self._access.lookup(person)),
            **self._shown(exchanges, person),
            **self._not_editing(),
            **self._held(conversation, person),
            page.note: "",
        }

    def _empty_page(self) -> Changes:
        page = self._page
        texts = dict.fromkeys((page.latest, page.exchange, page.earlier, page.files, page.note), "")
        hidden = dict.fromkeys((page.send, page.tasks), gr.update(visible=False))
        return {**texts, **hidden, **self._feedback_form(None), **self._not_editing()}

    def _previous_exchange(self, conversation: str, person: Person) -> Changes:
        """Return what the page showed before a draft that failed or was refused."""
        return self._shown(self._conversations.exchanges(conversation, person.name) if conversation else (), person)

    def _shown(self, exchanges: Sequence[Exchange], person: Person) -> Changes:
        page, newest = self._page, conversation_view.newest(exchanges)
        return {
            page.latest: conversation_view.latest(exchanges, self._access.lookup(person)),
            page.send: gr.update(visible=newest is not None and not newest.review),
            **self._feedback_form(newest),
        }

    def _feedback_form(self, newest: Exchange | None) -> Changes:
        page = self._page
        return {
            page.thoughts: gr.update(visible=newest is not None and newest.feedback is None),
            page.useful: None,
            page.reason: gr.update(visible=False, value=None),
            page.words: "",
        }

    def _held(self, conversation: str, person: Person) -> Changes:
        held, page = self._files(conversation, person), self._page
        return {page.files: attachments.file_list(held), page.tasks: gr.update(visible=bool(held))}

    def _sent(self, person: Person) -> Changes:
        asked, released = self._clearance.sent_by(person.name), self._delivery.released_to(person.name)
        return {self._page.sent: review_view.sent_reviews(asked, released, self._access.lookup(person))}
