"""The modes of the files that humphrey makes: only its own account may read them, 0600, and open its folders, 0700."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

_OURS = ("humphrey.sqlite3*", "index", "attached", "uploads", "sources", "keys", "released")
"""The files and folders that humphrey makes in its data folder. Other files there are left as they are."""


_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def open_to_others(folder: Path) -> Iterator[Path]:
    """Yield the data folder, and what humphrey made in it, where others than the owner may read or write it."""
    # A sticky folder, such as /tmp, belongs to everybody, so it is no data folder of humphrey's own.
    if _mode(folder) & _OTHERS and not _mode(folder) & stat.S_ISVTX:
        yield folder
    for path in _made(folder):
        if _mode(path) & _OTHERS:
            yield path


def close_to_others(folder: Path) -> None:
    """Take from others the right to read and write what humphrey made; leave files of another account as they are."""
    for path in open_to_others(folder):
        if path.lstat().st_uid == os.geteuid():
            path.chmod(_mode(path) & ~_OTHERS)


def _made(folder: Path) -> Iterator[Path]:
    for pattern in _OURS:
        for path in folder.glob(pattern):
            if path.is_symlink():
                continue
            yield path
            # `os.walk` does not follow links, which could lead out of the folder.
            for above, folders, files in os.walk(path):
                yield from (Path(above, name) for name in (*folders, *files))


def _mode(path: Path) -> int:
    """Return the permissions; none for a link, whose own do not count, or for what is gone."""
    try:
        found = path.lstat().st_mode
    except OSError:
        return 0
    return 0 if stat.S_ISLNK(found) else stat.S_IMODE(found)
