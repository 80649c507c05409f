"""The embedded model: a chat model that answers in the guidance's own sentences, with no network and no key.

It drives the same tools as any other model and says what it is: it quotes, it does not reason. Where a question wants
yes or no it shows the passages that decide; where the best passages do not answer, it says so.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolMessage
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from pydantic import ConfigDict, PrivateAttr

from humphrey.adapters.choosing import Choice, Chooser, Embed
from humphrey.core.calendar import say
from humphrey.core.drafts import ModelName, Working
from humphrey.core.evidence import Numbered, unfence
from humphrey.core.figures import values
from humphrey.core.queries import completed, last_question
from humphrey.core.wording import DECIDES, LOOKED_AT, NEAREST, NOT_FOUND

NAME = ModelName("embedded", "quoting-1")
"""How drafts name this model."""

OFF_SUBJECT = 0.42
"""Below this cosine the nearest statement is about something else, and nothing is quoted."""

SURE = 0.56
"""From this cosine on the nearest statement mostly answers; below it, it is shown as perhaps a part of the answer."""

_DAY = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:\s+\d{4})?\b"
    r"|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}/\d{1,2}/\d{4}\b|\btoday\b|\byesterday\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\bhow (?:long|many (?:working )?days)\b|\bdeadline|\bdue\b|\bby when\b|\bby what date\b|\btime limit|\blast day\b"
    r"|\blatest\b|\bwhen (?:must|do|does|should|is|are|will)\b|\bwhat (?:date|day)\b|\bwhat if\b|\bwhat about\b",
    re.IGNORECASE,
)
_RULES: Sequence[tuple[str, re.Pattern[str]]] = tuple(
    (rule, re.compile(pattern, re.IGNORECASE))
    for rule, pattern in (
        ("foi_internal_review", r"\binternal review"),
        ("eir_20wd", r"\benvironmental information|\bEIRs?\b"),
        ("foi_clarification", r"(?=.*\bclarif)(?=.*\b(?:freedom of information|FOIA?)\b)"),
        ("foi_20wd", r"\bfreedom of information|\bFOIA?s?\b"),
        ("sar_one_month", r"\bsubject access|\bD?SARs?\b"),
        ("pq_lords_written", r"\blords\b.*\bquestion|\bquestion.*\blords\b"),
        ("gov_response_12w", r"\bconsultation\b.*\bclose|\bresponse to (?:a|the|our) consultation"),
        ("correspondence_20wd", r"\bletters?\b|\bcorrespondence\b|\bwrote\b|\bwritten to\b"),
    )
)
_YES_NO = re.compile(
    r"^(?:so |but |and )?(?:is|are|was|were|do|does|did|can|could|may|must|should|shall|will|would|has|have|am)\b",
    re.IGNORECASE,
)
_EXTENDED = re.compile(r"\bextend|\bextension\b|\bcomplex\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Asked:
    """What is asked now, and the earlier questions that complete it."""

    question: str
    earlier: tuple[str, ...]
    passages: tuple[Numbered, ...]
    workings: tuple[Working, ...]
    tools_done: bool

    @property
    def situation(self) -> str:
        return completed(self.question, self.earlier)


class QuotingModel(BaseChatModel):
    """A chat model that quotes; `embed` turns texts into unit vectors, one row each."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    embed: Embed
    _chooser: Chooser = PrivateAttr()

    def model_post_init(self, context: object, /) -> None:
        """Set up the chooser, which remembers vectors from one question to the next."""
        super().model_post_init(context)
        self._chooser = Chooser(self.embed)

    @property
    def _llm_type(self) -> str:
        return NAME.name

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,  # noqa: ARG002 - LangChain's signature
        **_kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The same model, which will call these tools by the names it knows."""
        names = [tool.name for tool in tools if isinstance(tool, BaseTool)]
        return self.bind(tool_names=names)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> ChatResult:
        pieces = list(self._stream(messages, stop, run_manager, **kwargs))
        whole = pieces[0]
        for piece in pieces[1:]:
            whole += piece
        made = whole.message
        message = AIMessage(made.content, tool_calls=getattr(made, "tool_calls", []))
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002 - LangChain's signature
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> Iterator[ChatGenerationChunk]:
        tools = kwargs.get("tool_names")
        asked = _asked(messages)
        if tools is None:
            yield _said(unfence(messages[-1].text), run_manager)
        elif not asked.tools_done:
            yield _calling(_calls(asked))
        else:
            for paragraph in self._answer(asked):
                yield _said(f"{paragraph}\n\n", run_manager)
        yield ChatGenerationChunk(message=AIMessageChunk(content="", chunk_position="last"))

    def _answer(self, asked: _Asked) -> Iterator[str]:
        question = last_question(asked.question)
        choice = self._chooser(asked.situation, question, asked.passages)
        near = choice.cosine >= OFF_SUBJECT
        computed = [_computed(working) for working in asked.workings]
        if not near and not computed:
            yield f"STATUS: not_in_guidance\n{NOT_FOUND}"
            yield _looked_at(asked.passages)
            return
        sure = bool(computed) or choice.cosine >= SURE
        yield "\n".join([f"STATUS: {'answered' if sure else 'partial'}", *computed, *([] if sure else [NEAREST])])
        if not computed and _YES_NO.match(question):
            yield DECIDES
        yield from _quoted(choice, asked) if near else ()


def _asked(messages: Sequence[BaseMessage]) -> _Asked:
    humans = [n for n, message in enumerate(messages) if isinstance(message, HumanMessage)]
    now = humans[-1] if humans else 0
    tools = [message for message in messages[now:] if isinstance(message, ToolMessage)]
    passages = tuple(one for tool in tools if isinstance(tool.artifact, tuple) for one in tool.artifact)
    workings = tuple(tool.artifact for tool in tools if isinstance(tool.artifact, Working))
    earlier = tuple(unfence(messages[n].text) for n in humans[:-1])
    return _Asked(unfence(messages[now].text), earlier, passages, workings, bool(tools))


def _calls(asked: _Asked) -> list[tuple[str, dict[str, object]]]:
    calls: list[tuple[str, dict[str, object]]] = [("search_guidance", {"query": asked.question})]
    day = _DAY.search(asked.question)
    rule = _rule(asked)
    if day and rule and _LIMIT.search(asked.situation):
        extended = bool(_EXTENDED.search(asked.question)) and rule in {"foi_20wd", "eir_20wd", "sar_one_month"}
        calls.append(("working_days", {"rule": rule, "start": day[0], "extended": extended}))
    return calls


def _rule(asked: _Asked) -> str:
    """The time limit that is asked about: by the question where it says so, else by the questions before it."""
    for text in (asked.question, asked.situation):
        for rule, pattern in _RULES:
            if pattern.search(text):
                return rule
    return ""


def _computed(working: Working) -> str:
    due = say(date.fromisoformat(working.result))
    return f"The {working.inputs['limit']} is due by {due}. {working.explanation}"


def _quoted(choice: Choice, asked: _Asked) -> Iterator[str]:
    for chosen in choice.statements:
        if not asked.workings or _agrees(chosen.text, asked):
            yield f"{chosen.text} [{chosen.n}]"


def _agrees(text: str, asked: _Asked) -> bool:
    """Whether a statement is about the limit that was computed: it names no other limit and no other day."""
    rules = {rule for rule, pattern in _RULES if pattern.search(text)}
    computed = {working.inputs["rule"] for working in asked.workings}
    told = " ".join(working.explanation for working in asked.workings)
    days = {value for value in values(text) if value.startswith(("19", "20")) and "-" in value}
    return (not rules or bool(rules & computed)) and days <= values(f"{told} {asked.situation}")


def _looked_at(passages: Sequence[Numbered]) -> str:
    titles = dict.fromkeys(numbered.hit.imprint.title for numbered in passages)
    return LOOKED_AT + "; ".join(list(titles)[:4]) + "." if titles else "Nothing was found to look at."


def _said(text: str, run_manager: CallbackManagerForLLMRun | None) -> ChatGenerationChunk:
    chunk = ChatGenerationChunk(message=AIMessageChunk(content=text))
    if run_manager:
        run_manager.on_llm_new_token(text, chunk=chunk)
    return chunk


def _calling(calls: Sequence[tuple[str, dict[str, object]]]) -> ChatGenerationChunk:
    chunks = [
        tool_call_chunk(name=name, args=json.dumps(arguments), id=f"call_{n}", index=n)
        for n, (name, arguments) in enumerate(calls)
    ]
    return ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=chunks))
