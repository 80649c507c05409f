"""One endpoint that speaks OpenAI's chat completions: requests to it, and the meaning of its replies and failures.

Every failure becomes a `ModelError`: one sentence with the endpoint's host and the next step, never a key and never a
person's words. Servers differ in the parameters they accept. A parameter that a server refuses is left out from then
on, and the same request is made without it.
"""

import logging
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import openai
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI
from pydantic import PrivateAttr, SecretStr

from humphrey.errors import ModelError, ModelUnavailable, SettingsError, WindowExceeded
from humphrey.llm.bounds import allowance, require_modest
from humphrey.llm.server_errors import ErrorInReply, ServerError
from humphrey.llm.server_events import ReplyReader
from humphrey.llm.transport import (
    FAILURES,
    begin_reply,
    broke_off,
    client,
    current_reply,
    host,
    is_address,
    slow,
    timed_out,
)
from humphrey.papers.draft import ModelName

MAX_REPLY_CHARS = 60_000
"""Longest reply in characters. A model that writes more has failed, and is not waited for."""


_UNUSED_ENOUGH = 3
"""After this many first replies without a tool call, and none ever with one, tools are no longer offered."""


_BROKE_OFF = "broke off in the middle of its reply; try again, or look at its log"


_QUOTA_WAIT_S = 3600.0
"""The wait after a quota is used up: longer than any call waits, so that another endpoint is asked at once."""


_MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)


# Reasons by which servers say that a reply ended, beside those of OpenAI.
_TOO_LONG = frozenset({"length", "max_tokens", "model_length"})
_WITHHELD = frozenset({"content_filter", "safety", "prohibited_content", "recitation", "blocklist", "spii"})
_FAILED = frozenset({"error", "abort", "aborted", "cancelled", "insufficient_system_resource"})


_FILTER = "withheld its reply because of its content filter; ask in other words, or change the endpoint's settings"


# Parameters that some servers lack, with the words by which a refusal names them. Of those that were sent, the first
# one named is left out.
_OPTIONAL = {
    "stream_options": re.compile(r"stream_options|include_usage", re.I),
    "response_format": re.compile(r"response_format|json_schema|grammar|structured", re.I),
    "temperature": re.compile(r"temperature", re.I),
    "max_completion_tokens": re.compile(r"max_completion_tokens", re.I),
    "max_tokens": re.compile(r"max_tokens", re.I),
    "tools": re.compile(r"\btool|function.?call", re.I),
}


@dataclass(frozen=True)
class EndpointSettings:
    """How an endpoint is reached and used; `docs/settings.md` explains each field.

    `setting` is the prefix of its setting names, for messages. Prices are for a million tokens.
    """

    base_url: str
    name: str
    api_key: str = field(default="", repr=False)
    timeout_s: float = 60
    retries: int = 2
    temperature: float | None = 0
    max_tokens: int = 0
    window_tokens: int = 0
    tools: bool = True
    price_in: float = 0
    price_out: float = 0
    setting: str = "HUMPHREY_MODEL"


@dataclass(frozen=True)
class ReplyRequest:
    """The requirements of one reply: the tools that it may call, and its JSON schema, if any."""

    tools: Sequence[dict[str, Any]] = ()
    schema: dict[str, Any] | None = None


