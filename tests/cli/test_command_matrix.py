"""Who may give which command: each of them, in everybody's name, with the right answer for each.

The commands are taken from the program itself, so that one that is not in the table fails the test. Whoever is refused
must have changed nothing: the whole database is compared, but for the record of the refusal.
"""

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import click
import pytest

from humphrey import cli
from humphrey.accounts.model import Person
from humphrey.app.build import start
from humphrey.app.container import Humphrey
from humphrey.database.tables.types import metadata
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken
from humphrey.papers.draft import Citation, Commission, Draft, ModelName
from humphrey.settings import Settings
from tests.support.roles import (
    ADMINISTRATOR,
    ALL,
    AUDITOR,
    BOTH,
    CLEARS,
    FIGURES,
    HAS_TO_DO,
    PEOPLE,
    QUEUE,
    TAKES,
    WORDS,
)

OPERATORS = {
    "deliver", "doctor", "index", "kinds", "ledger countersign", "ledger key", "ledger publish", "ledger verify",
    "models fetch", "outbox", "review", "rounds", "serve", "sync", "users list",
}  # fmt: skip
"""What only the humphrey administrator at the machine can give: the operating system says who that is."""


NOTE = "# Time limits\n\nA reply is due within 20 working days.\n"


QUOTE = "within 20 working days"


