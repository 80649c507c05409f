"""What the project promises about its own shape."""

import ast
import inspect
import re
import statistics
import subprocess
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from humphrey import errors
from humphrey.checks.registry import CHECKS
from humphrey.papers.loader import load

ROOT = Path(__file__).parent.parent
HOUSE = ROOT / "humphrey"
MODULES = sorted([*HOUSE.rglob("*.py"), *(ROOT / "evals").rglob("*.py")])
ROOMS = {path.name for path in HOUSE.iterdir() if path.is_dir() and any(path.rglob("*.py"))}

MOST_MODULES, MOST_COMMANDS, MOST_LINES, DEEPEST = 16, 24, 400, 3
"""Modules a folder, modules in `cli/`, lines a module, folders below `humphrey/`."""

UNCOUNTED = {"humphrey/database/migrations/versions"}
"""Folders without a ceiling: a migration stays for ever."""

TEST_FOLDERS = {"evals", "live", "support"}
"""Folders of tests that are no room of humphrey."""

CODE_IN_PACKAGES = {
    "humphrey/__init__.py": "the version, which the build reads",
    "humphrey/cli/__init__.py": "the group of all commands and the entry point",
    "humphrey/checks/agreement/__init__.py": "the one function that joins the comparisons",
    "humphrey/delivery/outlets/__init__.py": "the outlets, joined; a further one is a line here",
}

NOT_PLAIN = {
    "humphrey.database.write_queue": "holds a lock of the process",
    "humphrey.delivery.outlets.email": "is an outlet: is given the mailer",
    "humphrey.delivery.outlets.file": "is an outlet: writes files",
    "humphrey.delivery.outlets.web": "is an outlet, and stands with the others",
    "humphrey.drafting.pipeline": "is given the drafter; its stages run models",
    "humphrey.guidance.sync.page_files": "writes files",
    "humphrey.guidance.uploads": "writes files",
    "humphrey.ledger.entry_keys": "writes the list of keys",
    "humphrey.ledger.entry_memory": "writes what it remembers",
}
"""Modules that reach no framework and are not held to the contract of plain Python, with the reason."""

OUTSIDE_THE_ROOMS = ("humphrey.app.", "humphrey.cli", "humphrey.web", "humphrey.__main__")
"""What joins or shows; it makes no decision that a rule should make."""

ROOM_OF_TABLES = {"usage": "llm"}
"""The room that owns the tables of a file of `database/tables`, where it has another name."""

WRITES_ELSEWHERE = {
    ("humphrey/clearance/store/reviews.py", "outbox"): "an approval queues the row that delivery takes",
    ("humphrey/clearance/store/timing.py", "outbox"): "an approval that runs out takes its row back",
    ("humphrey/conversations/attachment_store.py", "editions"): "an attached file is a document",
    ("humphrey/conversations/attachment_store.py", "texts"): "an attached file is a document",
    ("humphrey/delivery/store.py", "reviews"): "a delivery moves its review to delivered",
    ("humphrey/guidance/reading_rights.py", "reviews"): "who may read a review follows what it cites",
    ("humphrey/ledger/store.py", "heads"): "heads are the ledger's, in a file of tables with the records",
}
"""Writes into the tables of another room, with the reason. Retention empties any table."""


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(path: Path, name: str) -> list[ast.Call]:
    return [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call) and called(node) == name]


