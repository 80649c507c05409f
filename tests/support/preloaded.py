"""Import what the processes of tests need. The fork server of `processes.py` imports this module once."""

from humphrey.web.gradio_app import _disable_telemetry

_disable_telemetry()

import chromadb  # noqa: E402, F401 - Gradio and its libraries read the switches above when they are imported
import gradio  # noqa: E402, F401
import langchain_openai  # noqa: E402, F401

import evals.proofs.walk  # noqa: E402, F401
import humphrey.app.build  # noqa: E402, F401
import humphrey.cli  # noqa: E402, F401
import humphrey.web.app  # noqa: E402, F401
import humphrey.web.ask.page  # noqa: E402, F401
import humphrey.web.clearance.page  # noqa: E402, F401
import humphrey.web.papers.page  # noqa: E402, F401
