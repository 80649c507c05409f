"""The Papers page: choose a kind, enter its facts, read the draft, send it. The kinds' YAML files define the forms."""

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
from humphrey.web.gradio_handlers import Changes, as_text, guarded, html_area
from humphrey.web.identity import signed_in_person

HINTS = {"date": "For example 23 November 2026.", "email": "For example name@example.org."}
"""Default hint below a field, by the type of the field."""


@dataclass(frozen=True)
class _Page:
    """Components of the page that handlers change."""

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
        """Return all components, in the order of Gradio's outputs."""
        return list(vars(self).values())


def build_page(
    pages: gr.Blocks,
    drafting: DraftingService,
    conversations: ConversationService,
    clearance: ClearanceService,
    delivery: DeliveryService,
    lookup: Callable[[Person], DocumentLookup],
) -> None:
    """Lay out the page in the open route, and connect it to the services."""
    papers = [paper for paper in drafting.papers.values() if paper.fields]
    gr.Markdown("# Draft a paper")
    alert = html_area(elem_id="papers-alert")
    kind = gr.Radio([(paper.title, paper.kind) for paper in papers], label="What do you need?", elem_id="kinds")
    forms = {paper.kind: _form(paper) for paper in papers}
    draft = html_area(elem_id="paper")
    exchange = gr.Textbox(visible="hidden", label="Draft", elem_id="paper-exchange")
    with gr.Column(visible=False, elem_id="paper-sending") as sending:
        outlet, address = _destination(drafting.destinations)
        send = gr.Button("Send for clearance", variant="primary", min_width=120)
    note = html_area(elem_id="paper-note")
    gr.Markdown("## Papers I sent")
    page = _Page(alert, draft, exchange, sending, outlet, address, note, html_area(elem_id="papers-sent"))
    acts = _Handlers(drafting, conversations, clearance, delivery, lookup, page)
    quiet: dict[str, Any] = {"show_progress": "minimal", "api_visibility": "private", "concurrency_limit": None}
    columns = [form.column for form in forms.values()]
    kind.input(partial(_show_form, list(forms)), kind, columns, preprocess=False, **quiet)
    for paper in papers:
        form = forms[paper.kind]
        form.button.click(guarded(alert, acts.draft(paper)), form.inputs, page.all, preprocess=False, **quiet)
    outlet.input(_show_address, outlet, address, preprocess=False, **quiet)
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
        html_area(value=f"<p>{safe(paper.purpose)}</p>")
        inputs = [_input(field) for field in paper.fields]
        button = gr.Button("Draft it", variant="primary", min_width=120)
    return _Form(column, inputs, button)


def _input(field: Field) -> gr.Textbox:
    long = field.type == "long_text"
    return gr.Textbox(
        label=field.label if field.required else f"{field.label} (optional)",
        info=field.hint or HINTS.get(field.type),
        lines=5 if long else 1,
        max_lines=20 if long else 1,
        elem_id=f"field-{field.id}",
        type="email" if field.type == "email" else "text",
    )


def _destination(destinations: Mapping[str, Destination]) -> tuple[gr.Radio, gr.Textbox]:
    """Return the choice of an outlet, and the field for an address, shown only if the outlet needs one."""
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


def _show_address(outlet: object) -> Any:  # noqa: ANN401 - an update, as Gradio wants it
    label = _address_label(outlet)
    return gr.update(visible=True, label=label) if label else gr.update(visible=False)


def _address_label(outlet: object) -> str:
    """Return the label of the address that an outlet needs; empty if it needs none."""
    return OUTLETS[as_text(outlet)].address_label if as_text(outlet) in OUTLETS else ""


def _show_form(kinds: list[str], chosen: object) -> Any:  # noqa: ANN401 - one update, or a list of them, as Gradio wants it
    updates = [gr.update(visible=kind == chosen) for kind in kinds]
    return updates[0] if len(updates) == 1 else updates


class _Handlers:
    """Handlers of the page; each takes the caller from the session."""

    def __init__(
        self,
        drafting: DraftingService,
        conversations: ConversationService,
        clearance: ClearanceService,
        delivery: DeliveryService,
        lookup: Callable[[Person], DocumentLookup],
        page: _Page,
    ) -> None:
        self._drafting = drafting
        self._conversations = conversations
        self._clearance = clearance
        self._delivery = delivery
        self._lookup = lookup
        self._page = page

    def load(self, request: gr.Request) -> Changes:
        """Show the caller's papers when the page opens."""
        return self._sent(signed_in_person(request))

    def draft(self, paper: Paper) -> Callable[..., Changes]:
        """Return the handler that drafts one kind of paper and stores the draft."""

        def compose(request: gr.Request, *given: object) -> Changes:
            person, page = signed_in_person(request), self._page
            facts = {
                field.id: as_text(value)
                for field, value in zip(paper.fields, given, strict=True)
                if as_text(value).strip()
            }
            asked = Commission(paper.kind, "", person.name, "web", facts, marking=paper.marking)
            kept = self._conversations.save(self._drafting.compose(asked), None)
            return {
                page.draft: draft_view.exchange(kept, self._lookup(person)),
                page.exchange: kept.id,
                page.sending: gr.update(visible=True),
                page.outlet: "web",
                page.address: gr.update(value="", visible=False),
                page.note: "",
            }

        return compose

    def send(self, exchange: object, outlet: object, address: object, request: gr.Request) -> Changes:
        """Send the paper on the page for clearance, with the outlet chosen in the form."""
        # An address typed before another outlet was chosen must not be used.
        to = as_text(address) if _address_label(outlet) else ""
        person = signed_in_person(request)
        review = self._clearance.send(as_text(exchange), person.name, as_text(outlet), to)
        note = draft_view.notice(f"Sent for clearance as review {review.name}. What becomes of it is said below.")
        return {self._page.note: note, self._page.sending: gr.update(visible=False), **self._sent(person)}

    def _sent(self, person: Person) -> Changes:
        asked = [review for review in self._clearance.sent_by(person.name) if review.draft.commission.facts]
        released = self._delivery.released_to(person.name)
        return {self._page.sent: review_view.sent_reviews(asked, released, self._lookup(person))}
