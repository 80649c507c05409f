"""Tool emulation for endpoints that call no tools: rules call the tools, and one question carries their results.

Loop, tools and evidence are those of any other model; only the decision what to look up differs. If the passages do not
fit the model's window, the last ones are left out, and the reply says which.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGenerationChunk
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from pydantic import PrivateAttr

from humphrey.calculations.workings import Working
from humphrey.drafting.calculation_requests.recognise import recognise_calculations
from humphrey.drafting.evidence import NumberedPassage, render_passages, unfence
from humphrey.drafting.questions.follow_ups import completed
from humphrey.errors import WindowExceeded
from humphrey.llm.failover import FailoverChatModel
from humphrey.llm.streaming_chat_model import StreamingChatModel, tool_calls
from humphrey.llm.usage import tokens

WITHHELD = "withheld"
"""The key in a reply's metadata for the numbers of the passages that the model was not given."""


_NOTE = (
    "You cannot search or compute here. What was found and computed for the question stands before it, and is all "
    "there is. Give computed dates and their reasons as they stand."
)


_REPLY_TOKENS = 600
"""Tokens of the window kept for the answer, if no longest reply is set."""


@dataclass(frozen=True)
class _Gathered:
    """The messages before the question, the question, and the results of its tools."""

    before: tuple[BaseMessage, ...]
    question: BaseMessage
    passages: tuple[NumberedPassage, ...]
    computed: tuple[str, ...]
    looked_up: bool


class ToolEmulatingModel(StreamingChatModel):
    """A chat model that calls the tools in place of one that cannot, and then has that one write."""

    calls_tools_by_rule: ClassVar[bool] = True

    _writer: FailoverChatModel = PrivateAttr()

    def __init__(self, writer: FailoverChatModel) -> None:
        super().__init__()
        self._writer = writer

    @property
    def _llm_type(self) -> str:
        return "humphrey-led"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],  # noqa: ARG002 - LangChain's signature
        *,
        tool_choice: str | None = None,  # noqa: ARG002 - LangChain's signature
        **_kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Return the same model; it knows the tools by their names."""
        return self.bind()

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002 - LangChain's signature
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002 - its caller tells it of the chunks
        **_kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> Iterator[ChatGenerationChunk]:
        gathered = _gathered(messages)
        if not gathered.looked_up:
            yield _lookups(gathered)
            return
        given = self._fitting(gathered)
        while True:
            try:
                yield from self._writer.reply(_messages(gathered, given), passages=[numbered.n for numbered in given])
                break
            except WindowExceeded:
                # Tokens are estimates and the window may be unknown, so half the passages go until they fit.
                if len(given) <= 1:
                    raise
                given = given[: len(given) // 2]
        withheld = [numbered.n for numbered in gathered.passages if numbered not in given]
        yield ChatGenerationChunk(message=AIMessageChunk(content="", response_metadata={WITHHELD: withheld}))

    def _fitting(self, gathered: _Gathered) -> tuple[NumberedPassage, ...]:
        """Return the passages that fit the window, at least one; all if its size is not known."""
        given, window = gathered.passages, self._writer.window_tokens
        room = window - (self._writer.max_tokens or _REPLY_TOKENS)
        while window and len(given) > 1 and _length(_messages(gathered, given)) > room:
            given = given[:-1]
        return given


def _gathered(messages: Sequence[BaseMessage]) -> _Gathered:
    now = max((n for n, message in enumerate(messages) if isinstance(message, HumanMessage)), default=0)
    given = [message for message in messages[now + 1 :] if isinstance(message, ToolMessage)]
    passages = [one for message in given if isinstance(message.artifact, tuple) for one in message.artifact]
    computed = [message.text for message in given if isinstance(message.artifact, Working)]
    return _Gathered(tuple(messages[:now]), messages[now], tuple(passages), tuple(computed), bool(given))


def _lookups(gathered: _Gathered) -> ChatGenerationChunk:
    """Return the calls of the search and of the calculations that the question asks for."""
    question = unfence(gathered.question.text)
    earlier = [unfence(message.text) for message in gathered.before if isinstance(message, HumanMessage)]
    calls = [("search_guidance", {"query": question}), *recognise_calculations(question, completed(question, earlier))]
    return tool_calls(calls)


def _messages(gathered: _Gathered, given: Sequence[NumberedPassage]) -> list[BaseMessage]:
    """Return one question with all results. The passages come first: a model gives most weight to the end."""
    first, *earlier = gathered.before
    parts = [render_passages(given), *(f"Computed: {words}" for words in gathered.computed), gathered.question.text]
    return [type(first)(content=f"{first.text}\n\n{_NOTE}"), *earlier, HumanMessage("\n\n".join(parts))]


def _length(messages: Sequence[BaseMessage]) -> int:
    # A tenth more, because tokens are only estimated.
    return round(1.1 * sum(tokens(message.text) for message in messages))
