import json
import sys
from pathlib import Path

import pytest

from evals.fidelity.reference import Reference
from evals.fidelity.run import in_common, measured, scored, summed
from tests.support.office_files import docx, paragraph
from tests.support.processes import run

HTML = """<html><head><style>p { color: red }</style></head><body><header>Back to contents</header><article>
<section><h2><span class="num">1.</span></h2><p><b>Leave</b></p><p>You get 25 days.</p></section>
<h3>2. Carrying over</h3><p>Five <b>days</b> only.</p><h2>2.1</h2><p>Ask first.</p></article></body></html>"""


def test_a_reference_is_its_words_in_order_and_its_headings():
    reference = Reference(HTML)

    assert " ".join(reference.words) == "1 leave you get 25 days 2 carrying over five days only 2 1 ask first"
    assert reference.headings == ["Leave", "2. Carrying over"]


@pytest.mark.parametrize(
    ("second", "common"), [("a b c d", 4), ("x a b y c d", 4), ("d c b a", 1), ("b a d c", 2), ("", 0)]
)
def test_words_count_only_in_their_order(second, common):
    assert in_common(["a", "b", "c", "d"], second.split()) == common


def test_a_heading_is_found_without_its_number():
    reference = Reference(HTML)

    score = scored("x", reference, " ".join(reference.words[:8]), ["1. Leave"])

    assert (score.words, score.headings, score.missed) == (0.5, 0.5, ("2. Carrying over",))


def folder(path: Path) -> Path:
    (path / "docx").mkdir()
    (path / "reference_html").mkdir()
    (path / "reference_html" / "leave.html").write_text("<h2>Leave</h2><p>You get 25 days.</p>", encoding="utf-8")
    body = [paragraph("About"), paragraph("Leave", letters="<w:b/>"), paragraph("You get 25 days.")]
    (path / "docx" / "leave.docx").write_bytes(docx(*body))
    (path / "docx" / "broken.docx").write_bytes(b"x")
    return path


def test_each_file_is_scored_and_what_was_refused_is_said(tmp_path):
    scores, refused = measured(folder(tmp_path))

    assert [(score.name, score.words, score.headings) for score in scores] == [("leave", 1.0, 1.0)]
    assert summed(scores)["words_median"] == 1.0
    assert len(refused) == 1


def test_the_figures_come_as_one_json_object(tmp_path):
    command = [sys.executable, "-m", "evals", "fidelity", str(folder(tmp_path)), "--json"]

    printed = json.loads(run(command, check=True).stdout)

    assert (printed["count"], printed["headings_median"], len(printed["documents"])) == (1, 1.0, 1)
