"""Vectors of the guidance's statements, computed before anybody asks."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from numpy.typing import NDArray

from humphrey.app import build
from humphrey.app.container import Humphrey
from humphrey.papers.draft import Commission, Draft
from humphrey.search.embeddings import EmbeddingModel
from humphrey.search.statements.stored_vectors import StoredVectors
from humphrey.settings import Settings

QUESTION = "How many days of leave may I carry over?"


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the model was given, in order."""
    texts: list[str] = []
    compute = EmbeddingModel.__call__

    def noted(self: EmbeddingModel, given: Sequence[str]) -> NDArray[np.float32]:
        texts.extend(given)
        return compute(self, given)

    monkeypatch.setattr(EmbeddingModel, "__call__", noted)
    return texts


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "leave.md").write_text("# Leave\n\nYou may carry over five days of leave. Ask your manager in March.\n")
    (folder / "travel.md").write_text("# Travel\n\nBook the cheapest train that meets the need.\n")
    return folder


@pytest.fixture
def humphrey(tmp_path: Path, corpus: Path) -> Iterator[Humphrey]:
    opened = build.start(Settings(data_dir=tmp_path / "data"))
    opened.library.index([corpus])
    yield opened
    opened.close()


def stored(tmp_path: Path) -> StoredVectors:
    return StoredVectors(tmp_path / "data" / "index" / "statements.sqlite3")


def asked(humphrey: Humphrey) -> Draft:
    return humphrey.drafting.compose(Commission("answer", QUESTION, "ann", "web"))


def test_a_question_embeds_itself_alone_once_the_statements_are_stored(humphrey, embedded):
    humphrey.statements.update(Event())
    embedded.clear()

    draft = asked(humphrey)

    assert "five days" in draft.text
    assert embedded
    assert all("carry over five" not in text and "cheapest train" not in text for text in embedded)


def test_the_answer_is_the_same_with_and_without_stored_vectors(humphrey, tmp_path):
    humphrey.statements.update(Event())
    beforehand = asked(humphrey)
    humphrey.close()
    (tmp_path / "data" / "index" / "statements.sqlite3").unlink()
    again = build.start(Settings(data_dir=tmp_path / "data"))

    assert asked(again).text == beforehand.text
    again.close()


def test_only_changed_documents_are_computed_again_and_removed_ones_are_dropped(humphrey, corpus, tmp_path, embedded):
    assert humphrey.statements.update(Event()) == 2
    assert humphrey.statements.update(Event()) == 0
    (corpus / "leave.md").write_text("# Leave\n\nYou may carry over nine days of leave. Ask your manager in March.\n")
    (corpus / "travel.md").unlink()
    humphrey.library.index([corpus])
    embedded.clear()

    assert humphrey.statements.update(Event()) == 1
    assert embedded == ["Leave: You may carry over nine days of leave."]
    assert stored(tmp_path).stamps().keys() == {"leave"}


def test_statements_are_computed_again_if_the_file_is_damaged(humphrey, tmp_path):
    humphrey.statements.update(Event())
    (tmp_path / "data" / "index" / "statements.sqlite3").write_bytes(b"no database" * 1000)

    assert "five days" in asked(humphrey).text
    assert humphrey.statements.update(Event()) == 2
    assert stored(tmp_path).stamps().keys() == {"leave", "travel"}


def test_a_server_that_ends_does_not_wait_for_the_rest(humphrey, tmp_path):
    over = Event()
    over.set()

    assert humphrey.statements.update(over) == 0
    assert stored(tmp_path).stamps() == {}
