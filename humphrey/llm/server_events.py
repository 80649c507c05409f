"""A reply as a server sends it, made into the one shape that is read: a stream of events, each with a piece of text.

Servers send it otherwise too: whole, though a stream was asked for; with an error in place of an event; with half a
character at the end of a piece; with thoughts before the words; with content in parts; with a call in an older shape.
An event that is none of these passes unchanged. Each reply has a reader of its own.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from humphrey.llm.server_errors import ServerError, told_in
from humphrey.llm.thinking import ThinkingFilter

_DONE = b"[DONE]"


_REASONS = frozenset({"stop", "length", "tool_calls", "content_filter", "function_call"})
"""The reasons for an end that the library knows."""


class _Words:
    """The text of one place of a reply: characters that arrive in halves are joined, and thoughts are left out."""

    def __init__(self) -> None:
        self._half = ""
        self._thinking = ThinkingFilter()

    def add(self, piece: str, *, thinking: bool) -> str:
        whole = self._joined(piece)
        return self._thinking.add(whole) if thinking else whole

    def rest(self) -> str:
        return self._thinking.rest()

    def _joined(self, piece: str) -> str:
        text = self._half + piece
        # The first half of a character beyond U+FFFF; its second half begins the next piece, if there is one.
        self._half = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        text = text[: len(text) - len(self._half)]
        if text.isascii():
            return text
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class ReplyReader:
    """Turns the bytes of one reply into events.

    `chosen`: there was an event of a chat completion. `ended`: the reason that the server gave for the end, in small
    letters; empty if it gave none. `done`: it said that the reply is at its end. `told`: the error that it told.
    """

    def __init__(self) -> None:
        self._unread: list[bytes] = []
        self._begun = False
        self._is_body = False
        self._words: dict[object, _Words] = defaultdict(_Words)
        self._calls = 0
        self.chosen = False
        self.ended = ""
        self.done = False
        self.told: ServerError | None = None

    def read(self, piece: bytes) -> bytes:
        """Return the events of the lines that are now complete, up to an error that the server tells."""
        if not self._begun and piece.strip():
            self._begun, self._is_body = True, piece.lstrip().startswith(b"{")
        # Joined once for each line: a server may send a long one in many small pieces.
        self._unread.append(piece)
        if self._is_body or b"\n" not in piece:
            return b""
        *lines, last = b"".join(self._unread).split(b"\n")
        self._unread = [last]
        made = []
        for line in lines:
            read = self._read(line)
            if self.told is not None:
                break
            made.append(read + b"\n")
        return b"".join(made)

    def rest(self) -> bytes:
        """Return what is left at the end of the bytes: a whole reply that came without events, or the last line."""
        left = b"".join(self._unread)
        if not self._is_body:
            return self._read(left)
        body = _json(left)
        if not isinstance(body, dict):
            return left
        self.done = True
        event = self._event(body)
        return event and event + b"\n\ndata: [DONE]\n\n"

    def _read(self, line: bytes) -> bytes:
        name, _, value = line.partition(b":")
        if name == b"error" and (told := _json(value)) is not None:
            self.told = told_in({"error": told})
        if name != b"data":
            return line
        if value.strip().startswith(_DONE):
            self.done = True
            return b"".join((self._held(), line))
        body = _json(value)
        return self._event(body) if isinstance(body, dict) else line

    def _event(self, body: dict[str, Any]) -> bytes:
        self.told = told_in(body)
        if self.told:
            return b""
        choices = body.get("choices")
        if isinstance(choices, list):
            self.chosen = self.chosen or bool(choices)
            body["choices"] = [self._choice(each) if isinstance(each, dict) else each for each in choices]
            body["object"] = "chat.completion.chunk"
        return b"data: " + json.dumps(body).encode()

    def _choice(self, choice: dict[str, Any]) -> dict[str, Any]:
        delta = choice.get("delta", choice.get("message"))
        if not isinstance(delta, dict):
            return choice
        made = {name: value for name, value in choice.items() if name != "message"} | {"delta": self._delta(delta)}
        if delta.get("refusal"):
            self.ended = "refusal"
        reason = choice.get("finish_reason")
        made["finish_reason"] = (reason if reason in _REASONS else "stop") if reason else None
        if reason:
            # A model's own refusal ends with the reason of any other reply.
            self.ended = self.ended if self.ended == "refusal" else str(reason).lower()
            made["delta"]["content"] += self._words["content"].rest()
        return made

    def _delta(self, delta: dict[str, Any]) -> dict[str, Any]:
        made = {**delta, "content": self._words["content"].add(_text(delta.get("content")), thinking=True)}
        # An older shape of a call, of which a reply has one.
        if isinstance(older := made.pop("function_call", None), dict):
            made["tool_calls"] = [{"index": 0, "id": "call_0", "type": "function", "function": older}]
        if isinstance(calls := made.get("tool_calls"), list):
            made["tool_calls"] = [self._call(each) if isinstance(each, dict) else each for each in calls]
        return made

    def _call(self, call: dict[str, Any]) -> dict[str, Any]:
        function = call.get("function")
        if not isinstance(function, dict):
            return call
        place = call.get("index")
        if place is None:
            # A piece with a name begins a call; one without continues the last.
            self._calls += bool(function.get("name"))
            place = max(self._calls - 1, 0)
        said = function.get("arguments")
        arguments = json.dumps(said) if isinstance(said, dict) else said
        if isinstance(arguments, str):
            arguments = self._words["call", place].add(arguments, thinking=False)
        return {**call, "index": place, "function": {**function, "arguments": arguments}}

    def _held(self) -> bytes:
        """Return the words held back at the end of a reply that named no reason for its end."""
        words = self._words["content"].rest() if "content" in self._words else ""
        if not words:
            return b""
        choice = {"index": 0, "delta": {"content": words}, "finish_reason": None}
        body = {"id": "", "object": "chat.completion.chunk", "created": 0, "model": "", "choices": [choice]}
        return b"data: " + json.dumps(body).encode() + b"\n\n"


def _text(content: object) -> str:
    """Return the words of a content, which may come in parts; parts of other kinds are thoughts or pictures."""
    if isinstance(content, list):
        parts: Iterator[Any] = (part for part in content if isinstance(part, dict) and part.get("type") == "text")
        return "".join(str(part.get("text") or "") for part in parts)
    return content if isinstance(content, str) else ""


def _json(value: bytes) -> object:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None
