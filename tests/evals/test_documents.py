"""Documents that are hard to read are read as a person reads them; `python -m evals documents` names each."""

import pytest

from evals.documents.comparing import Expected, compared, expectations
from evals.documents.reading import Found
from evals.documents.run import HERE, cases, counted, own


@pytest.mark.parametrize("half", ["tune", "held"])
def test_every_input_of_our_own_is_read_right(half):
    rows = list(own(HERE / "own", half))

    assert len(rows) > 20
    assert [(row.name, row.wrong) for row in rows if row.wrong] == []


def test_what_is_missing_too_much_or_unlisted_is_named():
    found = Found("Fund\n\nIt closes.", ("When",), "hidden: Never.")
    wanted = Expected(holds=("It opens.",), lacks=("closes",), headings=("Who",), lists=("struck: £3",))

    assert list(compared(found, wanted)) == [
        "lacks “It opens.”",
        "holds “closes”",
        "does not list “struck: £3”",
        "has the headings ['When']",
    ]
    assert list(compared(Found(refused="is broken"), Expected(refused="bears a marking"))) == ["refused: is broken"]


def test_a_case_is_measured_if_its_values_are_held_here(tmp_path):
    for case in ("kept", "other"):
        (tmp_path / "cases" / case).mkdir(parents=True)
    (tmp_path / "cases" / "kept" / "a.txt").write_text("It closes.", encoding="utf-8")
    (tmp_path / "kept.yaml").write_text("a.txt: {holds: [It closes.]}\nb.txt: {lacks: [x]}\n", encoding="utf-8")

    rows = list(cases(tmp_path / "cases", tmp_path))

    assert [(row.case, row.name, row.wrong) for row in rows if row.measured] == [
        ("kept", "a.txt", ""),
        ("kept", "b.txt", "the input is missing"),
    ]
    assert counted(rows) == {"right": 1, "wrong": 1, "not_measured": 1}


def test_a_value_that_is_not_known_is_refused(tmp_path):
    (tmp_path / "kept.yaml").write_text("a.txt: {hold: [x]}\n", encoding="utf-8")

    with pytest.raises(SystemExit, match=r"a\.txt has hold; known are"):
        expectations(tmp_path / "kept.yaml")
