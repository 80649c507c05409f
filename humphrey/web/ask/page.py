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
    page, ways = components.build_components()
    acts = AskHandlers(services, page)
    _connect_asking(page, ways, acts)
    _connect_choosing(page, ways, acts)
    _connect_drafts(page, ways, acts)
    refresh = guarded(page.alert, acts.refresh, keeps=True)
    gr.Timer(REFRESH_S).tick(refresh, None, [page.alert, page.sent], **_QUIET)
    pages.load(guarded(page.alert, acts.load), None, page.all, **_QUIET)


def _connect_asking(page: components.AskPage, ways: components.AskPageControls, acts: AskHandlers) -> None:
    # Without preprocessing, Gradio does not compare a choice with the options of a session that may have ended.
    # The conversation service checks the owner.
    by_words = gr.on(
        [page.ask.click, page.question.submit],
        acts.ask,
        [page.question, page.current, page.editing],
        page.all,
        preprocess=False,
        **_QUIET,
    )
    by_task = [
        button.click(acts.task(task), page.current, page.all, preprocess=False, **_QUIET)
        for task, button in ways.tasks.items()
    ]
    stopped = guarded(page.alert, acts.stopped)
    page.stop.click(stopped, page.current, page.all, cancels=[by_words, *by_task], preprocess=False, **_QUIET)
    page.unchanged.click(guarded(page.alert, acts.unchanged), None, page.all, **_QUIET)


def _connect_choosing(page: components.AskPage, ways: components.AskPageControls, acts: AskHandlers) -> None:
    chosen = guarded(page.alert, acts.choose)
    page.conversation.input(chosen, page.conversation, page.all, preprocess=False, **_QUIET)
    ways.new.click(guarded(page.alert, acts.new), None, page.all, **_QUIET)
    ways.remove.click(guarded(page.alert, acts.remove), page.current, page.all, preprocess=False, **_QUIET)
    sought = [ways.sought, page.current]
    search = guarded(page.alert, acts.search)
    gr.on([ways.search.click, ways.sought.submit], search, sought, page.all, preprocess=False, **_QUIET)
    wish = guarded(page.alert, acts.wish)
    ways.wish.change(wish, [ways.wish, page.current], page.all, preprocess=False, **_QUIET)


def _connect_drafts(page: components.AskPage, ways: components.AskPageControls, acts: AskHandlers) -> None:
    page.send.click(guarded(page.alert, acts.send), page.exchange, page.all, preprocess=False, **_QUIET)
    page.useful.input(acts.thinking, page.useful, page.reason, preprocess=False, **_QUIET)
    given = [page.exchange, page.current, page.useful, page.reason, page.words]
    ways.thank.click(guarded(page.alert, acts.thank), given, page.all, preprocess=False, **_QUIET)
