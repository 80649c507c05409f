"""Helpers that the handlers of all pages share: components for our HTML, and errors as one sentence."""

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec

import gradio as gr

from humphrey.errors import HumphreyError
from humphrey.web import draft_view
from humphrey.web.request_guard import error_location

P = ParamSpec("P")


Changes = Mapping[Any, Any]
"""Changes that a handler makes to its page: component to value. Components that are not in it stay as they are."""


UPDATE_EVERY_S = 0.2
"""Interval in seconds at which a growing draft is shown; each update sends the whole text again."""


UNEXPECTED_ERROR = (
    "Something went wrong on our side. Nothing you wrote was taken away; try again, or tell the humphrey administrator."
)


logger = logging.getLogger(__name__)


def html_area(value: str = "", **placed: Any) -> gr.Markdown:  # noqa: ANN401 - Gradio's own arguments
    """Return a component for our HTML. Gradio's HTML component would run templates; Markdown sanitises it again."""
    return gr.Markdown(value, sanitize_html=True, latex_delimiters=[], padding=False, **placed)


def error_message(error: BaseException) -> str:
    """Return the message of an error: our own sentence, or an apology for an unexpected error; never a traceback."""
    if isinstance(error, HumphreyError):
        return str(error)
    logger.error("page_handler_failed", extra={"error": error_location(error)})
    return UNEXPECTED_ERROR


def as_text(value: object) -> str:
    """Return a component's value as text; empty if the caller sent anything but text."""
    return value if isinstance(value, str) else ""


def guarded(
    alert: gr.Markdown,
    act: Callable[P, Changes],
    *,
    keeps: bool = False,
    shown: Callable[[str], str] = draft_view.alert,
) -> Callable[P, Changes]:
    """Return a handler that shows errors in the page's alert.

    Args:
        alert: component that shows the error.
        act: the handler.
        keeps: whether an earlier error stays after success; set for handlers of timers.
        shown: returns the HTML of an error's message.
    """

    @wraps(act)
    def handler(*args: P.args, **kwargs: P.kwargs) -> Changes:
        try:
            return {**({} if keeps else {alert: ""}), **act(*args, **kwargs)}
        except Exception as error:  # noqa: BLE001 - the page's last door: what is unexpected is logged, not shown
            return {alert: shown(error_message(error))}

    return handler
