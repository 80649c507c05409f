"""The extractive language model: it answers in the guidance's own sentences, without a network or a key.

It calls the same tools as any other model and says that it quotes and does not reason. For a yes or no question it
shows the passages that decide. If the best passages do not answer, it says so.
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
from pydantic import ConfigDict, PrivateAttr

from humphrey.calculations.workings import Working
from humphrey.documents.sources import source_name
from humphrey.drafting.calculation_requests.recognise import agrees, clarifying_question, recognise_calculations
from humphrey.drafting.evidence import NumberedPassage, unfence
from humphrey.drafting.extractive.confidence import ANSWERED, confidence
from humphrey.drafting.extractive.found import found_or_not
from humphrey.drafting.extractive.limits import told
from humphrey.drafting.extractive.overviews import overview_query, wants_overview
from humphrey.drafting.extractive.question_parts import question_parts, wants_yes_or_no
from humphrey.drafting.extractive.selection import Embed, Selection, SentenceSelector
from humphrey.drafting.questions.follow_ups import Resolved, completed
from humphrey.drafting.questions.in_full import in_full
from humphrey.llm.streaming_chat_model import StreamingChatModel, tool_calls
from humphrey.papers.draft import ModelName
from humphrey.papers.standard_wording import DECIDES, LOOKED_AT, UNCOMPUTED, YES_OR_NO
from humphrey.search.queries import shortened

NAME = ModelName("embedded", "quoting-1")
"""The name of this model in drafts."""


@dataclass(frozen=True)
class _Turn:
    """The current question, the earlier ones that complete it, and the results of the tools."""

    question: str
    earlier: tuple[str, ...]
    passages: tuple[NumberedPassage, ...]
    workings: tuple[Working, ...]
    compared: Working | None
    uncomputed: tuple[str, ...]
    tools_done: bool

    @property
    def computed(self) -> bool:
        """Whether something was computed for the question, or could not be."""
        return bool(self.workings or self.compared or self.uncomputed)

    @property
    def situation(self) -> str:
        """The question after the earlier ones that it goes on from: what days and limits are read from."""
        return completed(self.question, self.earlier)

    @property
    def full(self) -> Resolved:
        """The question in full, with the subject of the earlier ones, and in the words of guidance."""
        return in_full(self.question, self.earlier)

    @property
    def asked(self) -> str:
        """The question that statements are compared with: a clause as it was typed, a fragment in full."""
        full = self.full
        return self.question if full.asked.endswith(f": {self.question}") else full.asked

    def fits(self, statement: str) -> bool:
        """Return whether a statement may be quoted next to the computed results."""
        return not self.workings or agrees(statement, self.workings, self.situation)


class ExtractiveModel(StreamingChatModel):
    """A chat model that quotes; `embed` returns unit vectors, one row for each text."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    calls_tools_by_rule: ClassVar[bool] = True

    embed: Embed
    _chooser: SentenceSelector = PrivateAttr()

    def model_post_init(self, context: object, /) -> None:
        """Create the sentence selector."""
        super().model_post_init(context)
        self._chooser = SentenceSelector(self.embed)

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
        """Return the same model, which calls these tools by the names it knows."""
        names = [tool.name for tool in tools if isinstance(tool, BaseTool)]
        return self.bind(tool_names=names)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002 - LangChain's signature
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> Iterator[ChatGenerationChunk]:
        tools = kwargs.get("tool_names")
        turn = _current_turn(messages)
        if tools is None:
            yield _text_chunk(unfence(messages[-1].text), run_manager)
        elif not turn.tools_done and (back := clarifying_question(turn.question, turn.situation)):
            yield _text_chunk(f"STATUS: clarify\n{back}", run_manager)
        elif not turn.tools_done:
            yield tool_calls(_calls(turn))
        else:
            choice = self._chooser(
                shortened(turn.full.official or turn.full.asked), turn.asked, turn.passages, turn.fits
            )
            if choice.comparison and _sure(choice) >= ANSWERED and not turn.computed:
                yield tool_calls([choice.comparison.call])
            else:
                for paragraph in _answer(turn, choice):
                    yield _text_chunk(f"{paragraph}\n\n", run_manager)
        yield ChatGenerationChunk(message=AIMessageChunk(content="", chunk_position="last"))


