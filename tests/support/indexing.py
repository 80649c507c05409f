"""A library as the application joins it, for tests; as a script, it indexes a folder for groups and tells how far."""

import sys
from pathlib import Path

from humphrey.database.engine import open_database
from humphrey.documents.readers.files import read_files
from humphrey.guidance.library import Library
from humphrey.search.embeddings import EmbeddingModel
from humphrey.search.index import GuidanceIndex


def library(data: Path) -> Library:
    data.mkdir(exist_ok=True)
    database = open_database(f"sqlite:///{data / 'humphrey.db'}")
    return Library(database, read_files, lambda: GuidanceIndex(data / "index", EmbeddingModel(threads=1)))


if __name__ == "__main__":
    library(Path(sys.argv[1])).index(
        [Path(sys.argv[2])],
        audience=frozenset(sys.argv[3:]),
        progress=lambda *told: sys.stdout.write(f"{told[2]} {told[0]}\n") and sys.stdout.flush(),
    )
