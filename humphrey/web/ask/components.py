"""Gradio components of the Ask page and their layout."""

from collections.abc import Mapping
from dataclasses import dataclass

import gradio as gr

from humphrey.papers.draft import Task
from humphrey.web.ask.attachments import CHOOSER, TASKS
from humphrey.web.ask.conversation_view import REASONS
from humphrey.web.gradio_handlers import html_area


@dataclass(frozen=True)
class AskPage:
    """Components of the page that handlers change.

    `current` is the id of the open conversation, `editing` of the exchange that is asked again, and `exchange` of the
    exchange shown. All three come from the browser, so the services check their owner.
    """

    alert: gr.Markdown
    conversation: gr.Radio
    current: gr.Textbox
    removal: gr.Column
    question: gr.Textbox
    editing: gr.Textbox
    changing: gr.Markdown
    unchanged: gr.Button
    ask: gr.Button
    stop: gr.Button
    files: gr.Markdown
    tasks: gr.Column
    latest: gr.Markdown
    exchange: gr.Textbox
    send: gr.Button
    thoughts: gr.Column
    useful: gr.Radio
    reason: gr.Radio
    words: gr.Textbox
    note: gr.Markdown
    earlier: gr.Markdown
    sent: gr.Markdown

    @property
    def all(self) -> list[gr.Component]:
        """Return all components, in the order of Gradio's outputs."""
        return list(vars(self).values())


@dataclass(frozen=True)
class AskPageControls:
    """Components that only start an action and never change. The script sets `command` to the link that was clicked."""

    new: gr.Button
    search_words: gr.Textbox
    search: gr.Button
    command: gr.Textbox
    remove: gr.Button
    tasks: Mapping[Task, gr.Button]
    send_feedback: gr.Button


def build_components() -> tuple[AskPage, AskPageControls]:
    """Lay the components out in the open route."""
    gr.Markdown("# Ask about the guidance")
    alert = html_area(elem_id="ask-alert")
    command, current, editing = (_unseen(name) for name in ("command", "current", "editing"))
    with gr.Row():
        with gr.Column(scale=1, min_width=260, elem_classes="side"):
            new, search_words, search, conversation = _side()
            removal, remove = _removal()
        with gr.Column(scale=3, min_width=320):
            question = gr.Textbox(
                label="Your question",
                info="Answers come from the guidance humphrey holds, with citations. Shift and Enter asks too.",
                lines=3,
                max_lines=12,
                elem_id="question",
            )
            changing = html_area(elem_id="changing")
            with gr.Row(elem_classes="buttons"):
                ask = gr.Button("Ask", variant="primary", min_width=120)
                stop = gr.Button("Stop", visible=False, min_width=120)
                unchanged = gr.Button("Leave it as it is", visible=False, min_width=160)
            files, tasks, buttons = _files()
            latest, exchange = html_area(elem_id="latest"), _unseen("exchange")
            send = gr.Button("Send for clearance", variant="primary", visible=False, elem_classes="narrow")
            note = html_area(elem_id="note")
            thoughts, useful, reason, words, send_feedback = _thoughts()
            earlier = html_area(elem_id="earlier")
            gr.Markdown("## What I sent")
            sent = html_area(elem_id="sent")
    page = AskPage(
        alert=alert,
        conversation=conversation,
        current=current,
        removal=removal,
        question=question,
        editing=editing,
        changing=changing,
        unchanged=unchanged,
        ask=ask,
        stop=stop,
        files=files,
        tasks=tasks,
        latest=latest,
        exchange=exchange,
        send=send,
        thoughts=thoughts,
        useful=useful,
        reason=reason,
        words=words,
        note=note,
        earlier=earlier,
        sent=sent,
    )
    return page, AskPageControls(new, search_words, search, command, remove, buttons, send_feedback)


def _unseen(name: str) -> gr.Textbox:
    return gr.Textbox(visible="hidden", label=name.capitalize(), elem_id=name)


def _side() -> tuple[gr.Button, gr.Textbox, gr.Button, gr.Radio]:
    new = gr.Button("New conversation")
    with gr.Row(elem_classes="search"):
        search_words = gr.Textbox(
            label="Find a conversation", max_lines=1, elem_id="search_words", scale=2, min_width=120
        )
        search = gr.Button("Search", min_width=100)
    listed = gr.Radio([], label="Your conversations", elem_id="conversations", elem_classes="list")
    return new, search_words, search, listed


def _removal() -> tuple[gr.Column, gr.Button]:
    # Removing cannot be undone, so it takes two steps.
    with gr.Column(visible=False, elem_id="removal") as removal, gr.Accordion("Remove this conversation", open=False):
        html_area("<p>Its questions, drafts and files are deleted. What you sent for clearance stays.</p>")
        remove = gr.Button("Remove it for good", variant="stop", elem_classes="narrow")
    return removal, remove


def _files() -> tuple[gr.Markdown, gr.Column, Mapping[Task, gr.Button]]:
    html_area(CHOOSER, elem_id="chooser")
    files = html_area(elem_id="files")
    with gr.Column(visible=False, elem_id="tasks") as tasks:
        html_area("<p>From the whole of them:</p>")
        with gr.Row(elem_classes="buttons"):
            buttons = {task: gr.Button(name, min_width=100, size="md") for task, (name, _) in TASKS.items()}
    return files, tasks, buttons


def _thoughts() -> tuple[gr.Column, gr.Radio, gr.Radio, gr.Textbox, gr.Button]:
    with gr.Column(visible=False, elem_id="thoughts") as thoughts, gr.Accordion("Was this useful?", open=False):
        useful = gr.Radio(["Useful", "Not useful"], label="This draft was", elem_id="useful")
        reason = gr.Radio(list(REASONS), label="What was not right (optional)", elem_id="reason", visible=False)
        words = gr.Textbox(
            label="In your own words (optional)",
            info="The humphrey administrators read this. Leave out names and case details.",
            lines=2,
            elem_id="words",
        )
        send_feedback = gr.Button("Give feedback", min_width=160, elem_classes="narrow")
    return thoughts, useful, reason, words, send_feedback
