"""Vectors stored beforehand: found by key, replaced and dropped by document, and never in the way."""

import numpy as np
import pytest

from humphrey.search.remembered_vectors import RememberedVectors
from humphrey.search.statements.stored_vectors import StoredVectors
from tests.search.test_remembered_vectors import Letters


def vector(number: int) -> np.ndarray:
    return np.full(26, number, dtype=np.float16)


@pytest.fixture
def stored(tmp_path) -> StoredVectors:
    kept = StoredVectors(tmp_path / "index" / "statements.sqlite3")
    kept.replace("leave", "1", {b"a": vector(1), b"b": vector(2)})
    kept.replace("travel", "1", {b"c": vector(3)})
    return kept


def test_a_document_s_vectors_are_replaced_and_dropped_together(stored):
    stored.replace("leave", "2", {b"b": vector(4)})
    stored.drop(["travel"])

    found = stored.recall([b"a", b"b", b"c"])

    assert found.keys() == {b"b"}
    assert (found[b"b"] == vector(4)).all()
    assert stored.stamps() == {"leave": "2"}


def test_more_keys_than_one_query_takes_are_found(stored):
    many = {n.to_bytes(4): vector(n) for n in range(1200)}
    stored.replace("long", "1", many)

    assert stored.recall(list(many)).keys() == many.keys()


def test_without_a_file_nothing_is_found_and_none_is_made(tmp_path):
    path = tmp_path / "statements.sqlite3"

    assert StoredVectors(path).recall([b"a"]) == {}
    assert not path.exists()


def test_a_stored_vector_is_not_computed_and_one_of_another_model_is(tmp_path):
    stored, model = StoredVectors(tmp_path / "statements.sqlite3"), Letters()
    embed = RememberedVectors(model, stored=stored)
    stored.replace("leave", "1", embed.computed(["bee", "cab"]))
    model.asked.clear()

    assert np.allclose(embed(["bee", "dad"]), Letters()(["bee", "dad"]), atol=1e-3)
    assert model.asked == ["dad"]
    other = Letters()
    other.digest = "other letters"
    RememberedVectors(other, stored=stored)(["bee"])
    assert other.asked == ["bee"]


def test_a_stored_vector_of_a_wrong_length_is_computed_again(tmp_path):
    stored, model = StoredVectors(tmp_path / "statements.sqlite3"), Letters()
    embed = RememberedVectors(model, stored=stored)
    stored.replace("leave", "1", {embed.key("bee"): vector(1)[:5]})

    assert embed(["bee"]).shape == (1, 26)
    assert model.asked == ["bee"]
