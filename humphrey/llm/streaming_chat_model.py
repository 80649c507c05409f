"""The base of humphrey's chat models: each of them only streams, and a whole reply is the stream joined."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult


class StreamingChatModel(BaseChatModel):
    """A chat model that is complete once `_stream` is written."""

    calls_tools_by_rule: ClassVar[bool] = False
    """Whether the tools it calls are chosen by our own rules: all of them at once, before the answer."""

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))


def tool_calls(calls: Sequence[tuple[str, Mapping[str, object]]]) -> ChatGenerationChunk:
    """Return a chunk that calls tools, each given as its name and its arguments."""
    chunks = [
        tool_call_chunk(name=name, args=json.dumps(arguments), id=f"call_{n}", index=n)
        for n, (name, arguments) in enumerate(calls)
    ]
    return ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=chunks))
