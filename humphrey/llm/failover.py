"""The only way to language models elsewhere: one chat model over one or more endpoints, with failover.

A call that fails in a way that may pass is retried. It waits as long as the endpoint asks, else a growing time, and
then goes to the next endpoint. An endpoint that keeps failing is skipped for a while, so that not every question pays
for its time-out. Only a reply of which no word has arrived is requested again here: text that was shown cannot be taken
back.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import PrivateAttr

from humphrey.errors import ModelUnavailable
from humphrey.llm.bounds import allowance
from humphrey.llm.endpoint import Endpoint, EndpointSettings, ReplyRequest
from humphrey.llm.streaming_chat_model import StreamingChatModel
from humphrey.llm.structured_output import JsonReplyParser, schema
from humphrey.llm.usage import ModelCall, record_call, tokens

LONGEST_WAIT_S = 20.0
"""The longest wait before a retry, in seconds; an endpoint that asks for more is given up for this call."""


_FIRST_WAIT_S = 0.5
"""The wait before the first retry, in seconds; it doubles with each further one."""


# An endpoint that failed is skipped for 15 seconds, then 30, up to 5 minutes (docs/models.md).
_REST_S, _LONGEST_REST_S = 15.0, 300.0


def build_chat_model(*services: EndpointSettings) -> "FailoverChatModel":
    """Build the chat model over these endpoints, the preferred one first.

    Raises:
        SettingsError: an address is invalid, or a model name is missing.
    """
    return FailoverChatModel([Endpoint.of(service) for service in services])


def endpoint(base_url: str, api_key: str, name: str, timeout_s: float, retries: int) -> "FailoverChatModel":
    """Build the chat model over one endpoint."""
    return build_chat_model(EndpointSettings(base_url, name, api_key, timeout_s, retries))


class CircuitBreaker:
    """A circuit breaker for one endpoint: after a failure it rests, longer after each further failure in a row."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._until = 0.0

    def ready(self) -> bool:
        """Return whether to try the endpoint. After its rest one caller probes it and the others skip it."""
        with self._lock:
            now = self._clock()
            if now < self._until:
                return False
            if self._failures:
                self._until = now + _REST_S
            return True

    def failed(self, wait_s: float) -> None:
        """Record a failure; `wait_s` is the pause that the endpoint asked for in seconds, 0 if it named none."""
        with self._lock:
            self._failures += 1
            # The exponent is bounded only to keep the power small; the rest is capped long before.
            rest = max(wait_s, _REST_S * 2 ** min(self._failures - 1, 10))
            self._until = self._clock() + min(rest, _LONGEST_REST_S)

    def worked(self) -> None:
        """Record a reply and reset the failures."""
        with self._lock:
            self._failures, self._until = 0, 0.0


@dataclass
class _Told:
    """The content of one reply: its text, and the tokens by the endpoint's own count if it gives one."""

    words: str = ""
    usage: tuple[int, int] | None = None


