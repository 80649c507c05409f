"""What the project promises about its own shape."""

import ast
import inspect
import re
import statistics
import subprocess
from pathlib import Path

import pytest

from humphrey import errors
from humphrey.adapters.papers import load
from humphrey.core.checks import CHECKS

ROOT = Path(__file__).parent.parent
MODULES = sorted([*(ROOT / "humphrey").rglob("*.py"), *(ROOT / "evals").rglob("*.py")])


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path: Path, name: str) -> list[ast.Call]:
    found = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)]
    return [call for call in found if name in {getattr(call.func, "id", ""), getattr(call.func, "attr", "")}]


def test_only_the_gate_makes_a_release():
    makers = [path.name for path in MODULES if calls(path, "Release")]

    assert makers == ["review.py"]
    assert len(calls(ROOT / "humphrey/core/review.py", "Release")) == 1
    gate = next(
        node
        for node in parsed(ROOT / "humphrey/core/review.py").body
        if isinstance(node, ast.FunctionDef) and node.name == "release"
    )
    assert any(isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Release" for node in ast.walk(gate))


def test_every_kind_of_paper_is_whole():
    kinds = {path.stem for path in (ROOT / "humphrey/papers").glob("*.yaml")}
    prompts = {path.stem for path in (ROOT / "humphrey/prompts").glob("*.md")}

    papers = load()

    assert set(papers) == kinds == prompts
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
    longest = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}

    assert {path: lines for path, lines in longest.items() if lines > 400} == {}


def test_every_module_says_what_it_is_for():
    silent = [str(path.relative_to(ROOT)) for path in MODULES if not ast.get_docstring(parsed(path))]

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
