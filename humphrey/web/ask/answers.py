"""Answers under way: each is written in a thread of its own and kept in its conversation, whether a page waits or not.

A page that is reloaded, closed or cut off finds the answer again here. A stop of humphrey loses those under way; the
browser still holds their questions.
"""

import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from humphrey.conversations.model import Exchange
from humphrey.drafting.service import DraftingService
from humphrey.drafting.steps import watched_steps
from humphrey.errors import CommissionError
from humphrey.papers.draft import Commission, Draft
from humphrey.web import draft_view
from humphrey.web.gradio_handlers import error_message

State = Literal["writing", "kept", "refused", "failed", "stopped"]
"""The state of an answer; all but the first are final."""


MOST_AT_ONCE = 40
"""Answers that are written at the same time; further ones wait."""


MOST_OF_ONE = 5
"""Answers of one person that are under way; leaving a page stops none, so they could pile up."""


_REMEMBERED_S = 900
"""Seconds that the outcome of an answer is remembered for a page that was cut off."""


_PASSAGES = re.compile(r"(\d+) passages")


_STAGES = {
    "look at what was asked": "Looking at the question",
    "sort the question": "Looking at the question",
    "complete the question": "Searching",
    "choose what to look up": "Searching",
    "open the text": "Reading the text",
    "compute": "Working out the result",
    "check every sentence": "Checking every sentence",
}
"""What a person is told at a step of the pipeline."""


_WAITING, _WRITING = "Waiting for its turn", "Writing"


class _Stopped(Exception):
    """Raised in the thread of an answer that was stopped."""


@dataclass(frozen=True)
class Question:
    """A question asked on the page; `editing` is the id of the exchange that its answer replaces."""

    words: str
    conversation: str
    editing: str = ""


@dataclass
class AnswerInProgress:
    """An answer under way or ended.

    Attributes:
        id: its id; it tells nothing of its content.
        owner: the person who asked.
        asked: the question.
        state: whether it is under way, and how it ended.
        stage: what is done at the moment, for the person who waits.
        text: the text so far; empty after the end.
        conversation: where it is kept; empty until it is kept in a new one.
        alert: HTML of the refusal or the error; empty without one.
    """

    id: str
    owner: str
    asked: Question
    state: State = "writing"
    stage: str = _WAITING
    text: str = ""
    conversation: str = ""
    alert: str = ""
    since: float = field(default_factory=time.monotonic)
    _ended: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, seconds: float) -> bool:
        """Wait for the end, and return whether it came."""
        return self._ended.wait(seconds)

    def watch(self, text: str) -> None:
        """Take the text so far."""
        self.require_wanted()
        self.text = text
        if text:
            self.stage = _WRITING

    def note_step(self, name: str, outcome: str) -> None:
        """Take a step of the pipeline."""
        self.require_wanted()
        self.stage = stage_of(name, outcome) or self.stage

    def require_wanted(self) -> None:
        """Leave the thread if the answer was stopped."""
        if self.state != "writing":
            raise _Stopped

    def end(self, state: State, alert: str = "", keep: Callable[[], str] | None = None) -> None:
        """Set the final state, once; a later one is ignored.

        Args:
            state: how it ended.
            alert: HTML of the refusal or the error.
            keep: keeps the draft and returns its conversation; not called for an answer that was stopped.
        """
        with self._lock:
            if self.state != "writing":
                return
            self.conversation = keep() if keep else self.conversation
            self.state, self.alert, self.text = state, alert, ""
        self._ended.set()


class Answers:
    """The answers under way, and how the last ones ended.

    Args:
        drafting: composes the drafts.
        save: keeps a draft in a conversation, given the draft and its question.
    """

    def __init__(self, drafting: DraftingService, save: Callable[[Draft, Question], Exchange]) -> None:
        self._drafting = drafting
        self._save = save
        self._lock = threading.Lock()
        self._room = threading.Semaphore(MOST_AT_ONCE)
        self._answers: dict[str, AnswerInProgress] = {}

    def start(self, owner: str, asked: Question, commission: Commission) -> AnswerInProgress:
        """Begin an answer; the same question that is under way is not begun twice, however often it was pressed.

        Raises:
            CommissionError: the person has too many under way.
        """
        answer = AnswerInProgress(secrets.token_hex(8), owner, asked, conversation=asked.conversation)
        with self._lock:
            self._forget_old()
            if same := next((each for each in self._under_way(owner) if each.asked == asked), None):
                return same
            if len(self._under_way(owner)) >= MOST_OF_ONE:
                raise CommissionError(
                    f"humphrey is writing {MOST_OF_ONE} answers for you; wait for one of them, or stop it"
                )
            self._answers[answer.id] = answer
        # A daemon does not hold up a stop of humphrey; what is half written then is not kept.
        threading.Thread(target=self._write, args=(answer, commission), name="answer", daemon=True).start()
        return answer

    def find(self, id: str, owner: str) -> AnswerInProgress | None:
        """Return an answer of a person; None if it is another's, forgotten or unknown."""
        answer = self._answers.get(id)
        return answer if answer and answer.owner == owner else None

    def latest(self, owner: str, conversation: str = "") -> AnswerInProgress | None:
        """Return the latest answer under way of a person, or of one conversation of theirs; None if there is none."""
        with self._lock:
            found = [each for each in self._under_way(owner) if conversation in {"", each.conversation}]
        return found[-1] if found else None

    def _under_way(self, owner: str) -> list[AnswerInProgress]:
        return [each for each in self._answers.values() if each.owner == owner and each.state == "writing"]

    def _forget_old(self) -> None:
        until = time.monotonic() - _REMEMBERED_S
        ended = [each.id for each in self._answers.values() if each.state != "writing" and each.since < until]
        for id in ended:
            del self._answers[id]

    def _write(self, answer: AnswerInProgress, commission: Commission) -> None:
        try:
            with self._room, watched_steps(answer.note_step):
                answer.require_wanted()
                self._keep(answer, self._drafting.compose(commission, answer.watch))
        except _Stopped:
            return
        except Exception as error:  # noqa: BLE001 - the thread's last door: what is unexpected is logged, not shown
            answer.end("failed", draft_view.alert(error_message(error)))

    def _keep(self, answer: AnswerInProgress, draft: Draft) -> None:
        if draft.status == "refused":
            answer.end("refused", draft_view.refusal(draft))
        else:
            answer.end("kept", keep=lambda: self._save(draft, answer.asked).conversation)


def stage_of(name: str, outcome: str) -> str:
    """Return what a person is told at a step of the pipeline; empty if the step changes nothing."""
    if name in {"search", "open"} and (found := _PASSAGES.fullmatch(outcome)):
        return f"Reading {found[1]} passage{'' if found[1] == '1' else 's'}"
    if name.startswith("read part"):
        return f"Reading {name.removeprefix('read ')}"
    return _STAGES.get(name, "")
