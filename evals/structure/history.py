"""What a change to humphrey touches: how many files lie in its folders, and whether its files lie together.

A change is a commit that touches 2 to 25 modules outside `web/` and `cli/`. A wider commit is a move or a rename, and
says nothing about where one subject lies.
"""

import re
import shutil
import statistics
import subprocess
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path, PurePosixPath

FEWEST, MOST = 2, 25
DOORS = ("humphrey/web/", "humphrey/cli/")


@dataclass(frozen=True)
class Spread:
    """How far changes reach in one layout.

    `files` counts the modules of all folders that a change touches. `together` says how many times more often than by
    chance two modules of one change lie in one folder: the mean over changes, divided by the share of all pairs.
    """

    changes: int
    files_mean: float
    files_median: float
    folders_mean: float
    together: float


@dataclass(frozen=True)
class Commit:
    """The paths that one commit touched, the renames that git found in it, old to new, and its full name."""

    paths: frozenset[str]
    renames: Mapping[str, str]
    name: str = ""


def folder_of(module: str) -> str:
    """Return the folder that a module lies in."""
    return str(PurePosixPath(module).parent)


def package_of(module: str) -> str:
    """Return the package directly under humphrey; `humphrey` itself for a loose module."""
    return "/".join(PurePosixPath(module).parts[:-1][:2])


def commits(checkout: Path) -> list[Commit]:
    """Return the commits of the checked-out branch without merges, oldest first.

    Raises:
        SystemExit: git is not installed, or the folder is no checkout.
    """
    git = shutil.which("git")
    if git is None:
        raise SystemExit("git is not installed; the history cannot be read")
    command = [git, "-C", str(checkout), "log", "--reverse", "--no-merges", "-M", "--name-status", "--format=@%H"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise SystemExit(f"no history of {checkout}: {ended.stderr.strip()}")
    parts = re.split(r"^@", ended.stdout, flags=re.MULTILINE)[1:]
    return [_commit(part.splitlines()) for part in parts]


def _commit(lines: Sequence[str]) -> Commit:
    """Read a commit's name and `--name-status` lines; a rename has two paths, of which the second is the new one."""
    rows = [line.split("\t") for line in lines[1:] if line]
    renames = {row[1]: row[2] for row in rows if row[0].startswith("R")}
    return Commit(frozenset(row[-1] for row in rows), renames, lines[0])


def up_to(history: Sequence[Commit], last: str) -> int:
    """Return how many commits end with the one whose name begins with `last`; all of them for an empty name.

    Raises:
        SystemExit: no commit has that name.
    """
    for n, commit in enumerate(history, start=1):
        if last and commit.name.startswith(last):
            return n
    if last:
        raise SystemExit(f"no commit {last!r} in this history; give the beginning of its full name")
    return len(history)


def changes(
    history: Sequence[Commit], modules: Collection[str], moved: Mapping[str, str], last: str = ""
) -> list[frozenset[str]]:
    """Return the modules of each change, under the paths that they have now.

    Args:
        history: the commits, oldest first.
        modules: the paths of today; what no longer exists is left out.
        moved: old path to new path, for moves that git cannot follow (a merge of two modules, or a planned layout).
        last: the beginning of a commit's name; later commits are followed for their renames and are no changes.
    """
    inside = {module for module in modules if not module.startswith(DOORS)}
    now: dict[str, str] = {}
    found: list[frozenset[str]] = []
    counted = up_to(history, last)
    # Newest first, so that each commit meets the renames that came after it.
    for n, commit in reversed(list(enumerate(history))):
        paths = {_latest(path, now, moved) for path in commit.paths}
        if n < counted and FEWEST <= len(touched := paths & inside) <= MOST:
            found.append(frozenset(touched))
        now.update({old: now.get(new, new) for old, new in commit.renames.items()})
    return found


def _latest(path: str, now: Mapping[str, str], moved: Mapping[str, str]) -> str:
    renamed = now.get(path, path)
    return moved.get(path, moved.get(renamed, renamed))


def spread(found: Sequence[Collection[str]], modules: Collection[str], place: Callable[[str], str]) -> Spread:
    """Measure how far changes reach, with folders as `place` names them."""
    sizes = Counter(place(module) for module in modules)
    folders = [{place(module) for module in change} for change in found]
    files = [sum(sizes[folder] for folder in change) for change in folders] or [0]
    chance = _share_together([module for module in modules if not module.startswith(DOORS)], place)
    shares = [_share_together(sorted(change), place) for change in found] or [0.0]
    return Spread(
        changes=len(found),
        files_mean=round(statistics.mean(files), 1),
        files_median=statistics.median(files),
        folders_mean=round(statistics.mean([len(change) for change in folders] or [0]), 2),
        together=round(statistics.mean(shares) / chance, 1) if chance else 0.0,
    )


def _share_together(modules: Sequence[str], place: Callable[[str], str]) -> float:
    """Return the share of pairs of modules that lie in one folder; 0.0 without any pair."""
    total = len(modules) * (len(modules) - 1) // 2
    together = sum(place(one) == place(other) for one, other in combinations(modules, 2))
    return together / total if total else 0.0
