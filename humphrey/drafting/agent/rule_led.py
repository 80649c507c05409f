"""The run of a model that chooses its tools by rule: one round of tools, then the answer.

Such a model needs no graph of steps. The graph would take several times the processor time of the rules themselves.
"""

from collections.abc import Generator, Iterator, Sequence

from langchain.tools import ToolRuntime
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, AnyMessage, BaseMessage, ToolCall
from langchain_core.tools import BaseTool

from humphrey.drafting.agent.tools import ToolContext


class RuleLedAgent:
    """An agent for a model that calls tools once at most, with arguments that our own rules have written.

    Args:
        model: the model; it is told the tools.
        kit: the tools.
    """

    def __init__(self, model: BaseChatModel, kit: Sequence[BaseTool]) -> None:
        self._model = model.bind_tools(kit)
        self._tools = {tool.name: tool for tool in kit}

    def stream(self, messages: Sequence[AnyMessage], context: ToolContext) -> Iterator[dict[str, object]]:
        """Yield the parts of a run, in the shape of those of LangGraph's streams."""
        held: list[BaseMessage] = list(messages)
        while True:
            message = yield from self._written(held)
            yield _update("model", message)
            if not message.tool_calls:
                return
            results = [self._called(call, context) for call in message.tool_calls]
            yield _update("tools", *results)
            held += [message, *results]

    def _written(self, messages: list[BaseMessage]) -> Generator[dict[str, object], None, AIMessage]:
        """Yield the pieces of one message of the model, and return the message."""
        whole: AIMessageChunk | None = None
        for chunk in self._model.stream(messages):
            yield {"type": "messages", "data": (chunk, {"langgraph_node": "model"})}
            if isinstance(chunk, AIMessageChunk):
                whole = chunk if whole is None else whole + chunk
        return AIMessage("") if whole is None else whole

    def _called(self, call: ToolCall, context: ToolContext) -> BaseMessage:
        runtime: ToolRuntime[ToolContext, dict[str, object]] = ToolRuntime(
            {}, context, {}, _unwritten, call["id"], None
        )
        message: BaseMessage = self._tools[call["name"]].invoke(
            {"type": "tool_call", "id": call["id"], "name": call["name"], "args": {**call["args"], "runtime": runtime}}
        )
        return message


def _update(node: str, *messages: object) -> dict[str, object]:
    return {"type": "updates", "data": {node: {"messages": list(messages)}}}


def _unwritten(_part: object) -> None:
    """Take nothing: no tool streams its result."""
