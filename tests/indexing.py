"""A library as the application joins it, for tests; as a script, it indexes a folder for groups and tells how far."""

import sys
from pathlib import Path

from humphrey.adapters.corpus import read
from humphrey.adapters.embeddings import Embeddings
from humphrey.adapters.index import GuidanceIndex
from humphrey.library import Library
from humphrey.store.engine import open_database


def library(data: Path) -> Library:
    data.mkdir(exist_ok=True)
    database = open_database(f"sqlite:///{data / 'humphrey.db'}")
    return Library(database, read, lambda: GuidanceIndex(data / "index", Embeddings(threads=1)))


if __name__ == "__main__":
    library(Path(sys.argv[1])).index(
        [Path(sys.argv[2])],
        audience=frozenset(sys.argv[3:]),
        progress=lambda *told: sys.stdout.write(f"{told[2]} {told[0]}\n") and sys.stdout.flush(),
    )
