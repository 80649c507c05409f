"""Guidance: `index`, `search`, `document`."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from humphrey.cli.papers import questions
from humphrey.cli.shapes import document_shape, hit_shape
from humphrey.cli.shared import as_json, as_user, emit, opened
from humphrey.errors import DocumentError

if TYPE_CHECKING:
    from humphrey.app import Humphrey


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--rebuild", is_flag=True, help="Make the whole index again from the stored documents.")
@as_json
def index(paths: tuple[Path, ...], rebuild: bool, as_json: bool) -> None:
    """Take in the documents of each PATH (the corpus, when none is named) and index them."""
    from humphrey.cli.progress import bar

    with opened() as humphrey, bar() as progress:
        done = humphrey.library.index(paths or (humphrey.settings.corpus,), rebuild=rebuild, progress=progress)
        counts = {name: getattr(done, name) for name in ("added", "updated", "unchanged", "removed", "passages")}
        refused = [{"path": str(refusal.path), "reason": refusal.reason} for refusal in done.refused]
        shape = {**counts, "refused": refused, "seconds": round(done.seconds, 3)}
        lines = [f"{name}\t{count}" for name, count in counts.items()]
        emit(shape, as_json, lines + [f"refused\t{each['path']}\t{each['reason']}" for each in refused])


@click.command()
@click.argument("query", required=False)
@click.option("--queries", type=click.Path(dir_okay=False, path_type=Path), help='Lines of {"id", "text"}.')
@click.option("-k", "limit", type=click.IntRange(1, 100), default=10, show_default=True, help="Most hits to list.")
@as_user
@as_json
def search(query: str | None, queries: Path | None, limit: int, user: str | None, as_json: bool) -> None:
    """Find the passages that answer QUERY."""
    if (query is None) == (queries is None):
        raise click.UsageError("give one QUERY, or --queries FILE.jsonl")
    with opened() as humphrey:
        if user:
            humphrey.people.person(user)
        if queries is not None:
            for name, text in questions(queries):
                found = _search(humphrey, text, limit)
                emit({"id": name, "ms": found["ms"], "hits": found["hits"]}, as_json, _lines(found))
            return
        result = _search(humphrey, query or "", limit)
        emit(result, as_json, _lines(result))


@click.command()
@click.argument("document_id", metavar="ID")
@as_json
def document(document_id: str, as_json: bool) -> None:
    """Show a stored document."""
    with opened() as humphrey:
        found = humphrey.library.document(document_id)
        if found is None:
            raise DocumentError(f"no document {document_id!r}; `humphrey search` names the documents it finds")
        emit(document_shape(found, humphrey.library.passages(document_id)), as_json, [found.text])


COMMANDS = (index, search, document)


def _search(humphrey: "Humphrey", query: str, limit: int) -> dict[str, Any]:
    began = time.perf_counter()
    hits = humphrey.library.search(query, limit)
    took_ms = (time.perf_counter() - began) * 1000
    shapes = [hit_shape(rank, hit) for rank, hit in enumerate(hits, start=1)]
    return {"query": query, "ms": round(took_ms, 3), "hits": shapes}


def _lines(found: dict[str, Any]) -> list[str]:
    return [
        f"{h['rank']}\t{h['score']}\t{h['passage']}\t{' > '.join([h['title'], *h['section']])}" for h in found["hits"]
    ]
