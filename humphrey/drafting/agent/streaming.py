"""Streaming of an agent's run: shows the text as it is written, and records each step with its time and outcome."""

import json
import time
from collections.abc import Callable, Sequence

from langchain_core.messages import AIMessage, AIMessageChunk, ToolMessage

from humphrey.calculations.workings import Working
from humphrey.drafting.agent.replies import StreamedReply
from humphrey.drafting.agent.tool_emulation import WITHHELD
from humphrey.drafting.steps import report_step
from humphrey.papers.draft import Step

_NAMES = {"search_guidance": "search", "open_document": "open"}
"""The step names of the tools that read; all other tools compute."""


class AgentStream:
    """The progress of one run of an agent: its steps, and its last message.

    Args:
        growing: shows the text.
        spend_calls: counts the tool calls of a reply, given as their arguments; it raises an error for too many.
        clock: returns the time in seconds.
    """

    def __init__(
        self,
        growing: StreamedReply,
        spend_calls: Callable[[Sequence[str]], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._growing = growing
        self._spend_calls = spend_calls
        self._clock = clock
        self._since = clock()
        self.steps: list[Step] = []
        self.last: AIMessage | None = None

    def add(self, part: object) -> None:
        """Process one part of the agent's stream. The tools that a reply calls run after this returns.

        Raises:
            BoundReached: the reply calls too many tools.
        """
        if not isinstance(part, dict):
            return
        if part["type"] == "messages":
            self._grow(*part["data"])
            return
        for node, change in part["data"].items():
            for message in (change or {}).get("messages", []):
                self._note(node, message)

    def _grow(self, chunk: object, about: dict[str, object]) -> None:
        if about["langgraph_node"] == "model" and isinstance(chunk, AIMessageChunk):
            # A message that calls a tool is not the answer.
            if chunk.tool_call_chunks:
                self._growing.drop(chunk.id or "")
            self._growing.add(chunk.id or "", chunk.text)

    def _note(self, node: str, message: object) -> None:
        if node == "tools" and isinstance(message, ToolMessage):
            self._step(_NAMES.get(message.name or "", "compute"), _outcome(message))
        elif node == "model" and isinstance(message, AIMessage):
            if message.tool_calls or message.invalid_tool_calls:
                called = [json.dumps(call["args"]) for call in (*message.tool_calls, *message.invalid_tool_calls)]
                self._spend_calls(called)
                self._step("choose what to look up", ", ".join(call["name"] for call in message.tool_calls))
            else:
                self.last = message
                self._step("write", _written(message))

    def _step(self, name: str, outcome: str) -> None:
        now = self._clock()
        self.steps.append(Step(name, round(now - self._since, 4), outcome))
        self._since = now
        report_step(name, outcome)


def _written(message: AIMessage) -> str:
    withheld = message.response_metadata.get(WITHHELD)
    left_out = f"; {len(withheld)} passages left out, which the model's window does not hold" if withheld else ""
    return f"{len(message.text):,} characters{left_out}"


def _outcome(message: ToolMessage) -> str:
    """Return the outcome of a tool; one that did not understand its call returns text without an artifact."""
    found = message.artifact
    if isinstance(found, Working):
        return found.result
    if isinstance(found, Sequence) and message.status != "error":
        return f"{len(found)} passages"
    return "not understood"
