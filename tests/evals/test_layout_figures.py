"""The figures of the layout, against a small checkout of which they were worked out by hand."""

import ast

import pytest

from evals.structure.history import Commit, changes, folder_of, package_of, spread
from evals.structure.question_names import names_along
from evals.structure.run import classes_of_one_name, comments, docstrings, folders, moves

MODULES = (
    "humphrey/a/one.py",
    "humphrey/a/two.py",
    "humphrey/b/three.py",
    "humphrey/b/four.py",
    "humphrey/web/page.py",
)


def commit(*paths: str, **renames: str) -> Commit:
    return Commit(frozenset(paths), renames)


def test_a_change_counts_every_module_of_the_folders_it_touches():
    inside = frozenset({"humphrey/a/one.py", "humphrey/a/two.py"})
    across = frozenset({"humphrey/a/one.py", "humphrey/b/three.py"})

    found = spread([inside, across], MODULES, folder_of)

    assert (found.changes, found.files_mean, found.folders_mean) == (2, 3.0, 1.5)
    # Half of the changes lie together; of the six pairs outside the doors, two do.
    assert found.together == 1.5


def test_only_changes_of_two_modules_or_more_outside_the_doors_count():
    history = [
        commit("humphrey/a/one.py", "humphrey/web/page.py"),
        commit("humphrey/a/one.py", "humphrey/gone.py"),
        commit("humphrey/a/one.py", "humphrey/b/four.py", "README.md"),
    ]

    assert changes(history, MODULES, {}) == [frozenset({"humphrey/a/one.py", "humphrey/b/four.py"})]


def test_history_follows_renames_and_moves_that_are_given():
    history = [
        commit("humphrey/first.py", "humphrey/merged.py"),
        Commit(frozenset({"humphrey/second.py"}), {"humphrey/first.py": "humphrey/second.py"}),
        Commit(frozenset({"humphrey/a/one.py"}), {"humphrey/second.py": "humphrey/a/one.py"}),
    ]

    [found] = changes(history, MODULES, {"humphrey/merged.py": "humphrey/b/four.py"})

    assert found == {"humphrey/a/one.py", "humphrey/b/four.py"}


def test_later_commits_are_followed_and_are_no_changes():
    history = [
        Commit(frozenset({"humphrey/first.py", "humphrey/b/four.py"}), {}, "abc1"),
        Commit(
            frozenset({"humphrey/a/one.py", "humphrey/a/two.py"}), {"humphrey/first.py": "humphrey/a/one.py"}, "abd2"
        ),
    ]

    assert len(changes(history, MODULES, {})) == 2
    assert changes(history, MODULES, {}, "abc") == [frozenset({"humphrey/a/one.py", "humphrey/b/four.py"})]
    with pytest.raises(SystemExit, match="no commit 'xyz'"):
        changes(history, MODULES, {}, "xyz")


def test_a_package_is_what_lies_directly_under_humphrey():
    assert package_of("humphrey/documents/readers/word/document.py") == "humphrey/documents"
    assert package_of("humphrey/errors.py") == "humphrey"


def test_a_folder_above_its_limit_is_named_and_migrations_are_not_counted():
    crowded = [f"humphrey/a/{n}.py" for n in range(17)]
    past = [f"humphrey/database/migrations/versions/{n}.py" for n in range(30)]

    assert folders([*crowded, *past, "humphrey/b/one.py"])["above_limit"] == ["humphrey/a 17"]


def test_a_value_has_the_names_that_it_is_given_on_its_way():
    source = """
class Commission:
    text: str
class Draft:
    commission: Commission
class Drafter(Protocol):
    def __call__(self, commission: Commission) -> Draft: ...
class Writer:
    def __call__(self, commission: Commission) -> Draft:
        question = commission.text.strip()
        return Draft(commission)
class Service:
    def __init__(self, drafter: Drafter) -> None:
        self._drafter = drafter
    def compose(self, commission: Commission) -> Draft:
        wanted = replace(commission, text="")
        return self._checked(self._drafter(wanted))
    def _checked(self, written: Draft) -> Draft:
        return written
"""

    names = names_along({"humphrey/service.py": ast.parse(source)}, "compose")

    assert {value: set(each) for value, each in names.items()} == {
        "commission": {"commission", "wanted"},
        "draft": {"written"},
        "text": {"question"},
    }
    # Of the service, of the protocol and of the writer.
    assert names["commission"]["commission"] == 3


def test_classes_and_types_of_one_name_are_counted_and_private_ones_are_not():
    one = ast.parse("class Page: ...\nclass _Row: ...\nProgress = Callable[[int], None]")
    two = ast.parse("class Page: ...\nclass _Row: ...\nclass Progress: ...")

    found = classes_of_one_name({"humphrey/a/one.py": one, "humphrey/b/two.py": two})

    assert found == {"classes": 1, "classes_and_types": 2, "names": ["Page 2"]}


def test_comments_for_tools_and_plain_docstrings_are_told_from_the_rest(tmp_path):
    (tmp_path / "one.py").write_text(
        '"""What is left of it."""\n# Why.\nx = 1  # noqa: E501\n"""Whoever."""\n', "utf-8"
    )

    assert comments(tmp_path, ["one.py"]) == 25.0
    assert docstrings({"one.py": ast.parse((tmp_path / "one.py").read_text("utf-8"))}) == {
        "docstrings": 1,
        "docstrings_with_house_words": 1,
    }


def test_a_table_of_moves_gives_modules_alone(tmp_path):
    table = tmp_path / "moves.tsv"
    table.write_text("old\tnew\na.py\tb/a.py\twhy\na.py::f\tc.py\nd.yaml\te.yaml\ng.py\t(deleted)\n", "utf-8")

    assert moves(table) == {"a.py": "b/a.py"}
