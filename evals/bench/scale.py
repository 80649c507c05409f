"""A large index: `python -m evals.bench.scale [--passages 100000] [--scopes 5] [--real 3000 | --all-real]`.

The notes of a folder are repeated, each time with other words in every paragraph, and go the whole way: files,
database, Chroma, keyword ranking. Without `--all-real` the model embeds only the first texts (`--real`). The other
vectors are real ones with noise from a fixed seed, since embedding a hundred thousand texts takes half an hour of a
small machine. The speed of indexing is that of the first texts, against the model alone on the same ones.

With `--all-real` the same passages are then indexed once more for everyone, from the vectors that are known by now,
so that one scope (the index of one audience) of the whole size is measured too.

The notes are divided among `--scopes` audiences. One reader is in no group and searches what everyone may read; another
is in every group and searches it all. A new process is started to measure a start, and memory.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from evals.bench.retrieval import Timed, questions, resident_mb, spread
from humphrey.app.build import start
from humphrey.app.guidance import build_embeddings, build_library
from humphrey.guidance.library import Library
from humphrey.settings import Settings

_NOISE = 0.5
"""Length of the noise added to a vector of length 1: about the distance between passages of one page."""


_PARAGRAPH = re.compile(r"^(?=[A-Z])", re.MULTILINE)


_WARM_SEARCHES, _SEARCHES = 20, 300


class Sparing(Timed):
    """The embedding model; while it is `spared`, real vectors with noise for all but queries."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - the model's own type is behind the application
        super().__init__(model)
        self.spared = False
        self.remembers = False
        self._known: list[Any] = []
        self._vectors: dict[str, Any] = {}
        self._chance = np.random.default_rng(20_261_123)

    def __call__(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 - the model's vectors, as they are
        """Return vectors of length 1."""
        if len(texts) == 1:
            return super().__call__(texts)
        if self.remembers:
            return self._remembered(texts)
        if not self.spared:
            self._known.append(super().__call__(texts))
            return self._known[-1]
        known = np.concatenate(self._known)
        noise = self._chance.normal(size=(len(texts), known.shape[1]), scale=_NOISE / known.shape[1] ** 0.5)
        near = known[self._chance.integers(len(known), size=len(texts))] + noise
        return (near / np.linalg.norm(near, axis=1, keepdims=True)).astype(np.float32)

    def _remembered(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 - the model's vectors, as they are
        new = [text for text in texts if text not in self._vectors]
        if new:
            self._vectors |= zip(new, super().__call__(new), strict=True)
            self.blocks.clear()
        return np.stack([self._vectors[text] for text in texts])


def main() -> None:
    """Print the table as its rows are measured, each as a JSON object with `--json`."""
    asked = _arguments()
    if asked.start:
        print(json.dumps(started(asked.start, asked.folder, asked.scopes)))
        return
    with tempfile.TemporaryDirectory() as folder:
        for rows in measured(asked, Path(folder)):
            for name, figure in rows.items():
                row = json.dumps({"measure": name, "figure": figure}) if asked.json else f"{name:<58}{figure:>14}"
                print(row, flush=True)


def measured(asked: argparse.Namespace, folder: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of the table, some at a time."""
    data, copies = folder / "data", folder / "notes"
    settings = Settings(data_dir=data)
    model = Sparing(build_embeddings(settings))
    library = build_library(settings, start(settings).database, lambda: cast("Any", model))
    notes = dealt(asked.folder, copies, asked.passages, asked.scopes, asked.real)
    yield indexing(library, model, next(notes))
    model.spared, model.remembers = not asked.all_real, asked.all_real
    yield building(library, model, notes)
    for what, groups in ((f"one scope of {asked.scopes}", ()), (f"all {asked.scopes} scopes", _groups(asked.scopes))):
        yield {f"search beyond the embedding, {what}, ms": searched(library, model, asked.folder, groups)}
    model.spared = model.remembers = False
    yield changing(library, copies / "0")
    library.close()
    yield {"disk: index, MB": _mb(data / "index"), "disk: database, MB": _mb(data, "humphrey.sqlite3*")}
    yield _new_process(data, asked)
    if asked.all_real:
        model.remembers = True
        yield one_scope(Settings(data_dir=folder / "one"), model, copies, asked.folder)


def dealt(folder: Path, copies: Path, passages: int, scopes: int, real: int) -> Iterator[tuple[Path, frozenset[str]]]:
    """Return folders of notes with their audiences; the first has about as many passages as are really embedded."""
    notes = [note for note in sorted(folder.glob("*.md")) if note.name != "README.md"]
    texts = {note.name: note.read_text(encoding="utf-8") for note in notes}
    each = sum(text.count("\n## ") + 1 for text in texts.values())
    rounds, first = -(-passages // each), max(1, real // each)
    audiences = [frozenset[str](), *(frozenset({group}) for group in _groups(scopes))]
    for number, audience in enumerate([audiences[0], *audiences]):
        share = range(first) if number == 0 else range(first + number - 1, rounds, scopes)
        root = copies / str(number)
        for copy in share:
            for name, text in texts.items():
                path = root / str(copy) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(_PARAGRAPH.sub(f"In case {copy}: ", text), encoding="utf-8")
        if share:
            yield root, audience


def indexing(library: Library, model: Sparing, part: tuple[Path, frozenset[str]]) -> dict[str, str]:
    """Return texts a second with the real model, and of the model alone on the same texts."""
    path, audience = part
    began, began_cpu = time.perf_counter(), time.process_time()
    library.index([path], audience=audience)
    seconds, cpu = time.perf_counter() - began, time.process_time() - began_cpu
    texts = sum(len(block) for block in model.blocks)
    began, began_cpu = time.perf_counter(), time.process_time()
    for block in model.blocks:
        model.model(block)
    alone, alone_cpu = time.perf_counter() - began, time.process_time() - began_cpu
    return {
        f"indexing with the model, of {texts} texts, texts/s": f"{texts / seconds:.1f}",
        "the model alone, the same texts, texts/s": f"{texts / alone:.1f}",
        "share of the model's own speed": f"{alone / seconds:.3f}",
        "share by processor time": f"{alone_cpu / cpu:.3f}",
    }


def building(library: Library, model: Timed, notes: Iterator[tuple[Path, frozenset[str]]]) -> dict[str, str]:
    """Index the rest (reading, database, Chroma, keyword ranking), and time it with the share of the model."""
    began, before, passages, documents = time.perf_counter(), model.seconds, 0, 0
    for path, audience in notes:
        report = library.index([path], audience=audience)
        passages, documents = report.passages, documents + report.added
    seconds = time.perf_counter() - began
    return {
        "passages": str(passages),
        "building the rest, s": f"{seconds:.0f}",
        "of that outside the model, s": f"{seconds - (model.seconds - before):.0f}",
        "indexing again when nothing changed, s": _again(library, path),
    }


def searched(library: Library, model: Timed, folder: Path, groups: Sequence[str]) -> str:
    """Return milliseconds of a search for ten hits without the query's embedding: median and 95th percentile."""
    beyond = []
    for query in [*questions(folder)[:_WARM_SEARCHES], *questions(folder)[:_SEARCHES]]:
        before, began = model.seconds, time.perf_counter()
        library.search(query, 10, groups)
        beyond.append((time.perf_counter() - began - (model.seconds - before)) * 1000)
    both = spread("ms", beyond[_WARM_SEARCHES:])
    return f"{both['ms_p50']} / {both['ms_p95']}"


def one_scope(settings: Settings, model: Sparing, notes: Path, folder: Path) -> dict[str, str]:
    """Index all the same passages for one audience from known vectors, and search them."""
    library = build_library(settings, start(settings).database, lambda: cast("Any", model))
    began, before = time.perf_counter(), model.seconds
    passages = library.index([notes]).passages
    seconds = time.perf_counter() - began - (model.seconds - before)
    found = searched(library, model, folder, ())
    library.close()
    return {
        "one scope with everything, passages": str(passages),
        "one scope with everything, built outside the model, s": f"{seconds:.0f}",
        "search beyond the embedding, one scope with everything, ms": found,
        "disk: index of one scope with everything, MB": _mb(settings.data_dir / "index"),
    }


def changing(library: Library, notes: Path) -> dict[str, str]:
    """Return seconds until a changed document is found by its new words, with everything else as it was."""
    note = next(notes.rglob("*.md"))
    note.write_text(
        note.read_text(encoding="utf-8") + "\n\n## Zebras\n\nZebras may be ridden to work.\n", encoding="utf-8"
    )
    began = time.perf_counter()
    library.index([note])
    seconds = time.perf_counter() - began
    if "Zebras" not in library.search("zebras ridden to work", 1)[0].passage.text:
        raise SystemExit("the changed document was not found by its new words")
    return {"one changed document, until it is found, s": f"{seconds:.2f}"}


def started(data: Path, folder: Path, scopes: int) -> dict[str, str]:
    """Measure a new process from inside: the time to the first hits of every scope, and its memory afterwards."""
    settings = Settings(data_dir=data)
    model = build_embeddings(settings)
    library = build_library(settings, start(settings).database, lambda: model)
    loaded = time.perf_counter()
    library.search("how long do we have", 10, _groups(scopes))
    seconds = time.perf_counter() - loaded
    before = resident_mb()
    for query in questions(folder)[:_SEARCHES]:
        library.search(query, 10, _groups(scopes))
    library.close()
    return {
        "a new process: opening the index, to the first hits, s": f"{seconds:.2f}",
        "memory after the first hits, MB": f"{before:.0f}",
        f"memory after {_SEARCHES} searches, MB": f"{resident_mb():.0f}",
    }


def _new_process(data: Path, asked: argparse.Namespace) -> dict[str, str]:
    began = time.perf_counter()
    command = [sys.executable, "-m", "evals.bench.scale", "--start", data, "--folder", asked.folder]
    with subprocess.Popen([*command, "--scopes", str(asked.scopes)], stdout=subprocess.PIPE, text=True) as process:
        said = process.communicate()[0]
    if process.returncode:
        raise SystemExit(f"the new process ended with {process.returncode}")
    whole = time.perf_counter() - began
    return {**json.loads(said), f"the whole new process with {_SEARCHES} searches, s": f"{whole:.2f}"}


def _again(library: Library, path: Path) -> str:
    began = time.perf_counter()
    library.index([path])
    return f"{time.perf_counter() - began:.2f}"


def _groups(scopes: int) -> tuple[str, ...]:
    return tuple(f"group {number}" for number in range(1, scopes))


def _mb(folder: Path, pattern: str = "*") -> str:
    return f"{sum(each.stat().st_size for each in folder.rglob(pattern) if each.is_file()) / 1e6:.0f}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--scopes", type=int, default=5)
    parser.add_argument("--real", type=int, default=3000, help="Texts that are really embedded.")
    parser.add_argument("--all-real", action="store_true", help="Embed every text.")
    parser.add_argument("--folder", type=Path, default=Path("corpus"))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--start", type=Path, help="Measure a start with this data folder; what this script runs.")
    return parser.parse_args()


if __name__ == "__main__":
    main()
