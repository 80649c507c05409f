"""Commands of guidance: `index`, `search`, `document`, `sync`."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from humphrey.cli.drafting import QueryLine, query_lines
from humphrey.cli.json_shapes import document_shape, hit_shape
from humphrey.cli.shared import as_json, as_user, complain, emit, opened, stoppable
from humphrey.documents.audiences import is_reserved
from humphrey.errors import DocumentError, IndexHeld
from humphrey.guidance.sync.model import PageState, SyncReport

if TYPE_CHECKING:
    from humphrey.app.container import Humphrey
    from humphrey.guidance.library import IndexReport, Progress


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--group", "groups", multiple=True, help="Only for people in this group; may be given again.")
@click.option("--everyone", is_flag=True, help="For everyone, also what was for groups before.")
@click.option("--rebuild", is_flag=True, help="Make the whole index again from the stored documents.")
@as_json
def index(paths: tuple[Path, ...], groups: tuple[str, ...], everyone: bool, rebuild: bool, as_json: bool) -> None:
    """Take in the documents of each PATH (the corpus and what `sync` fetched, when none is named) and index them."""
    from humphrey.cli.progress import bar
    from humphrey.ledger.model import OPERATOR

    audience = _audience(groups, everyone)
    with opened() as humphrey, bar() as progress, stoppable():
        done = humphrey.library.index(
            paths or humphrey.guidance, audience=audience, rebuild=rebuild, progress=progress, by=OPERATOR
        )
        counts = {name: getattr(done, name) for name in ("added", "updated", "unchanged", "removed", "passages")}
        refused = [{"path": str(refusal.path), "reason": refusal.reason} for refusal in done.refused]
        notes = _notes(done)
        shape = {**counts, "refused": refused, "notes": notes, "seconds": round(done.seconds, 3)}
        lines = [f"{name}\t{count}" for name, count in counts.items()]
        lines += [f"refused\t{each['path']}\t{each['reason']}" for each in refused]
        emit(shape, as_json, lines + [f"note\t{each['path']}\t{each['note']}" for each in notes])


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
        may_read = _groups(humphrey, user)
        if queries is not None:
            _search_all(humphrey, query_lines(queries), limit, may_read, as_json)
            return
        result = _search(humphrey, query or "", limit, may_read)
        emit(result, as_json, _lines(result))


@click.command()
@click.argument("document_id", metavar="ID")
@as_user
@as_json
def document(document_id: str, user: str | None, as_json: bool) -> None:
    """Show a stored document that USER may read; without --as, one that everyone may read."""
    with opened() as humphrey:
        may_read = humphrey.library.may_read(document_id, _groups(humphrey, user))
        found = humphrey.library.document(document_id) if may_read else None
        if found is None:
            who = user or "everyone"
            raise DocumentError(
                f"no document {document_id!r} that {who} may read; `humphrey search` names the documents it finds"
            )
        emit(document_shape(found, humphrey.library.passages(document_id)), as_json, [found.text])


def _search_all(
    humphrey: "Humphrey", asked: Iterable[QueryLine], limit: int, may_read: tuple[str, ...], machine: bool
) -> None:
    """Search for queries in order; a line that is no query has a row with the reason instead of hits."""
    for line in asked:
        if line.unreadable:
            row = {"id": line.id, "ms": 0, "hits": [], "error": line.unreadable}
            emit(row, machine, [line.id, line.unreadable])
            continue
        found = _search(humphrey, line.text, limit, may_read)
        emit({"id": line.id, "ms": found["ms"], "hits": found["hits"]}, machine, _lines(found))


def _groups(humphrey: "Humphrey", user: str | None) -> tuple[str, ...]:
    """Return the groups of a person; empty if none is named."""
    return humphrey.accounts.person(user).groups if user else ()


def _audience(groups: tuple[str, ...], everyone: bool) -> frozenset[str] | None:
    if groups and everyone:
        raise click.UsageError("give --group or --everyone, not both")
    if any(not group.strip() for group in groups):
        raise click.UsageError("--group needs a name; `humphrey users list --json` shows the groups people are in")
    if any(is_reserved(group) for group in groups):
        raise click.UsageError("--group cannot be one that is kept for files of conversations; name another")
    return frozenset(groups) if groups or everyone else None


def _search(humphrey: "Humphrey", query: str, limit: int, groups: tuple[str, ...]) -> dict[str, Any]:
    began = time.perf_counter()
    hits = humphrey.library.search(query, limit, groups)
    took_ms = (time.perf_counter() - began) * 1000
    shapes = [hit_shape(rank, hit) for rank, hit in enumerate(hits, start=1)]
    return {"query": query, "ms": round(took_ms, 3), "hits": shapes}


def _lines(found: dict[str, Any]) -> list[str]:
    return [
        f"{h['rank']}\t{h['score']}\t{h['passage']}\t{' > '.join([h['source'], *h['section']])}" for h in found["hits"]
    ]


@click.command()
@click.option(
    "--sources",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The list of what to fetch; the corpus's sources.yaml when none is named.",
)
@click.option("--base-url", default="https://www.gov.uk", show_default=True, help="The server to fetch from.")
@as_json
def sync(sources: Path | None, base_url: str, as_json: bool) -> None:
    """Fetch what changed on GOV.UK, write a report of it, and index it."""
    from humphrey.cli.progress import bar
    from humphrey.guidance import store as document_store

    with opened() as humphrey, bar() as progress, stoppable():
        listed = sources or humphrey.settings.corpus / "sources.yaml"
        report, file = humphrey.sync(listed, base_url, progress)
        complain(f"the report is {file}")
        refused, notes = _indexed(humphrey, progress)
        passages = document_store.passage_count(humphrey.database)
        shape = {**_shape(report), "report": str(file), "refused": refused, "notes": notes, "passages": passages}
        lines = [*_sync_lines(report), *(f"refused\t{each['path']}\t{each['reason']}" for each in refused)]
        emit(shape, as_json, [*lines, *(f"note\t{each['path']}\t{each['note']}" for each in notes)])
        if report.counts["failed"]:
            raise SystemExit(1)


def _indexed(humphrey: "Humphrey", progress: "Progress") -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Index what was fetched; return refused files and notes. A process that holds the index does it instead."""
    from humphrey.ledger.model import OPERATOR

    try:
        done = humphrey.library.index(humphrey.fetched, progress=progress, by=OPERATOR)
    except IndexHeld as held:
        complain(f"{held.args[0].split(';')[0]}; a server takes in what was fetched within half a minute")
        return [], []
    return [{"path": each.path, "reason": each.reason} for each in done.refused], _notes(done)


def _notes(done: "IndexReport") -> list[dict[str, str]]:
    return [{"path": each.path, "note": each.note} for each in done.notes]


def _shape(report: SyncReport) -> dict[str, Any]:
    return {
        **report.counts,
        "base_url": report.base,
        "began": report.began.isoformat(),
        "resumed": report.resumed,
        "pages": [_page(page) for page in report.pages],
    }


def _page(page: PageState) -> dict[str, str]:
    return {"path": page.path, "title": page.title, "outcome": page.outcome, "detail": page.detail}


def _sync_lines(report: SyncReport) -> list[str]:
    changed = [page for page in report.pages if page.outcome != "unchanged"]
    counts = [f"{outcome}\t{count}" for outcome, count in report.counts.items()]
    return counts + [f"{page.outcome}\t{page.path}\t{page.title}\t{page.detail}" for page in changed]


COMMANDS = (index, search, document, sync)