class Endpoint(ChatOpenAI):
    """ChatOpenAI with one kind of error, and without the parameters that its server lacks."""

    _service: EndpointSettings = PrivateAttr()
    _refused: set[str] = PrivateAttr(default_factory=set)
    _unused: int = PrivateAttr(default=0)
    _used: bool = PrivateAttr(default=False)

    @classmethod
    def of(cls, service: EndpointSettings) -> "Endpoint":
        """Return the endpoint; nothing is sent before the first question.

        Raises:
            SettingsError: the address is not valid, or the model's name is missing.
        """
        if not is_address(service.base_url):
            raise SettingsError(
                f"{service.setting}__BASE_URL is not an address; write it like http://127.0.0.1:8000/v1"
            )
        if not service.name:
            raise SettingsError(f"{service.setting}__NAME is empty; name the model that the endpoint should use")
        # At debug level these libraries log whole requests, and with them people's words.
        for library in ("openai", "httpx", "httpcore"):
            logging.getLogger(library).setLevel(logging.WARNING)
        made = cls(
            base_url=service.base_url,
            api_key=SecretStr(service.api_key or "none"),
            model=service.name,
            timeout=service.timeout_s,
            # The failover retries: it knows the wait that was asked for, and the other endpoint.
            max_retries=0,
            streaming=True,
            stream_usage=False,
            use_responses_api=False,
            organization="",
            http_client=client(service.base_url, service.timeout_s),
        )
        made._service = service
        return made

    @property
    def service(self) -> EndpointSettings:
        """Return how the endpoint is reached and used."""
        return self._service

    @property
    def calls_tools(self) -> bool:
        """Return whether the endpoint may call tools, as far as is known."""
        return self._service.tools and "tools" not in self._refused

    @property
    def takes_schema(self) -> bool:
        """Return whether the endpoint replies in JSON of a given schema, as far as is known."""
        return "response_format" not in self._refused

    def forget(self, parameter: str) -> None:
        """Leave a parameter out from now on, because the server refuses or ignores it."""
        self._refused.add(parameter)

    def named(self, wanted: ReplyRequest) -> ModelName:
        """Return the model's name with the settings that are really sent."""
        sent = self._sent(wanted)
        numbers: tuple[str, ...] = ("temperature", "max_tokens", "max_completion_tokens")
        shown = {name: f"{sent[name]:g}" for name in numbers if name in sent}
        shown |= {"tools": "yes" if "tools" in sent else "no", "schema": "yes" if "response_format" in sent else "no"}
        return ModelName("openai-compatible", self._service.name, shown)

    def reply(self, messages: Sequence[BaseMessage], wanted: ReplyRequest) -> Iterator[ChatGenerationChunk]:
        """Yield the chunks of a complete reply that has words or calls a tool.

        Raises:
            ModelError: the endpoint did not answer, or its answer cannot be used. The error is `ModelUnavailable` if
                the failure may pass, `WindowExceeded` if the request was too long, and `BoundReached` if the draft has
                used up its time or the reply calls too many tools.
        """
        begin_reply(self._service.timeout_s)
        yield from self._replied(messages, wanted)

    def _replied(self, messages: Sequence[BaseMessage], wanted: ReplyRequest) -> Iterator[ChatGenerationChunk]:
        sent = self._sent(wanted)
        given = list(messages) if "tools" in sent else _told_plainly(messages)
        tools = {"tools": sent.pop("tools")} if "tools" in sent else {}
        begun = False
        try:
            # In the extra body: given some of these parameters, the library would call other routes of the server.
            for chunk in _closing(super()._stream(given, extra_body=sent, **tools), self._whole):
                begun = begun or _says(chunk)
                yield chunk
            self._learn(given, offered=bool(tools))
        except (openai.APIStatusError, ErrorInReply) as error:
            told = error.told if isinstance(error, ErrorInReply) else ServerError(error.status_code, str(error))
            if begun or not self._conceded(told, {**sent, **tools}):
                raise self._refusal(told, _asked_wait(error), begun=begun) from None
            yield from self._replied(messages, wanted)
        except (openai.OpenAIError, *FAILURES, *_MALFORMED) as error:
            raise self._failure(error) from None

    def _learn(self, given: Sequence[BaseMessage], *, offered: bool) -> None:
        """Stop offering tools to a server that never calls one: it writes whole replies at the first step."""
        if offered and not self._used and not any(isinstance(message, ToolMessage) for message in given):
            self._unused += 1
            if self._unused >= _UNUSED_ENOUGH:
                self.forget("tools")

    def _sent(self, wanted: ReplyRequest) -> dict[str, Any]:
        most = self._service.max_tokens or None
        schema = {"name": "answer", "strict": True, "schema": wanted.schema}
        sent = {
            "stream_options": {"include_usage": True},
            "temperature": self._service.temperature,
            # OpenAI's newer models know only the newer name, most other servers only the older one.
            ("max_completion_tokens" if "max_tokens" in self._refused else "max_tokens"): most,
            "response_format": {"type": "json_schema", "json_schema": schema} if wanted.schema else None,
            "tools": list(wanted.tools) if wanted.tools and self.calls_tools else None,
        }
        return {name: value for name, value in sent.items() if value is not None and name not in self._refused}

    def _convert_chunk_to_generation_chunk(
        self, chunk: dict[str, Any], default_chunk_class: type, base_generation_info: dict[str, Any] | None
    ) -> ChatGenerationChunk | None:
        # The library fails on an invalid count, which would cost the whole reply.
        usage = chunk.get("usage")
        counts = [usage.get(name) for name in ("prompt_tokens", "completion_tokens")] if isinstance(usage, dict) else []
        good = bool(counts) and all(type(count) is int and count >= 0 for count in counts)
        told = {"prompt_tokens": counts[0], "completion_tokens": counts[1]} if good else None
        return super()._convert_chunk_to_generation_chunk(
            {**chunk, "usage": told}, default_chunk_class, base_generation_info
        )

    def _whole(self, chunks: Iterator[ChatGenerationChunk]) -> Iterator[ChatGenerationChunk]:
        said, chars, arguments = False, 0, dict[object, str]()
        for chunk in chunks:
            message = chunk.message
            calls = message.tool_call_chunks if isinstance(message, AIMessageChunk) else []
            said = said or bool(chunk.text) or bool(calls)
            self._used = self._used or bool(calls)
            chars += len(chunk.text) + sum(len(call.get("args") or "") for call in calls)
            for call in calls:
                # A piece without a place belongs to no earlier call, as far as is known.
                place = call.get("index") if call.get("index") is not None else ("", len(arguments))
                arguments[place] = arguments.get(place, "") + (call.get("args") or "")
            require_modest(arguments.values())
            if chars > MAX_REPLY_CHARS:
                raise ModelError(
                    f"{self._host} wrote more than {MAX_REPLY_CHARS:,} characters without an end; ask again"
                )
            yield chunk
        self._require_good_end(current_reply(), said=said)

    def _require_good_end(self, reply: ReplyReader, *, said: bool) -> None:
        """Require that a reply came to its end and, as `said` tells, has words or a call."""
        ended = reply.ended
        if not reply.chosen or not (ended or reply.done):
            raise ModelUnavailable(f"{self._host} {_BROKE_OFF if said else self._not_chat}")
        if ended in _FAILED:
            raise ModelUnavailable(f"{self._host} {_BROKE_OFF}")
        if ended in _TOO_LONG:
            raise ModelError(
                f"{self._host} reached its length limit; ask a narrower question, or change the endpoint's settings"
            )
        if ended in _WITHHELD:
            raise ModelError(f"{self._host} {_FILTER}")
        if ended == "refusal":
            raise ModelError(f"{self._host} refused to answer this; ask in other words, or use another model")
        if not said:
            raise ModelError(f"{self._host} sent an empty reply; ask again, or use another model")

    def _conceded(self, told: ServerError, sent: dict[str, Any]) -> bool:
        """Return whether the server refused an optional parameter, which is then left out from now on."""
        # A request that is too long may name the longest reply too; leaving that out would not help.
        if told.status not in {400, 422} or told.kind in {"window", "filtered"}:
            return False
        for name, words in _OPTIONAL.items():
            if name in sent and words.search(told.words):
                self.forget(name)
                return True
        return False

    @property
    def _host(self) -> str:
        return host(self._service.base_url)

    @property
    def _not_chat(self) -> str:
        setting = f"{self._service.setting}__BASE_URL"
        return f"sent something that is not a chat completion; check that {setting} is its API address"

    def _failure(self, error: Exception) -> ModelError:
        draft = allowance()
        if timed_out(error) and draft and draft.remaining_s <= 0:
            return draft.out_of_time()
        return ModelUnavailable(f"{self._host} {self._reason(error)}", slow=timed_out(error))

    def _reason(self, error: Exception) -> str:
        if timed_out(error):
            return slow(self._service.timeout_s, self._service.setting)
        if broke_off(error):
            return _BROKE_OFF
        if isinstance(error, openai.APIConnectionError):
            return f"cannot be reached; check {self._service.setting}__BASE_URL and that the endpoint is running"
        return self._not_chat

    def _refusal(self, told: ServerError, wait_s: float | None, *, begun: bool) -> ModelError:
        """Return what a server's error means for the person, as a sentence with the next step."""
        status, name, setting = told.status, self._service.name, self._service.setting
        # A server that says when to come back is busy, whatever it calls that.
        kind = "passing" if told.kind == "quota" and wait_s is not None else told.kind
        match kind:
            case "filtered":
                return ModelError(f"{self._host} {_FILTER}")
            case "window":
                return WindowExceeded(
                    f"{self._host} was given more than {name!r} can read at once; ask a shorter question"
                )
            case "key":
                return ModelError(f"{self._host} refused the key; set {setting}__API_KEY to one that it accepts")
            case "missing":
                where = f"check {setting}__NAME and {setting}__BASE_URL"
                return ModelError(f"{self._host} has no model {name!r} at this address; {where}")
            # These may pass, or not hold elsewhere, so the failover tries again or elsewhere; others would hide a
            # mistake in the settings.
            case "quota":
                said = f"says that the account's quota is used up (status {status}); raise it with its provider"
                return ModelUnavailable(f"{self._host} {said}, or use another endpoint", wait_s=_QUOTA_WAIT_S)
            case "passing":
                return ModelUnavailable(f"{self._host} {_BROKE_OFF if begun else _passing(status)}", wait_s=wait_s or 0)
            case "refused":
                return ModelError(
                    f"{self._host} did not accept the request (status {status}); "
                    f"check that {name!r} answers chat completions of this length"
                )


