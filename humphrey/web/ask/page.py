"""The Ask page: a question, the draft with citations, and the state of the drafts sent for clearance."""

from typing import Any

import gradio as gr

from humphrey.web.ask import components
from humphrey.web.ask.handlers import AskHandlers
from humphrey.web.ask.places import placed
from humphrey.web.gradio_handlers import guarded
from humphrey.web.services import Services

REFRESH_S = 15
"""Interval in seconds at which the list of sent drafts is read again."""


_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}


_AT_ANY_TIME: dict[str, Any] = {**_QUIET, "trigger_mode": "multiple"}
"""For handlers that follow an answer: the same may be wished of another conversation before it ends."""


def build_page(pages: gr.Blocks, services: Services) -> None:
    """Lay out the page in the open route of `pages`, and connect it to the services."""
    page, controls = components.build_components()
    handlers = AskHandlers(services, page)
    _connect_asking(page, controls, handlers)
    _connect_links(page, controls, handlers)
    refresh = guarded(page.alert, handlers.refresh, keeps=True)
    gr.Timer(REFRESH_S).tick(refresh, None, [page.alert, page.sent], **_QUIET)
    pages.load(placed(page, handlers.load), controls.place, page.all, preprocess=False, **_QUIET)


def _connect_asking(page: components.AskPage, controls: components.AskPageControls, handlers: AskHandlers) -> None:
    # Without preprocessing, Gradio does not compare a choice with the options of a session that may have ended.
    # The conversation service checks the owner. The script presses Ask for the Enter key.
    question = [page.question, controls.place, page.editing]
    page.ask.click(placed(page, handlers.ask), question, page.all, preprocess=False, **_AT_ANY_TIME)
    for task, button in controls.tasks.items():
        done = placed(page, handlers.task(task))
        button.click(done, controls.place, page.all, preprocess=False, **_AT_ANY_TIME)
    stopped = guarded(page.alert, handlers.stopped)
    page.stop.click(stopped, page.running, page.all, preprocess=False, **_QUIET)
    page.unchanged.click(guarded(page.alert, handlers.unchanged), None, page.all, **_QUIET)


def _connect_links(page: components.AskPage, controls: components.AskPageControls, handlers: AskHandlers) -> None:
    new = placed(page, guarded(page.alert, handlers.new))
    controls.new.click(new, controls.place, page.all, preprocess=False, **_AT_ANY_TIME)
    clicked, command = placed(page, handlers.link_clicked), [controls.command, controls.place]
    controls.command.change(clicked, command, page.all, preprocess=False, **_AT_ANY_TIME)
