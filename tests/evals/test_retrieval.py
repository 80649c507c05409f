"""The figures of the retrieval evaluation, against values worked out by hand."""

import sys
from typing import ClassVar

import numpy as np
import pytest

from evals.retrieval.judging import Judge
from evals.retrieval.matching import held, pairs, sections, share
from evals.retrieval.pieces import Piece
from evals.retrieval.scoring import Scores, interval, ndcg, scored, summed
from evals.retrieval.sets import Question, Sets, tuned_on
from tests.support.processes import run

PAGE = {
    "leave#p0": "You get 25 days of annual leave.",
    "leave#p1": "You may carry over five days.",
    "leave#p2": "Ask your manager early.",
}


SECTIONS = {"leave#s0": f"# How much\n{PAGE['leave#p0']}\n{PAGE['leave#p1']}", "leave#s1": f"# How\n{PAGE['leave#p2']}"}


class Given(Sets):
    """The data sets of one page."""

    passages: ClassVar = {"leave": PAGE}
    sections: ClassVar = {"leave": SECTIONS}


def judge(folder, *pieces: Piece) -> Judge:
    return Judge(Given(folder), pieces)


def asking(*gold: str) -> Question:
    return Question("q", "How much?", "leave", frozenset(gold))


def test_a_right_place_is_worth_less_the_later_it_comes():
    assert ndcg([True, False, False], 1) == 1.0
    assert ndcg([False, True, False], 1) == pytest.approx(1 / np.log2(3))
    # (1 + 1/2) of the best (1 + 1/log2(3)), with 1/log2(3) = 0.63093
    assert ndcg([True, False, True], 2) == pytest.approx(1.5 / 1.63093, abs=1e-5)
    assert ndcg([False] * 10 + [True], 1) == 0.0
    assert ndcg([False], 0) == 0.0


def test_more_right_places_than_ten_are_not_asked_for():
    assert ndcg([True] * 10, 25) == 1.0


def test_one_question_s_figures():
    assert scored([False, True], 0.5, 1) == Scores(0.0, 1.0, 0.5, pytest.approx(0.63093, abs=1e-5))


def test_an_interval_lies_around_the_mean_and_narrows_with_more_questions():
    few, many = interval(np.array([0.0, 1.0] * 10)), interval(np.array([0.0, 1.0] * 1000))

    assert few.mean == many.mean == 0.5
    # The mean of 2,000 tosses has a deviation of 0.5 / sqrt(2000) = 0.0112; 1.96 of them are 0.0219.
    assert (many.low, many.high) == (pytest.approx(0.478, abs=0.003), pytest.approx(0.522, abs=0.003))
    assert few.low < many.low
    assert few.high > many.high


def test_the_same_figures_have_the_same_interval_every_time():
    figures = np.arange(50) / 50

    assert interval(figures) == interval(figures)
    assert interval(np.ones(5)).low == interval(np.ones(5)).high == 1.0


def test_means_are_taken_of_each_measure():
    table = summed([Scores(1, 1, 0.5, 0.8), Scores(0, 1, 0.0, 0.4)])

    assert {name: figure.mean for name, figure in table.items()} == {
        "hit_1": 0.5, "hit_5": 1.0, "recall_10": 0.25, "ndcg_10": 0.6,
    }  # fmt: skip


def test_a_piece_holds_a_passage_when_most_of_its_neighbouring_words_are_there():
    assert share(pairs("a b c d"), pairs("c d a b")) == pytest.approx(2 / 3)
    assert held("How much: You get 25 days of annual leave; you may", PAGE) == {"leave#p0"}
    assert held("leave annual of days 25 get you", PAGE) == set()
    assert held("Leave.", {"one": "leave", "two": "days"}) == {"one"}


def test_a_piece_shows_the_sections_that_it_is_in_or_has_in_it_or_else_the_nearest():
    assert sections("You may carry over five days.", SECTIONS) == ["leave#s0"]
    assert sections(" ".join(PAGE.values()), SECTIONS) == ["leave#s0", "leave#s1"]
    assert sections("Something about your manager early in the year, and much more of it.", SECTIONS) == ["leave#s1"]


def test_passages_are_judged_by_what_each_place_holds(tmp_path):
    right, wrong, late = (
        Piece("leave", PAGE["leave#p0"]),
        Piece("pay", PAGE["leave#p0"]),
        Piece("leave", PAGE["leave#p1"]),
    )
    given = judge(tmp_path, right, wrong, late)

    assert given.passages(asking("leave#p0", "leave#p1"), [wrong, right]) == Scores(
        0.0, 1.0, 0.5, pytest.approx(0.63093 / 1.63093, abs=1e-5)
    )


def test_a_section_shown_a_second_time_takes_no_place(tmp_path):
    first, again, other = (Piece("leave", PAGE[name]) for name in ("leave#p0", "leave#p1", "leave#p2"))

    given = judge(tmp_path, first, again, other).sections(asking("leave#s1"), [first, again, other])

    assert given == Scores(0.0, 1.0, 1.0, pytest.approx(0.63093, abs=1e-5))


def test_single_texts_are_judged_by_their_files(tmp_path):
    found = [Piece("texts/leave-e1", "x"), Piece("texts/leave-e1", "y"), Piece("texts/leave-e0", "z")]

    assert judge(tmp_path).texts(asking("leave#e0"), found).ndcg_10 == pytest.approx(0.63093, abs=1e-5)


def test_settings_are_chosen_by_the_questions_about_half_of_the_pages():
    questions = [Question(f"{page}-{n}", "", f"page {page}", frozenset()) for page in range(10) for n in range(3)]

    chosen = tuned_on(questions)

    assert len(chosen) == 15
    assert all(len({f"{page}-{n}" in chosen for n in range(3)}) == 1 for page in range(10))
    assert chosen == tuned_on(reversed(questions))


def test_a_missing_folder_is_named_with_what_to_do(tmp_path):
    told = run([sys.executable, "-m", "evals", "retrieval", tmp_path])

    assert told.returncode == 1
    assert told.stderr == f"no data sets in {tmp_path}; name their folder, or set HUMPHREY_SHARED_DATA to it\n"
