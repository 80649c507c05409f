"""A long text worked through by a model in parts: each part by itself, then what was written of them made into one.

A part that the model cannot take at once is halved. One that it fails on is named, never passed over; when it fails
from the start, or twice running, the work stops. Between parts the watcher is told, and what it raises ends the work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage
from langsmith import tracing_context

from humphrey.adapters.metering import tokens
from humphrey.adapters.model import Writer
from humphrey.core.drafts import Watch
from humphrey.core.evidence import Numbered, fence
from humphrey.core.replies import Growing, parted
from humphrey.core.steps import Taken
from humphrey.core.tasks import Task
from humphrey.errors import ModelError, SettingsError, WindowExceeded

UNKNOWN_WINDOW = 6000
"""Tokens of a text given at once to a model whose window is not known."""

_FEWEST = 400
_REPLY, _AROUND = 1000, 800
_IN_A_ROW = 2
_PROMPTS = Path(__file__).parent.parent / "prompts" / "tasks"


@dataclass
class Written:
    """What a model made of a text; `parts` is in how many it read it, `lost` names those it could not."""

    text: str = ""
    parts: int = 0
    lost: list[str] = field(default_factory=list)


@dataclass
class _Work:
    """One task under way: how many tokens are given at once, which falls where that was too much."""

    task: Task
    watch: Watch
    taken: Taken
    budget: int
    notes: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    failed: int = 0


class PartWriter:
    """Does a task on a text with a chat model.

    Args:
        model: any chat model; one at an endpoint says how much it takes at once.

    Raises:
        SettingsError: a prompt is missing.
    """

    def __init__(self, model: BaseChatModel) -> None:
        self._model = model
        self._prompts = _prompts()

    def __call__(self, task: Task, passages: Sequence[Numbered], watch: Watch, taken: Taken) -> Written:
        """What the model makes of the passages, in their order; 0 for a number means that it is not to be cited.

        Raises:
            ModelError: the model did not answer, or not usably.
        """
        work = _Work(task, watch, taken, self._budget())
        waiting = _packed(passages, work.budget)
        while waiting:
            part = waiting.pop(0)
            watch(_progress(len(work.notes) + len(work.lost) + 1, len(waiting)))
            waiting = self._read(part, work, last=not waiting) + waiting
        parts = len(work.notes)
        return Written(self._joined(work), parts, work.lost)

    def _budget(self) -> int:
        if not isinstance(self._model, Writer) or not self._model.window_tokens:
            return UNKNOWN_WINDOW
        reply = self._model.max_tokens or min(_REPLY, self._model.window_tokens // 4)
        return max(_FEWEST, self._model.window_tokens - reply - _AROUND)

    def _read(self, part: list[Numbered], work: _Work, *, last: bool) -> list[list[Numbered]]:
        """Read one part; what has to be read instead where it was too long, else nothing."""
        alone = last and not work.notes and not work.lost
        try:
            with work.taken.step(f"read part {len(work.notes) + len(work.lost) + 1}") as outcome:
                note = self._asked(work, self._prompts[work.task], "text", _shown(part), streamed=alone)
                outcome.append(f"{len(part)} passages")
        except WindowExceeded:
            if len(part) > 1:
                work.budget = max(_FEWEST, work.budget // 2)
                return [part[: len(part) // 2], part[len(part) // 2 :]]
            work.lost.append(_place(part))
        except ModelError:
            work.failed += 1
            if not work.notes or work.failed == _IN_A_ROW:
                raise
            work.lost.append(_place(part))
        else:
            work.failed = 0
            work.notes.append(note)
        return []

    def _joined(self, work: _Work) -> str:
        """What was written of the parts as one text; a redraft, and what cannot be joined, stands part after part."""
        notes = work.notes
        if not notes:
            raise ModelError("the model cannot hold even a short part of this text; use one that reads more at once")
        while len(notes) > 1 and work.task != "redraft":
            groups = _grouped(notes, work.budget)
            if len(groups) == len(notes):
                break
            work.watch(_progress(len(work.notes), 0))
            with work.taken.step("join the parts") as outcome:
                last = len(groups) == 1
                join = self._prompts["join"]
                notes = [self._asked(work, join, "parts", "\n\n".join(group), streamed=last) for group in groups]
                outcome.append(f"{len(groups)} of {sum(map(len, groups))}")
        return "\n\n".join(notes)

    def _asked(self, work: _Work, prompt: str, name: str, text: str, *, streamed: bool) -> str:
        growing = Growing(work.watch if streamed else _unwatched, titled=False, prompt=prompt, given=text)
        with tracing_context(enabled=False):
            for chunk in self._model.stream([SystemMessage(prompt), HumanMessage(fence(name, text))]):
                growing.add("part", chunk.text)
        written = parted(growing.text("part"))[1]
        if not written.strip():
            raise ModelError("the model returned no words; ask again, or use another model")
        return written


def _packed(passages: Sequence[Numbered], budget: int) -> list[list[Numbered]]:
    """Passages in runs of about equal length, none longer than the budget unless it is a single passage."""
    sizes = [tokens(_shown([each])) for each in passages]
    parts = -(-sum(sizes) // budget)
    even = sum(sizes) / max(1, parts)
    packed: list[list[Numbered]] = []
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


def _shown(part: Sequence[Numbered]) -> str:
    """Passages under their headings, numbered where they can be cited."""
    said, section = list[str](), tuple[str, ...]()
    for numbered in part:
        passage = numbered.hit.passage
        if passage.section != section:
            said.append(f"## {' > '.join(passage.section)}")
        section = passage.section
        said.append(f"[{numbered.n}] {passage.text}" if numbered.n else passage.text)
    return "\n\n".join(said)


def _place(part: Sequence[Numbered]) -> str:
    """Where a part stands: its document and the headings it begins and ends under."""
    first, last = part[0].hit, part[-1].hit
    headings = dict.fromkeys(hit.passage.section[-1] for hit in (first, last) if hit.passage.section)
    opening = " ".join(first.passage.text.split()[:8])
    where = " to ".join(f"“{heading}”" for heading in headings) if headings else f"the part that begins “{opening}…”"
    return f"{where} of {first.imprint.title}"


def _progress(part: int, waiting: int) -> str:
    return f"Reading part {part} of {part + waiting}." if waiting or part > 1 else ""


def _unwatched(_text: str) -> None:
    """Notes on a part are not the answer, and are not shown."""


def _prompts() -> Mapping[str, str]:
    """The prompt of each task that a model does, and of joining, by its name."""
    names = ("summary", "key_points", "redraft", "join")
    try:
        return {name: (_PROMPTS / f"{name}.md").read_text(encoding="utf-8") for name in names}
    except OSError as error:
        raise SettingsError(f"{error.filename}: cannot be read ({error.strerror}); install humphrey again") from None