def called(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def test_only_the_gate_makes_a_release():
    gate = HOUSE / "clearance/gate.py"
    makers = [named(path) for path in MODULES if calls(path, "Release")]

    assert makers == ["humphrey/clearance/gate.py"]
    assert len(calls(gate, "Release")) == 1
    release = next(node for node in parsed(gate).body if isinstance(node, ast.FunctionDef) and node.name == "release")
    assert any(isinstance(node, ast.Call) and called(node) == "Release" for node in ast.walk(release))


def test_every_kind_of_paper_is_whole():
    folders = [path for path in (HOUSE / "papers/kinds").iterdir() if path.is_dir() and path.name != "__pycache__"]
    kinds = {path.name for path in folders}

    papers = load(CHECKS)

    assert {path.name: sorted(each.name for each in path.iterdir()) for path in folders} == {
        kind: ["paper.yaml", "prompt.md"] for kind in kinds
    }
    assert set(papers) == kinds
    assert {"answer", "foi_acknowledgement"} <= kinds
    for paper in papers.values():
        assert paper.checks, f"{paper.kind} has no checks"
        assert set(paper.checks) <= set(CHECKS)


def functions() -> list[tuple[str, int]]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [(path, node) for path in MODULES for node in ast.walk(parsed(path)) if isinstance(node, kinds)]
    return [(f"{path.name}:{node.name}", (node.end_lineno or 0) - node.lineno + 1) for path, node in found]


def test_functions_are_short():
    lengths = sorted(length for _, length in functions())

    assert statistics.median(lengths) <= 8
    assert lengths[int(len(lengths) * 0.9)] <= 25
    assert [name for name, length in functions() if length > 60] == []


def test_no_module_outgrows_its_room():
    longest = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}

    assert {path: lines for path, lines in longest.items() if lines > MOST_LINES} == {}


