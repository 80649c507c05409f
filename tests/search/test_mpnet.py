"""The larger embedding model, on a tiny one of the same build."""

import numpy as np
import pytest
from tokenizers import Tokenizer

from humphrey.search import embedding_files
from humphrey.search.embedding_files import VOCABULARY
from humphrey.search.mpnet import MpnetModel
from tests.search import tiny_mpnet

LONG = "a b c d e f g h i j " * 13


TEXTS = ["a dog", "no cafe had a big cab", "b", LONG, "jade", "fed a bead " * 9]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tiny")


@pytest.fixture(scope="module")
def embed(folder) -> MpnetModel:
    return embedding_files.load(folder, tiny_mpnet.write(folder))


def test_its_vectors_are_those_of_the_same_model_computed_another_way(embed, folder):
    vocabulary = Tokenizer.from_file(str(folder / VOCABULARY))
    tensors = tiny_mpnet.random_tensors()

    vectors = embed(TEXTS)

    for text, vector in zip(TEXTS, vectors, strict=True):
        assert vector @ tiny_mpnet.forward(vocabulary.encode(text).ids, tensors) > 0.999999


def test_a_text_has_the_same_vector_alone_and_among_others(embed):
    many = [f"{'a b ' * n}c" for n in range(60)]

    together = embed(many)

    assert together.shape == (60, 24)
    assert together.dtype == np.float32
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(60), abs=1e-5)
    for at in (0, 17, 59):
        assert embed([many[at]])[0] == pytest.approx(together[at], abs=1e-5)


def test_a_text_counts_up_to_its_384th_token(embed):
    cut = "a " * 382

    assert embed([cut + "b c d"])[0] == pytest.approx(embed([cut])[0], abs=1e-6)


def test_no_texts_give_no_vectors_and_an_empty_one_has_a_vector(embed):
    assert embed([]).shape == (0, 24)
    assert np.isfinite(embed([""])).all()
