"""Vectors of the statements of guidance, computed beforehand and stored in one file beside the index.

A vector is found by the digest of its text, so only by a search that already has the text: the file shows nobody a
word, and what a person may read was decided before. The file is derived. A damaged one is deleted and begun again.
"""

import logging
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_TABLES = """
create table if not exists documents (id text primary key, stamp text not null);
create table if not exists statements (key blob primary key, document text not null, vector blob not null);
create index if not exists statements_of on statements (document);
"""


# SQLite bounds how many values one query may have.
_AT_ONCE = 500


_WANTED = "select key, vector from statements where key in ({})"


_WAIT_S = 5.0
"""Seconds to wait while another process writes."""


_log = logging.getLogger(__name__)


T = TypeVar("T")


class StoredVectors:
    """Half-precision vectors by key, each with the document of its statement. Safe to share between threads.

    Without a usable file nothing is found and nothing is stored.

    Args:
        path: the file; made when the first vector is stored.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def recall(self, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float16]]:
        """Return the stored vectors of some keys."""

        def read(file: sqlite3.Connection) -> dict[bytes, NDArray[np.float16]]:
            portions = [keys[first : first + _AT_ONCE] for first in range(0, len(keys), _AT_ONCE)]
            found = [file.execute(_WANTED.format(",".join("?" * len(some))), some).fetchall() for some in portions]
            return {key: np.frombuffer(vector, dtype=np.float16) for rows in found for key, vector in rows}

        return self._try(read, {})

    def stamps(self) -> dict[str, str]:
        """Return the stamp of each document whose vectors are stored, by its id."""
        return self._try(lambda file: dict(file.execute("select id, stamp from documents").fetchall()), {})

    def replace(self, document: str, stamp: str, vectors: Mapping[bytes, NDArray[np.float16]]) -> None:
        """Store the vectors of a document in place of its earlier ones."""
        rows = [(key, document, vector.tobytes()) for key, vector in vectors.items()]

        def write(file: sqlite3.Connection) -> None:
            file.executescript(_TABLES)
            file.execute("delete from statements where document = ?", (document,))
            file.executemany("insert or replace into statements values (?, ?, ?)", rows)
            file.execute("insert or replace into documents values (?, ?)", (document, stamp))

        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._try(write, None, mode="rwc")

    def drop(self, documents: Collection[str]) -> None:
        """Delete the vectors of some documents."""
        names = [(name,) for name in documents]

        def write(file: sqlite3.Connection) -> None:
            file.executemany("delete from statements where document = ?", names)
            file.executemany("delete from documents where id = ?", names)

        if names:
            self._try(write, None, mode="rw")

    def _try(self, act: Callable[[sqlite3.Connection], T], otherwise: T, *, mode: str = "ro") -> T:
        """Return the result of one transaction; `otherwise` if there is no file or it cannot be used."""
        if mode != "rwc" and not self._path.exists():
            return otherwise
        try:
            # Opened for each use: that takes a tenth of a millisecond, and threads then share nothing.
            address = f"{self._path.absolute().as_uri()}?mode={mode}"
            with closing(sqlite3.connect(address, _WAIT_S, uri=True)) as file, file:
                return act(file)
        except sqlite3.OperationalError as error:
            # The disk is full or the file is locked; the file itself may be whole.
            _log.warning("statement_vectors_unusable", extra={"reason": str(error)})
        except (sqlite3.Error, ValueError) as error:
            _log.warning("statement_vectors_discarded", extra={"reason": str(error)})
            self._path.unlink(missing_ok=True)
        return otherwise
