"""Speed of indexing and search: `python -m evals.bench.retrieval [--passages 10000] [--folder corpus]`.

The notes of the folder are repeated, each time with other words in every paragraph, until there are passages enough;
a folder without notes is used as it is. The embedding model's own speed is measured in the same run on the same
texts, since it bounds everything else.
"""

import argparse
import json
import math
import os
import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from humphrey.app.build import start
from humphrey.app.guidance import build_embeddings, build_library
from humphrey.guidance.library import Library
from humphrey.settings import Settings

_SEARCHES = 300


_ROUNDS = 5
"""Rounds of indexing, each followed by the model alone, so that other load on the machine affects both alike."""


_PARAGRAPH = re.compile(r"^(?=[A-Z])", re.MULTILINE)


class Timed:
    """The embedding model; it records its texts and its time."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - the model's own type is behind the application
        self.digest: str = model.digest
        self.model = model
        self.blocks: list[list[str]] = []
        self.seconds = 0.0

    def __call__(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 - the model's vectors, as they are
        """The model's vectors."""
        began = time.perf_counter()
        vectors = self.model(texts)
        self.seconds += time.perf_counter() - began
        if len(texts) > 1:
            self.blocks.append(list(texts))
        return vectors


def main() -> None:
    """Print one JSON object a line: the name of the measurement, and the figures."""
    asked = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder) / "data")
        timed = Timed(build_embeddings(settings))
        library = build_library(settings, start(settings).database, lambda: cast("Any", timed))
        for copy in guidance(asked.folder, Path(folder) / "notes", asked.passages):
            show("indexing", indexed(library, timed, copy))
        library.close()
        show("opening an index that is there", reopened(library))
        show("searching", searched(library, timed, asked.folder))
        show("resident memory", {"mb": resident_mb()})


def show(measure: str, figures: dict[str, float]) -> None:
    """Print one line of the report."""
    print(json.dumps({"measure": measure, **figures}), flush=True)


def guidance(folder: Path, copies: Path, passages: int) -> list[Path]:
    """Return folders with about as many passages as asked for: copies of the notes, or the folder itself."""
    notes = [note for note in sorted(folder.glob("*.md")) if note.name != "README.md"]
    if not notes:
        return [folder]
    each = sum(note.read_text(encoding="utf-8").count("\n## ") + 1 for note in notes)
    rounds = [copies / str(number) for number in range(_ROUNDS)]
    for copy in range(math.ceil(passages / each)):
        for note in notes:
            text = note.read_text(encoding="utf-8")
            path = rounds[copy % _ROUNDS] / str(copy) / note.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_PARAGRAPH.sub(f"In case {copy}: ", text), encoding="utf-8")
    return [each for each in rounds if each.exists()]


def indexed(library: Library, timed: Timed, folder: Path) -> dict[str, float]:
    """Return texts a second while indexing, and of the model alone on the same texts, right after.

    Use the share by processor time if other work keeps the machine busy.
    """
    first = len(timed.blocks)
    began, began_cpu = time.perf_counter(), time.process_time()
    report = library.index([folder])
    seconds, cpu = time.perf_counter() - began, time.process_time() - began_cpu
    blocks = timed.blocks[first:]
    texts = sum(len(block) for block in blocks)
    began, began_cpu = time.perf_counter(), time.process_time()
    for block in blocks:
        timed.model(block)
    alone, alone_cpu = texts / (time.perf_counter() - began), texts / (time.process_time() - began_cpu)
    return {
        "documents": report.added,
        "passages": report.passages,
        "refused": len(report.refused),
        "seconds": round(seconds, 1),
        "texts_per_s": round(texts / seconds, 1),
        "model_alone_texts_per_s": round(alone, 1),
        "share_of_model_alone": round(texts / seconds / alone, 3),
        "share_of_model_alone_cpu": round(texts / cpu / alone_cpu, 3),
    }


def reopened(library: Library) -> dict[str, float]:
    """Return seconds to the first hit of a library that was closed."""
    began = time.perf_counter()
    library.search("how long do we have", 10)
    return {"seconds": round(time.perf_counter() - began, 2)}


def searched(library: Library, timed: Timed, folder: Path) -> dict[str, float]:
    """Return milliseconds of a search for ten hits, and of the same without the query's embedding."""
    queries = questions(folder)
    whole, beyond = [], []
    for query in queries:
        before = timed.seconds
        began = time.perf_counter()
        library.search(query, 10)
        took = time.perf_counter() - began
        whole.append(took * 1000)
        beyond.append((took - (timed.seconds - before)) * 1000)
    return {"searches": len(queries), **spread("ms", whole), **spread("beyond_embedding_ms", beyond)}


def questions(folder: Path) -> list[str]:
    """Return queries: the headings of the notes, else the names of the files, repeated as often as needed."""
    found = [line[3:] for note in sorted(folder.glob("*.md")) for line in _lines(note) if line.startswith("## ")]
    found = found or [path.stem.replace("-", " ") for path in sorted(folder.iterdir())]
    return (found * math.ceil(_SEARCHES / len(found)))[:_SEARCHES]


def spread(name: str, figures: list[float]) -> dict[str, float]:
    """Return the median and the 95th percentile."""
    return {
        f"{name}_p50": round(statistics.median(figures), 1),
        f"{name}_p95": round(statistics.quantiles(figures, n=20)[-1], 1),
    }


def resident_mb() -> float:
    """Return the resident memory of this process, in megabytes; from the kernel, so Linux only."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, default=Path("corpus"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
