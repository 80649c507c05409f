"""Published guidance: `sync`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from humphrey.cli.shared import as_json, complain, emit, opened, stoppable
from humphrey.core.syncing import Remembered, SyncReport
from humphrey.errors import IndexHeld
from humphrey.store import documents as document_store

if TYPE_CHECKING:
    from humphrey.app import Humphrey
    from humphrey.library import Progress


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

    with opened() as humphrey, bar() as progress, stoppable():
        listed = sources or humphrey.settings.corpus / "sources.yaml"
        report, file = humphrey.sync(listed, base_url, progress)
        complain(f"the report is {file}")
        refused = _indexed(humphrey, progress)
        passages = document_store.passage_count(humphrey.database)
        shape = {**_shape(report), "report": str(file), "refused": refused, "passages": passages}
        emit(shape, as_json, [*_lines(report), *(f"refused\t{each['path']}\t{each['reason']}" for each in refused)])
        if report.counts["failed"]:
            raise SystemExit(1)


COMMANDS = (sync,)


def _indexed(humphrey: "Humphrey", progress: "Progress") -> list[dict[str, str]]:
    """Take in what was fetched, or leave it to the process that has the index; what was refused."""
    from humphrey.people import OPERATOR

    try:
        done = humphrey.library.index(humphrey.fetched, progress=progress, by=OPERATOR)
    except IndexHeld as held:
        complain(f"{held.args[0].split(';')[0]}; a server takes in what was fetched within half a minute")
        return []
    return [{"path": each.path, "reason": each.reason} for each in done.refused]


def _shape(report: SyncReport) -> dict[str, Any]:
    return {
        **report.counts,
        "base_url": report.base,
        "began": report.began.isoformat(),
        "resumed": report.resumed,
        "pages": [_page(page) for page in report.pages],
    }


def _page(page: Remembered) -> dict[str, str]:
    return {"path": page.path, "title": page.title, "outcome": page.outcome, "detail": page.detail}


def _lines(report: SyncReport) -> list[str]:
    told = [page for page in report.pages if page.outcome != "unchanged"]
    counts = [f"{outcome}\t{count}" for outcome, count in report.counts.items()]
    return counts + [f"{page.outcome}\t{page.path}\t{page.title}\t{page.detail}" for page in told]
