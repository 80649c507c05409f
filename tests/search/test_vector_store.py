import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from humphrey.errors import GuidanceIndexError
from humphrey.search.vector_store import VectorStore

KEYS = [f"key {n}" for n in range(1100)]
"""Enough of them that Chroma writes its vector files, which it does a thousand at a time."""


@pytest.fixture(scope="module")
def rows() -> NDArray[np.float32]:
    rows = np.random.default_rng(1).normal(size=(len(KEYS), 384)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def opened(folder: Path, model: str = "model 1") -> VectorStore:
    folder.mkdir(exist_ok=True)
    return VectorStore(folder, model)


def filled(folder: Path, rows: NDArray[np.float32]) -> None:
    vectors = opened(folder)
    vectors.add(KEYS, rows)
    vectors.settle()
    vectors.close()


def vector_file(folder: Path, name: str) -> Path:
    [path] = folder.glob(f"vectors-*/**/{name}")
    return path


def cut_database(folder: Path) -> None:
    path = vector_file(folder, "chroma.sqlite3")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty_database(folder: Path) -> None:
    vector_file(folder, "chroma.sqlite3").write_bytes(b"")


def spoil_database(folder: Path) -> None:
    path = vector_file(folder, "chroma.sqlite3")
    path.write_bytes(b"x" * path.stat().st_size)


def cut_vectors(folder: Path) -> None:
    path = vector_file(folder, "data_level0.bin")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def spoil_note(folder: Path) -> None:
    (folder / "index.json").write_text("{")


def other_model(folder: Path) -> None:
    note = json.loads((folder / "index.json").read_text())
    (folder / "index.json").write_text(json.dumps({**note, "model": "another"}))


def died_while_opening(folder: Path) -> None:
    (folder / "opening").touch()


@pytest.mark.parametrize(
    "damage", [cut_database, empty_database, spoil_database, cut_vectors, spoil_note, died_while_opening]
)
def test_damaged_vectors_are_noticed_and_thrown_away(tmp_path, rows, damage, caplog):
    folder = tmp_path / "index"
    filled(folder, rows)
    damage(folder)

    vectors = opened(folder)

    assert "index_discarded" in caplog.messages
    assert vectors.keys() == set()
    vectors.add(KEYS[:10], rows[:10])
    assert next(iter(vectors.nearest(rows[3], 1))) == KEYS[3]
    assert len(list(folder.glob("vectors-*"))) == 1
    vectors.settle()
    vectors.close()
    assert opened(folder).keys() == set(KEYS[:10])


def test_vectors_of_another_model_are_thrown_away_with_a_sentence(tmp_path, rows, caplog):
    filled(tmp_path / "index", rows)
    other_model(tmp_path / "index")

    assert opened(tmp_path / "index").keys() == set()
    assert "was made with another embedding model than HUMPHREY_EMBEDDING_MODEL names now" in caplog.text


def test_sound_vectors_are_kept(tmp_path, rows, caplog):
    filled(tmp_path / "index", rows)

    vectors = opened(tmp_path / "index")

    assert vectors.keys() == set(KEYS)
    assert "index_discarded" not in caplog.messages
    assert dict(vectors.nearest(rows[7], 1)) == pytest.approx({KEYS[7]: 1.0}, abs=1e-4)


def test_what_is_forgotten_is_found_no_more(tmp_path, rows):
    vectors = opened(tmp_path / "index")
    vectors.add(KEYS, rows)

    vectors.forget(KEYS[10:])

    assert vectors.keys() == set(KEYS[:10])
    assert set(vectors.nearest(rows[500], 100)) == set(KEYS[:10])


def test_cosines_are_of_the_keys_that_are_there_and_of_none_where_none_is(tmp_path, rows):
    vectors = opened(tmp_path / "index")
    vectors.add(KEYS[:2], rows[:2])

    assert vectors.cosines(rows[0], [KEYS[0], "gone"]) == {KEYS[0]: pytest.approx(1.0, abs=1e-5)}
    assert vectors.cosines(rows[0], ["gone", "never there"]) == {}
    vectors.close()


def test_nearly_all_of_the_true_neighbours_are_found(tmp_path, rows):
    """Random vectors are the hardest case there is; those of real passages do better."""
    vectors = opened(tmp_path / "index")
    vectors.add(KEYS, rows)

    shares = []
    for row in rows[:50]:
        true = {KEYS[at] for at in np.argsort(-(rows @ row))[:10]}
        shares.append(len(true & set(vectors.nearest(row, 10))) / 10)

    assert sum(shares) / len(shares) > 0.95


def test_vectors_damaged_while_they_are_in_use_are_made_anew_at_the_next_start(tmp_path, rows):
    vectors = opened(tmp_path / "index")
    vectors.add(KEYS[:1], rows[:1])

    with pytest.raises(GuidanceIndexError, match=r"the index in .* cannot be used \(.*start humphrey again"):
        vectors.add(KEYS[1:2], rows[:1, :10])

    assert (tmp_path / "index" / "opening").exists()
