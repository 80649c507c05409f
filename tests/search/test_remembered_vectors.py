"""Vectors are computed once, in any order and from any thread, and are the same the second time."""

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from humphrey.search.remembered_vectors import RememberedVectors


class Letters:
    """An embedding model that counts what it is asked: a text's vector is the share of each letter."""

    digest = "letters"
    dimensions = 26

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        counts = np.array([[text.count(chr(97 + n)) for n in range(26)] for text in texts], dtype=np.float32) + 0.1
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)


def test_a_text_is_embedded_once_and_has_the_same_vector_the_second_time_whatever_stands_beside_it():
    model = Letters()
    embed = RememberedVectors(model)

    first = embed(["bee", "cab", "bee"])
    second = embed(["dad", "cab", "bee"])

    assert model.asked == ["bee", "cab", "dad"]
    assert (second[[2, 1]] == first[:2]).all()
    assert (first[2] == first[0]).all()
    assert np.allclose(np.linalg.norm(second, axis=1), 1, atol=1e-3)
    assert np.allclose(first[:2], Letters()(["bee", "cab"]), atol=1e-3)


def test_the_texts_used_longest_ago_are_forgotten_first():
    model = Letters()
    embed = RememberedVectors(model, most=2)

    embed(["a", "b"])
    embed(["a"])
    embed(["c"])
    model.asked.clear()
    embed(["a", "c"])
    assert model.asked == []
    embed(["b"])
    assert model.asked == ["b"]


def test_more_texts_than_there_is_room_for_have_their_own_vectors():
    embed = RememberedVectors(Letters(), most=2)

    assert np.allclose(embed(list("abcde")), Letters()(list("abcde")), atol=1e-3)


def test_passages_that_are_indexed_push_no_statement_out():
    model = Letters()
    embed = RememberedVectors(model, most=100)
    embed(["a"])
    embed([f"a {n}" for n in range(500)])
    model.asked.clear()

    embed(["a"])

    assert model.asked == []


def test_threads_that_ask_at_once_get_the_vectors_of_their_own_texts():
    embed, start, wrong = RememberedVectors(Letters(), most=8), threading.Barrier(8), []

    def ask(letter: str) -> None:
        start.wait()
        for n in range(200):
            texts = [letter * (1 + n % 5), chr(97 + n % 26)]
            if not np.allclose(embed(texts), Letters()(texts), atol=1e-3):
                wrong.append(texts)

    asking = [threading.Thread(target=ask, args=(letter,)) for letter in "abcdefgh"]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert wrong == []


def test_a_vector_is_the_same_number_for_number_among_many_texts_and_alone():
    texts = [f"{letter}b" * (1 + n) for n, letter in enumerate("acde" * 20)]

    among_many = RememberedVectors(Letters())(texts)

    assert among_many.dtype == np.float32
    assert (among_many[7] == RememberedVectors(Letters())([texts[7]])[0]).all()


def test_no_texts_have_no_vectors():
    assert RememberedVectors(Letters())([]).shape == (0, 26)