def test_no_folder_outgrows_what_one_can_see_at_a_glance():
    held = Counter(named(path.parent) for path in [*HOUSE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")])

    most = {"humphrey/cli": MOST_COMMANDS}
    assert {
        folder: n for folder, n in held.items() if folder not in UNCOUNTED and n > most.get(folder, MOST_MODULES)
    } == {}


def test_no_module_lies_deeper_than_three_folders():
    deep = [named(path) for path in HOUSE.rglob("*.py") if len(path.relative_to(HOUSE).parts) - 1 > DEEPEST]

    assert deep == []


def test_the_tests_have_a_folder_for_each_room_and_no_other():
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and any(path.rglob("*.py"))}

    assert folders - TEST_FOLDERS == ROOMS


def test_a_public_class_has_one_name_in_the_house():
    where = defaultdict(list)
    for path in HOUSE.rglob("*.py"):
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where[node.name].append(named(path))

    assert {name: sorted(paths) for name, paths in where.items() if len(paths) > 1} == {}


def test_a_package_says_what_it_is_for_and_re_exports_nothing():
    more = {named(path) for path in HOUSE.rglob("__init__.py") if len(parsed(path).body) > 1}

    assert more == set(CODE_IN_PACKAGES)


@cache
def contracts() -> dict[str, dict]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {each["name"]: each for each in settings["tool"]["importlinter"]["contracts"]}


def dotted(path: Path) -> str:
    return named(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def covers(expression: str, module: str) -> bool:
    """Whether an expression of a contract means a module or a package around it."""
    words = re.escape(expression).replace(r"\*\*", r"[\w.]+").replace(r"\*", r"\w+")
    return re.match(rf"{words}(\.|$)", module) is not None


@cache
def imports() -> dict[str, set[str]]:
    """Every import of humphrey's modules, also inside functions: of one another, and of what comes from elsewhere."""
    paths = {dotted(path): path for path in HOUSE.rglob("*.py")}
    found: dict[str, set[str]] = {}
    for name, path in paths.items():
        found[name] = set()
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Import):
                found[name] |= {each.name for each in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                inner = {f"{node.module}.{each.name}" for each in node.names}
                found[name] |= {each if each in paths else node.module for each in inner}
    return found


def reached(module: str) -> set[str]:
    """The top packages from elsewhere that a module imports, by itself or through others of humphrey."""
    seen, waiting = {module}, [module]
    while waiting:
        further = imports().get(waiting.pop(), set()) - seen
        seen |= further
        waiting += further
    return {each.split(".")[0] for each in seen}


def test_a_module_that_reaches_no_framework_is_held_to_plain_python_or_says_why_not():
    plain = contracts()["Rules and values are plain Python"]
    joined = set(contracts()["Only the app joins parts"]["protected_modules"])
    packages = {dotted(path) for path in HOUSE.rglob("__init__.py")}

    free = {
        module
        for module in imports()
        if not any(covers(each, module) for each in plain["source_modules"])
        and not module.startswith(OUTSIDE_THE_ROOMS)
        and module not in packages | joined
        and not reached(module) & set(plain["forbidden_modules"])
    }

    assert free == set(NOT_PLAIN)


def test_what_the_app_joins_may_import_one_another_and_the_two_lists_are_equal():
    contract = contracts()["Only the app joins parts"]
    joined = contract["protected_modules"]

    assert joined == sorted(set(joined))
    assert contract["allowed_importers"] == ["humphrey.app.*", *joined]
    assert set(joined) <= set(imports())


def test_every_door_of_a_framework_is_joined_by_the_app_alone():
    doors = {each.split(" -> ")[0] for each in contracts()["One framework, one door"]["ignore_imports"]}

    joined = set(contracts()["Only the app joins parts"]["protected_modules"])
    assert {each for each in doors if not each.startswith("humphrey.web.")} <= joined


def test_every_module_of_a_contract_exists():
    lists = ("source_modules", "forbidden_modules", "protected_modules", "allowed_importers")
    said = {each for contract in contracts().values() for name in lists for each in contract.get(name, [])}

    missing = [each for each in said if each.startswith("humphrey") and not any(covers(each, one) for one in imports())]
    assert missing == []


def tables_in(path: Path) -> dict[str, tuple[str, str]]:
    """The names in a module that mean a table or a file of tables: name to (file of tables, table or nothing)."""
    found: dict[str, tuple[str, str]] = {}
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("humphrey.database.tables"):
            parts = (node.module or "").split(".")[3:]
            for each in node.names:
                found[each.asname or each.name] = (parts[0], each.name) if parts else (each.name, "")
    return found


def writes(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (file of tables, table) of each statement that inserts, updates or deletes; unknown tables are kept."""
    known = tables_in(path)
    for node in ast.walk(parsed(path)):
        if not isinstance(node, ast.Call) or called(node) not in {"insert", "update", "delete"}:
            continue
        target = node.args[0] if node.args else getattr(node.func, "value", None)
        match target:
            case ast.Name(id=name) if name in known or isinstance(node.func, ast.Name):
                yield known.get(name, ("", name))
            case ast.Attribute(value=ast.Name(id=name), attr=table) if name in known:
                yield known[name][0], table


def test_only_the_room_of_a_table_writes_it_retention_excepted():
    stores = [path for path in HOUSE.rglob("*.py") if {"sqlalchemy", "sqlalchemy.sql"} & imports()[dotted(path)]]
    found = set()
    for path in stores:
        room = path.relative_to(HOUSE).parts[0]
        if room == "database" or "retention" in path.parts:
            continue
        found |= {(named(path), table) for file, table in writes(path) if ROOM_OF_TABLES.get(file, file) != room}

    assert found == set(WRITES_ELSEWHERE)


def test_every_module_says_what_it_is_for():
    silent = [named(path) for path in MODULES if not ast.get_docstring(parsed(path))]

    assert silent == []


def test_the_tree_of_errors_is_drawn_whole():
    classes = inspect.getmembers(errors, lambda each: inspect.isclass(each) and issubclass(each, Exception))

    drawn = re.findall(r"^ *([A-Z]\w+)(?:  |$)", errors.__doc__ or "", re.MULTILINE)

    assert sorted(drawn) == sorted(name for name, _ in classes)


def test_decisions_are_numbered_without_gaps():
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs/adr").glob("[0-9]*.md"))

    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 5


def test_the_pinned_versions_name_no_download_host():
    for lock in ("requirements.lock", "requirements-dev.lock", "requirements-live.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert "://" not in text
        assert not re.search(r"^(torch|nvidia-\w+)[=-]", text, re.MULTILINE)
        assert "--hash=sha256:" in text


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / line for line in listed.stdout.splitlines()]


def test_the_project_names_no_machine():
    """No home folder, build host or mounted path may be written down."""
    texts = [
        path for path in tracked() if path.suffix in {".py", ".md", ".yaml", ".toml", ".json", ""} and path.is_file()
    ]
    found = []
    for path in texts:
        if path == Path(__file__):
            continue
        text = path.read_text(encoding="utf-8")
        if re.search(r"(?<![\w.])/(?:work|home|root|Users)/\w", text):
            found.append(path.name)

    assert found == []
