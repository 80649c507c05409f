"""Groups' words and titles before all other people: every surface, as every role, inside and outside of each group.

A word of the text and a word of the title of each group's document are planted in drafts that quote it, that were only
given it, that go on from an answer that quotes it. Every page, page handler, route and file is then called as a person
of every role in every group and in none, and every command as a person of every role in no group.
`python -m evals.proofs reach --groups 2`.
"""

import argparse
import io
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evals.proofs.ending import exit_code
from evals.proofs.groups.planted import WAYS, Group, Planted, groups, people, plant
from evals.proofs.groups.surfaces import COMMANDS, PAGES, REVIEW_ACTS, REVIEW_PAGES, Handler, handlers, ran, set_off
from evals.proofs.serving import Caller, serving
from humphrey.accounts.model import Person

_BY_RIGHT = ("/disclosures", "/case.", "case", "disclose")
"""Where a disclosure officer sees words by the right to disclose, which is on the record."""


_TITLES_FOR = frozenset({"auditor", "disclosure_officer"})


@dataclass
class Reach:
    """How often each kind of surface was called, how often a member saw their group's words there, and every leak."""

    tries: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)

    def note(self, kind: str, where: str, person: Person, said: bytes, of: Sequence[Group]) -> None:
        """Record what a person was told somewhere; a word that is not for them is a leak."""
        self.tries[kind] += 1
        text = _text(said)
        for group in of:
            words = {word for word in (group.title_word, group.text_word) if word.encode() in text}
            if words and group.name in person.groups:
                self.shown[kind] += 1
            elif unfit := sorted(words - _allowed(where, person, group)):
                self.leaks.append(f"{where}, as {person.name}: {', '.join(unfit)}")


def _allowed(where: str, person: Person, group: Group) -> set[str]:
    """Return the words of a group that a person outside it may see at a surface."""
    titles = {group.title_word} if _TITLES_FOR & set(person.roles) else set()
    by_right = "disclosure_officer" in person.roles and any(each in where for each in _BY_RIGHT)
    return titles | ({group.text_word} if by_right else set())


def _text(said: bytes) -> bytes:
    """Return what was said, with the members of a zip archive unpacked."""
    if not said.startswith(b"PK"):
        return said
    with zipfile.ZipFile(io.BytesIO(said)) as packed:
        return b"\n".join(packed.read(name) for name in packed.namelist())


def prove(folder: Path, count: int, ways: Sequence[str] = WAYS, roles: Sequence[str] = ()) -> Reach:
    """Plant the words of some groups, call every surface as everybody, and look for the words.

    Args:
        folder: an empty folder.
        count: the number of groups.
        ways: the ways in which words reach drafts.
        roles: the roles that call; none means every role.
    """
    of, reach = groups(count), Reach()
    planted, packs = plant(folder, of, ways)
    callers = [each for each in people(of) if not roles or set(roles) & set(each.roles)]
    _left(folder, of, planted, reach)
    _commands(folder, callers, planted, packs, reach, of)
    with serving(folder) as (_process, port):
        reviewer = Caller(port)
        reviewer.sign_in("reviewer of none")
        numbered = handlers(reviewer)
        for person in callers:
            caller = Caller(port, keeps_line=True)
            caller.sign_in(person.name)
            _pages(caller, person, planted, packs, reach, of, numbered)
            caller.close()
    return reach


def _left(folder: Path, of: Sequence[Group], planted: Sequence[Planted], reach: Reach) -> None:
    """Look at the files that left: a title that was only looked at is in none, because their readers are unknown."""
    outsider = Person("a reader of a file that left", ("official",))
    quoting = {each.review for each in planted if each.way in {"cited", "opened"}}
    for path in sorted((folder / "released").glob("*")):
        if path.stem not in quoting:
            reach.note("files that left", path.name, outsider, path.read_bytes(), of)


def _pages(
    caller: Caller,
    person: Person,
    planted: Sequence[Planted],
    packs: Sequence[str],
    reach: Reach,
    of: Sequence[Group],
    numbered: Sequence[Handler],
) -> None:
    for path in (*PAGES, *(f"/disclosures/{pack}" for pack in packs), *(f"/documents/{g.document.id}" for g in of)):
        reach.note("pages", path, person, caller.get(path).body, of)
    for group in of:
        found = caller.form("/disclosures/search", {"words": group.text_word})
        # The page repeats the words that were looked for.
        said = found.body.replace(f'value="{group.text_word}"'.encode(), b"")
        reach.note("searches", "/disclosures/search", person, said, of)
    for each in planted:
        for path in _paths(each):
            reach.note("pages of a review", path, person, caller.get(path).body, of)
        if each.group.name in person.groups:
            # A member would change what the others are shown next.
            continue
        for path, given in REVIEW_ACTS:
            where = path.format(id=each.review)
            answer = caller.post(where, given) if path.startswith("/api") else caller.form(where, _form(given))
            reach.note("acts", where, person, answer.body, of)
        for handler in numbered:
            said = set_off(caller, handler, each.review)
            reach.note("page handlers", f"handler {handler.number} {each.review}", person, said, of)


def _form(given: dict[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in given.items()}


def _paths(each: Planted) -> Iterator[str]:
    for path in REVIEW_PAGES:
        yield path.format(id=each.review)


def _commands(
    folder: Path,
    callers: Sequence[Person],
    planted: Sequence[Planted],
    packs: Sequence[str],
    reach: Reach,
    of: Sequence[Group],
) -> None:
    """Run every command that has `--as` and shows words, as a person of every role in no group."""
    asked = []
    for person in callers:
        for each in () if person.groups else planted:
            values = {"id": each.review, "document": each.group.document.id, "pack": packs[of.index(each.group)]}
            asked += [(person, [word.format(**values, name=person.name) for word in words]) for words in COMMANDS]
    for (person, words), said in zip(asked, ran(folder, [words for _, words in asked]), strict=True):
        reach.note("commands", " ".join(words), person, said.encode(), of)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--groups", type=int, default=2)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS, help="How words reach drafts; all by default.")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print the counts; exit with 1 if a word reached a person whom it is not for."""
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        reach = prove(Path(folder), asked.groups, asked.ways)
    for kind, tries in reach.tries.items():
        print(f"{kind}\ttries {tries}\tmembers saw their own group's words {reach.shown[kind]}")
    print(f"leaks\t{len(reach.leaks)}")
    return exit_code(reach.leaks)