def _closing(
    chunks: Iterator[ChatGenerationChunk],
    read: Callable[[Iterator[ChatGenerationChunk]], Iterator[ChatGenerationChunk]],
) -> Iterator[ChatGenerationChunk]:
    """Yield what `read` makes of a stream, and end its connection at once, also if it is not read to its end."""
    try:
        yield from read(chunks)
    finally:
        if isinstance(chunks, Generator):
            chunks.close()


def _passing(status: int) -> str:
    if status == 429:
        return "takes no more requests for now (status 429); try again in a minute"
    return f"failed (status {status}); try again, or look at its log"


def _says(chunk: ChatGenerationChunk) -> bool:
    """Return whether a chunk has words or a piece of a call."""
    message = chunk.message
    return bool(chunk.text) or (isinstance(message, AIMessageChunk) and bool(message.tool_call_chunks))


def _asked_wait(error: openai.APIStatusError | ErrorInReply) -> float | None:
    """Return the wait in seconds that a refusal asks for; None if it gives no number."""
    if isinstance(error, ErrorInReply):
        return None
    try:
        return max(0.0, float(error.response.headers.get("retry-after", "")))
    except ValueError:
        return None


def _told_plainly(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """Return the messages for a server without tools: tool results become text, tool calls are left out."""
    told: list[BaseMessage] = []
    for message in messages:
        if isinstance(message, ToolMessage):
            told.append(HumanMessage(message.text))
        elif not isinstance(message, AIMessage) or message.text:
            told.append(AIMessage(message.text) if isinstance(message, AIMessage) else message)
    return told
