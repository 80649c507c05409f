"""The Ask page: a question, the draft with citations, and the state of the drafts sent for clearance."""

from typing import Any

import gradio as gr

from humphrey.web.ask import components
from humphrey.web.ask.handlers import AskHandlers
from humphrey.web.gradio_handlers import guarded
from humphrey.web.services import Services

REFRESH_S = 15
"""Interval in seconds at which the list of sent drafts is read again."""


_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}


def build_page(pages: gr.Blocks, services: Services) -> None:
    """Lay out the page in the open route of `pages`, and connect it to the services."""
    page, controls = components.build_components()
    handlers = AskHandlers(services, page)
    _connect_asking(page, controls, handlers)
    _connect_choosing(page, controls, handlers)
    _connect_drafts(page, controls, handlers)
    refresh = guarded(page.alert, handlers.refresh, keeps=True)
    gr.Timer(REFRESH_S).tick(refresh, None, [page.alert, page.sent], **_QUIET)
    pages.load(guarded(page.alert, handlers.load), None, page.all, **_QUIET)


def _connect_asking(page: components.AskPage, controls: components.AskPageControls, handlers: AskHandlers) -> None:
    # Without preprocessing, Gradio does not compare a choice with the options of a session that may have ended.
    # The conversation service checks the owner.
    by_words = gr.on(
        [page.ask.click, page.question.submit],
        handlers.ask,
        [page.question, page.current, page.editing],
        page.all,
        preprocess=False,
        **_QUIET,
    )
    by_task = [
        button.click(handlers.task(task), page.current, page.all, preprocess=False, **_QUIET)
        for task, button in controls.tasks.items()
    ]
    stopped = guarded(page.alert, handlers.stopped)
    page.stop.click(stopped, page.current, page.all, cancels=[by_words, *by_task], preprocess=False, **_QUIET)
    page.unchanged.click(guarded(page.alert, handlers.unchanged), None, page.all, **_QUIET)


def _connect_choosing(page: components.AskPage, controls: components.AskPageControls, handlers: AskHandlers) -> None:
    chosen = guarded(page.alert, handlers.choose)
    page.conversation.input(chosen, page.conversation, page.all, preprocess=False, **_QUIET)
    controls.new.click(guarded(page.alert, handlers.new), None, page.all, **_QUIET)
    controls.remove.click(guarded(page.alert, handlers.remove), page.current, page.all, preprocess=False, **_QUIET)
    search_words = [controls.search_words, page.current]
    search = guarded(page.alert, handlers.search)
    gr.on(
        [controls.search.click, controls.search_words.submit],
        search,
        search_words,
        page.all,
        preprocess=False,
        **_QUIET,
    )
    command = guarded(page.alert, handlers.link_clicked)
    controls.command.change(command, [controls.command, page.current], page.all, preprocess=False, **_QUIET)


def _connect_drafts(page: components.AskPage, controls: components.AskPageControls, handlers: AskHandlers) -> None:
    page.send.click(guarded(page.alert, handlers.send), page.exchange, page.all, preprocess=False, **_QUIET)
    page.useful.input(handlers.feedback_changed, page.useful, page.reason, preprocess=False, **_QUIET)
    given = [page.exchange, page.current, page.useful, page.reason, page.words]
    controls.send_feedback.click(
        guarded(page.alert, handlers.save_feedback), given, page.all, preprocess=False, **_QUIET
    )
