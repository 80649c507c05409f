"""A long text processed by a model in parts (map-reduce): each part alone, then the notes joined into one text.

A part that does not fit the model is halved. A part that the model fails on is named in the result and never skipped in
silence. If the model fails from the start, or twice in a row, the work stops. If the draft has used up its time or
tokens, the parts read by then are kept, and the others are named. The watcher is called between parts; an
exception it raises ends the work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage
from langsmith import tracing_context

from humphrey.documents.sources import source_name
from humphrey.drafting.agent.replies import StreamedReply
from humphrey.drafting.evidence import NumberedPassage, fence
from humphrey.drafting.steps import StepTimer
from humphrey.errors import BoundReached, ModelError, SettingsError, WindowExceeded
from humphrey.llm.failover import FailoverChatModel
from humphrey.llm.usage import tokens
from humphrey.papers.draft import OnText, Task

UNKNOWN_WINDOW = 6000
"""Tokens of text per request for a model whose context window is not known."""


_FEWEST = 400
"""The smallest budget of a request, in tokens; it is never halved below this."""


# Tokens kept free in the window for the reply, and for the prompt and the delimiters around the text.
_REPLY, _AROUND = 1000, 800


# Two failures in a row point to the model rather than to one part.
_IN_A_ROW = 2


_PROMPTS = Path(__file__).with_name("prompts")


@dataclass
class PartsResult:
    """The text that a model wrote; `parts` is the number of parts it read, `lost` names those it could not."""

    text: str = ""
    parts: int = 0
    lost: list[str] = field(default_factory=list)


@dataclass
class _Work:
    """One task in progress; `budget` is the tokens per request, which shrinks when a part did not fit.

    `over` means that the draft has used up its time or tokens.
    """

    task: Task
    watch: OnText
    timer: StepTimer
    budget: int
    notes: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    failed: int = 0
    over: bool = False


class PartWriter:
    """Performs a task on a text with a chat model.

    Args:
        model: any chat model; one at an endpoint states its context window.

    Raises:
        SettingsError: a prompt is missing.
    """

    def __init__(self, model: BaseChatModel) -> None:
        self._model = model
        self._prompts = _prompts()

    def __call__(self, task: Task, passages: Sequence[NumberedPassage], watch: OnText, timer: StepTimer) -> PartsResult:
        """Write the task's text from the passages, in their order; a passage numbered 0 cannot be cited.

        Raises:
            ModelError: the model gave no usable reply.
        """
        work = _Work(task, watch, timer, self._budget())
        waiting = _packed(passages, work.budget)
        while waiting and not work.over:
            part = waiting.pop(0)
            watch(_progress(len(work.notes) + len(work.lost) + 1, len(waiting)))
            waiting = self._read(part, work, last=not waiting) + waiting
        work.lost += map(_place, waiting)
        parts = len(work.notes)
        return PartsResult(self._joined(work), parts, work.lost)

    def _budget(self) -> int:
        if not isinstance(self._model, FailoverChatModel) or not self._model.window_tokens:
            return UNKNOWN_WINDOW
        # In a small window the reply gets at most a quarter.
        reply = self._model.max_tokens or min(_REPLY, self._model.window_tokens // 4)
        return max(_FEWEST, self._model.window_tokens - reply - _AROUND)

    def _read(self, part: list[NumberedPassage], work: _Work, *, last: bool) -> list[list[NumberedPassage]]:
        """Read one part; return its halves if it was too long, else nothing."""
        # A text that fits in one part is written once, so its reply is the answer and is shown as it grows.
        alone = last and not work.notes and not work.lost
        try:
            with work.timer.step(f"read part {len(work.notes) + len(work.lost) + 1}") as outcome:
                note = self._asked(work, self._prompts[work.task], "text", _shown(part), streamed=alone)
                outcome.append(f"{len(part)} passages")
        except WindowExceeded:
            if len(part) > 1:
                work.budget = max(_FEWEST, work.budget // 2)
                return [part[: len(part) // 2], part[len(part) // 2 :]]
            work.lost.append(_place(part))
        except BoundReached:
            if not work.notes:
                raise
            work.lost.append(_place(part))
            work.over = True
        except ModelError:
            work.failed += 1
            # Without any note the model failed from the start.
            if not work.notes or work.failed == _IN_A_ROW:
                raise
            work.lost.append(_place(part))
        else:
            work.failed = 0
            work.notes.append(note)
        return []

    def _joined(self, work: _Work) -> str:
        """Join the notes into one text; a redraft, or notes that cannot be joined, follow one after another."""
        notes = work.notes
        if not notes:
            raise ModelError("the model cannot hold even a short part of this text; use one that reads more at once")
        while len(notes) > 1 and work.task != "redraft" and not work.over:
            groups = _grouped(notes, work.budget)
            # No two neighbouring notes fit in one request, so another round would change nothing.
            if len(groups) == len(notes):
                break
            work.watch(_progress(len(work.notes), 0))
            with work.timer.step("join the parts") as outcome:
                last = len(groups) == 1
                join = self._prompts["join"]
                try:
                    notes = [self._asked(work, join, "parts", "\n\n".join(group), streamed=last) for group in groups]
                except BoundReached:
                    work.over = True
                outcome.append(f"{len(groups)} of {sum(map(len, groups))}")
        return "\n\n".join(notes)

    def _asked(self, work: _Work, prompt: str, name: str, text: str, *, streamed: bool) -> str:
        growing = StreamedReply(work.watch if streamed else _unwatched, titled=False, prompt=prompt, given=text)
        with tracing_context(enabled=False):
            for chunk in self._model.stream([SystemMessage(prompt), HumanMessage(fence(name, text))]):
                growing.add("part", chunk.text)
        written = growing.finished("part")
        if not written.strip():
            raise ModelError("the model returned no words; ask again, or use another model")
        return written


def _packed(passages: Sequence[NumberedPassage], budget: int) -> list[list[NumberedPassage]]:
    """Group passages into runs of about equal length, within the budget unless a single passage exceeds it."""
    sizes = [tokens(_shown([each])) for each in passages]
    parts = -(-sum(sizes) // budget)
    # Equal runs avoid a short last part.
    even = sum(sizes) / max(1, parts)
    packed: list[list[NumberedPassage]] = []
    held = 0
    for passage, size in zip(passages, sizes, strict=True):
        if not packed or held >= even or held + size > budget:
            packed.append([])
            held = 0
        packed[-1].append(passage)
        held += size
    return packed


def _grouped(notes: Sequence[str], budget: int) -> list[list[str]]:
    groups: list[list[str]] = []
    held = 0
    for note in notes:
        if not groups or held + tokens(note) > budget:
            groups.append([])
            held = 0
        groups[-1].append(note)
        held += tokens(note)
    return groups


def _shown(part: Sequence[NumberedPassage]) -> str:
    """Return passages under their headings, with numbers if they can be cited."""
    said, section = list[str](), tuple[str, ...]()
    for numbered in part:
        passage = numbered.hit.passage
        if passage.section != section:
            said.append(f"## {' > '.join(passage.section)}")
        section = passage.section
        said.append(f"[{numbered.n}] {passage.text}" if numbered.n else passage.text)
    return "\n\n".join(said)


def _place(part: Sequence[NumberedPassage]) -> str:
    """Describe where a part stands: its document, and its first and last heading."""
    first, last = part[0].hit, part[-1].hit
    headings = dict.fromkeys(hit.passage.section[-1] for hit in (first, last) if hit.passage.section)
    opening = " ".join(first.passage.text.split()[:8])
    where = " to ".join(f"“{heading}”" for heading in headings) if headings else f"the part that begins “{opening}…”"
    return f"{where} of {source_name(first.imprint)}"


def _progress(part: int, waiting: int) -> str:
    return f"Reading part {part} of {part + waiting}." if waiting or part > 1 else ""


def _unwatched(_text: str) -> None:
    """Ignore the text: notes on a part are not the answer and are not shown."""


def _prompts() -> Mapping[str, str]:
    """Read the prompts by name: one for each task that a model performs, and one for joining."""
    names = ("summary", "key_points", "redraft", "join")
    try:
        return {name: (_PROMPTS / f"{name}.md").read_text(encoding="utf-8") for name in names}
    except OSError as error:
        raise SettingsError(f"{error.filename}: cannot be read ({error.strerror}); install humphrey again") from None
