"""Share of a publisher's summary in ours, compared with the text's first sentences and random sentences.

The folder holds the data sets; without one, what HUMPHREY_SHARED_DATA names.
"""

import argparse
import json
import os
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.summaries.sets import Sample, files, pages
from humphrey.app.drafting import build_own_texts
from humphrey.app.guidance import build_embeddings
from humphrey.drafting.own_texts.statements import display_text, statements_of
from humphrey.papers.draft import Commission, Drafter, DraftRequest, ModelName
from humphrey.papers.kind import Paper
from humphrey.settings import Settings
from humphrey.text.sentences import words

FOLDER = "HUMPHREY_SHARED_DATA"


WAYS = ("ours", "first sentences", "random sentences")


_PAPER = Paper("answer", "", "", (), (), "")


_SHORT = 4
"""Words of fewer letters are mostly the commonest, and are not counted singly."""


_ENDING = re.compile(r"(?<=\w{3})(?:ing|ed|s|ly)$")


@dataclass(frozen=True)
class Score:
    """Shares, 0.0 to 1.0, of the publisher's words and pairs of words that each way's text contains."""

    name: str
    words: Mapping[str, float]
    pairs: Mapping[str, float]
    length: int
    seconds: float


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    folder = os.environ.get(FOLDER)  # noqa: TID251 - no setting of humphrey's: it is never part of the product
    parser.add_argument("folder", type=Path, nargs="?", default=folder, help=f"the data sets; else what {FOLDER} names")
    parser.add_argument("--part", choices=["all", "tuned", "held"], default="held", help="which half of the texts")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> None:
    """Print a row for each set and way; with `--json` one object."""
    if asked.folder is None or not Path(asked.folder).is_dir():
        raise SystemExit(f"no data sets in {asked.folder}; name their folder, or set {FOLDER} to it")
    read = {"pages": pages, "files": files}
    found = {name: summed(scored(_half(of(Path(asked.folder)), asked.part))) for name, of in read.items()}
    if asked.json:
        print(json.dumps({"part": asked.part, **found}, ensure_ascii=False))
        return
    print("set", "texts", "way", "words", "pairs", sep="\t")
    for name, summary in found.items():
        for way in WAYS:
            print(name, summary["texts"], way, summary["words"][way], summary["pairs"][way], sep="\t")
        print(name, "words", summary["length"], "seconds", summary["seconds"], "slowest", summary["slowest"], sep="\t")


def scored(samples: Sequence[Sample]) -> Iterator[Score]:
    """Return a score for every sample, by the drafter that the product uses without a model."""
    held = {sample.document.id: sample.document for sample in samples}
    drafter = build_own_texts(
        lambda name, _version: held.get(name), lambda: build_embeddings(Settings()), None, ModelName("", "")
    )
    for n, sample in enumerate(samples):
        yield score(sample, drafter, random.Random(n))  # noqa: S311 - a sample, no secret


def score(sample: Sample, drafter: Drafter, chance: random.Random) -> Score:
    """Return how much of a sample's summary each way says in about as many words as ours."""
    document = sample.document
    commission = Commission("answer", "Summarise", "eval", "web", task="summary", attached=(document.id,))
    began = time.monotonic()
    draft = drafter(DraftRequest(commission, _PAPER), lambda _text: None)
    seconds = time.monotonic() - began
    ours = " ".join(display_text(citation.quote) for citation in draft.citations)
    statements = [display_text(one.span.of(document.text)) for one in statements_of(document)]
    shuffled = chance.sample(statements, len(statements))
    length = len(ours.split())
    texts = {"ours": ours, "first sentences": first(statements, length), "random sentences": first(shuffled, length)}
    return Score(
        document.id,
        {way: recall(sample.summary, text, 1) for way, text in texts.items()},
        {way: recall(sample.summary, text, 2) for way, text in texts.items()},
        length,
        seconds,
    )


def first(statements: Sequence[str], length: int) -> str:
    """Return statements until they have as many words; never fewer, so that a longer text has no advantage."""
    taken: list[str] = []
    count = 0
    for said in statements:
        if count >= length:
            break
        taken.append(said)
        count += len(said.split())
    return " ".join(taken)


def recall(summary: str, text: str, run_of: int) -> float:
    """Return the share of a summary's words, or runs of words, that a text contains; short words only in runs."""
    wanted, held = (Counter(_runs(each, run_of)) for each in (summary, text))
    return (wanted & held).total() / (wanted.total() or 1)


def summed(scores: Iterator[Score]) -> dict[str, Any]:
    """Return means over the samples."""
    every = list(scores)
    return {
        "texts": len(every),
        "words": {way: round(statistics.mean(one.words[way] for one in every), 3) for way in WAYS},
        "pairs": {way: round(statistics.mean(one.pairs[way] for one in every), 3) for way in WAYS},
        "length": round(statistics.mean(one.length for one in every)),
        "seconds": round(statistics.mean(one.seconds for one in every), 2),
        "slowest": round(max(one.seconds for one in every), 2),
    }


def _runs(text: str, run_of: int) -> Iterator[tuple[str, ...]]:
    stems = [_ENDING.sub("", word) for word in words(text) if run_of > 1 or len(word) >= _SHORT]
    return zip(*(stems[n:] for n in range(run_of)), strict=False)


def _half(samples: Sequence[Sample], part: str) -> list[Sample]:
    """Return the texts by which weights were set, or the others."""
    told = [sample for sample in samples if statements_of(sample.document)]
    return [sample for n, sample in enumerate(told) if part == "all" or n % 2 == (part == "held")]
