import math
from pathlib import Path

import bm25s
import numpy as np
import pytest
import Stemmer

from humphrey.search.keyword_ranking import WordCounts, rank

TEXTS = [
    "Annual leave: staff get 25 days of leave a year.",
    "Sick pay is full pay for 5 months, then half pay for 5 months.",
    "the of and",
    "",
    "Leave can be carried over. " * 30,
    "Tickets for trains; tickets for buses; tickets.",
    "!",
]


QUERIES = ["annual leave days", "leave leave tickets", "carrying over sick leave for trains", "nothing known", "", "of"]


def reference(texts: list[str], query: str) -> dict[int, float]:
    """What the library that the tokens come from makes of it."""
    stemmer = Stemmer.Stemmer("english")
    ranking = bm25s.BM25(k1=0.9, b=0.4)
    ranking.index(bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)
    words = bm25s.tokenize([query], stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False)[0]
    scores = ranking.get_scores(words) if words else np.zeros(len(texts))
    return {at: float(score) / weight(texts, words) for at, score in enumerate(scores) if score > 0}


def weight(texts: list[str], words: list[str]) -> float:
    """The weight of all words of a query that any text has: what a text would score that had each of them for ever."""
    [*held] = bm25s.tokenize(
        texts, stopwords="en", stemmer=Stemmer.Stemmer("english"), return_ids=False, show_progress=False
    )
    having = [sum(word in each for each in held) for word in words]
    return sum(math.log(1 + (len(texts) - n + 0.5) / (n + 0.5)) for n in having if n)


@pytest.mark.parametrize("query", QUERIES)
def test_scores_are_those_of_bm25_as_a_share_of_the_querys_weight(query):
    [found] = rank([WordCounts.of(TEXTS)], query, 10)

    assert found == pytest.approx(reference(TEXTS, query), rel=1e-5)
    assert list(found.values()) == sorted(found.values(), reverse=True)


@pytest.mark.parametrize("query", QUERIES)
def test_texts_in_several_parts_score_as_if_they_were_together(query):
    parts = [WordCounts.of(TEXTS[:2]), WordCounts.of([]), WordCounts.of(TEXTS[2:])]

    first, none, last = rank(parts, query, 10)

    assert none == {}
    assert {**first, **{at + 2: score for at, score in last.items()}} == pytest.approx(
        reference(TEXTS, query), rel=1e-5
    )


@pytest.mark.parametrize("query", QUERIES)
def test_what_was_joined_saved_and_loaded_scores_as_if_it_were_counted_anew(query, tmp_path: Path):
    kept = np.array([True, False, True, True, False, True, True])
    new = ["Carrying over annual leave to another year.", *TEXTS[4:5]]
    words = WordCounts.of(TEXTS).joined(kept, WordCounts.of(new)).joined(np.ones(7, dtype=bool), WordCounts.of([]))
    words.save(tmp_path)

    texts = [text for text, stays in zip(TEXTS, kept, strict=True) if stays] + new
    for each in (words, WordCounts.load(tmp_path)):
        assert rank([each], query, 10)[0] == pytest.approx(reference(texts, query), rel=1e-5)


def test_no_more_than_were_asked_for_and_equals_in_their_order():
    words = WordCounts.of(["leave"] * 9 + ["leave leave"])

    assert list(rank([words], "leave", 4)[0]) == [9, 0, 1, 2]


@pytest.mark.parametrize(
    ("written", "asked"),
    [("Łódź", "Lodz"), ("Smørrebrød", "smorrebrod"), ("Đakovo", "DAKOVO"), ("café", "cafe\u0301"),
     ("Straße", "strasse"), ("Þingvellir", "Thingvellir"), ("Œuvre", "oeuvre")],
)  # fmt: skip
def test_a_word_is_found_by_the_nearest_letters_of_a_to_z_and_the_other_way_about(written, asked):
    for text, query in ((written, asked), (asked, written)):
        words = WordCounts.of(["Nothing of it.", f"The office of {text} is open."])

        assert list(rank([words], query, 10)[0]) == [1]


def test_a_text_with_every_word_has_nearly_all_of_a_query_and_a_rare_word_is_more_of_it_than_a_frequent_one():
    words = WordCounts.of(["carry over leave " * 40, "leave", "carry", *["leave"] * 20])

    shares = rank([words], "carry over leave", 30)[0]

    assert 0.8 < shares[0] < 1.0
    assert shares[2] > shares[1]
