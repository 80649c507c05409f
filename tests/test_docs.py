"""The documentation says what is there: every setting, command, kind and act has its place."""

import re
from pathlib import Path
from typing import get_args

import pytest

from humphrey.checks.registry import CHECKS
from humphrey.ledger.model import Act
from humphrey.papers.loader import load
from humphrey.settings import Settings
from tests.help_pages import PAGE, page

ROOT = Path(__file__).parents[1]


DOCS = ROOT / "docs"


def setting_names(model: type = Settings, prefix: str = "HUMPHREY_") -> list[str]:
    names = []
    for name, field in model.model_fields.items():
        inner = field.annotation
        if hasattr(inner, "model_fields"):
            names += setting_names(inner, f"{prefix}{name.upper()}__")
        else:
            names.append(prefix + (field.alias or name).upper())
    return names


def test_every_setting_has_its_heading_and_no_heading_is_left_over():
    headings = re.findall(r"^### `(HUMPHREY_\w+)`$", (DOCS / "settings.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(headings) == sorted(setting_names())


def test_the_page_of_commands_is_the_commands_own_help():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_every_act_of_the_ledger_is_explained():
    explained = re.findall(
        r"^\| `([a-z_]+:[a-z_]+)` \|", (DOCS / "record.md").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert sorted(explained) == sorted(get_args(Act))


def test_every_kind_and_every_check_is_explained():
    papers = (DOCS / "papers.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| `(\w+)` \|", papers, re.MULTILINE)) == {*load(CHECKS), *CHECKS}


def pages() -> list[Path]:
    return [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "evals").rglob("*.md")]


@pytest.mark.parametrize("document", pages(), ids=lambda path: path.name)
def test_links_between_the_documents_lead_somewhere(document):
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))

    missing = [target for target in targets if "://" not in target and not (document.parent / target).exists()]

    assert missing == []


def test_the_changelog_names_this_version():
    from humphrey import __version__

    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
