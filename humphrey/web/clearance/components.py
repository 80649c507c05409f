"""Gradio components of the Clear page and their layout: the queue, the text, its evidence, and the decision below them.

The queue is not a component, because it can hold thousands of rows. `static/desk.js` fills it page by page from the
routes of `web/api`. Opening and deciding go through the handlers of the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import gradio as gr

from humphrey.clearance.model import REASONS, Verdict
from humphrey.web.clearance.confirmation import ACTS
from humphrey.web.gradio_handlers import html_area

_QUEUE = '<div id="desk"><p class="hint">The queue is being fetched.</p></div><div id="keys"></div>'


_TOP = '<div id="drawer-place"></div><div id="meanwhile"></div>'


NOTHING_OPEN = (
    '<p class="hint nothing-open">Open a draft from the queue. Its text stands here, and the passages that it rests on '
    "stand beside it.</p>"
)
"""Shown in place of a draft."""


@dataclass(frozen=True)
class ClearancePage:
    """Components of the page that handlers change.

    `review` and `digest` name what is shown; `pending` is the decision to confirm, with its digest. All three come back
    from the browser, so the service compares them with the stored values.
    """

    alert: gr.Markdown
    note: gr.Markdown
    shown: gr.Markdown
    evidence: gr.Markdown
    compared: gr.Markdown
    said: gr.Markdown
    standing: gr.Markdown
    review: gr.Textbox
    digest: gr.Textbox
    pending: gr.Textbox
    claiming: gr.Column
    claim: gr.Button
    back: gr.Button
    ruling: gr.Column
    approve: gr.Button
    turn_back: gr.Button
    refuse: gr.Button
    reasons: gr.CheckboxGroup
    words: gr.Textbox
    confirming: gr.Column
    confirmation: gr.Markdown
    acknowledged: gr.CheckboxGroup
    explaining: gr.Column
    changing: gr.Column
    text: gr.Textbox
    instruction: gr.Textbox
    telling: gr.Column
    comment: gr.Textbox
    handing: gr.Column
    deputy: gr.Radio

    @property
    def all(self) -> list[gr.Component]:
        """Return all components, in the order of Gradio's outputs."""
        return list(vars(self).values())

    @property
    def rulings(self) -> Mapping[Verdict, gr.Button]:
        """Return the button of each decision."""
        return {"approve": self.approve, "return": self.turn_back, "refuse": self.refuse}


@dataclass(frozen=True)
class ClearancePageControls:
    """Components that only start an action and never change. The script sets `command` to what was clicked."""

    command: gr.Textbox
    confirm: gr.Button
    cancel: gr.Button
    amend: gr.Button
    instruct: gr.Button
    say: gr.Button
    hand_over: gr.Button


def build_components() -> tuple[ClearancePage, ClearancePageControls]:
    """Lay the components out in the open route."""
    with gr.Row(elem_classes="desk"):
        with gr.Column(scale=2, min_width=200, elem_classes="side", elem_id="side"):
            gr.Markdown("# Clear drafts")
            html_area(_QUEUE)
        with gr.Column(scale=5, min_width=200, elem_classes="opened"):
            html_area(_TOP)
            note = html_area(elem_id="clear-note")
            shown, compared, said = html_area(NOTHING_OPEN, elem_id="shown"), *map(_area, ("compared", "said"))
            command, review, digest, pending = map(_unseen, ("command", "review", "digest", "pending"))
            changing, text, amend, instruction, instruct = _changing()
            telling, comment, say = _telling()
            handing, deputy, hand_over = _handing()
        with gr.Column(scale=3, min_width=200, elem_classes="evidence"):
            evidence = html_area(elem_id="evidence")
        with gr.Column(scale=8, min_width=200, elem_classes="deciding", elem_id="deciding"):
            alert, standing = map(_area, ("clear-alert", "standing"))
            claiming, claim, back = _claiming()
            ruling, approve, turn_back, refuse = _ruling()
            confirming, confirmation, acknowledged, explaining, reasons, words, confirm, cancel = _confirming()
    page = ClearancePage(
        alert, note, shown, evidence, compared, said, standing, review, digest, pending, claiming, claim, back, ruling,
        approve, turn_back, refuse, reasons, words, confirming, confirmation, acknowledged, explaining, changing, text,
        instruction, telling, comment, handing, deputy,
    )  # fmt: skip
    return page, ClearancePageControls(command, confirm, cancel, amend, instruct, say, hand_over)


