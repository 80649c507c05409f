"""The sentences that sum up a text are near its subject, differ from one another, and come from all of it."""

import numpy as np
import pytest

from humphrey.documents.model import Document, Imprint
from humphrey.drafting.own_texts.extractive_summary import ExtractiveSummariser, _chosen
from humphrey.search.embeddings import EmbeddingModel

HARBOUR = [
    f"The harbour board will repair {what} of the harbour before the {when} storms reach the harbour walls."
    for when in ("autumn", "winter")
    for what in (
        "the north quay",
        "the south quay",
        "the crane",
        "the slipway",
        "the lighthouse",
        "the sea wall",
        "the gates",
    )
]


TEA = [
    f"At {hour} the kitchen serves tea with a slice of {cake} cake to everybody who asks."
    for hour, cake in [("one", "lemon"), ("two", "carrot"), ("three", "plum")]
]


@pytest.fixture(scope="module")
def extractor() -> ExtractiveSummariser:
    return ExtractiveSummariser(EmbeddingModel(2))


def chosen(extractor: ExtractiveSummariser, *said: str) -> list[str]:
    document = Document("harbour", Imprint("The harbour and its repairs", ""), "\n\n".join(said))
    return [one.span.of(document.text) for one in extractor(document, lambda: None)]


def test_no_third_of_a_text_is_left_out_though_it_is_off_the_subject():
    places, merit = [n / 9 for n in range(9)], np.array([3.0] * 6 + [-10.0] * 3)

    points = _chosen(places, merit, np.eye(9), 4)

    assert {point // 3 for point in points} == {0, 1, 2}
    assert sum(point < 6 for point in points) == 3


def test_what_says_the_same_is_chosen_once_however_near_the_subject_it_is():
    merit = np.array([3.5, 3.5, 1.0, 1.0, 1.0, 1.0])
    alike = np.eye(6)
    alike[0, 1] = alike[1, 0] = 0.9

    assert sorted(_chosen([0.0] * 6, merit, alike, 3))[:2] != [0, 1]


def test_points_are_in_the_order_of_the_text(extractor):
    points = chosen(extractor, *HARBOUR, *TEA)

    assert points == [said for said in (*HARBOUR, *TEA) if said in points]


def test_a_text_of_few_sentences_is_its_own_summary(extractor):
    assert chosen(extractor, *TEA) == TEA
    assert chosen(extractor, "Tea") == []


def test_a_very_long_text_is_embedded_only_in_part():
    asked: list[int] = []
    embed = EmbeddingModel(2)

    def counting(texts):
        asked.append(len(texts))
        return embed(texts)

    said = [
        f"Paragraph {n} says that the council of {n} towns met in the hall to vote on the {n}th plan."
        for n in range(600)
    ]
    points = chosen(ExtractiveSummariser(counting), *said)

    assert len(points) == 10
    assert sum(asked) <= 100
    assert points[0] in said[:200]
    assert points[-1] in said[400:]
