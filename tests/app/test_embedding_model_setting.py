"""The embedding model that the settings name, joined as the commands join it."""

from pathlib import Path

import pytest

from humphrey.app import build
from humphrey.cli import main
from humphrey.errors import GuidanceIndexError
from humphrey.search import embedding_files
from humphrey.settings import Settings
from tests.search import tiny_mpnet

NAME = "all-mpnet-base-v2"


@pytest.fixture
def data(tmp_path, monkeypatch) -> Path:
    """A data folder with one note indexed, and a corpus; the digests of the model are those of a tiny one."""
    for name, digest in tiny_mpnet.write(tmp_path / "source").items():
        monkeypatch.setitem(embedding_files.DIGESTS, name, digest)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "leave.md").write_text("# Leave\n\nYou may carry over five days of leave.\n")
    monkeypatch.setenv("HUMPHREY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HUMPHREY_CORPUS", str(tmp_path / "corpus"))
    return tmp_path / "data"


def found(data: Path, model: str) -> list[str]:
    humphrey = build.start(Settings(data_dir=data, embedding_model=model))
    try:
        humphrey.library.index([humphrey.settings.corpus])
        return [hit.passage.text for hit in humphrey.library.search("carry over leave", 3)]
    finally:
        humphrey.close()


def run(*arguments: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["humphrey", *arguments])
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_an_index_of_another_model_is_made_anew_and_says_so(data, tmp_path, caplog, monkeypatch, capsys):
    note = ["You may carry over five days of leave."]
    assert found(data, "all-MiniLM-L6-v2") == note
    assert run("models", "fetch", NAME, "--from", str(tmp_path / "source"), monkeypatch=monkeypatch) == 0
    assert capsys.readouterr().out == f"{NAME}\t{data / 'models' / NAME}\n"

    assert found(data, NAME) == note
    assert "was made with another embedding model than HUMPHREY_EMBEDDING_MODEL names now" in caplog.text
    caplog.clear()

    assert found(data, NAME) == note
    assert "another embedding model" not in caplog.text


def test_a_model_that_was_not_fetched_is_said_with_the_command_that_fetches_it(data):
    with pytest.raises(GuidanceIndexError, match=f"run `humphrey models fetch {NAME}`"):
        found(data, NAME)


def test_files_with_other_digests_are_refused_by_the_command(data, tmp_path, capsys, monkeypatch):
    (tmp_path / "source" / "tokenizer.json").write_text("{}")

    assert run("models", "fetch", NAME, "--from", str(tmp_path / "source"), monkeypatch=monkeypatch) == 1
    assert "tokenizer.json has the digest" in capsys.readouterr().err
    assert not (data / "models" / NAME / "model.safetensors").exists()
