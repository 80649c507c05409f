"""The Gradio application: all pages in one `Blocks`, so that they share assets; it sends nothing to other hosts."""

import inspect
import logging
import os
import sys
import warnings
from functools import partial
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.requests import Request

from humphrey.web.layout import PAGES
from humphrey.web.request_guard import error_location
from humphrey.web.services import Services

if TYPE_CHECKING:
    import gradio as gr


logger = logging.getLogger(__name__)


_SWITCHES = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
}


MOST_SESSIONS = 64
"""How many windows' states Gradio holds. The pages need none: a window whose state is gone goes on as before.

Each is a copy of the settings of every component of every page, about half a megabyte.
"""


def mount(services: Services) -> FastAPI:
    """Return the pages as an application for the root path; slow, since it imports Gradio."""
    _disable_telemetry()
    import gradio as gr

    from humphrey.web.ask.page import build_page as lay_ask
    from humphrey.web.clearance.page import build_page as lay_clear
    from humphrey.web.gradio_theme import theme
    from humphrey.web.papers.page import build_page as lay_papers

    # Blocks needs a first page; it is never shown, because our route `/` redirects to `/ask`.
    pages = gr.Blocks(title="humphrey", analytics_enabled=False)
    with pages.route(PAGES["/ask"], "/ask"):
        lay_ask(pages, services)
    clearance, delivery, lookup = services.clearance, services.delivery, services.library.document
    with pages.route(PAGES["/papers"], "/papers"):
        lay_papers(pages, clearance, delivery, services.access.lookup)
    with pages.route(PAGES["/clear"], "/clear"):
        opened = services.statistics.opened
        lay_clear(pages, clearance, services.assignment, services.instructions, delivery, lookup, opened)
    pages.queue(default_concurrency_limit=40, max_size=200, api_open=False)
    pages.state_session_capacity = MOST_SESSIONS
    _keep_signatures(pages)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    with warnings.catch_warnings():
        # Gradio warns about every application with several pages, even without server-side rendering.
        warnings.filterwarnings("ignore", "SSR mode is not supported", UserWarning)
        mounted: FastAPI = gr.mount_gradio_app(
            app,
            pages,
            path="",
            auth_dependency=_signed_in,
            theme=theme(),
            footer_links=[],
            ssr_mode=False,
            show_error=False,
            max_file_size="1kb",
            pwa=False,
            mcp_server=False,
            run_history=False,
            enable_monitoring=False,
        )
    mounted.state.by_itself = _timer_handlers(pages)
    mounted.state.inputs = {number: len(fn.inputs) for number, fn in pages.fns.items()}
    _log_failures_in_a_line()
    mounted.state.leave = partial(_leave, pages)
    return mounted


def _keep_signatures(pages: "gr.Blocks") -> None:
    """Store the signature of each component's constructor on it.

    Gradio reads it for every component of a new window, and at every change of one: a third of the processor time of an
    answered question, outside the drafting.
    """
    classes = {cls for block in pages.blocks.values() for cls in type(block).__mro__ if cls is not object}
    for made in {inspect.unwrap(vars(cls)["__init__"]) for cls in classes if "__init__" in vars(cls)}:
        setattr(made, "__signature__", inspect.signature(made))  # noqa: B010 - `inspect` reads it where it is set


def _leave(pages: "gr.Blocks", session_hash: str) -> None:
    """Drop the state of a window that was closed; Gradio itself would hold it until ten thousand came after it."""
    holder = pages.state_holder
    with holder.lock:
        holder.session_data.pop(session_hash, None)
        holder.time_last_used.pop(session_hash, None)


def _timer_handlers(pages: "gr.Blocks") -> frozenset[int]:
    """Return the numbers of the handlers that only timers call, so that they do not extend a session."""
    return frozenset(n for n, fn in pages.fns.items() if fn.targets and {event for _, event in fn.targets} == {"tick"})


def _log_failures_in_a_line() -> None:
    """Have Gradio log a failed call as one line; its tracebacks hold what people wrote."""
    from gradio import queueing

    setattr(queueing, "traceback", _FailureLog())  # noqa: B010 - Gradio has no other switch for it


class _FailureLog:
    """Stands in for the module `traceback` where Gradio prints one."""

    def print_exc(self) -> None:
        """Log the class and the line of the error that is being handled."""
        error = sys.exception()
        logger.warning("page_call_failed", extra={"error": error_location(error) if error else ""})


def _signed_in(request: Request) -> str | None:
    person = getattr(request.state, "person", None)
    return person.name if person else None


def _disable_telemetry() -> None:
    """Switch off the network calls and statistics of Gradio and its dependencies; call it before importing them.

    Without it, Gradio computes a table of up to 10,000 past calls after each call.
    """
    os.environ.update(_SWITCHES)  # noqa: TID251 - written, never read; Gradio has no other switches for these
