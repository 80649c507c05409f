"""How a checkout is laid out, as figures to compare before and after a change: `python -m evals structure [CHECKOUT]`.

Modules per folder, lines, what a change touches, class names used twice, names of one value along a question, comments
and docstrings. Nothing of humphrey is imported: any version can be measured, also one that does not run.
"""

import argparse
import ast
import json
import re
import statistics
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from evals.structure.history import changes, commits, folder_of, package_of, spread
from evals.structure.question_names import names_along

CEILING, DOOR_CEILING, LONGEST = 16, 24, 400
"""Modules a folder, modules in `cli/`, lines a module: the limits of tests/test_structure.py."""

MIGRATIONS = "migrations/versions"

HOUSE_WORDS = re.compile(r"\b(?:whoever|somebody|whatever|beside)\b|\bwhat is\b[^.]*?\bof\b", re.IGNORECASE)
"""Words and a turn of phrase that the page on prose rules out."""

TYPE_NAME = re.compile(r"_?[A-Z]+[a-z]\w*$")

TOOLING = re.compile(r"#\s*(?:noqa|type:|pragma|fmt:)")
"""Comments that speak to a tool; they explain nothing and are not counted."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("checkout", type=Path, nargs="?", default=Path(), help="the checkout to measure")
    parser.add_argument("--moved", type=Path, help="a table of moves: old path, tab, new path; measures what it plans")
    parser.add_argument("--until", default="", metavar="COMMIT", help="the last commit that counts as a change")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> None:
    """Print a row a figure; with `--json` one object."""
    figures = measured(asked.checkout, moves(asked.moved) if asked.moved else {}, asked.until)
    if asked.json:
        print(json.dumps(figures, ensure_ascii=False))
        return
    for name, value in _rows(figures):
        print(name, value, sep="\t")


def _rows(figures: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    for name, value in figures.items():
        if isinstance(value, dict):
            yield from _rows(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", ", ".join(map(str, value)) if isinstance(value, list) else value


def moves(table: Path) -> dict[str, str]:
    """Read old and new paths of modules; rows of single definitions, data files and folders are left out."""
    rows = (line.split("\t") for line in table.read_text(encoding="utf-8").splitlines())
    return {row[0]: row[1] for row in rows if len(row) > 1 and row[0].endswith(".py") and row[1].endswith(".py")}


def measured(checkout: Path, moved: Mapping[str, str], until: str = "") -> dict[str, object]:
    """Return every figure of a checkout; with `moved`, folders and history as they would be after those moves."""
    paths = _modules(checkout / "humphrey", checkout)
    trees = {path: ast.parse((checkout / path).read_text(encoding="utf-8")) for path in paths}
    modules = sorted({moved.get(path, path) for path in paths})
    # The docstring of a package is no change of its subject.
    counted = [module for module in modules if not module.endswith("/__init__.py")]
    found = changes(commits(checkout), counted, moved, until)
    return {
        "folders": folders(modules),
        "lines": {
            "humphrey": _lines(checkout, paths),
            "tests": _lines(checkout, _modules(checkout / "tests", checkout)),
            "modules_over_400": _too_long(checkout, paths),
        },
        "change": {
            "by_package": asdict(spread(found, counted, package_of)),
            "by_folder": asdict(spread(found, counted, folder_of)),
        },
        "classes_of_one_name": classes_of_one_name(trees),
        "question": question(trees),
        "prose": {
            "comments_per_hundred_lines": comments(checkout, paths),
            **docstrings(trees),
        },
    }


def _modules(folder: Path, checkout: Path) -> list[str]:
    return sorted(path.relative_to(checkout).as_posix() for path in folder.rglob("*.py"))


def _lines(checkout: Path, paths: Sequence[str]) -> int:
    return sum(len((checkout / path).read_text(encoding="utf-8").splitlines()) for path in paths)


def _too_long(checkout: Path, paths: Sequence[str]) -> list[str]:
    return [path for path in paths if _lines(checkout, [path]) > LONGEST]


def folders(modules: Sequence[str]) -> dict[str, object]:
    """Return how many modules folders hold, with every folder above its limit; migrations do not count."""
    held = Counter(folder_of(module) for module in modules if MIGRATIONS not in module)
    above = {name: n for name, n in held.items() if n > (DOOR_CEILING if name == "humphrey/cli" else CEILING)}
    return {
        "modules": sum(held.values()),
        "folders": len(held),
        "most": max(held.values(), default=0),
        "median": statistics.median(held.values()) if held else 0,
        "above_limit": [f"{name} {n}" for name, n in sorted(above.items(), key=lambda each: -each[1])],
    }


def classes_of_one_name(trees: Mapping[str, ast.Module]) -> dict[str, object]:
    """Return the public classes and types of one name in two modules or more, with how many modules that is.

    A type is what the top of a module assigns to a name such as `Progress`: a `Literal`, a `Callable`, a union.
    """
    where: dict[str, set[str]] = defaultdict(set)
    types: dict[str, set[str]] = defaultdict(set)
    for path, tree in trees.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where[node.name].add(path)
            elif (name := _type_name(node)) and not name.startswith("_"):
                types[name].add(path)
    both = {name: where[name] | types[name] for name in (*where, *types)}
    twice = {name: len(paths) for name, paths in where.items() if len(paths) > 1}
    return {
        "classes": len(twice),
        "classes_and_types": sum(len(paths) > 1 for paths in both.values()),
        "names": [f"{name} {n}" for name, n in sorted(twice.items(), key=lambda each: (-each[1], each[0]))],
    }


def _type_name(node: ast.stmt) -> str:
    """Return the name of a type that a statement defines: one in capitals and small letters, not made by a call."""
    if not isinstance(node, ast.Assign) or isinstance(node.value, ast.Call):
        return ""
    target = node.targets[0]
    return target.id if isinstance(target, ast.Name) and TYPE_NAME.match(target.id) else ""


def question(trees: Mapping[str, ast.Module]) -> dict[str, object]:
    """Return the names that one value has on the way from `compose` to a checked draft, by value."""
    return {value: _named(names) for value, names in names_along(trees, "compose").items()}


def _named(names: Mapping[str, int]) -> dict[str, object]:
    most_used = sorted(names, key=lambda name: (-names[name], name))
    return {"names": len(names), "bindings": sum(names.values()), "which": most_used}


def comments(checkout: Path, paths: Sequence[str]) -> float:
    """Return the comments in a hundred lines; those that speak to a tool are left out."""
    count = 0
    for path in paths:
        with (checkout / path).open("rb") as source:
            tokens = list(tokenize.tokenize(source.readline))
        count += sum(token.type == tokenize.COMMENT and not TOOLING.match(token.string) for token in tokens)
    return round(100 * count / max(1, _lines(checkout, paths)), 2)


def docstrings(trees: Mapping[str, ast.Module]) -> dict[str, object]:
    """Return how many docstrings there are, and how many have a word or turn that the page on prose rules out."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, kinds)]
    said = [text for node in nodes if (text := ast.get_docstring(node))]
    return {
        "docstrings": len(said),
        "docstrings_with_house_words": sum(bool(HOUSE_WORDS.search(text)) for text in said),
    }