def _area(name: str) -> gr.Markdown:
    return html_area(elem_id=name)


def _unseen(name: str) -> gr.Textbox:
    return gr.Textbox(visible="hidden", label=name.capitalize(), elem_id=name)


def _claiming() -> tuple[gr.Column, gr.Button, gr.Button]:
    with gr.Column(visible=False, elem_id="claiming") as claiming, gr.Row(elem_classes="buttons"):
        claim = gr.Button("Claim it", elem_id="claim", min_width=140)
        back = gr.Button("Hand it back", elem_id="hand-back", min_width=140)
    return claiming, claim, back


def _ruling() -> tuple[gr.Column, gr.Button, gr.Button, gr.Button]:
    looks = {"approve": "primary", "return": "secondary", "refuse": "stop"}
    with gr.Column(visible=False, elem_id="ruling") as ruling, gr.Row(elem_classes="buttons"):
        approve, turn_back, refuse = (
            gr.Button(said, variant=looks[verdict], elem_id=f"do-{verdict}", min_width=140)
            for verdict, said in ACTS.items()
        )
    return ruling, approve, turn_back, refuse


def _confirming() -> tuple[
    gr.Column, gr.Markdown, gr.CheckboxGroup, gr.Column, gr.CheckboxGroup, gr.Textbox, gr.Button, gr.Button
]:
    with gr.Column(visible=False, elem_id="confirming") as confirming:
        confirmation = html_area(elem_id="confirmation")
        acknowledged = gr.CheckboxGroup(
            [],
            label="What the checks found",
            info="Tick each once you have weighed it.",
            elem_id="acknowledged",
            elem_classes="list",
        )
        with gr.Column(visible=False, elem_id="explaining") as explaining:
            reasons = gr.CheckboxGroup(
                [(said, reason) for reason, said in REASONS.items()],
                label="Why",
                info="Its author reads this. Tick a reason, or write one below.",
                elem_id="reasons",
                elem_classes="list",
            )
            words = gr.Textbox(label="In your own words", info="Its author reads this.", lines=2, elem_id="words")
        with gr.Row(elem_classes="buttons"):
            confirm = gr.Button("Yes, do this", variant="primary", elem_id="confirm", min_width=140)
            cancel = gr.Button("No, go back", elem_id="cancel", min_width=140)
    return confirming, confirmation, acknowledged, explaining, reasons, words, confirm, cancel


def _changing() -> tuple[gr.Column, gr.Textbox, gr.Button, gr.Textbox, gr.Button]:
    with gr.Column(visible=False, elem_id="changing-it") as changing:
        with gr.Accordion("Change the words", open=False, elem_id="amending"):
            text = gr.Textbox(
                label="The text",
                info="The checks run again, and another person must approve what you changed.",
                lines=10,
                max_lines=30,
                elem_id="amended",
            )
            amend = gr.Button("Save the new words", min_width=180, elem_classes="narrow")
        with gr.Accordion("Ask the model for a change", open=False, elem_id="instructing"):
            instruction = gr.Textbox(
                label="What to change",
                info="For example: make it shorter. Then another person must approve it.",
                lines=2,
                elem_id="instruction",
            )
            instruct = gr.Button("Ask for it", min_width=140, elem_classes="narrow")
    return changing, text, amend, instruction, instruct


def _telling() -> tuple[gr.Column, gr.Textbox, gr.Button]:
    with (
        gr.Column(visible=False, elem_id="telling") as telling,
        gr.Accordion("Comment", open=False, elem_id="commenting"),
    ):
        comment = gr.Textbox(
            label="Your comment", info="Its authors and its reviewers read this.", lines=2, elem_id="comment"
        )
        say = gr.Button("Say it", min_width=140, elem_classes="narrow")
    return telling, comment, say


def _handing() -> tuple[gr.Column, gr.Radio, gr.Button]:
    with (
        gr.Column(visible=False, elem_id="handing") as handing,
        gr.Accordion("Hand it to another reviewer", open=False, elem_id="handing-over"),
    ):
        deputy = gr.Radio([], label="Who may clear it", elem_id="deputy", elem_classes="list")
        hand_over = gr.Button("Hand it over", min_width=140, elem_classes="narrow")
    return handing, deputy, hand_over
