"""The drafter: a LangChain agent whose tools read and compute, and whose words become a draft with citations.

None of the tools sends, takes an address or a path, or opens what this run has not found. What the model returns is
data like any other: markup goes, invented markers go, and nothing is shown that its passages do not hold.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from langchain.agents import create_agent
from langchain.agents.middleware.types import InputAgentState
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, AnyMessage, HumanMessage, SystemMessage
from langchain_core.runnables import RunnableConfig
from langgraph.errors import GraphRecursionError
from langsmith import tracing_context

from humphrey.adapters.tools import Run, tools
from humphrey.core.calendar import say_day
from humphrey.core.drafts import Commission, Draft, ModelName, Turn, Watch
from humphrey.core.evidence import Evidence, fence, shown
from humphrey.core.guidance import Lookup
from humphrey.core.papers import Paper, accepted, limit_of, render
from humphrey.core.plain import plain
from humphrey.core.replies import Growing, drafted, parted
from humphrey.core.search import Search
from humphrey.core.workings import STANDARD, Office, of_limit
from humphrey.errors import ModelError

TOOL_ROUNDS = 6
"""How often the model may call tools for one draft."""

LONGEST_CHARS = 40_000
"""No answer or letter is longer; a model that writes more has lost its way."""


class AgentDrafter:
    """Writes drafts with a chat model.

    The agent is made once, for making it takes longer than running it. What belongs to one draft, its prompt, messages
    and evidence, is given to each run, so that two drafts share nothing.
    """

    def __init__(
        self,
        model: BaseChatModel,
        name: ModelName,
        search: Search,
        lookup: Lookup,
        *,
        passages_per_answer: int,
        today: Callable[[], date],
        office: Office = STANDARD,
        limit_s: float = 300,
    ) -> None:
        self._model = model
        self._agent = create_agent(model, tools(office), context_schema=Run)
        self._name = name
        self._search = search
        self._lookup = lookup
        self._passages = passages_per_answer
        self._today = today
        self._limit_s = limit_s

    def __call__(self, commission: Commission, paper: Paper, watch: Watch) -> Draft:
        """The draft of a commission, with findings only about what the model did.

        Raises:
            CommissionError: a fact is missing or cannot be accepted.
            ModelError: the model did not answer, or not usably.
        """
        began = time.monotonic()
        draft = self._paper(commission, paper, watch) if paper.pattern else self._answer(commission, paper, watch)
        watch(draft.text)
        return replace(draft, seconds=round(time.monotonic() - began, 3))

    def _paper(self, commission: Commission, paper: Paper, watch: Watch) -> Draft:
        facts = accepted(paper, commission.facts)
        limit = limit_of(paper, facts)
        rendered = render(paper, facts, limit.due if limit else None)
        growing = Growing(watch, keep=tuple(facts.values()), titled=False)
        with tracing_context(enabled=False):
            for chunk in self._model.stream([SystemMessage(paper.prompt), HumanMessage(fence("paper", rendered))]):
                growing.add("paper", chunk.text)
        text = plain(parted(_bounded(growing.text("paper")))[1], facts.values())
        draft = Draft(commission, "answered", text, self._name)
        return replace(draft, due=limit.due, workings=(of_limit(limit),)) if limit else draft

    def _answer(self, commission: Commission, paper: Paper, watch: Watch) -> Draft:
        facts = accepted(paper, commission.facts)
        evidence = self._evidence(commission)
        asked = "\n".join((commission.text, *(f"{name}: {fact}" for name, fact in facts.items()))).strip()
        messages = [*_earlier(commission.earlier), HumanMessage(fence("question", asked))]
        ends = time.monotonic() + self._limit_s
        reply = self._run(messages, paper, evidence, watch, ends)
        if not evidence.searched and parted(reply)[0] != "clarify":
            # An endpoint without tool calls answers from memory; give it the guidance and ask again.
            found = evidence.search(asked)
            watch("")
            reply = self._run([*messages, HumanMessage(shown(found))], paper, evidence, watch, ends)
        return drafted(commission, self._name, reply, evidence)

    def _evidence(self, commission: Commission) -> Evidence:
        earlier = [turn.question for turn in commission.earlier]
        return Evidence(self._search, self._lookup, self._passages, self._today, commission.groups, earlier)

    def _run(self, messages: list[AnyMessage], paper: Paper, evidence: Evidence, watch: Watch, ends: float) -> str:
        prompt = SystemMessage(f"{paper.prompt}\n\nToday is {say_day(self._today())}.")
        growing = Growing(watch)
        # A round of tools is two steps, the model's and theirs; the answer is one more.
        config: RunnableConfig = {"recursion_limit": 2 * TOOL_ROUNDS + 2}
        last: AIMessage | None = None
        try:
            with tracing_context(enabled=False):
                for part in self._agent.stream(
                    InputAgentState(messages=[prompt, *messages]),
                    config,
                    context=Run(evidence),
                    stream_mode=["messages", "updates"],
                    version="v2",
                ):
                    _require_time(ends, self._limit_s)
                    last = _followed(part, growing) or last
        except GraphRecursionError:
            raise ModelError(
                f"{self._name.name} called tools {TOOL_ROUNDS} times without answering; ask a narrower question"
            ) from None
        return _bounded(last.text if last else "")


def _followed(part: object, growing: Growing) -> AIMessage | None:
    """Pass on what the model is writing; the message when it has written one that calls no tool."""
    if not isinstance(part, dict):
        return None
    if part["type"] == "messages":
        chunk, about = part["data"]
        if about["langgraph_node"] == "model" and isinstance(chunk, AIMessageChunk):
            if chunk.tool_call_chunks:
                growing.drop(chunk.id or "")
            growing.add(chunk.id or "", chunk.text)
        return None
    messages = (part["data"].get("model") or {}).get("messages", [])
    return next((message for message in messages if isinstance(message, AIMessage) and not message.tool_calls), None)


def _earlier(turns: tuple[Turn, ...]) -> list[AnyMessage]:
    messages: list[AnyMessage] = []
    for turn in turns:
        messages += [HumanMessage(fence("earlier question", turn.question)), AIMessage(fence("draft", turn.answer))]
    return messages


def _require_time(ends: float, limit_s: float) -> None:
    if time.monotonic() > ends:
        raise ModelError(f"no answer within {limit_s:g} seconds; ask a narrower question, or use a faster model")


def _bounded(reply: str) -> str:
    if len(reply) > LONGEST_CHARS:
        raise ModelError(f"the model wrote {len(reply):,} characters, more than any answer has; ask again")
    if not reply.strip():
        raise ModelError("the model returned no words; ask again, or use another model")
    return reply
