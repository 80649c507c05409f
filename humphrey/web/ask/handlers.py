"""Handlers of the Ask page. Each takes the caller from the session; the services check what belongs to the caller."""

import json
from collections.abc import Callable, Iterator, Sequence

import gradio as gr

from humphrey.accounts.model import Person
from humphrey.conversations.model import AttachedFile, Exchange
from humphrey.errors import CommissionError
from humphrey.papers.draft import Commission, Draft, Task
from humphrey.web import draft_view
from humphrey.web.ask import attachments, conversation_view
from humphrey.web.ask.answers import AnswerInProgress, Answers, Question
from humphrey.web.ask.components import AskPage
from humphrey.web.clearance import review_view
from humphrey.web.gradio_handlers import UPDATE_EVERY_S, Changes, as_text, error_message
from humphrey.web.identity import signed_in_person
from humphrey.web.services import Services

_CHANGING = (
    "You are changing an earlier question. Asking it replaces what it was answered and all that came after it; "
    "both stay folded away above."
)


_STOPPED = "You stopped this draft, and nothing of it was kept. What you wrote is back in the box."


_LOST = "Humphrey was restarted while it wrote, and nothing of the draft was kept. Your question is back in the box."


_QUICK_S = 0.15
"""Seconds within which most questions that are not accepted come back; the page need not show them as asked."""


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
        self._answers = Answers(services.drafting, self._save)
        # The answer that each window shows; a window that shows something else meanwhile is not drawn over.
        self._shown_in: dict[str, str] = {}

    def load(self, _current: object, request: gr.Request) -> Iterator[Changes]:
        """Show the caller's sent drafts when the page opens, and the answer that is being written."""
        try:
            person = signed_in_person(request)
            # Which conversation is open is left alone: the script may have opened one by now.
            yield self._sent(person)
            if answer := self._answers.latest(person.name):
                yield from self._follow(answer, person, request)
        except Exception as error:  # noqa: BLE001 - the page's last door: what is unexpected is logged, not shown
            yield {self._page.alert: draft_view.alert(error_message(error))}

    def refresh(self, request: gr.Request) -> Changes:
        """Refresh the list of sent drafts."""
        return self._sent(signed_in_person(request))

    def new(self, _current: object, request: gr.Request) -> Changes:
        """Start an empty conversation; an answer under way is written on."""
        self._leave(request)
        return {self._page.current: "", **self._empty_page()}

    def link_clicked(self, command: object, current: object, request: gr.Request) -> Iterator[Changes]:
        """Handle a click inside a text: the script sends a verb, an id, and for some verbs more words."""
        verb, _, rest = as_text(command).partition(" ")
        wished, _, words = rest.partition(" ")
        try:
            person = signed_in_person(request)
            yield {self._page.alert: ""}
            if verb == "again":
                exchange = self._conversations.edit(wished, person.name).exchange
                asked = Question(exchange.draft.commission.text, exchange.conversation, wished)
                yield from self._begin(lambda _: asked, request)
            elif verb == "open":
                yield from self._open(wished.removeprefix("-"), person, request)
            elif verb == "resume":
                yield from self._resume(wished, words.partition(" ")[0], person, request)
            else:
                yield self._at_once(verb, wished, words, as_text(current), person)
        except Exception as error:  # noqa: BLE001 - the page's last door: what is unexpected is logged, not shown
            yield {self._page.alert: draft_view.alert(error_message(error))}

    def ask(self, question: object, current: object, editing: object, request: gr.Request) -> Iterator[Changes]:
        """Draft an answer to the question in the box; the question comes back there if drafting fails."""
        asked = Question(as_text(question), as_text(current), as_text(editing))
        yield from self._begin(lambda _: asked, request)

    def task(self, task: Task) -> Callable[..., Iterator[Changes]]:
        """Return the handler of a task on all files of the conversation; the question box stays as it is."""

        def done(current: object, request: gr.Request) -> Iterator[Changes]:
            def asked(person: Person) -> Question:
                count = len(self._files(as_text(current), person))
                return Question(attachments.task_question(task, count), as_text(current))

            yield from self._begin(asked, request)

        return done

    def stopped(self, running: object, request: gr.Request) -> Changes:
        """Stop the answer under way; nothing of it is stored. The handler that follows it restores the page."""
        answer = self._answers.find(as_text(running).partition(" ")[0], signed_in_person(request).name)
        if answer:
            answer.end("stopped")
        return {} if answer else self._idle()

    def unchanged(self, request: gr.Request) -> Changes:
        """Leave edit mode; the earlier question stays as it was."""
        signed_in_person(request)
        return {self._page.question: "", **self._not_editing()}

    def _at_once(self, verb: str, wished: str, words: str, current: str, person: Person) -> Changes:
        if verb == "edit":
            asked = self._conversations.edit(wished, person.name).exchange.draft.commission.text
            return {self._page.question: asked, **self._editing(wished, person)}
        if verb == "send":
            return self._send(wished, current, person)
        if verb in {"good", "bad"}:
            return self._save_feedback(wished, verb == "good", words, current, person)
        if verb == "remove":
            self._attached.remove(wished, person.name)
            return self._held(current, person)
        if verb == "attached":
            return {self._page.current: wished, **self._held(wished, person)}
        return {self._page.alert: ""}

    def _send(self, exchange: str, current: str, person: Person) -> Changes:
        review = self._clearance.send(exchange, person.name)
        note = (
            f"Sent for clearance as review {review.name}. A reviewer will decide; you will see it under “What I sent”."
        )
        return {**self._thread(current, person), self._page.note: draft_view.notice(note), **self._sent(person)}

    def _save_feedback(self, exchange: str, good: bool, said: str, current: str, person: Person) -> Changes:
        """Keep what the caller thinks of an answer; the script sends the reason and the words as JSON."""
        reason, words = "", ""
        if not good:
            reason, words = _reason_and_words(said)
        why = ": ".join(part for part in (reason, words) if part)
        self._conversations.save_feedback(exchange, person.name, good, why)
        note = draft_view.notice("Thank you. What you said is kept with this draft.")
        return {**self._thread(current, person), self._page.note: note}

    def _begin(self, asks: Callable[[Person], Question], request: gr.Request) -> Iterator[Changes]:
        """Have an answer written and follow it; the answer is kept even if the page leaves."""
        try:
            person = signed_in_person(request)
            asked = asks(person)
            answer = self._answers.start(person.name, asked, self._commission(asked, person))
            answer.wait(_QUICK_S)
            yield from self._follow(answer, person, request)
        except Exception as error:  # noqa: BLE001 - the page's last door: what is unexpected is logged, not shown
            alert = draft_view.alert(error_message(error))
            yield {**self._idle(), self._page.alert: alert, self._page.running: "none failed"}

    def _follow(self, answer: AnswerInProgress, person: Person, request: gr.Request) -> Iterator[Changes]:
        """Show an answer as it grows and then its end, unless the window shows something else by then."""
        window = request.session_hash or ""
        self._shown_in[window] = answer.id
        try:
            if answer.state == "writing":
                yield {**self._busy(), **self._before(answer.asked, person), **self._growing(answer)}
            yield from self._growth(answer, window)
            # Gradio sends the last changes again at the end, so a window that was left needs some that change nothing.
            shown = self._shown_in.get(window) == answer.id
            yield self._end(answer, person) if shown else {self._page.running: gr.update()}
        finally:
            if self._shown_in.get(window) == answer.id:
                del self._shown_in[window]

    def _growth(self, answer: AnswerInProgress, window: str) -> Iterator[Changes]:
        shown = (answer.stage, answer.text)
        while not answer.wait(UPDATE_EVERY_S) and self._shown_in.get(window) == answer.id:
            if (answer.stage, answer.text) != shown:
                shown = (answer.stage, answer.text)
                yield self._growing(answer)

    def _growing(self, answer: AnswerInProgress) -> Changes:
        drawn = conversation_view.unfinished(answer.asked.words, answer.stage, answer.text)
        return {self._page.latest: drawn, self._page.running: f"{answer.id} writing {answer.stage}"}

    def _end(self, answer: AnswerInProgress, person: Person) -> Changes:
        page = self._page
        said = {**self._idle(), page.running: f"{answer.id} {answer.state}", page.alert: answer.alert}
        if answer.state == "kept":
            return {**said, **self._opened(answer.conversation, person)}
        editing = self._editing(answer.asked.editing, person) if answer.asked.editing else {}
        note = draft_view.notice(_STOPPED) if answer.state == "stopped" else ""
        return {**said, **self._thread(answer.conversation, person), **editing, page.note: note}

    def _resume(self, conversation: str, running: str, person: Person, request: gr.Request) -> Iterator[Changes]:
        """Show again what a window showed before it was loaded anew; `-` stands for nothing."""
        answer = self._answers.find(running, person.name)
        if answer:
            yield {self._page.current: answer.conversation, **self._held(answer.conversation, person)}
            yield from self._follow(answer, person, request)
            return
        if conversation != "-":
            yield from self._open(conversation, person, request)
        if running != "-":
            lost = {self._page.note: draft_view.notice(_LOST)}
            yield {**lost, self._page.running: f"{running} lost"}

    def _open(self, conversation: str, person: Person, request: gr.Request) -> Iterator[Changes]:
        self._leave(request)
        if not conversation:
            yield {self._page.current: "", **self._empty_page()}
            return
        yield {**self._opened(conversation, person), **self._idle(), self._page.running: ""}
        if answer := self._answers.latest(person.name, conversation):
            yield from self._follow(answer, person, request)

    def _leave(self, request: gr.Request) -> None:
        """Let the window show something else than the answer under way."""
        self._shown_in.pop(request.session_hash or "", None)

    def _save(self, draft: Draft, asked: Question) -> Exchange:
        return self._conversations.save(draft, asked.conversation or None, replacing=asked.editing)

    def _commission(self, asked: Question, person: Person) -> Commission:
        return Commission(
            kind="answer",
            text=asked.words,
            asked_by=person.name,
            outlet="web",
            conversation=asked.conversation,
            earlier=conversation_view.earlier_turns(self._context(asked, person)),
            attached=tuple(each.document for each in self._files(asked.conversation, person)),
        )

    def _context(self, asked: Question, person: Person) -> Sequence[Exchange]:
        if asked.editing:
            return self._conversations.edit(asked.editing, person.name).earlier
        return self._conversations.exchanges(asked.conversation, person.name) if asked.conversation else ()

    def _before(self, asked: Question, person: Person) -> Changes:
        """Return the thread above a question that is being answered."""
        page, exchanges = self._page, self._context(asked, person)
        return {
            page.earlier: conversation_view.all_of(exchanges, self._access.lookup(person)),
            page.current: asked.conversation,
            **self._not_editing(),
        }

    def _files(self, conversation: str, person: Person) -> Sequence[AttachedFile]:
        return self._attached.files(conversation, person.name) if conversation else ()

    def _editing(self, exchange: str, person: Person) -> Changes:
        page, edit = self._page, self._conversations.edit(exchange, person.name)
        return {
            page.editing: edit.exchange.id,
            page.changing: draft_view.notice(_CHANGING),
            page.unchanged: gr.update(visible=True),
        }

    def _not_editing(self) -> Changes:
        page = self._page
        return {page.editing: "", page.changing: "", page.unchanged: gr.update(visible=False)}

    def _busy(self) -> Changes:
        page = self._page
        waiting = {page.ask: gr.update(interactive=False), page.stop: gr.update(visible=True)}
        return {page.alert: "", page.note: "", **waiting}

    def _idle(self) -> Changes:
        return {self._page.ask: gr.update(interactive=True), self._page.stop: gr.update(visible=False)}

    def _opened(self, conversation: str, person: Person) -> Changes:
        page = self._page
        return {
            page.current: conversation,
            **self._thread(conversation, person),
            **self._not_editing(),
            **self._held(conversation, person),
            page.note: "",
        }

    def _empty_page(self) -> Changes:
        page = self._page
        texts = dict.fromkeys((page.latest, page.earlier, page.files, page.note, page.running), "")
        return {**texts, page.tasks: gr.update(visible=False), **self._not_editing(), **self._idle()}

    def _thread(self, conversation: str, person: Person) -> Changes:
        page = self._page
        exchanges = self._conversations.exchanges(conversation, person.name) if conversation else ()
        lookup = self._access.lookup(person)
        earlier, latest = conversation_view.earlier(exchanges, lookup), conversation_view.latest(exchanges, lookup)
        return {page.earlier: earlier, page.latest: latest}

    def _held(self, conversation: str, person: Person) -> Changes:
        held, page = self._files(conversation, person), self._page
        return {page.files: attachments.file_list(held), page.tasks: gr.update(visible=bool(held))}

    def _sent(self, person: Person) -> Changes:
        asked, released = self._clearance.sent_by(person.name), self._delivery.released_to(person.name)
        return {self._page.sent: review_view.sent_reviews(asked, released, self._access.lookup(person))}


def _reason_and_words(said: str) -> tuple[str, str]:
    """Return the reason and the words of feedback as the script sent them.

    Raises:
        CommissionError: the script did not send them.
    """
    try:
        given = json.JSONDecoder().raw_decode(said)[0]
    except ValueError as error:
        raise CommissionError("this feedback did not arrive whole; give it again") from error
    reason, words = (as_text(given.get(name)) if isinstance(given, dict) else "" for name in ("reason", "words"))
    return reason if reason in conversation_view.REASONS else "", words.strip()
