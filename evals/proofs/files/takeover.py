"""Files that call themselves by the id of another document come in by every door: none takes anything from anybody.

Each way in which a file can name itself is tried at each door (attached, uploaded for everyone and for a group,
indexed, synchronised), against guidance for everyone, for a group, with a restricted earlier version, and another
person's file.
After each try, and after what came in was removed, each of these has its words, its readers and its versions.
`python -m evals.proofs takeover`.
"""

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from evals.proofs.ending import exit_code
from evals.proofs.files.naming import WAYS
from humphrey.accounts.model import Person
from humphrey.app.build import start
from humphrey.app.container import Humphrey
from humphrey.guidance import store as document_store
from humphrey.guidance.curation import CurationJob
from humphrey.settings import Settings

_INNER = frozenset({"inner"})


_LONGEST_JOB_S, _GLANCE_S = 60.0, 0.005


_PASSWORD = "four words for a proof"  # noqa: S105 - of people who exist in this proof only


_PEOPLE = (
    Person("amina", ("official",)),
    Person("tom", ("official",)),
    Person("ines", ("official",), ("inner",)),
    Person("olga", ("guidance_owner",), ("press",)),
)


@dataclass(frozen=True)
class Target:
    """A document as it should stay: its words and who may read them, by version."""

    id: str
    version: str
    words: str
    readers: str
    audience: frozenset[str]


@dataclass
class Result:
    """The result: how many tries by door, how many were taken in or refused, and what did not hold."""

    tries: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    checks: int = 0
    entries: int = 0
    breaches: list[str] = field(default_factory=list)


@dataclass
class Scene:
    """A humphrey with the targets, and the folders that doors read."""

    humphrey: Humphrey
    folder: Path
    conversation: str
    targets: tuple[Target, ...]


Door = Callable[[Scene, str, bytes], AbstractContextManager[str]]
"""Takes a file in by a name and its content, yields the id of its document, and removes it; empty if it was refused."""


def prove(folder: Path, ways: int = len(WAYS), doors: Collection[str] = ()) -> Result:
    """Try the first so many ways at every door, or at some, against every target."""
    scene, result = _furnished(folder), Result()
    chosen = {name: door for name, door in DOORS.items() if not doors or name in doors}
    try:
        for way, (ending, content) in list(WAYS.items())[:ways]:
            for target in (*(each.id for each in scene.targets), "attached/0123456789abcdef"):
                for name, door in chosen.items():
                    said = content(target, f"Mallory says this, number {result.tries.total()}, in these words.")
                    _try(scene, result, (name, door), f"{way}, {name}, {target}", f"{target}{ending}", said)
        found = scene.humphrey.verification.verify()
        result.entries = found.entries
        result.breaches += [fault.message for fault in found.faults]
    finally:
        scene.humphrey.close()
    return result


def _try(scene: Scene, result: Result, door: tuple[str, Door], what: str, name: str, content: bytes) -> None:
    """Bring one file in by a door, and remove it; nothing else may change by either."""
    result.tries[door[0]] += 1
    with door[1](scene, name, content) as document:
        (result.taken if document else result.refused)[door[0]] += 1
        result.breaches += _broken(scene, result, f"{what}: taken in")
        if document in {each.id for each in scene.targets}:
            result.breaches.append(f"{what}: it has the id {document}")
        if document and document.startswith("attached/") != (door[0] == "attached"):
            result.breaches.append(f"{what}: it has the id {document}")
    result.breaches += _broken(scene, result, f"{what}: removed")


def _furnished(folder: Path) -> Scene:
    corpus, inner, old = folder / "corpus", folder / "inner", folder / "old"
    for each in (corpus, inner, old):
        (each / "guidance").mkdir(parents=True)
    humphrey = start(Settings(data_dir=folder / "data", corpus=corpus, threads=1))
    for person in _PEOPLE:
        humphrey.accounts.add(person, _PASSWORD)
    _write(corpus / "guidance" / "open.md", "Everyone has 25 days.")
    _write(inner / "guidance" / "inner.md", "The inner group has 40 days.")
    _write(old / "guidance" / "history.md", "It was 50 days, for the inner group.")
    humphrey.library.index([corpus])
    humphrey.library.index([inner, old], audience=_INNER)
    earlier = _target(humphrey, "guidance/history", "ines", _INNER)
    _write(old / "guidance" / "history.md", "It is 30 days, for everyone.")
    humphrey.library.index([old], audience=frozenset())
    toms = humphrey.conversations.new_conversation("tom").id
    file = humphrey.attachments.attach("tom", toms, "mine.md", b"# Mine\n\nTom's own words.\n")
    own = frozenset({f"attached:{toms}"})
    targets = (
        _target(humphrey, "guidance/open", "amina", frozenset()),
        _target(humphrey, "guidance/inner", "ines", _INNER),
        _target(humphrey, "guidance/history", "amina", frozenset()),
        _target(humphrey, file.document, "tom", own),
        earlier,
    )
    return Scene(humphrey, folder, humphrey.conversations.new_conversation("amina").id, targets)


