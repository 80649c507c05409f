"""The drafter: a LangChain agent whose tools read and compute; its reply becomes a draft with citations.

No tool sends anything, takes an address or a path, or opens a document that this run has not found. The model's reply
is untrusted data: markup and invented markers are removed, and nothing is shown that its passages do not contain.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage
from langsmith import tracing_context

from humphrey.calculations.workings import STANDARD, Office
from humphrey.documents.model import DocumentLookup
from humphrey.drafting.agent.model_led import ModelLedAgent
from humphrey.drafting.agent.replies import StreamedReply, draft_from_reply, split_status
from humphrey.drafting.agent.rule_led import RuleLedAgent
from humphrey.drafting.agent.sanitising import sanitise
from humphrey.drafting.agent.streaming import AgentStream
from humphrey.drafting.agent.tool_emulation import WITHHELD, ToolEmulatingModel
from humphrey.drafting.agent.tools import ToolContext, tools
from humphrey.drafting.evidence import Evidence, fence
from humphrey.drafting.questions.follow_ups import completed
from humphrey.drafting.steps import StepTimer
from humphrey.errors import ModelError, ModelUnavailable, WindowExceeded
from humphrey.llm.bounds import DEFAULT, Allowance, Bounds, bounded
from humphrey.llm.failover import FailoverChatModel
from humphrey.llm.streaming_chat_model import StreamingChatModel
from humphrey.llm.thinking import after_thinking
from humphrey.papers.assembly.sections import Assembled, assemble, joined
from humphrey.papers.draft import Draft, DraftRequest, EarlierTurn, ModelName, OnText
from humphrey.papers.kind import Paper
from humphrey.search.model import Search
from humphrey.text.dates import say_day

MAX_REPLY_CHARS = 40_000
"""Longest reply in characters. No answer or letter is longer; a model that writes more has failed."""


_Agent = ModelLedAgent | RuleLedAgent


class AgentDrafter:
    """Writes drafts with a chat model.

    The prompt, the messages and the evidence of a draft are passed to each run, so two drafts share nothing.

    Args:
        model: the chat model. One at an endpoint also gets an agent that calls the tools in its place.
        name: the model's name, for the draft.
        search: finds passages.
        lookup: opens documents.
        passages_per_answer: the most passages that one search returns.
        today: returns the current date.
        office: the department's bank holidays and sitting days.
        bounds: the time, tokens and tool calls of one draft.
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
        bounds: Bounds = DEFAULT,
    ) -> None:
        kit = tools(office)
        self._model = model
        self._by_rule = by_rule = isinstance(model, StreamingChatModel) and model.calls_tools_by_rule
        self._agent: _Agent = RuleLedAgent(model, kit) if by_rule else ModelLedAgent(model, kit, name.name)
        self._emulating_agent = (
            RuleLedAgent(ToolEmulatingModel(model), kit) if isinstance(model, FailoverChatModel) else None
        )
        self._name = name
        self._search = search
        self._lookup = lookup
        self._passages = passages_per_answer
        self._today = today
        self._bounds = bounds

    def __call__(self, request: DraftRequest, watch: OnText) -> Draft:
        """Return the draft of a request, with findings only about the model's own mistakes.

        Raises:
            CommissionError: the pattern of the paper needs a fact that the commission does not give.
            ModelError: the model did not answer, or its answer cannot be used; `BoundReached` if the draft used up its
                time, tokens or tool calls.
        """
        began = time.monotonic()
        with bounded(self._bounds) as left:
            draft = self._letter(request, watch, left) if request.paper.worded else self._answer(request, watch, left)
        watch(draft.text)
        return replace(draft, seconds=round(time.monotonic() - began, 3))

    def _letter(self, request: DraftRequest, watch: OnText, left: Allowance) -> Draft:
        """Put a paper together from its wording and facts; a model at an endpoint writes the sections meant for it."""
        commission, timer, parts = request.commission, StepTimer(), list[Assembled]()
        with timer.step("write") as outcome:
            for part in assemble(request.paper, commission.facts, request.values):
                written = self._section(request, part, partial(_grown, watch, joined(parts)), left)
                parts.append(replace(part, text=written))
            text = joined(parts)
            outcome.append(f"{len(text):,} characters in {len(parts)} sections")
        return Draft(
            commission, "answered", text, self._name, steps=tuple(timer.steps), note=joined(parts, internal=True)
        )

    def _section(self, request: DraftRequest, part: Assembled, watch: OnText, left: Allowance) -> str:
        """Return the text of a section: its set wording, or what the model at an endpoint makes of it."""
        if not part.section.write or self._by_rule:
            return part.text
        facts = tuple(filter(None, request.commission.facts.values()))
        prompt = f"{request.paper.prompt}\n\nWrite the section “{part.section.title}”. {part.section.write}"
        streamed = StreamedReply(watch, keep=facts, titled=False, prompt=prompt, given=part.text)
        with tracing_context(enabled=False):
            for chunk in self._model.stream([SystemMessage(prompt), HumanMessage(fence("paper", part.text))]):
                left.require_time()
                streamed.add("paper", chunk.text)
        return sanitise(_bounded(streamed.finished("paper")), facts)

    def _answer(self, request: DraftRequest, watch: OnText, left: Allowance) -> Draft:
        commission, timer = request.commission, StepTimer()
        earlier = [turn.question for turn in commission.earlier]
        evidence = Evidence(self._search, self._lookup, self._passages, self._today, commission.groups, earlier)
        with timer.step("complete the question") as outcome:
            facts = (f"{name}: {fact}" for name, fact in commission.facts.items())
            question = "\n".join((commission.text, *facts)).strip()
            complete = completed(question, earlier) == question
            outcome.append("it stands by itself" if complete else "it goes on from what was asked before")
        messages = [*_earlier(commission.earlier), HumanMessage(fence("question", question))]
        reply = self._reply(_Run(messages, request.paper, evidence, watch, left, timer))
        return replace(draft_from_reply(commission, self._name, reply, evidence), steps=tuple(timer.steps))

    def _reply(self, run: "_Run") -> str:
        """Return the model's reply. Emulate the tools if it calls none, or if their results exceed its window."""
        if self._emulating_agent is None:
            return _bounded(self._run(self._agent, run))
        if isinstance(self._model, FailoverChatModel) and self._model.calls_tools:
            try:
                reply = self._run(self._agent, run)
            except WindowExceeded:
                reply = ""
            # An answer written without a search has no evidence; only a question back to the person needs none.
            if reply.strip() and (run.evidence.searched or split_status(reply)[0] == "clarify"):
                return _bounded(reply)
            # Takes back the words already shown, since another reply replaces them.
            run.watch("")
        return _bounded(self._run(self._emulating_agent, run))

    def _run(self, agent: _Agent, run: "_Run") -> str:
        """Run an agent to its end. Repeat the run once if the reply broke off; the evidence found so far is kept."""
        try:
            return self._stream(agent, run)
        except ModelUnavailable as error:
            # The model has already retried a call of which no word arrived.
            if not error.begun:
                raise
            run.watch("")
            return self._stream(agent, run)

    def _stream(self, agent: _Agent, run: "_Run") -> str:
        """Run an agent once, show its text as it grows, and return its last message; empty if it wrote none."""
        prompt = SystemMessage(f"{run.paper.prompt}\n\nToday is {say_day(self._today())}.")
        growing = StreamedReply(run.watch, prompt=run.paper.prompt, given=run.messages[-1].text)
        stream = AgentStream(growing, run.left.spend_calls)
        try:
            with tracing_context(enabled=False):
                for part in agent.stream([prompt, *run.messages], ToolContext(run.evidence)):
                    run.left.require_time()
                    stream.add(part)
        finally:
            run.timer.add(stream.steps)
        if stream.last is None:
            return ""
        growing.require_no_leak(stream.last.text)
        run.evidence.withhold(stream.last.response_metadata.get(WITHHELD, ()))
        return stream.last.text


@dataclass(frozen=True)
class _Run:
    """One question while it is answered; `left` is what the draft may still use."""

    messages: list[AnyMessage]
    paper: Paper
    evidence: Evidence
    watch: OnText
    left: Allowance
    timer: StepTimer


def _earlier(turns: tuple[EarlierTurn, ...]) -> list[AnyMessage]:
    messages: list[AnyMessage] = []
    for turn in turns:
        messages += [HumanMessage(fence("earlier question", turn.question)), AIMessage(fence("draft", turn.answer))]
    return messages


def _bounded(reply: str) -> str:
    if len(reply) > MAX_REPLY_CHARS:
        raise ModelError(f"the model wrote {len(reply):,} characters, more than any answer has; ask again")
    if not after_thinking(reply).strip():
        raise ModelError("the model returned no words; ask again, or use another model")
    return reply


def _grown(watch: OnText, before: str, text: str) -> None:
    watch(f"{before}\n\n{text}".strip())
