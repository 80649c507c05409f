"""The tools of the agent: they read and compute. None sends, takes an address or a path, or opens what is not found."""

from collections.abc import Callable
from dataclasses import dataclass

from langchain.tools import ToolRuntime
from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel

from humphrey.core.calendar import RULES
from humphrey.core.drafts import Working
from humphrey.core.evidence import Evidence, Numbered, shown, told
from humphrey.errors import CommissionError


class _Query(BaseModel):
    query: str


class _Opening(BaseModel):
    passage: int
    around: str = ""


class _Limit(BaseModel):
    rule: str
    start: str
    extended: bool = False
    division: str = ""


_LIMITS = "; ".join(f"{name}: {rule.what}, counted from the day {rule.starts}" for name, rule in RULES.items())


@dataclass(frozen=True)
class Run:
    """What the tools of one draft work on."""

    evidence: Evidence


def tools() -> list[BaseTool]:
    """Every tool, working on the evidence of the run that calls it."""

    def search_guidance(query: str, runtime: ToolRuntime[Run]) -> tuple[str, tuple[Numbered, ...]]:
        found = runtime.context.evidence.search(query)
        return shown(found), found

    def open_document(passage: int, around: str, runtime: ToolRuntime[Run]) -> tuple[str, tuple[Numbered, ...]]:
        try:
            opened = runtime.context.evidence.open(passage, around)
        except CommissionError as error:
            return str(error), ()
        return shown(opened), opened

    def working_days(
        rule: str, start: str, extended: bool, division: str, runtime: ToolRuntime[Run]
    ) -> tuple[str, Working | None]:
        try:
            working = runtime.context.evidence.working_days(rule, start, extended, division)
        except CommissionError as error:
            return str(error), None
        return told(working), working

    return [
        _tool(
            search_guidance,
            _Query,
            "Find passages of official guidance. Put the whole situation in the query.",
        ),
        _tool(
            open_document,
            _Opening,
            "Read more of the document that a numbered passage is from, near the words `around`.",
        ),
        _tool(
            working_days,
            _Limit,
            "Compute the last day of a time limit from the day that starts it (such as 23 November 2026, today or "
            f"yesterday). Rules: {_LIMITS}. `extended`: the longer limit a rule allows. `division`: england-and-wales, "
            "scotland or northern-ireland, for rules that follow one of them.",
        ),
    ]


def _tool(function: Callable[..., object], arguments: type[BaseModel], description: str) -> BaseTool:
    # Arguments are declared as classes, so that a model is told of them and never of `runtime`.
    return StructuredTool.from_function(
        function, args_schema=arguments, description=description, response_format="content_and_artifact"
    )
