"""Gradio reads the signature of a component's constructor from where it is kept."""

import asyncio
import inspect
from concurrent.futures import ThreadPoolExecutor

import gradio as gr

from humphrey.web.gradio_app import _keep_signatures


def test_a_component_has_the_same_settings_when_its_signature_is_kept():
    # Outside a running event loop, Gradio opens a new loop for each lock and never closes it. A thread of its own has
    # no loop yet, whatever a browser runs in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _compare()).result()


async def _compare() -> None:
    with gr.Blocks() as pages:
        given = [gr.Textbox("words", label="Question"), gr.HTML("<p>words</p>"), gr.Button("Ask", variant="primary")]
    before = [each.get_config() for each in given]

    _keep_signatures(pages)

    assert [each.get_config() for each in given] == before
    assert gr.Textbox("other", render=False).value == "other"
    assert inspect.signature(gr.Textbox.__init__) is inspect.signature(gr.Textbox.__init__)