def _answer(turn: _Turn, choice: Selection) -> Iterator[str]:
    """Yield the paragraphs of the answer; the first begins with the status line."""
    computed = [working.explanation for working in turn.workings]
    uncomputed = [f"{UNCOMPUTED}{why}." for why in turn.uncomputed]
    hits = [numbered.hit for numbered in turn.passages]
    found = found_or_not(turn.question, turn.full, hits, choice, turn.workings, uncomputed)
    yield "\n".join([f"STATUS: {found.status}", *computed, *found.says])
    if found.status == "not_in_guidance":
        yield from _looked_at(turn.passages)
        return
    if not computed:
        yield from _settled(turn, choice, whole=found.status == "answered")
    yield from _quoted(choice) if found.quoted and not _counted(turn) else ()


def _settled(turn: _Turn, choice: Selection, *, whole: bool) -> Iterator[str]:
    """Yield the result of a comparison, or yes or no; that the passages decide, if they say neither."""
    asked = question_parts(turn.question)[0]
    if turn.compared:
        yield told(asked, turn.compared)
    elif whole and wants_yes_or_no(asked):
        yield YES_OR_NO[choice.yes_or_no] if choice.yes_or_no else DECIDES


def _sure(choice: Selection) -> float:
    return confidence(choice.signs) if choice.signs else 0.0


def _current_turn(messages: Sequence[BaseMessage]) -> _Turn:
    humans = [n for n, message in enumerate(messages) if isinstance(message, HumanMessage)]
    now = humans[-1] if humans else 0
    tools = [message for message in messages[now:] if isinstance(message, ToolMessage)]
    passages = dict.fromkeys(one for tool in tools if isinstance(tool.artifact, tuple) for one in tool.artifact)
    computed = [tool.artifact for tool in tools if isinstance(tool.artifact, Working)]
    compared = next((working for working in computed if working.tool == "compare"), None)
    workings = tuple(working for working in computed if working != compared)
    uncomputed = tuple(tool.text for tool in tools if tool.artifact is None and tool.name != "search_guidance")
    earlier = tuple(unfence(messages[n].text) for n in humans[:-1])
    return _Turn(unfence(messages[now].text), earlier, tuple(passages), workings, compared, uncomputed, bool(tools))


def _calls(turn: _Turn) -> list[tuple[str, dict[str, object]]]:
    queries = [turn.question, *([overview_query(turn.question)] if wants_overview(turn.question) else [])]
    searches = [("search_guidance", dict[str, object](query=query)) for query in queries]
    return [*searches, *recognise_calculations(turn.question, turn.situation)]


def _counted(turn: _Turn) -> bool:
    """Return whether the question only asked for days to be counted; guidance adds nothing to that."""
    return bool(turn.workings) and {working.tool for working in turn.workings} <= {"count_days", "add_days"}


def _quoted(choice: Selection) -> Iterator[str]:
    for quote in choice.quotes:
        yield from (quote.heading, quote.marked()) if quote.heading else (quote.marked(),)


def _looked_at(passages: Sequence[NumberedPassage]) -> Iterator[str]:
    """Yield the names of the nearest guidance; a text that leaves names none that only some people may read."""
    open_to_all = (numbered.hit for numbered in passages if not numbered.hit.audience)
    titles = dict.fromkeys(source_name(hit.imprint) for hit in open_to_all)
    if titles:
        yield LOOKED_AT + "; ".join(list(titles)[:4]) + "."


def _text_chunk(text: str, run_manager: CallbackManagerForLLMRun | None) -> ChatGenerationChunk:
    chunk = ChatGenerationChunk(message=AIMessageChunk(content=text))
    if run_manager:
        run_manager.on_llm_new_token(text, chunk=chunk)
    return chunk
