"""The drafter: a LangChain agent whose tools read and compute; its reply becomes a draft with citations.

No tool sends anything, takes an address or a path, or opens a document that this run has not found. The model's reply
is untrusted data: markup and invented markers are removed, and nothing is shown that its passages do not contain.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware.types import InputAgentState
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage
from langchain_core.runnables import RunnableConfig
from langgraph.errors import GraphRecursionError
from langgraph.graph.state import CompiledStateGraph
from langsmith import tracing_context

from humphrey.calculations.workings import STANDARD, Office, of_limit
from humphrey.documents.model import DocumentLookup
from humphrey.drafting.agent.replies import StreamedReply, drafted, split_status
from humphrey.drafting.agent.sanitising import sanitise
from humphrey.drafting.agent.streaming import AgentStream
from humphrey.drafting.agent.tool_emulation import WITHHELD, ToolEmulatingModel
from humphrey.drafting.agent.tools import ToolContext, tools
from humphrey.drafting.evidence import Evidence, fence
from humphrey.drafting.steps import StepTimer
from humphrey.errors import ModelError, ModelUnavailable, WindowExceeded
from humphrey.llm.failover import FailoverChatModel
from humphrey.papers.draft import Commission, Draft, EarlierTurn, ModelName, OnText
from humphrey.papers.kind import Paper, accepted, limit_of, render
from humphrey.search.model import Search
from humphrey.search.queries import completed
from humphrey.text.dates import say_day

TOOL_ROUNDS = 6
"""Most rounds of tool calls for one draft; a model that only calls tools is stopped with an error."""


MAX_REPLY_CHARS = 40_000
"""Longest reply in characters. No answer or letter is longer; a model that writes more has failed."""


_Agent = CompiledStateGraph[Any, Any, Any, Any]


class AgentDrafter:
    """Writes drafts with a chat model.

    The agent is built once, because building it takes longer than running it. The prompt, the messages and the
    evidence of a draft are passed to each run, so two drafts share nothing.

    Args:
        model: the chat model. One at an endpoint also gets an agent that calls the tools in its place.
        name: the model's name, for the draft.
        search: finds passages.
        lookup: opens documents.
        passages_per_answer: the most passages that one search returns.
        today: returns the current date.
        office: the department's bank holidays and sitting days.
        limit_s: the longest time for one answer, in seconds.
    """

    def __init__(
        self,
        model: BaseChatModel,
        name: ModelName,
        search: Search,
        lookup: DocumentLookup,
        *,
        passages_per_answer: int,
        today: Callable[[], date],
        office: Office = STANDARD,
        limit_s: float = 300,
    ) -> None:
        kit = tools(office)
        self._model = model
        self._agent = create_agent(model, kit, context_schema=ToolContext)
        self._led = (
            create_agent(ToolEmulatingModel(model), kit, context_schema=ToolContext)
            if isinstance(model, FailoverChatModel)
            else None
        )
        self._name = name
        self._search = search
        self._lookup = lookup
        self._passages = passages_per_answer
        self._today = today
        self._limit_s = limit_s

    def __call__(self, commission: Commission, paper: Paper, watch: OnText) -> Draft:
        """Return the draft of a commission, with findings only about the model's own mistakes.

        Raises:
            CommissionError: a fact is missing or not acceptable.
            ModelError: the model did not answer, or its answer cannot be used.
        """
        began = time.monotonic()
        draft = self._paper(commission, paper, watch) if paper.pattern else self._answer(commission, paper, watch)
        watch(draft.text)
        return replace(draft, seconds=round(time.monotonic() - began, 3))

    def _paper(self, commission: Commission, paper: Paper, watch: OnText) -> Draft:
        facts, taken = accepted(paper, commission.facts), StepTimer()
        limit = limit_of(paper, facts)
        rendered = render(paper, facts, limit.due if limit else None)
        growing = StreamedReply(watch, keep=tuple(facts.values()), titled=False, prompt=paper.prompt, given=rendered)
        with taken.step("write") as outcome, tracing_context(enabled=False):
            for chunk in self._model.stream([SystemMessage(paper.prompt), HumanMessage(fence("paper", rendered))]):
                growing.add("paper", chunk.text)
            text = sanitise(split_status(_bounded(growing.text("paper")))[1], facts.values())
            outcome.append(f"{len(text):,} characters")
        draft = Draft(commission, "answered", text, self._name, steps=tuple(taken.steps))
        return replace(draft, due=limit.due, workings=(of_limit(limit),)) if limit else draft

    def _answer(self, commission: Commission, paper: Paper, watch: OnText) -> Draft:
        facts, taken = accepted(paper, commission.facts), StepTimer()
        evidence = self._evidence(commission)
        with taken.step("complete the question") as outcome:
            asked = "\n".join((commission.text, *(f"{name}: {fact}" for name, fact in facts.items()))).strip()
            whole = completed(asked, [turn.question for turn in commission.earlier]) == asked
            outcome.append("it stands by itself" if whole else "it goes on from what was asked before")
        messages = [*_earlier(commission.earlier), HumanMessage(fence("question", asked))]
        ends = time.monotonic() + self._limit_s
        reply = self._reply(_Asking(messages, paper, evidence, watch, ends, taken))
        return replace(drafted(commission, self._name, reply, evidence), steps=tuple(taken.steps))

    def _reply(self, asking: "_Asking") -> str:
        """Return the model's reply. Emulate the tools if it calls none, or if their results exceed its window."""
        if self._led is None:
            return _bounded(self._run(self._agent, asking))
        if isinstance(self._model, FailoverChatModel) and self._model.calls_tools:
            try:
                reply = self._run(self._agent, asking)
            except WindowExceeded:
                reply = ""
            # An answer written without a search has no evidence; only a question back to the person needs none.
            if reply.strip() and (asking.evidence.searched or split_status(reply)[0] == "clarify"):
                return _bounded(reply)
            # Takes back the words already shown, since another reply replaces them.
            asking.watch("")
        return _bounded(self._run(self._led, asking))

    def _evidence(self, commission: Commission) -> Evidence:
        earlier = [turn.question for turn in commission.earlier]
        return Evidence(self._search, self._lookup, self._passages, self._today, commission.groups, earlier)

    def _run(self, agent: _Agent, asking: "_Asking") -> str:
        """Run an agent to its end. Repeat the run once if the reply broke off; the evidence found so far is kept."""
        try:
            return self._followed(agent, asking)
        except ModelUnavailable as error:
            # The model has already retried a call of which no word arrived.
            if not error.begun:
                raise
            asking.watch("")
            return self._followed(agent, asking)

    def _followed(self, agent: _Agent, asking: "_Asking") -> str:
        prompt = SystemMessage(f"{asking.paper.prompt}\n\nToday is {say_day(self._today())}.")
        following = AgentStream(StreamedReply(asking.watch, prompt=asking.paper.prompt, given=asking.messages[-1].text))
        # A round of tools takes two steps, one of the model and one of the tools; the answer takes one more.
        config: RunnableConfig = {"recursion_limit": 2 * TOOL_ROUNDS + 2}
        try:
            with tracing_context(enabled=False):
                for part in agent.stream(
                    InputAgentState(messages=[prompt, *asking.messages]),
                    config,
                    context=ToolContext(asking.evidence),
                    stream_mode=["messages", "updates"],
                    version="v2",
                ):
                    _require_time(asking.ends, self._limit_s)
                    following.take(part)
        except GraphRecursionError:
            raise ModelError(
                f"{self._name.name} called tools {TOOL_ROUNDS} times without answering; ask a narrower question"
            ) from None
        finally:
            asking.taken.add(following.steps)
        if following.last is None:
            return ""
        asking.evidence.withhold(following.last.response_metadata.get(WITHHELD, ()))
        return following.last.text


@dataclass(frozen=True)
class _Asking:
    """One question while it is answered; `ends` is its deadline on the monotonic clock, in seconds."""

    messages: list[AnyMessage]
    paper: Paper
    evidence: Evidence
    watch: OnText
    ends: float
    taken: StepTimer


def _earlier(turns: tuple[EarlierTurn, ...]) -> list[AnyMessage]:
    messages: list[AnyMessage] = []
    for turn in turns:
        messages += [HumanMessage(fence("earlier question", turn.question)), AIMessage(fence("draft", turn.answer))]
    return messages


def _require_time(ends: float, limit_s: float) -> None:
    if time.monotonic() > ends:
        raise ModelError(f"no answer within {limit_s:g} seconds; ask a narrower question, or use a faster model")


def _bounded(reply: str) -> str:
    if len(reply) > MAX_REPLY_CHARS:
        raise ModelError(f"the model wrote {len(reply):,} characters, more than any answer has; ask again")
    if not reply.strip():
        raise ModelError("the model returned no words; ask again, or use another model")
    return reply
