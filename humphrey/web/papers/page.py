"""The Papers page: below what `static/papers.js` shows, Gradio lists what the caller sent, with its state."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from humphrey.accounts.model import Person
from humphrey.clearance.service import ClearanceService
from humphrey.delivery.service import DeliveryService
from humphrey.documents.model import DocumentLookup
from humphrey.web.clearance import review_view
from humphrey.web.gradio_handlers import Changes, guarded, html_area
from humphrey.web.identity import signed_in_person

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}


def build_page(
    pages: gr.Blocks,
    clearance: ClearanceService,
    delivery: DeliveryService,
    lookup: Callable[[Person], DocumentLookup],
) -> None:
    """Lay out the list of papers that the caller sent. The script sets `papers-command` when one more was sent."""
    alert = html_area(elem_id="sent-alert")
    command = gr.Textbox(visible="hidden", label="Command", elem_id="papers-command")
    gr.Markdown("## Papers I sent")
    sent = html_area(elem_id="papers-sent")

    def load(request: gr.Request) -> Changes:
        person = signed_in_person(request)
        asked = [review for review in clearance.sent_by(person.name) if review.draft.commission.facts]
        return {sent: review_view.sent_reviews(asked, delivery.released_to(person.name), lookup(person))}

    def again(_command: object, request: gr.Request) -> Changes:
        return load(request)

    command.change(guarded(alert, again), command, [alert, sent], preprocess=False, **_QUIET)
    pages.load(guarded(alert, load), None, [alert, sent], **_QUIET)
