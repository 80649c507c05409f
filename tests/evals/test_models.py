"""The comparison of two models, against figures worked out by hand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from evals.models.comparing import Unusable, changed, compared, figures, read, require_same, worse_in
from tests.support.processes import run


def draft(
    name: str, status: str = "answered", *, blocks: int = 0, warns: int = 0, cites: int = 1, seconds: float = 1.0
):
    findings = [{"check": "figures_agree", "level": "block"}] * blocks + [{"check": "style", "level": "warn"}] * warns
    return {
        "id": name,
        "status": status,
        "findings": findings,
        "citations": [{"marker": "[1]"}] * cites,
        "seconds": seconds,
        "model": {"provider": "p", "name": "m"},
        "usage": {"calls": 1, "tokens_in": 100, "tokens_out": 20, "cost": 0.25},
    }


def by_id(*drafts):
    return {each["id"]: each for each in drafts}


A = by_id(draft("1", cites=3), draft("2", "not_in_guidance", cites=0), draft("3", "partial", warns=1, seconds=4))


B = by_id(draft("1", blocks=2), draft("2", cites=0), {"id": "3", "error": "it failed; try again"})


def test_each_model_s_drafts_are_counted():
    assert figures(A) == {
        "status answered": 1, "status not_in_guidance": 1, "status partial": 1, "not answered": 0, "blocked": 0,
        "findings style": 1, "no citation": 0, "citations a draft": 2.0, "seconds, mean": 2.0, "seconds, slowest": 4.0,
        "tokens": 360, "cost": 0.75,
    }  # fmt: skip
    assert figures(B)["not answered"] == figures(B)["blocked"] == figures(B)["no citation"] == 1


def test_it_is_said_which_is_worse_in_what():
    rows = compared(A, B)
    assert worse_in(rows, "B") == [
        "not answered",
        "blocked",
        "no citation",
        "citations a draft",
        "findings figures_agree",
    ]
    assert worse_in(rows, "A") == ["findings style", "seconds, mean", "seconds, slowest", "tokens", "cost"]
    assert worse_in(compared(A, A), "A") == worse_in(compared(A, A), "B") == []


def test_questions_whose_status_differs_are_named():
    assert changed(A, B) == [("2", "not_in_guidance", "answered"), ("3", "partial", "not answered")]


def test_ids_that_one_lacks_are_named():
    with pytest.raises(Unusable, match=r"second file lacks 2 ids \(2, 3\)"):
        require_same(A, by_id(draft("1")))
    with pytest.raises(Unusable, match=r"first file lacks 1 ids \(2\)"):
        require_same(by_id(draft("1")), by_id(draft("1"), draft("2")))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{not json", "line 1: not a line of"),
        ('{"id": "1", "status": "answered"}', "line 1: not a line of"),
        ("", "holds no draft"),
        (json.dumps(draft("1")) + "\n" + json.dumps(draft("1")), "line 2: the id '1' stands there twice"),
    ],
)
def test_a_file_that_cannot_be_compared_says_where(tmp_path: Path, text, words):
    path = tmp_path / "a.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Unusable, match=words):
        read(path)


def test_the_command_prints_the_table_or_one_object_and_fails_with_the_missing_ids(tmp_path: Path):
    paths = [tmp_path / "a.jsonl", tmp_path / "b.jsonl", tmp_path / "c.jsonl"]
    for path, drafts in zip(paths, (A, B, by_id(draft("1"))), strict=True):
        path.write_text("".join(json.dumps(each) + "\n" for each in drafts.values()), encoding="utf-8")

    def command(*words: object) -> subprocess.CompletedProcess[str]:
        return run([sys.executable, "-m", "evals", "models", *map(str, words)])

    table = command(paths[0], paths[1])
    assert "blocked\t0\t1\tB" in table.stdout.splitlines()
    assert table.stdout.splitlines()[-1].startswith("B is worse in\tnot answered; blocked")
    told = json.loads(command(paths[0], paths[1], "--json").stdout)
    assert told["questions"] == 3
    assert told["worse_in"]["B"][0] == "not answered"
    missing = command(paths[0], paths[2])
    assert missing.returncode == 1
    assert "lacks 2 ids (2, 3)" in missing.stderr
