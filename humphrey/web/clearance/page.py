"""The Clear page: a reviewer opens a draft from the queue, reads it next to its evidence, and decides."""

from collections.abc import Callable
from functools import partial
from typing import Any

import gradio as gr

from humphrey.clearance.assignment import Assignment
from humphrey.clearance.instructions import Instructions
from humphrey.clearance.service import ClearanceService
from humphrey.delivery.service import DeliveryService
from humphrey.documents.model import DocumentLookup
from humphrey.web.clearance import components, standing_view
from humphrey.web.clearance.components import ClearancePage, ClearancePageControls
from humphrey.web.clearance.handlers import Handlers, PassagesOpened
from humphrey.web.gradio_handlers import Changes, guarded

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}


def build_page(
    pages: gr.Blocks,
    clearance: ClearanceService,
    assignment: Assignment,
    instructions: Instructions,
    delivery: DeliveryService,
    lookup: DocumentLookup,
    opened: PassagesOpened,
) -> None:
    """Lay out the page in the open route, and connect it to the services."""
    page, controls = components.build_components()
    handlers = Handlers(clearance, assignment, instructions, delivery, lookup, opened, page)
    _connect_ruling(page, controls, handlers)
    is_shown = [page.review, page.digest]
    connections: list[tuple[Any, Callable[..., Changes], list[gr.Component], str]] = [
        (controls.command.change, handlers.link_clicked, [controls.command, page.review], ""),
        (page.claim.click, handlers.claim, [page.review], "claim"),
        (page.back.click, handlers.hand_back, [page.review], "hand-back"),
        (controls.amend.click, handlers.amend, [*is_shown, page.text], "amended"),
        (controls.say.click, handlers.comment, [page.review, page.comment], "comment"),
        (controls.hand_over.click, handlers.hand_over, [page.review, page.deputy], "deputy"),
    ]
    for event, act, given, place in connections:
        event(_guarded(page, act, place), given, page.all, preprocess=False, **_QUIET)
    pages.load(_guarded(page, handlers.load), None, page.all, **_QUIET)
    slow, told = {**_QUIET, "show_progress": "minimal"}, [*is_shown, page.instruction]
    instruct = _guarded(page, handlers.instruct, "instruction")
    controls.instruct.click(instruct, told, page.all, preprocess=False, **slow)


def _connect_ruling(page: ClearancePage, controls: ClearancePageControls, handlers: Handlers) -> None:
    for verdict, button in page.rulings.items():
        asks = _guarded(page, handlers.ask_confirmation(verdict))
        button.click(asks, [page.review, page.digest], page.all, preprocess=False, **_QUIET)
    given = [page.review, page.pending, page.reasons, page.words, page.acknowledged]
    controls.confirm.click(_guarded(page, handlers.decide), given, page.all, preprocess=False, **_QUIET)
    controls.cancel.click(_guarded(page, handlers.cancel), page.review, page.all, preprocess=False, **_QUIET)


def _guarded(page: ClearancePage, act: Callable[..., Changes], place: str = "") -> Callable[..., Changes]:
    """Return a handler whose error leads to the field of that id, if any."""
    return guarded(page.alert, act, shown=partial(standing_view.problem, place))
