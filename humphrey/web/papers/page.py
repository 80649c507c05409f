"""The Papers page: choose a kind, give its facts, read the draft, send it for clearance. The forms come from data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from humphrey.accounts.model import Person
from humphrey.clearance.service import ClearanceService
from humphrey.conversations.service import ConversationService
from humphrey.delivery.outlets import OUTLETS
from humphrey.delivery.service import DeliveryService
from humphrey.documents.model import DocumentLookup
from humphrey.drafting.service import DraftingService
from humphrey.papers.destinations import Destination
from humphrey.papers.draft import Commission
from humphrey.papers.kind import Field, Paper
from humphrey.web import draft_view
from humphrey.web.clearance import review_view
from humphrey.web.escaping import safe
from humphrey.web.gradio_handlers import Changes, area, guarded, word
from humphrey.web.identity import caller

HINTS = {"date": "For example 23 November 2026.", "email": "For example name@example.org.", "text": "", "long_text": ""}
"""What is said below a field of each type that has no hint of its own."""


@dataclass(frozen=True)
class _Page:
    """The components of the page that handlers change."""

    alert: gr.Markdown
    draft: gr.Markdown
    exchange: gr.Textbox
    sending: gr.Column
    outlet: gr.Radio
    address: gr.Textbox
    note: gr.Markdown
    sent: gr.Markdown

    @property
    def all(self) -> list[gr.Component]:
        """All of them, as Gradio wants outputs listed."""
        return list(vars(self).values())


def lay(
    pages: gr.Blocks,
    drafting: DraftingService,
    conversations: ConversationService,
    clearance: ClearanceService,
    delivery: DeliveryService,
    lookup: DocumentLookup,
) -> None:
    """Lay out the page in the open route, and connect it to the services."""
    papers = [paper for paper in drafting.papers.values() if paper.fields]
    gr.Markdown("# Draft a paper")
    alert = area(elem_id="papers-alert")
    kind = gr.Radio([(paper.title, paper.kind) for paper in papers], label="What do you need?", elem_id="kinds")
    forms = {paper.kind: _form(paper) for paper in papers}
    draft = area(elem_id="paper")
    exchange = gr.Textbox(visible="hidden", label="Draft", elem_id="paper-exchange")
    with gr.Column(visible=False, elem_id="paper-sending") as sending:
        outlet, address = _destination(drafting.destinations)
        send = gr.Button("Send for clearance", variant="primary", min_width=120)
    note = area(elem_id="paper-note")
    gr.Markdown("## Papers I sent")
    page = _Page(alert, draft, exchange, sending, outlet, address, note, area(elem_id="papers-sent"))
    acts = _Acts(drafting, conversations, clearance, delivery, lookup, page)
    quiet: dict[str, Any] = {"show_progress": "minimal", "api_visibility": "private", "concurrency_limit": None}
    columns = [form.column for form in forms.values()]
    kind.input(partial(_only, list(forms)), kind, columns, preprocess=False, **quiet)
    for paper in papers:
        form = forms[paper.kind]
        form.button.click(guarded(alert, acts.draft(paper)), form.inputs, page.all, preprocess=False, **quiet)
    outlet.input(_addressed, outlet, address, preprocess=False, **quiet)
    send.click(guarded(alert, acts.send), [exchange, outlet, address], page.all, preprocess=False, **quiet)
    pages.load(guarded(alert, acts.load), None, page.all, **quiet)


@dataclass(frozen=True)
class _Form:
    column: gr.Column
    inputs: list[gr.Textbox]
    button: gr.Button


def _form(paper: Paper) -> _Form:
    with gr.Column(visible=False, elem_id=f"form-{paper.kind}") as column:
        gr.Markdown(f"## {paper.title}")
        area(value=f"<p>{safe(paper.purpose)}</p>")
        inputs = [_input(field) for field in paper.fields]
        button = gr.Button("Draft it", variant="primary", min_width=120)
    return _Form(column, inputs, button)


def _input(field: Field) -> gr.Textbox:
    long = field.type == "long_text"
    return gr.Textbox(
        label=field.label if field.required else f"{field.label} (optional)",
        info=field.hint or HINTS[field.type] or None,
        lines=5 if long else 1,
        max_lines=20 if long else 1,
        elem_id=f"field-{field.id}",
        type="email" if field.type == "email" else "text",
    )


def _destination(destinations: Mapping[str, Destination]) -> tuple[gr.Radio, gr.Textbox]:
    """Where the paper goes once it is released; the address is asked for where one is needed."""
    available = [OUTLETS[name] for name, destination in destinations.items() if not destination.unavailable]
    choices = [(each.label, each.name) for each in available]
    outlet = gr.Radio(choices, value="web", label="Once it is released", elem_id="paper-outlet")
    hint = "Nobody else is written to, and the reviewer approves this very address."
    address = gr.Textbox(
        label=OUTLETS["email"].address_label,
        info=hint,
        type="email",
        max_lines=1,
        visible=False,
        elem_id="paper-address",
    )
    return outlet, address


def _addressed(outlet: object) -> Any:  # noqa: ANN401 - an update, as Gradio wants it
    label = _address_label(outlet)
    return gr.update(visible=True, label=label) if label else gr.update(visible=False)


def _address_label(outlet: object) -> str:
    """Return the label of the address that an outlet needs; empty if it needs none."""
    return OUTLETS[word(outlet)].address_label if word(outlet) in OUTLETS else ""


def _only(kinds: list[str], chosen: object) -> Any:  # noqa: ANN401 - one update, or a list of them, as Gradio wants it
    updates = [gr.update(visible=kind == chosen) for kind in kinds]
    return updates[0] if len(updates) == 1 else updates


class _Acts:
    """The handlers; each asks the session who is calling."""

    def __init__(
        self,
        drafting: DraftingService,
        conversations: ConversationService,
        clearance: ClearanceService,
        delivery: DeliveryService,
        lookup: DocumentLookup,
        page: _Page,
    ) -> None:
        self._drafting = drafting
        self._conversations = conversations
        self._clearance = clearance
        self._delivery = delivery
        self._lookup = lookup
        self._page = page

    def load(self, request: gr.Request) -> Changes:
        """The page as it opens, with what became of the caller's papers."""
        return self._sent(caller(request))

    def draft(self, paper: Paper) -> Callable[..., Changes]:
        """The handler that drafts one kind of paper and keeps it."""

        def compose(request: gr.Request, *given: object) -> Changes:
            person, page = caller(request), self._page
            facts = {
                field.id: word(value) for field, value in zip(paper.fields, given, strict=True) if word(value).strip()
            }
            asked = Commission(paper.kind, "", person.name, "web", facts, marking=paper.marking)
            kept = self._conversations.save(self._drafting.compose(asked), None)
            return {
                page.draft: draft_view.exchange(kept, self._lookup),
                page.exchange: kept.id,
                page.sending: gr.update(visible=True),
                page.outlet: "web",
                page.address: gr.update(value="", visible=False),
                page.note: "",
            }

        return compose

    def send(self, exchange: object, outlet: object, address: object, request: gr.Request) -> Changes:
        """The paper on the page, put to the reviewers, to go where the form says."""
        # An address that was typed for another choice goes nowhere.
        to = word(address) if _address_label(outlet) else ""
        person = caller(request)
        review = self._clearance.send(word(exchange), person.name, word(outlet), to)
        note = draft_view.notice(f"Sent for clearance as review {review.id}. What becomes of it is said below.")
        return {self._page.note: note, self._page.sending: gr.update(visible=False), **self._sent(person)}

    def _sent(self, person: Person) -> Changes:
        asked = [review for review in self._clearance.sent_by(person.name) if review.draft.commission.facts]
        released = self._delivery.released_to(person.name)
        return {self._page.sent: review_view.sent(asked, released, self._lookup)}
