"""Gradio components of the Ask page and their layout: the conversations, the thread, and the composer below it."""

from collections.abc import Mapping
from dataclasses import dataclass

import gradio as gr

from humphrey.papers.draft import Task
from humphrey.web.ask.attachments import CHOOSER, TASKS
from humphrey.web.ask.conversation_view import REASONS
from humphrey.web.ask.history_view import HISTORY
from humphrey.web.escaping import safe
from humphrey.web.gradio_handlers import html_area

_BAR = (
    '<div class="bar"><button type="button" class="go quiet" id="open-side" aria-expanded="false">'
    'Conversations</button> <button type="button" class="go quiet" id="open-sent" aria-expanded="false">'
    "What I sent</button></div>"
)
"""Buttons of the script: the list of conversations on a narrow screen, and what was sent for clearance."""


_TRUST = (
    '<p class="hint" id="composer-hint">Humphrey can be wrong: read the passage behind each mark. '
    "A reviewer checks everything before it leaves.</p>"
)


_REASONS = f'<ul id="reasons">{"".join(f"<li>{safe(each)}</li>" for each in REASONS)}</ul>'
"""The reasons for the form of the script; never shown as a list."""


@dataclass(frozen=True)
class AskPage:
    """Components of the page that handlers change.

    `current` is the id of the open conversation, `shown` the token of the place in the browser that is drawn,
    `editing` the id of the exchange that is asked again, and `running` the id and the state of the answer under way,
    for the script. All come back from the browser, so the services check their owner.
    """

    alert: gr.Markdown
    current: gr.Textbox
    shown: gr.Textbox
    question: gr.Textbox
    editing: gr.Textbox
    changing: gr.Markdown
    unchanged: gr.Button
    ask: gr.Button
    stop: gr.Button
    files: gr.Markdown
    tasks: gr.Column
    latest: gr.Markdown
    note: gr.Markdown
    earlier: gr.Markdown
    sent: gr.Markdown
    running: gr.Textbox

    @property
    def all(self) -> list[gr.Component]:
        """Return all components, in the order of Gradio's outputs."""
        return list(vars(self).values())


@dataclass(frozen=True)
class AskPageControls:
    """Components that only start an action and never change. The script alone sets two of them.

    `command` is the link that was clicked; `place` is where it belongs, see `places`.
    """

    new: gr.Button
    command: gr.Textbox
    place: gr.Textbox
    tasks: Mapping[Task, gr.Button]


def build_components() -> tuple[AskPage, AskPageControls]:
    """Lay the components out in the open route."""
    with gr.Row(elem_id="ask-head"):
        gr.Markdown("# Ask about the guidance")
        html_area(_BAR)
    command, place, shown = (_unseen(name) for name in ("command", "place", "shown"))
    current, editing, running = (_unseen(name) for name in ("current", "editing", "running"))
    with gr.Row(elem_id="chat"):
        with gr.Column(scale=1, min_width=260, elem_classes="side"):
            new = gr.Button("New conversation", elem_id="new-conversation")
            html_area(HISTORY, elem_id="history-area")
        with gr.Column(scale=3, min_width=280, elem_id="thread"):
            sent = html_area(elem_id="sent")
            earlier, latest = html_area(elem_id="earlier"), html_area(elem_id="latest")
            html_area(_REASONS, elem_id="reasons-list")
            html_area('<div id="suggested"></div>', elem_id="suggested-area")
            files, tasks, buttons = _files()
            with gr.Column(elem_id="composer"):
                note, alert, changing = (html_area(elem_id=name) for name in ("note", "ask-alert", "changing"))
                html_area('<ul class="plain" id="attaching"></ul>')
                unchanged = gr.Button("Leave it as it is", visible=False, elem_classes="narrow")
                question = gr.Textbox(label="Your question", lines=1, max_lines=10, elem_id="question")
                with gr.Row(elem_classes="buttons"):
                    ask = gr.Button("Ask", variant="primary", min_width=90, elem_id="ask-button")
                    stop = gr.Button("Stop", visible=False, min_width=90, elem_id="stop-button")
                html_area(CHOOSER, elem_id="chooser")
                html_area(_TRUST, elem_id="trust")
    page = AskPage(
        alert=alert,
        current=current,
        shown=shown,
        question=question,
        editing=editing,
        changing=changing,
        unchanged=unchanged,
        ask=ask,
        stop=stop,
        files=files,
        tasks=tasks,
        latest=latest,
        note=note,
        earlier=earlier,
        sent=sent,
        running=running,
    )
    return page, AskPageControls(new, command, place, buttons)


def _unseen(name: str) -> gr.Textbox:
    return gr.Textbox(visible="hidden", label=name.capitalize(), elem_id=name)


def _files() -> tuple[gr.Markdown, gr.Column, Mapping[Task, gr.Button]]:
    files = html_area(elem_id="files")
    with gr.Column(visible=False, elem_id="tasks") as tasks, gr.Row(elem_classes="buttons"):
        buttons = {task: gr.Button(name, min_width=100, size="md") for task, (name, _) in TASKS.items()}
    return files, tasks, buttons
