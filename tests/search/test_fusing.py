import pytest

from humphrey.documents.model import Passage
from humphrey.search.model import indexed
from humphrey.search.ranking import POOL, fuse


def page(key: str) -> str:
    return key.partition("#")[0]


def test_meaning_counts_for_six_tenths_and_words_for_four():
    ranked = dict(fuse({"a#0": 0.9, "b#0": 0.1}, {"b#0": 12.0, "a#0": 3.0}, lambda key: key))

    # Each page has one passage, so its bonus is 0.8 of that one's score.
    assert ranked["a#0"] == pytest.approx(0.6 * 1.8)
    assert ranked["b#0"] == pytest.approx(0.4 * 1.8)


def test_scores_between_the_best_and_the_worst_are_in_proportion():
    ranked = dict(fuse({"a#0": 0.8, "b#0": 0.5, "c#0": 0.4}, {}, lambda _key: "one page"))

    bonus = 0.8 * 0.6 * (1 + 0.25 + 0) / 3
    assert ranked == pytest.approx({"a#0": 0.6 + bonus, "b#0": 0.6 * 0.25 + bonus, "c#0": bonus})


def test_passages_of_a_page_that_does_well_rise_above_better_ones_of_a_page_that_does_not():
    dense = {"mixed#0": 0.90, "mixed#1": 0.30, "mixed#2": 0.30, "good#0": 0.89, "good#1": 0.88, "worst#0": 0.1}

    assert [key for key, _ in fuse(dense, {}, page)][:2] == ["good#0", "good#1"]
    assert next(key for key, _ in fuse(dense, {}, lambda key: key)) == "mixed#0"


def test_a_page_of_one_passage_is_not_behind_for_having_no_more():
    dense = {"lone#0": 0.90, "good#0": 0.89, "good#1": 0.88, "good#2": 0.87, "worst#0": 0.1}

    assert [key for key, _ in fuse(dense, {}, page)][:2] == ["lone#0", "good#0"]


def test_a_passage_found_by_words_alone_is_in_the_ranking():
    assert {key for key, _ in fuse({"a#0": 0.5}, {"b#0": 1.0}, page)} == {"a#0", "b#0"}


def test_only_the_best_hundred_of_each_side_take_part():
    many = {f"p{n}#0": float(n) for n in range(POOL + 50)}

    ranked = fuse(many, {}, page)

    assert len(ranked) == POOL
    assert ranked[0][0] == f"p{POOL + 49}#0"


def test_nothing_fused_with_nothing_is_nothing():
    assert fuse({}, {}, page) == []


def test_equal_scores_count_in_full():
    assert dict(fuse({"a#0": 0.5, "b#0": 0.5}, {}, page))["a#0"] == pytest.approx(0.6 * 1.8)


def test_a_passage_is_indexed_with_its_page_and_section():
    passage = Passage("leave", 0, "v", "You may take it.", 0, 16, ("Annual leave", "How much"))

    assert indexed("Leave", passage).words == "Leave > Annual leave > How much. You may take it."
