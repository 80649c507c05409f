"""The questions, and the guidance that is indexed for them so that any page of it can be hidden.

Every page is indexed for one of a few groups, by its title. The person who asks is in all groups, or in all but one.
The pages of that group are then hidden from them, and ranking is as if they had never been indexed.
"""

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.retrieval.sets import EVIDENCE, PAGES, file_name
from humphrey.app.container import Humphrey
from humphrey.app.guidance import read_documents
from humphrey.guidance.library import Progress

PARTS = 24


@dataclass(frozen=True)
class Asked:
    """A question as a person types it; `gold` are the texts that answer, `page` the title of the page they are on.

    `answerable` is False if the page is there and does not say it.
    """

    id: str
    text: str
    page: str
    gold: tuple[str, ...]
    answerable: bool


def part(title: str) -> str:
    """Return the group of a page; pages with the same title before a colon are about the same subject."""
    subject = " ".join(title.partition(":")[0].lower().split())
    return f"part-{zlib.crc32(subject.encode()) % PARTS}"


def parts(without: str = "") -> tuple[str, ...]:
    """Return all groups, or all but that of one page."""
    taken = part(without) if without else ""
    return tuple(name for name in (f"part-{n}" for n in range(PARTS)) if name != taken)


def indexed(humphrey: Humphrey, paths: Sequence[Path], progress: Progress) -> None:
    """Index everything below some paths, each page for its group."""
    by_part: dict[str, list[Path]] = defaultdict(list)
    for path in (each for above in paths for each in ([above] if above.is_file() else sorted(above.iterdir()))):
        documents, _ = read_documents([path])
        for document in documents[:1]:
            by_part[part(document.imprint.title)].append(path)
    for name, files in by_part.items():
        humphrey.library.index(files, audience=frozenset({name}), progress=progress)


def real(folder: Path) -> list[Asked]:
    """Return the questions about whole pages."""
    titles = {each["id"]: each["title"] for each in lines(folder / PAGES / "pages.jsonl")}
    return _asked(folder / PAGES, titles)


def other(folder: Path, written: Path) -> tuple[list[Asked], list[Path]]:
    """Return the questions about other pages, and files of the sentences that answer."""
    texts: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for each in lines(folder / EVIDENCE / "corpus.jsonl"):
        texts[each["id"].partition("#")[0]].append(each)
    titles = {page: held[0]["title"].capitalize() for page, held in texts.items()}
    written.mkdir(parents=True, exist_ok=True)
    files = []
    for page, held in texts.items():
        files.append(written / f"{file_name(page)}.md")
        body = "".join(f"- {each['text']}\n" if each["tag"] == "li" else f"\n{each['text']}\n\n" for each in held)
        files[-1].write_text(f"---\ntitle: {json.dumps(titles[page])}\n---\n{body}", encoding="utf-8")
    return [each for each in _asked(folder / EVIDENCE, titles) if each.page], files


def starter() -> list[Asked]:
    """Return our own questions about the starter notes; no note answers those without a note."""
    found = lines(Path(__file__).with_name("starter.jsonl"))
    return [Asked(each["id"], each["text"], "", (), "note" in each) for each in found]


def lines(path: Path) -> Iterable[dict[str, Any]]:
    """Yield the objects of a JSON Lines file."""
    with path.open(encoding="utf-8") as rows:
        for row in rows:
            yield json.loads(row)


def _asked(folder: Path, titles: Mapping[str, str]) -> list[Asked]:
    texts = {each["id"]: each["text"] for each in lines(folder / "corpus.jsonl")}
    gold: dict[str, list[str]] = defaultdict(list)
    for row in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        question, passage, _ = row.split("\t")
        gold[question].append(texts[passage])
    return [
        Asked(each["id"], each["text"], titles.get(each["page"], ""), tuple(gold[each["id"]]), bool(gold[each["id"]]))
        for each in lines(folder / "queries.jsonl")
    ]
