"""What every handler of a page shares: errors as one sentence, and a draft that is watched while it is written."""

import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from functools import wraps
from typing import Any, ParamSpec

import gradio as gr

from humphrey.drafting.service import DraftingService
from humphrey.errors import HumphreyError
from humphrey.papers.draft import Commission, Draft
from humphrey.web import draft_view
from humphrey.web.request_guard import where

P = ParamSpec("P")


Changes = Mapping[Any, Any]
"""What a handler changes on its page: component to value. Components that are not in it stay as they are."""


UPDATE_EVERY_S = 0.2
"""How often a growing draft is shown; each update sends the whole text again."""


SORRY = "Something went wrong on our side. Nothing you wrote was taken away; try again, or tell whoever runs humphrey."


logger = logging.getLogger(__name__)


def area(value: str = "", **placed: Any) -> gr.Markdown:  # noqa: ANN401 - Gradio's own arguments
    """A place for our HTML. Gradio's HTML component would evaluate it as a template; this one sanitises it again."""
    return gr.Markdown(value, sanitize_html=True, latex_delimiters=[], padding=False, **placed)


def explained(error: BaseException) -> str:
    """What a person is told about an error: its own sentence when it is ours, and never a traceback."""
    if isinstance(error, HumphreyError):
        return str(error)
    logger.error("page_handler_failed", extra={"error": where(error)})
    return SORRY


def word(value: object) -> str:
    """A value of a component as text; whatever a caller sent that is no text is none."""
    return value if isinstance(value, str) else ""


def guarded(alert: gr.Markdown, act: Callable[P, Changes], *, keeps: bool = False) -> Callable[P, Changes]:
    """A handler whose errors are shown in the page's alert.

    Args:
        alert: where they are shown.
        act: the handler.
        keeps: whether the error before stays when this one succeeds; so for what happens by itself, by a timer.
    """

    @wraps(act)
    def handler(*args: P.args, **kwargs: P.kwargs) -> Changes:
        try:
            return {**({} if keeps else {alert: ""}), **act(*args, **kwargs)}
        except Exception as error:  # noqa: BLE001 - the page's last door: what is unexpected is logged, not shown
            return {alert: draft_view.alert(explained(error))}

    return handler


class DraftInProgress:
    """A draft being composed in a thread of its own; leaving it early stops it at its next word."""

    def __init__(self, pool: ThreadPoolExecutor, drafting: DraftingService, commission: Commission) -> None:
        self._text = ""
        self._left = False
        self._future: Future[Draft] = pool.submit(drafting.compose, commission, self._watch)

    def growth(self) -> Iterator[str]:
        """The text so far, whenever it grew, at most five times a second; ends when the draft is done.

        Whoever closes this iterator early has left.
        """
        shown = ""
        try:
            while not self._done():
                if self._text != shown:
                    shown = self._text
                    yield shown
        finally:
            self._left = True

    def draft(self) -> Draft:
        """The draft, or the error that composing it ended with."""
        return self._future.result()

    def _done(self) -> bool:
        try:
            self._future.exception(UPDATE_EVERY_S)
        except NotYet:
            return False
        return True

    def _watch(self, text: str) -> None:
        if self._left:
            raise _Left
        self._text = text


class _Left(Exception):
    """Nobody is waiting for the draft any more."""
