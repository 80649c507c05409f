"""The figures of the answers evaluation, against values worked out by hand."""

import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest

from evals.answers import fitting
from evals.answers.guidance import PARTS, Asked, other, part, parts, starter
from evals.answers.run import Case, row
from evals.answers.scoring import auroc, fitted, holds
from humphrey.drafting.extractive.confidence import ConfidenceFeatures, confidence
from humphrey.papers.draft import Citation, Commission, Draft, ModelName
from tests.support.processes import run

NEAR, FAR = ConfidenceFeatures(0.8, 0.8, 0.8, 0.8), ConfidenceFeatures(0.4, 0.1, 0.1, 0.2)


def test_the_area_is_the_chance_that_something_right_is_above_something_wrong():
    assert auroc([0.9, 0.8, 0.1], [True, True, False]) == 1.0
    assert auroc([0.1, 0.9], [True, False]) == 0.0
    # Of the four pairs two are right, one is level and one is wrong.
    assert auroc([0.9, 0.3, 0.3, 0.5], [True, True, False, False]) == pytest.approx(2.5 / 4)


def test_a_quotation_holds_what_answers_where_it_has_most_of_it_or_is_most_of_it():
    gold = ["You must apply within three months of the day on which it happened, or you get less."]
    assert holds(f"Some other words first. {gold[0]} And some after it.", gold)
    assert holds("You must apply within three months of the day.", gold)
    assert not holds("apply within three months", gold)
    assert not holds("You must be over twenty to apply for it.", gold)


def test_fitting_finds_the_sign_that_tells_and_leaves_the_one_that_does_not():
    drawn = np.random.default_rng(1)
    right = np.arange(400) % 2 == 0
    rows = np.c_[right + drawn.normal(0, 0.6, 400), drawn.normal(0, 1, 400)]
    weights, bias = fitted(rows, right, np.ones(400), 1.0)
    assert weights[0] > 2
    assert abs(weights[1]) < 0.5
    # Half-way between both kinds neither is more likely.
    assert float(np.array([0.5, 0.0]) @ weights + bias) == pytest.approx(0.0, abs=0.3)


def test_each_set_of_questions_counts_alike_and_the_weights_are_printed_as_they_are_written():
    told = fitting.shown([[(NEAR, True), (FAR, False)] * 5, [(NEAR, True), (FAR, False)]])
    assert told.startswith("_WEIGHTS = Signs(nearness=")
    assert told.endswith("AUROC of each set: 100.0, 100.0")


def test_a_page_can_be_taken_away_with_all_that_is_about_the_same():
    assert part("Parental leave: employer guide") == part("parental  leave")
    assert len(parts()) == PARTS
    assert set(parts()) - set(parts("Parental leave")) == {part("Parental leave")}


def test_the_starter_questions_are_even_and_name_notes_that_there_are():
    questions = starter()
    assert sum(each.answerable for each in questions) == len(questions) / 2 == 44
    assert len({each.text for each in questions}) == len(questions)
    rows = (Path("evals/answers/starter.jsonl")).read_text(encoding="utf-8").splitlines()
    for note in (found["note"] for found in map(json.loads, rows) if "note" in found):
        assert Path("corpus", f"{note}.md").exists()


def test_sentences_of_other_pages_become_a_page_each_with_their_lists(tmp_path: Path):
    folder = tmp_path / "conditionalqa_evidence"
    folder.mkdir()
    held = [("p#e0", "p", "You may go if you are:"), ("p#e1", "li", "over 21"), ("q#e0", "p", "Stay.")]
    texts = [{"id": name, "title": name[0] + " leave", "text": text, "tag": tag} for name, tag, text in held]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, texts)), encoding="utf-8")
    (folder / "queries.jsonl").write_text(json.dumps({"id": "x", "text": "May I go?", "page": "p"}), encoding="utf-8")
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nx\tp#e1\t1\n", encoding="utf-8")
    questions, files = other(tmp_path, tmp_path / "texts")
    assert questions == [Asked("x", "May I go?", "P leave", ("over 21",), answerable=True)]
    assert files[0].read_text(encoding="utf-8").endswith("You may go if you are:\n\n- over 21\n")


def case(answerable: bool, signs: ConfidenceFeatures, status: str, *quotes: str) -> Case:
    """A case with a draft that quotes so."""
    cited = tuple(Citation(str(n), "d", "v", "Leave", "", (), quote, 0, 1) for n, quote in enumerate(quotes))
    draft = Draft(Commission("answer", "May I?", "", "web"), status, "Text", ModelName("a", "b"), cited)  # type: ignore[arg-type]  # a word of the test's
    return Case(
        Asked("x", "May I?", "leave", ("you may go when the day is over",), answerable), answerable, signs, draft
    )


def test_a_row_counts_hits_among_the_answerable_and_what_is_wrongly_claimed_or_given_up():
    figures = row(
        "some",
        [
            case(True, NEAR, "answered", "one thing", "another", "a third", "You may go when the day is over."),
            case(True, NEAR, "answered", "You may go when the day is over."),
            case(True, FAR, "not_in_guidance"),
            case(False, FAR, "not_in_guidance"),
            case(False, FAR, "answered", "one thing"),
        ],
    )
    assert (figures.hit, figures.hit_all) == (pytest.approx(1 / 3, abs=1e-4), pytest.approx(2 / 3, abs=1e-4))
    assert (figures.given_up, figures.claimed) == (pytest.approx(1 / 3, abs=1e-4), 0.5)
    # Of six pairs four are right and two level.
    assert figures.auroc == pytest.approx(5 / 6, abs=1e-4)


def test_a_case_without_signs_is_not_sure_at_all():
    assert Case(Asked("x", "?", "", (), False), False, None).score == 0.0
    assert not math.isclose(confidence(NEAR), confidence(FAR))


def test_without_the_data_it_says_what_to_set(tmp_path: Path):
    told = run([sys.executable, "-m", "evals", "answers", str(tmp_path)])
    assert told.returncode == 1
    assert told.stderr == f"no data sets in {tmp_path}; name their folder, or set HUMPHREY_SHARED_DATA to it\n"