class FailoverChatModel(StreamingChatModel):
    """A chat model over one or more endpoints, with retries and failover."""

    _places: list[tuple[Endpoint, CircuitBreaker]] = PrivateAttr()

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        super().__init__()
        self._places = [(each, CircuitBreaker()) for each in endpoints]

    @property
    def _llm_type(self) -> str:
        return "humphrey-endpoints"

    @property
    def calls_tools(self) -> bool:
        """Whether the preferred endpoint may call tools, as far as is known."""
        return self._places[0][0].calls_tools

    @property
    def window_tokens(self) -> int:
        """The smallest context window of the endpoints, in tokens; 0 if none is known."""
        return min((each.service.window_tokens for each, _ in self._places if each.service.window_tokens), default=0)

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,  # noqa: ARG002 - LangChain's signature
        **_kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Return the same model with these tools available."""
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools])

    @property
    def max_tokens(self) -> int:
        """The longest reply that any endpoint is asked for, in tokens; 0 if none is set."""
        return max(each.service.max_tokens for each, _ in self._places)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002 - LangChain's signature
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002 - its caller tells it of the chunks
        *,
        tools: Sequence[dict[str, Any]] = (),
        **_kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> Iterator[ChatGenerationChunk]:
        yield from self.reply(messages, tools=tools)

    def reply(
        self, messages: Sequence[BaseMessage], *, tools: Sequence[dict[str, Any]] = (), passages: Sequence[int] = ()
    ) -> Iterator[ChatGenerationChunk]:
        """Stream a reply in chunks: one that may call tools, or one that uses only the passages of these numbers.

        Raises:
            ModelError: no endpoint answered, or the one that did gave no usable reply.
        """
        wanted = ReplyRequest(tools, schema(passages) if passages else None)
        trouble: ModelUnavailable | None = None
        for place, circuit in self._order():
            _require_time()
            try:
                yield from self._patiently(place, circuit, messages, wanted)
            except ModelUnavailable as error:
                circuit.failed(error.wait_s)
                if error.begun:
                    raise
                trouble = error
            else:
                return
        raise trouble or ModelUnavailable("no endpoint is set; name one in HUMPHREY_MODEL__BASE_URL")

    def _order(self) -> list[tuple[Endpoint, CircuitBreaker]]:
        """Return the endpoints worth trying, the preferred one first; all of them if none is."""
        if len(self._places) == 1:
            return self._places
        return [place for place in self._places if place[1].ready()] or self._places

    def _patiently(
        self, place: Endpoint, circuit: CircuitBreaker, messages: Sequence[BaseMessage], wanted: ReplyRequest
    ) -> Iterator[ChatGenerationChunk]:
        """Stream a reply of one endpoint; retry while no word of it has arrived and the failure may pass."""
        for attempt in range(place.service.retries + 1):
            try:
                yield from _metered(place, messages, wanted)
            except ModelUnavailable as error:
                # Up to a quarter earlier or later, so that many waiting calls do not come back at once.
                wait_s = error.wait_s or _FIRST_WAIT_S * 2**attempt * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
                last = attempt == place.service.retries
                # A call that ran into its time limit has already cost the asker that long, so it is not repeated here.
                if error.begun or last or error.slow or wait_s > _longest_wait_s():
                    raise
                time.sleep(wait_s)
            else:
                circuit.worked()
                return


def _metered(place: Endpoint, messages: Sequence[BaseMessage], wanted: ReplyRequest) -> Iterator[ChatGenerationChunk]:
    """Stream a reply of an endpoint. If it takes a schema but returns nothing that fits, ask once more without one."""
    unfolding = JsonReplyParser() if wanted.schema and place.takes_schema else None
    yield from _noted(place, messages, wanted, unfolding)
    if unfolding and not unfolding.told:
        # The server accepted the schema and did not follow it at all: never send it one again (ADR 8).
        if not unfolding.opened:
            place.forget("response_format")
        # Prose has already been passed on as it came; asking again would repeat the answer.
        if not unfolding.prose:
            yield from _noted(place, messages, ReplyRequest(), None)


def _noted(
    place: Endpoint, messages: Sequence[BaseMessage], wanted: ReplyRequest, unfolding: JsonReplyParser | None
) -> Iterator[ChatGenerationChunk]:
    """Make one call and record its usage however it ends, unless no text came."""
    told, draft, asked = _Told(), allowance(), _read(place, messages, wanted)
    if draft:
        draft.require_tokens(asked)
    try:
        chunks = _said(place, messages, wanted, told)
        yield from _unfolded(chunks, unfolding) if unfolding else chunks
    except ModelUnavailable as error:
        error.begun = bool(told.words)
        raise
    finally:
        call = _call(place, wanted, told, asked)
        if told.words:
            record_call(call)
        if draft:
            draft.spend_tokens(call.tokens_in + call.tokens_out)


def _said(
    place: Endpoint, messages: Sequence[BaseMessage], wanted: ReplyRequest, told: _Told
) -> Iterator[ChatGenerationChunk]:
    for chunk in place.reply(messages, wanted):
        message = chunk.message
        if isinstance(message, AIMessageChunk):
            told.words += chunk.text + "".join(str(call.get("args") or "") for call in message.tool_call_chunks)
            if message.usage_metadata:
                told.usage = message.usage_metadata["input_tokens"], message.usage_metadata["output_tokens"]
        yield chunk


def _unfolded(chunks: Iterator[ChatGenerationChunk], unfolding: JsonReplyParser) -> Iterator[ChatGenerationChunk]:
    """Turn the JSON of a reply into its text as it arrives."""
    for chunk in chunks:
        if words := unfolding.add(chunk.text):
            yield _words(words)


def _words(text: str) -> ChatGenerationChunk:
    return ChatGenerationChunk(message=AIMessageChunk(content=text))


def _require_time() -> None:
    if draft := allowance():
        draft.require_time()


def _longest_wait_s() -> float:
    """Return the longest wait before a retry: no longer than the draft has time."""
    draft = allowance()
    return min(LONGEST_WAIT_S, draft.remaining_s) if draft else LONGEST_WAIT_S


def _read(place: Endpoint, messages: Sequence[BaseMessage], wanted: ReplyRequest) -> int:
    """Estimate the tokens of a request."""
    sent = "".join(message.text for message in messages) + "".join(map(str, wanted.tools if place.calls_tools else ()))
    return tokens(sent)


def _call(place: Endpoint, wanted: ReplyRequest, told: _Told, asked: int) -> ModelCall:
    guessed = asked, tokens(told.words)
    counted = told.usage if told.usage and _likely(told.usage, guessed) else None
    read, written = counted or guessed
    service = place.service
    # Prices are per million tokens.
    cost = (read * service.price_in + written * service.price_out) / 1_000_000
    return ModelCall(place.named(wanted), read, written, cost, estimated=counted is None)


def _likely(counted: tuple[int, int], guessed: tuple[int, int]) -> bool:
    """Return whether a token count is plausible: between half a byte and 32 bytes a token.

    The reply may have more tokens than its text shows, because some models think before they write.
    """
    (read, written), (few_read, few_written) = counted, guessed
    # The estimate assumes four bytes a token, so a factor of 8 gives 32 bytes or half a byte.
    return few_read / 8 <= read <= 8 * few_read + 1000 and few_written / 8 <= written <= 1_000_000
