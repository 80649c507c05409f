"""The agent's tools: they read and compute. None sends, takes an address or path, or opens a document not found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from langchain.tools import ToolRuntime
from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel

from humphrey.calculations.comparing import BOUNDS, compared
from humphrey.calculations.counting import LimitInputs
from humphrey.calculations.rules import RULES, UNCOMPUTABLE
from humphrey.calculations.thresholds import names, threshold
from humphrey.calculations.time_limits import time_limit
from humphrey.calculations.workings import Office, Working, added, between, days_of, of_limit, of_threshold
from humphrey.drafting.evidence import Evidence, NumberedPassage, render_passages
from humphrey.errors import CommissionError
from humphrey.text.dates import parse_hour, resolve_date


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
    working_days: int = 0
    stopped: str = ""
    resumed: str = ""
    at: str = ""
    tabled: str = ""
    others: list[str] = []


class _Counting(BaseModel):
    first: str
    last: str
    division: str = ""


class _Adding(BaseModel):
    start: str
    number: int
    unit: str = "working days"
    division: str = ""


class _Comparing(BaseModel):
    stated: str
    limit: str
    bound: str = "limit"


class _Threshold(BaseModel):
    name: str
    on: str = "today"


_LIMITS = "; ".join(f"{name}: {rule.what}, counted from the day {rule.starts}" for name, rule in RULES.items())


_DAYS = "Days are written like 23 November 2026, today, yesterday or last Monday."


_DIVISIONS = "`division`: england-and-wales, scotland, northern-ireland, or nothing for the department's own."


Computed = tuple[str, Working | None]
"""The text for the model, and the working; None if nothing could be computed, and the text gives the reason."""


@dataclass(frozen=True)
class ToolContext:
    """The evidence that the tools of one draft work on."""

    evidence: Evidence


def tools(office: Office) -> list[BaseTool]:
    """Return all tools, which work on the evidence of the calling run; `office` holds the department's own settings."""
    return [*_reading(), *_computing(office)]


def _reading() -> list[BaseTool]:
    def search_guidance(query: str, runtime: ToolRuntime[ToolContext]) -> tuple[str, tuple[NumberedPassage, ...]]:
        found = runtime.context.evidence.search(query)
        return render_passages(found), found

    def open_document(
        passage: int, around: str, runtime: ToolRuntime[ToolContext]
    ) -> tuple[str, tuple[NumberedPassage, ...]]:
        try:
            opened = runtime.context.evidence.open(passage, around)
        except CommissionError as error:
            return str(error), ()
        return render_passages(opened), opened

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
    ]


def _computing(office: Office) -> list[BaseTool]:
    def working_days(runtime: ToolRuntime[ToolContext], **told: str | int | bool) -> Computed:
        # The arguments are the fields of `_Limit`.
        return _recorded(runtime, lambda today: limit_working(told, today, office))

    def count_days(first: str, last: str, division: str, runtime: ToolRuntime[ToolContext]) -> Computed:
        return _recorded(
            runtime, lambda today: between(*days_of(first, last, today), division=division or office.division)
        )

    def add_days(start: str, number: int, unit: str, division: str, runtime: ToolRuntime[ToolContext]) -> Computed:
        return _recorded(
            runtime, lambda today: added(resolve_date(start, today), number, unit, division or office.division)
        )

    def compare(stated: str, limit: str, bound: str, runtime: ToolRuntime[ToolContext]) -> Computed:
        return _recorded(runtime, lambda _today: compared(stated, limit, bound))

    def threshold_(name: str, on: str, runtime: ToolRuntime[ToolContext]) -> Computed:
        return _recorded(runtime, lambda today: _figure(name, resolve_date(on, today)))

    return [
        _tool(working_days, _Limit, _ABOUT_LIMITS),
        _tool(
            count_days,
            _Counting,
            f"Count the working days after one day, up to and including another. {_DAYS} {_DIVISIONS}",
        ),
        _tool(
            add_days,
            _Adding,
            "Find the day that is a number of working days, days, weeks or months (`unit`) after a day, or before it "
            f"where the number is below 0. {_DAYS} {_DIVISIONS}",
        ),
        _tool(
            compare,
            _Comparing,
            "Compare a quantity with a limit that a passage gives, both with their unit, such as 30 hours with 24 "
            f"hours. `bound`: {', '.join(BOUNDS)}.",
        ),
        _tool(
            threshold_,
            _Threshold,
            "Look up a threshold or rate as it is `on` a day, for example today; never take one from memory. Names: "
            f"{', '.join(names())}.",
            name="threshold",
        ),
    ]


_ABOUT_LIMITS = (
    f"Compute the last day of a time limit from the day that starts it. {_DAYS} Rules: {_LIMITS}. `extended`: the "
    f"longer limit a rule allows. {_DIVISIONS} `working_days`: another number of them, and for event_minus_days how "
    "many before. `stopped` and `resumed`: the days on which the clock stopped for a fee or a question back, and went "
    "on. `at`: the hour, such as 14:30, for limits in hours. `tabled`: the day a named day question was tabled. "
    "`others`: the other days that the question names. "
    f"No day can be computed for {', '.join(UNCOMPUTABLE)}."
)


def _recorded(runtime: ToolRuntime[ToolContext], compute: Callable[[date], Working]) -> Computed:
    evidence = runtime.context.evidence
    try:
        working = evidence.record(compute(evidence.today))
    except CommissionError as error:
        return str(error), None
    return working.explanation, working


def limit_working(arguments: Mapping[str, object], today: date, office: Office) -> Working:
    """Compute a time limit from the arguments of the tool `working_days`.

    Raises:
        CommissionError: a day is not understood, or the limit cannot be computed from what is given.
    """
    told = _Limit.model_validate(arguments)
    rule = RULES.get(told.rule)
    ahead = bool(rule and (rule.before or rule.named))
    given = LimitInputs(
        extended=told.extended,
        working_days=told.working_days or None,
        division=told.division or None,
        home=office.division,
        stopped=resolve_date(told.stopped, today) if told.stopped else None,
        resumed=resolve_date(told.resumed, today) if told.resumed else None,
        at=parse_hour(told.at) if told.at else None,
        tabled=resolve_date(told.tabled, today) if told.tabled else None,
        sitting=office.sitting,
    )
    start = resolve_date(told.start, today, ahead=ahead)
    others = {day: None for words in told.others if (day := _day(words, today)) not in {None, start}}
    return of_limit(time_limit(told.rule, start, given), given, list(others))


def _day(words: str, today: date) -> date | None:
    try:
        return resolve_date(words, today)
    except CommissionError:
        return None


def _figure(name: str, on: date) -> Working:
    return of_threshold(threshold(name, on), on)


def _tool(function: Callable[..., object], arguments: type[BaseModel], description: str, name: str = "") -> BaseTool:
    # Arguments are declared as classes, so that the schema sent to a model does not contain `runtime`.
    return StructuredTool.from_function(
        function,
        name=name or None,
        args_schema=arguments,
        description=description,
        response_format="content_and_artifact",
    )
