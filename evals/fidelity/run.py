"""Share of a Word file that is read: of its publisher's words in order, and of its headings as headings.

The folder holds `docx/NAME.docx` and `reference_html/NAME.html`.
"""

import argparse
import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.fidelity.reference import Reference, heading_key, words
from humphrey.app.guidance import read_documents


@dataclass(frozen=True)
class Score:
    """Shares from 0.0 to 1.0; `headings` is None if the reference has none."""

    name: str
    words: float
    headings: float | None
    missed: tuple[str, ...] = ()


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("folder", type=Path, help="where docx/ and reference_html/ are")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> None:
    """Print a row a document and the medians; with `--json` one object."""
    scores, refused = measured(asked.folder)
    summary = {**summed(scores), "refused": refused}
    if asked.json:
        print(json.dumps({**summary, "documents": [asdict(score) for score in scores]}, ensure_ascii=False))
        return
    for score in scores:
        heads = "-" if score.headings is None else f"{score.headings:.3f}"
        print(score.name, f"{score.words:.4f}", heads, "; ".join(score.missed[:3]), sep="\t")
    for name, value in summary.items():
        print(name, value, sep="\t")


def measured(folder: Path) -> tuple[list[Score], list[str]]:
    """Return a score for every file that has a reference, and the reasons of those that were refused."""
    references = {path.stem: path for path in sorted((folder / "reference_html").glob("*.html"))}
    documents, refused = read_documents([folder / "docx"])
    scores = []
    for document in documents:
        if document.id in references:
            reference = Reference(references[document.id].read_text(encoding="utf-8"))
            titles = [document.imprint.title, *(heading.title for heading in document.headings)]
            scores.append(scored(document.id, reference, f"{document.imprint.title}\n{document.text}", titles))
    return scores, [f"{each.path} {each.reason}" for each in refused]


def scored(name: str, reference: Reference, text: str, titles: Sequence[str]) -> Score:
    """Return how much of a reference a text and its headings contain."""
    expected = reference.words
    found = {heading_key(title) for title in titles}
    missed = tuple(title for title in reference.headings if heading_key(title) not in found)
    total = len(reference.headings)
    return Score(
        name,
        words=in_common(expected, words(text)) / max(1, len(expected)),
        headings=1 - len(missed) / total if total else None,
        missed=missed,
    )


def in_common(first: Sequence[str], second: Sequence[str]) -> int:
    """Return the length of the longest common subsequence of words.

    The table of the computation is kept one row at a time, each row in the bits of one number.
    """
    places: dict[str, int] = {}
    for at, word in enumerate(first):
        places[word] = places.get(word, 0) | 1 << at
    whole = (1 << len(first)) - 1
    open_places = whole
    for word in second:
        taken = open_places & places.get(word, 0)
        if taken:
            open_places = ((open_places + taken) | (open_places - taken)) & whole
    return len(first) - open_places.bit_count()


def summed(scores: Sequence[Score]) -> dict[str, float]:
    """Return medians and worst cases; headings are counted if there are any."""
    shares = [score.words for score in scores] or [0.0]
    heads = [score.headings for score in scores if score.headings is not None] or [0.0]
    return {
        "count": len(scores),
        "words_median": round(statistics.median(shares), 4),
        "words_mean": round(statistics.mean(shares), 4),
        "words_min": round(min(shares), 4),
        "headings_median": round(statistics.median(heads), 4),
        "headings_mean": round(statistics.mean(heads), 4),
        "headings_min": round(min(heads), 4),
    }