def _write(path: Path, words: str) -> None:
    path.write_text(f"# A note\n\n{words}\n", encoding="utf-8")


def _target(humphrey: Humphrey, document_id: str, readers: str, audience: frozenset[str]) -> Target:
    held = humphrey.library.document(document_id)
    if held is None:
        raise AssertionError(f"{document_id} is not stored")
    return Target(document_id, held.version, held.text, readers, audience)


def _broken(scene: Scene, result: Result, when: str) -> Iterator[str]:
    """Yield what of the targets is not as it was."""
    humphrey = scene.humphrey
    people = {person.name: humphrey.accounts.person(person.name) for person in _PEOPLE}
    for target in scene.targets:
        held = document_store.document(humphrey.database, target.id, target.version)
        if held is None or held.text != target.words:
            yield f"{when}: {target.id} lost its words"
        if document_store.audience(humphrey.database, target.id, target.version) != target.audience:
            yield f"{when}: {target.id} has other readers"
        for name, person in people.items():
            result.checks += 1
            may = humphrey.access.may_read(target.id, person, target.version)
            should = name == target.readers or not target.audience
            if may != should:
                yield f"{when}: {name} {'reads' if may else 'no longer reads'} {target.id} {target.version[:15]}"


@contextmanager
def _attached(scene: Scene, name: str, content: bytes) -> Iterator[str]:
    attachments = scene.humphrey.attachments
    file = attachments.attach("amina", scene.conversation, name.rpartition("/")[2], content)
    yield file.document
    if file.document:
        attachments.remove(file.id, "amina")


def _uploading(group: str) -> Door:
    @contextmanager
    def uploaded(scene: Scene, name: str, content: bytes) -> Iterator[str]:
        curation = scene.humphrey.curation
        folder = curation.receive("olga")
        (folder / "0").write_bytes(content)
        job = _over(scene, curation.add("olga", folder, group, [name]))
        document = job.taken_in[0] if job.taken_in else ""
        yield document
        if document:
            _over(scene, curation.remove("olga", document))

    return uploaded


def _over(scene: Scene, job: CurationJob) -> CurationJob:
    until = time.monotonic() + _LONGEST_JOB_S
    while time.monotonic() < until:
        now = scene.humphrey.curation.job(job.id, ("press",))
        if now is not None and now.is_over:
            return now
        time.sleep(_GLANCE_S)
    raise AssertionError(f"the job {job.id} did not end in {_LONGEST_JOB_S} seconds")


def _indexing(audience: frozenset[str], *, by_path: bool = False) -> Door:
    @contextmanager
    def indexed(scene: Scene, name: str, content: bytes) -> Iterator[str]:
        root = scene.folder / "brought"
        path = root / (name if by_path else name.replace("/", "-"))
        with _placed(scene, root, path, content, audience) as document:
            yield document

    return indexed


@contextmanager
def _synchronised(scene: Scene, name: str, content: bytes) -> Iterator[str]:
    """A page whose server calls it something else; only what the Content API sends is read there."""
    pages = scene.folder / "data" / "sources" / "www.gov.uk"
    page = pages / "guidance" / f"page-{len(name)}.json"
    with _placed(scene, pages, page, content, None) as document:
        yield document


@contextmanager
def _placed(scene: Scene, root: Path, path: Path, content: bytes, audience: frozenset[str] | None) -> Iterator[str]:
    """Index a folder with a file in it, yield the id of its document, and index the folder without it."""
    library = scene.humphrey.library
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    library.index([root], audience=audience)
    yield next(
        (each.id for each in document_store.list_documents(scene.humphrey.database) if each.path == str(path)), ""
    )
    path.unlink()
    library.index([root], audience=audience)


DOORS: Mapping[str, Door] = {
    "attached": _attached,
    "uploaded for everyone": _uploading(""),
    "uploaded for a group": _uploading("press"),
    "indexed for everyone": _indexing(frozenset()),
    "indexed for a group": _indexing(frozenset({"press"})),
    "indexed by a path of that name": _indexing(frozenset({"press"}), by_path=True),
    "synchronised": _synchronised,
}
"""How a file comes in, by its name."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--ways", type=int, default=len(WAYS), help="How many ways of naming are tried.")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print the counts; exit with 1 if a document lost its words or its readers."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        result = prove(Path(folder), asked.ways)
    shown = {
        "tries": dict(result.tries),
        "taken_in": dict(result.taken),
        "refused": dict(result.refused),
        "readings_checked": result.checks,
        "entries": result.entries,
        "breaches": len(result.breaches),
        "seconds": round(time.monotonic() - began, 1),
    }
    print(json.dumps(shown, indent=2))
    return exit_code(result.breaches)
