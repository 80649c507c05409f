"""Measure rankings on everything indexed together, next to BM25, the embedding and LangChain alone."""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np

from evals.retrieval import peers
from evals.retrieval.judging import Judge
from evals.retrieval.peers import Remembered
from evals.retrieval.pieces import Piece, Way
from evals.retrieval.scoring import MEASURES, Interval, Scores, interval, summed
from evals.retrieval.sets import EVIDENCE, PAGES, RULES, Question, Sets, tuned_on
from humphrey.app.build import start
from humphrey.app.guidance import build_embeddings, build_library
from humphrey.documents.model import Document
from humphrey.guidance.library import Library
from humphrey.settings import Settings

RESULTS = Path("evals/results")


_SPLIT = 20261201
"""The seed by which the questions were split for the last tuning."""


FOLDER = "HUMPHREY_SHARED_DATA"


PARTS = {"all": {True, False}, "tuned on": {True}, "held out": {False}}
"""The part of the questions: whether settings were chosen by them."""


@dataclass(frozen=True)
class Task:
    """Questions, and how the hits for one of them are judged."""

    name: str
    questions: Sequence[Question]
    judge: Callable[[Judge, Question, Sequence[Piece]], Scores]


@dataclass(frozen=True)
class Row:
    """One retriever on one part of a task; `ahead` is how much more nDCG@10 humphrey has, question by question."""

    task: str
    part: str
    way: str
    questions: int
    figures: Mapping[str, Interval]
    ahead: Interval


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    folder = os.environ.get(FOLDER)  # noqa: TID251 - no setting of humphrey's: it is never part of the product
    parser.add_argument("folder", type=Path, nargs="?", default=folder, help=f"the data sets; else what {FOLDER} names")
    parser.add_argument("--notes", type=Path, default=Path("corpus"), help="the starter notes, indexed with the rest")
    parser.set_defaults(run=main)


def main(asked: argparse.Namespace) -> None:
    """Print the table, and write it with its settings as JSON."""
    if asked.folder is None or not (Path(asked.folder) / PAGES).is_dir():
        raise SystemExit(f"no data sets in {asked.folder}; name their folder, or set {FOLDER} to it")
    began = time.monotonic()
    sets = Sets(Path(asked.folder))
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder) / "data")
        embed = Remembered(build_embeddings(settings), RESULTS)
        library = build_library(settings, start(settings).database, lambda: cast("Any", embed))
        library.index([*sets.guidance(Path(folder) / "texts"), asked.notes], progress=_tell)
        documents = _documents(library)
        embed.keep()
        rows = measured(sets, ways(library, documents, embed))
        library.close()
    embed.keep()
    print(shown(rows))
    about = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(time.monotonic() - began, 1),
        "documents": len(documents),
        "model": embed.digest,
        "deep": peers.DEEP,
    }
    kept = RESULTS / "retrieval.json"
    kept.write_text(json.dumps({**about, "rows": [asdict(row) for row in rows]}, indent=1), encoding="utf-8")
    print(f"written to {kept}", file=sys.stderr)


def _documents(library: Library) -> list[Document]:
    held = (library.document(listed.id) for listed in library.list_documents())
    return [document for document in held if document is not None]


def ways(library: Library, documents: Sequence[Document], embed: Remembered) -> list[Way]:
    """Return the retrievers, humphrey first."""
    words, meaning = peers.words_alone(documents), peers.meaning_alone(documents, embed)
    return [
        peers.humphrey(library.search, documents),
        words,
        meaning,
        peers.fused(words, meaning),
        peers.plain_langchain(documents, embed),
    ]


def tasks(sets: Sets) -> list[Task]:
    """Return the tasks."""
    return [
        Task("ConditionalQA passages", sets.questions(PAGES), Judge.passages),
        Task("ConditionalQA sections", sets.questions(PAGES, "qrels_section.tsv"), Judge.sections),
        Task("ConditionalQA evidence", sets.questions(EVIDENCE), Judge.texts),
        Task("OR-ShARC rules", sets.questions(RULES), Judge.texts),
    ]


def measured(sets: Sets, compared: Sequence[Way]) -> list[Row]:
    """Yield a row for each task, part of its questions and retriever."""
    rows = []
    judges = [(way, Judge(sets, way.pieces)) for way in compared]
    for task in tasks(sets):
        scores = {
            way.name: [task.judge(judge, each, way.find(each.text)) for each in task.questions] for way, judge in judges
        }
        tuned = tuned_on(task.questions, _SPLIT)
        for part, wanted in PARTS.items():
            chosen = [n for n, each in enumerate(task.questions) if (each.id in tuned) in wanted]
            rows += _rows(task.name, part, {way: [each[n] for n in chosen] for way, each in scores.items()})
        _tell(len(rows), len(tasks(sets)) * len(PARTS) * len(compared), "rows")
    return rows


def _rows(task: str, part: str, scores: Mapping[str, Sequence[Scores]]) -> list[Row]:
    ours = np.array([each.ndcg_10 for each in next(iter(scores.values()))])
    rows = []
    for way, each in scores.items():
        ahead = interval(ours - np.array([one.ndcg_10 for one in each]))
        rows.append(Row(task, part, way, len(each), summed(each), ahead))
    return rows


def shown(rows: Sequence[Row]) -> str:
    """Return the rows as a table: means with their intervals in hundredths."""
    lines = ["\t".join(("task", "questions", "way", "n", *MEASURES, "humphrey ahead, ndcg_10"))]
    for row in rows:
        figures = [_hundredths(row.figures[name]) for name in MEASURES]
        lines.append("\t".join((row.task, row.part, row.way, str(row.questions), *figures, _hundredths(row.ahead))))
    return "\n".join(lines)


def _hundredths(figure: Interval) -> str:
    return f"{100 * figure.mean:.1f} [{100 * figure.low:.1f}, {100 * figure.high:.1f}]"


def _tell(done: int, total: int, what: str) -> None:
    if done == total or done % 500 == 0:
        print(f"{what}: {done} of {total}", file=sys.stderr)
