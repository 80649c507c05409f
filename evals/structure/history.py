"""What a change to humphrey touches: how many files lie in its folders, and whether its files lie together.

A change is a commit that touches 2 to 25 modules outside `web/` and `cli/`. A wider commit is a move or a rename, and
says nothing about where one subject lies.
"""

import shutil
import statistics
import subprocess
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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
    """The paths that one commit touched, and the renames that git found in it, old to new."""

    paths: frozenset[str]
    renames: Mapping[str, str]


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
    return [_commit(part.splitlines()[1:]) for part in ended.stdout.split("@")[1:]]


def _commit(lines: Iterable[str]) -> Commit:
    """Read the lines of `git log --name-status`; a rename has two paths, of which the second is the new one."""
    rows = [line.split("\t") for line in lines if line]
    renames = {row[1]: row[2] for row in rows if row[0].startswith("R")}
    return Commit(frozenset(row[-1] for row in rows), renames)


def changes(history: Sequence[Commit], modules: Collection[str], moved: Mapping[str, str]) -> list[frozenset[str]]:
    """Return the modules of each change, under the paths that they have now.

    Args:
        history: the commits, oldest first.
        modules: the paths of today; what no longer exists is left out.
        moved: old path to new path, for moves that git cannot follow (a merge of two modules, or a planned layout).
    """
    inside = {module for module in modules if not module.startswith(DOORS)}
    now: dict[str, str] = {}
    found: list[frozenset[str]] = []
    # Newest first, so that each commit meets the renames that came after it.
    for commit in reversed(history):
        paths = {_latest(path, now, moved) for path in commit.paths}
        if FEWEST <= len(touched := paths & inside) <= MOST:
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
