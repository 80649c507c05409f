import pytest

from humphrey.documents.model import Passage
from humphrey.search.model import indexed
from humphrey.search.ranking import BY_WORDS, POOL, fuse


def page(key: str) -> str:
    return key.partition("#")[0]


def alone(key: str) -> str:
    """Every passage is a page of its own."""
    return key


def test_words_count_for_more_the_more_of_the_query_the_best_passage_has():
    dense = {"meant#0": 0.9, "said#0": 0.5, "other#0": 0.1}

    def first(share: float) -> str:
        return fuse(dense, {"said#0": share, "meant#0": share / 4}, alone)[0][0]

    assert first(0.1) == "meant#0"
    assert first(0.5) == "said#0"


def test_scores_differ_in_size_and_spread_and_count_alike_all_the_same():
    dense, keyword = {"a#0": 0.9, "b#0": 0.5, "c#0": 0.2}, {"a#0": 0.1, "b#0": 0.3, "c#0": 0.2}
    flat = {key: 0.8 + score / 100 for key, score in dense.items()}

    assert dict(fuse(flat, keyword, alone)) == pytest.approx(dict(fuse(dense, keyword, alone)))


def test_every_score_is_above_zero_so_that_a_page_that_is_not_current_can_be_lowered():
    assert min(score for _, score in fuse({"a#0": 0.9, "b#0": -0.2}, {"c#0": 0.1}, alone)) == 1.0


def test_passages_of_a_page_that_does_well_rise_above_better_ones_of_a_page_that_does_not():
    dense = {"mixed#0": 0.90, "mixed#1": 0.30, "mixed#2": 0.30, "good#0": 0.89, "good#1": 0.88, "worst#0": 0.1}

    assert [key for key, _ in fuse(dense, {}, page)][:2] == ["good#0", "good#1"]
    assert next(key for key, _ in fuse(dense, {}, lambda key: key)) == "mixed#0"


def test_a_page_of_one_clearly_better_passage_is_not_behind_for_having_no_more():
    dense = {"lone#0": 0.95, "good#0": 0.80, "good#1": 0.79, "good#2": 0.78, "worst#0": 0.1, "last#0": 0.2}

    assert [key for key, _ in fuse(dense, {}, page)][:2] == ["lone#0", "good#0"]


def test_a_passage_found_by_words_alone_is_in_the_ranking():
    assert {key for key, _ in fuse({"a#0": 0.5}, {"b#0": 1.0}, page)} == {"a#0", "b#0"}


def test_the_best_hundred_by_meaning_and_the_best_twenty_by_words_take_part():
    dense = {f"m{n}#0": n / 1000 for n in range(POOL + 50)}
    keyword = {f"w{n}#0": n / 1000 for n in range(BY_WORDS + 50)}

    ranked = dict(fuse(dense, keyword, page))

    assert len(ranked) == POOL + BY_WORDS
    assert f"m{POOL + 49}#0" in ranked
    assert f"m{49}#0" not in ranked
    assert f"w{49}#0" not in ranked


def test_without_vectors_the_best_hundred_by_words_take_part():
    assert len(fuse({}, {f"w{n}#0": n / 1000 for n in range(POOL + 50)}, page)) == POOL


def test_nothing_fused_with_nothing_is_nothing():
    assert fuse({}, {}, page) == []


def test_equal_scores_stay_equal():
    assert fuse({"a#0": 0.5, "b#0": 0.5}, {}, page) == [("a#0", 1.0), ("b#0", 1.0)]


def test_a_passage_is_indexed_with_its_page_and_section():
    passage = Passage("leave", 0, "v", "You may take it.", 0, 16, ("Annual leave", "How much"))

    assert indexed("Leave", passage).words == "Leave > Annual leave > How much. You may take it."