class Scene:
    """A humphrey with a person of every role, and drafts to act upon."""

    def __init__(self, humphrey: Humphrey, folder: Path) -> None:
        self.humphrey = humphrey
        self.folder = folder
        self._n = count(1)
        self.review = self.draft()
        self.released = self.draft()
        humphrey.clearance.decide(self.released, "approve", "reviewer", self.digest(self.released))
        humphrey.delivery.deliver("web")
        self.words = folder / "words.txt"
        self.words.write_text("Other words [1].", encoding="utf-8")
        self.facts = folder / "facts.yaml"
        self.facts.write_text("{}", encoding="utf-8")

    def draft(self) -> str:
        asked = Commission("answer", f"When is a reply due? {next(self._n)}", "asker", "web")
        held = self.humphrey.library.document("limits")
        assert held is not None
        start = held.text.index(QUOTE)
        cited = Citation("1", held.id, held.version, "Limits", "", ("Time limits",), QUOTE, start, start + len(QUOTE))
        drafted = Draft(asked, "answered", f"It is due {QUOTE} [1].", ModelName("test", "fixed"), (cited,))
        return self.humphrey.clearance.open_review(drafted).id

    def approve(self, review: str, reviewer: str) -> None:
        self.humphrey.clearance.decide(review, "approve", reviewer, self.digest(review))

    def digest(self, review: str) -> str:
        return self.humphrey.clearance.review(review).draft.digest

    def file(self, ending: str) -> str:
        return str(self.folder / f"{next(self._n)}.{ending}")

    def newcomer(self) -> str:
        return f"newcomer {next(self._n)}"

    def sign_in_of_target(self) -> str:
        self.humphrey.accounts.sign_in("target", WORDS, "10.0.0.1")
        return self.humphrey.accounts.sessions("target")[0].id

    def hold(self) -> str:
        return self.humphrey.retention.place("administrator", "review", self.review, "A request is open.").id

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """The whole database, without the record of what was refused."""
        with self.humphrey.database.reading() as connection:
            held = {
                table.name: [tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{table.name}"')]  # noqa: S608 - names of our own tables
                for table in metadata.sorted_tables
            }
        acts = [column.name for column in metadata.tables["ledger"].columns].index("act")
        # Their numbers and seals move with the entries of refusals between them.
        held["ledger"] = [(row[acts],) for row in held["ledger"] if row[acts] != "act:refused"]
        return held


Words = Callable[[Scene, str], list[str]]


@dataclass(frozen=True)
class Row:
    """The right answers of one command.

    Args:
        may: in whose name it can be given.
        words: what follows it, told the review that it is about.
        unnamed: the exit code when nobody is named: 0 where the administrator may, 2 where a person must be named.
        stdin: what is typed.
        fine: the exit code for the person who may.
        before: what is done before, for the person who may.
    """

    may: frozenset[str]
    words: Words
    unnamed: int = 2
    stdin: str = ""
    fine: int = 0
    before: Callable[[Scene, str, str], object] = lambda _scene, _review, _name: None


def about(*more: str) -> Words:
    return lambda _scene, review: [review, *more]


def of(*words: str) -> Words:
    return lambda _scene, _review: list(words)


TWICE = f"{WORDS}\n{WORDS}\n"


TABLE: dict[str, Row] = {
    "amend": Row(HAS_TO_DO, lambda s, r: [r, "--text-file", str(s.words)]),
    "ask": Row(ALL, of("When is a reply due?", "--review")),
    "case": Row(TAKES, lambda s, _r: [s.released, "-o", s.file("json")]),
    "claim": Row(CLEARS, about()),
    "comment": Row(HAS_TO_DO, about("A remark.")),
    "decide": Row(CLEARS, lambda s, r: [r, "approve", "--digest", s.digest(r)]),
    "defer": Row(CLEARS, about("--until", "2026-12-31", "--reason", "Counsel is asked.")),
    # A person who may do it is told that there is no such pack.
    "disclose drop": Row(AUDITOR, of("none"), fine=1),
    "disclose leave-out": Row(AUDITOR, of("none", "1", "--reason", "x"), fine=1),
    "disclose list": Row(AUDITOR, of()),
    "disclose open": Row(AUDITOR, of("--words", "reply", "--for", "foi", "--reference", "F1")),
    "disclose redact": Row(AUDITOR, of("none", "--confirm-all"), fine=1),
    "disclose search": Row(AUDITOR, of("--words", "reply")),
    "disclose send": Row(AUDITOR, of("none"), fine=1),
    "disclose show": Row(AUDITOR, of("none"), fine=1),
    "document": Row(ALL, of("limits"), unnamed=0),
    # A person who may do it is told that a fact is missing.
    "draft": Row(ALL, lambda s, _r: ["foi_acknowledgement", "--facts", str(s.facts), "--review"], fine=1),
    "export": Row(TAKES, lambda s, _r: [s.released, "--format", "md", "-o", s.file("md")], unnamed=0),
    "figures": Row(FIGURES, of()),
    "hand-back": Row(CLEARS, about(), before=lambda s, r, name: s.humphrey.assignment.claim(r, name)),
    "hand-over": Row(CLEARS, about("--to", "deputy")),
    "hold lift": Row(ADMINISTRATOR, lambda s, _r: [s.hold()]),
    "hold list": Row(ADMINISTRATOR, of()),
    "hold place": Row(ADMINISTRATOR, lambda s, _r: ["review", s.review, "--reason", "A request is open."]),
    "instruct": Row(HAS_TO_DO, about("Make it shorter."), fine=1),
    "ledger list": Row(AUDITOR, of()),
    # A person who may do it is told that nothing was set aside.
    "outbox retry": Row(ADMINISTRATOR, lambda s, _r: [s.released], fine=1),
    "retention dispose": Row(ADMINISTRATOR, of()),
    "retention due": Row(ADMINISTRATOR, of()),
    "reviews": Row(QUEUE, of(), unnamed=0),
    "search": Row(ALL, of("when is a reply due"), unnamed=0),
    "sessions list": Row(ADMINISTRATOR, of(), unnamed=0),
    "sessions revoke": Row(ADMINISTRATOR, lambda s, _r: [s.sign_in_of_target()], unnamed=0),
    "undo": Row(CLEARS, about(), before=lambda s, r, name: s.approve(r, name)),
    "users add": Row(ADMINISTRATOR, lambda s, _r: [s.newcomer(), "--role", "official"], unnamed=0, stdin=TWICE),
    "users change": Row(ADMINISTRATOR, of("target", "--email", "target@example.org"), unnamed=0),
    "users disable": Row(ADMINISTRATOR, of("target"), unnamed=0),
    "users enable": Row(ADMINISTRATOR, of("target"), unnamed=0),
    "users password": Row(ADMINISTRATOR, of("target"), unnamed=0, stdin=TWICE),
}


def commands(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command there is, by its words."""
    for name, command in group.commands.items():
        words = (*before, name)
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield " ".join(words), command
        if isinstance(command, click.Group):
            yield from commands(command, words)


KNOWN = dict(commands(cli.cli))


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("matrix")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "limits.md").write_text(NOTE, encoding="utf-8")
    humphrey = start(Settings(data_dir=folder / "data", corpus=folder / "corpus"))
    humphrey.library.index([folder / "corpus"])
    target = Person("target", ("official",))
    for person in (*PEOPLE.values(), Person("deputy", ("reviewer",), markings=BOTH), target):
        humphrey.accounts.add(person, WORDS)
    humphrey.accounts.add(Person("gone", ("administrator", "reviewer", "auditor")), WORDS)
    humphrey.accounts.disable("gone")
    yield Scene(humphrey, folder)
    assert first_broken(ledger_store.entries(humphrey.database)) is None
    humphrey.close()


@pytest.fixture
def run(scene: Scene, monkeypatch, capsys):
    """Gives a command: its exit code, and what it complained of."""

    @contextmanager
    def opened() -> Iterator[Humphrey]:
        yield scene.humphrey

    def run(name: str, words: list[str], stdin: str = "") -> tuple[int, str]:
        for module in [module for title, module in sys.modules.items() if title.startswith("humphrey.cli.")]:
            if hasattr(module, "opened"):
                monkeypatch.setattr(module, "opened", opened)
        monkeypatch.setattr(sys, "argv", ["humphrey", *name.split(" "), *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        return code, capsys.readouterr().err

    return run


def test_every_command_is_in_the_table_and_nothing_else_is():
    named = {name for name, command in KNOWN.items() if any("--as" in each.opts for each in command.params)}

    assert named == set(TABLE)
    assert set(KNOWN) - named == OPERATORS


@pytest.mark.parametrize("name", TABLE)
def test_in_the_name_of_the_person_who_may_not_it_is_refused_and_nothing_changes(scene: Scene, run, name: str):
    row, answers = TABLE[name], {}
    for person in (*sorted(ALL - row.may), "nobody", "gone"):
        words = row.words(scene, scene.review)
        before = scene.everything()
        code, said = run(name, [*words, "--as", person], row.stdin)
        answers[person] = code
        assert said.startswith("humphrey: "), said
        assert "Traceback" not in said
        assert scene.everything() == before, f"{person} changed something"

    assert answers == dict.fromkeys((*sorted(ALL - row.may), "nobody", "gone"), 1)


@pytest.mark.parametrize("name", TABLE)
def test_in_the_name_of_the_person_who_may_it_is_done(scene: Scene, run, name: str):
    row, answers = TABLE[name], {}
    for person in sorted(row.may):
        review = scene.draft()
        row.before(scene, review, person)
        code, said = run(name, [*row.words(scene, review), "--as", person], row.stdin)
        answers[person] = code
        assert "may not do that" not in said, said

    assert answers == dict.fromkeys(sorted(row.may), row.fine)


@pytest.mark.parametrize("name", TABLE)
def test_without_a_name_it_is_the_operators_or_misused(scene: Scene, run, name: str):
    row = TABLE[name]
    if name in {"users disable", "users enable"}:
        enabled = name == "users enable"
        scene.humphrey.accounts.change("target", lambda one: replace(one, disabled=enabled))

    code, said = run(name, row.words(scene, scene.draft()), row.stdin)

    assert code == row.unnamed, said
