"""The door to a language model elsewhere: any endpoint that speaks OpenAI's chat completions.

Whatever goes wrong there comes out as a `ModelError`: one sentence with the endpoint's host and the next step, never a
key and never a person's words. A reply is bounded in time and in size, however slowly or long the endpoint sends.
"""

import logging
import time
from collections.abc import Iterator
from typing import Any, NoReturn
from urllib.parse import urlsplit

import httpx
import openai
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI
from pydantic import PrivateAttr, SecretStr

from humphrey.errors import ModelError, SettingsError

LARGEST_BYTES = 20_000_000
"""More than any reply that could become a draft."""

_BROKE_OFF = "broke off in the middle of its reply; try again, or look at its log"
_NOT_CHAT = "sent something that is not a chat completion; check that HUMPHREY_MODEL__BASE_URL is its API address"
_MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)


def endpoint(base_url: str, api_key: str, name: str, timeout_s: float, retries: int) -> BaseChatModel:
    """The chat model at an endpoint; nothing is sent before the first question.

    Args:
        base_url: address of the endpoint, for example http://127.0.0.1:8000/v1.
        api_key: its key; empty for one that wants none.
        name: the model's name there.
        timeout_s: longest wait for one reply, in seconds.
        retries: how often a call is tried again after a failure that may pass.

    Raises:
        SettingsError: the address is not one, or the name is missing.
    """
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError("HUMPHREY_MODEL__BASE_URL is not an address; write it like http://127.0.0.1:8000/v1")
    if not name:
        raise SettingsError("HUMPHREY_MODEL__NAME is empty; name the model that the endpoint should use")
    # At debug level these write whole requests, and with them people's words.
    for library in ("openai", "httpx", "httpcore"):
        logging.getLogger(library).setLevel(logging.WARNING)
    limits = _Limits(_host(base_url), timeout_s)
    return _Endpoint(
        base_url=base_url,
        api_key=SecretStr(api_key or "none"),
        model=name,
        timeout=timeout_s,
        max_retries=retries,
        streaming=True,
        stream_usage=False,
        use_responses_api=False,
        organization="",
        http_client=httpx.Client(timeout=timeout_s, event_hooks={"response": [limits.bound]}),
    )


class _Endpoint(ChatOpenAI):
    """ChatOpenAI with one kind of error, and without tools where the endpoint has none."""

    _without_tools: bool = PrivateAttr(default=False)

    @property
    def _timeout_s(self) -> float:
        return float(str(self.request_timeout))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        *,
        stream_usage: bool | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> Iterator[ChatGenerationChunk]:
        if self._without_tools:
            kwargs = _toolless(kwargs)
        try:
            yield from self._whole(super()._stream(messages, stop, run_manager, stream_usage=stream_usage, **kwargs))
        except openai.BadRequestError as error:
            if "tools" not in kwargs or "tool" not in str(error).lower():
                self._fail(error)
            self._without_tools = True
            yield from self._stream(messages, stop, run_manager, stream_usage=stream_usage, **kwargs)
        except (openai.OpenAIError, httpx.HTTPError, *_MALFORMED) as error:
            self._fail(error)

    def _whole(self, chunks: Iterator[ChatGenerationChunk]) -> Iterator[ChatGenerationChunk]:
        """The chunks of a reply that has words or calls a tool, and ends as a reply ends."""
        ended, said = "", False
        for chunk in chunks:
            ended = (chunk.generation_info or {}).get("finish_reason") or ended
            message = chunk.message
            said = said or bool(chunk.text) or (isinstance(message, AIMessageChunk) and bool(message.tool_call_chunks))
            yield chunk
        if not ended:
            raise ModelError(f"{self._host} {_BROKE_OFF if said else _NOT_CHAT}")
        if ended in {"length", "content_filter"}:
            reason = "reached its length limit" if ended == "length" else "withheld its reply"
            raise ModelError(f"{self._host} {reason}; ask a narrower question, or change the endpoint's settings")
        if not said:
            raise ModelError(f"{self._host} sent an empty reply; ask again, or use another model")

    @property
    def _host(self) -> str:
        return _host(self.openai_api_base or "")

    def _fail(self, error: Exception) -> NoReturn:
        raise ModelError(f"{self._host} {self._reason(error)}") from None

    def _reason(self, error: Exception) -> str:
        if isinstance(error, openai.APITimeoutError | httpx.TimeoutException):
            return _slow(self._timeout_s)
        if any(isinstance(cause, httpx.RemoteProtocolError | httpx.ReadError) for cause in _causes(error)):
            return _BROKE_OFF
        if isinstance(error, openai.APIConnectionError):
            return "cannot be reached; check HUMPHREY_MODEL__BASE_URL and that the endpoint is running"
        if isinstance(error, openai.APIStatusError):
            return _refusal(error.status_code, self.model_name)
        return _NOT_CHAT


class _Limits:
    """Bounds how long and how much one response may send; a timeout alone is met by a byte now and then."""

    def __init__(self, host: str, timeout_s: float) -> None:
        self._host = host
        self._timeout_s = timeout_s

    def bound(self, response: httpx.Response) -> None:
        """A hook for each response, called before its body is read."""
        if isinstance(response.stream, httpx.SyncByteStream):
            response.stream = _Bounded(response.stream, self._host, self._timeout_s)


class _Bounded(httpx.SyncByteStream):
    def __init__(self, inner: httpx.SyncByteStream, host: str, timeout_s: float) -> None:
        self._inner = inner
        self._host = host
        self._timeout_s = timeout_s

    def __iter__(self) -> Iterator[bytes]:
        ends, size = time.monotonic() + self._timeout_s, 0
        for piece in self._inner:
            size += len(piece)
            if time.monotonic() > ends:
                raise ModelError(f"{self._host} {_slow(self._timeout_s)}")
            if size > LARGEST_BYTES:
                raise ModelError(f"{self._host} sent more than {LARGEST_BYTES:,} bytes; use another model")
            yield piece

    def close(self) -> None:
        self._inner.close()


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _refusal(status: int, name: str) -> str:
    if status in {401, 403}:
        return "refused the key; set HUMPHREY_MODEL__API_KEY to one that it accepts"
    if status == 404:
        return f"has no model {name!r} at this address; check HUMPHREY_MODEL__NAME and HUMPHREY_MODEL__BASE_URL"
    if status == 429:
        return "takes no more requests for now (status 429); try again in a minute"
    if status >= 500:
        return f"failed (status {status}); try again, or look at its log"
    return f"did not accept the request (status {status}); check that {name!r} answers chat completions of this length"


def _slow(timeout_s: float) -> str:
    return f"did not finish its reply within {timeout_s:g} seconds; try again, or raise HUMPHREY_MODEL__TIMEOUT_S"


def _host(base_url: str) -> str:
    """Host and port, without the name and password that an address may carry."""
    parts = urlsplit(base_url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def _toolless(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value for name, value in kwargs.items() if name not in {"tools", "tool_choice", "parallel_tool_calls"}
    }
