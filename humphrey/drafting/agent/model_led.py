"""The run of a model that chooses its tools itself: a LangChain agent, with a bound on its rounds of tools."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from langchain.agents import create_agent
from langchain.agents.middleware.types import InputAgentState
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AnyMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool
from langgraph.errors import GraphRecursionError

from humphrey.drafting.agent.tools import ToolContext
from humphrey.errors import ModelError

TOOL_ROUNDS = 6
"""Most rounds of tool calls for one draft; a model that only calls tools is stopped with an error."""


class ModelLedAgent:
    """An agent that calls tools as its model says. It is built once, because building it takes longer than running it.

    Args:
        model: the model; it is told the tools.
        kit: the tools.
        name: the model's name, for messages.
    """

    def __init__(self, model: BaseChatModel, kit: Sequence[BaseTool], name: str) -> None:
        self._graph = create_agent(model, kit, context_schema=ToolContext)
        self._name = name

    def stream(self, messages: Sequence[AnyMessage], context: ToolContext) -> Iterator[dict[str, object]]:
        """Yield the parts of a run: pieces of messages, and what each step changed.

        Raises:
            ModelError: the model called tools again and again without an answer.
        """
        # A round of tools takes two steps, one of the model and one of the tools; the answer takes one more.
        config: RunnableConfig = {"recursion_limit": 2 * TOOL_ROUNDS + 2}
        given = InputAgentState(messages=[*messages])
        try:
            for part in self._graph.stream(
                given, config, context=context, stream_mode=["messages", "updates"], version="v2"
            ):
                yield cast("dict[str, Any]", part)
        except GraphRecursionError:
            raise ModelError(
                f"{self._name} called tools {TOOL_ROUNDS} times without answering; ask a narrower question"
            ) from None
