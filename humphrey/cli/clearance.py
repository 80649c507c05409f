"""Clearance: `review`, `decide`, `amend`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import click

from humphrey.cli.shapes import review_shape
from humphrey.cli.shared import as_json, as_user, emit, named, opened
from humphrey.core.review import REASONS, Reason, Verdict
from humphrey.errors import ReviewError


@click.command()
@click.argument("review_id", metavar="ID")
@as_json
def review(review_id: str, as_json: bool) -> None:
    """Show one review: the draft, its evidence, and who did what."""
    with opened() as humphrey:
        found = humphrey.clearance.review(review_id)
        shape = review_shape(found, humphrey.clearance.history(review_id), datetime.now(UTC))
        emit(shape, as_json, _lines(shape))


@click.command()
@click.argument("review_id", metavar="ID")
@click.argument("verdict", type=click.Choice(get_args(Verdict)))
@as_user
@click.option("--digest", required=True, help="The digest of the draft that was read.")
@click.option("--reason", default="", help="In words; needed to return or refuse, unless --because says enough.")
@click.option("--because", multiple=True, type=click.Choice(tuple(REASONS)), help="A fixed reason; may be repeated.")
@as_json
def decide(
    review_id: str,
    verdict: Verdict,
    user: str | None,
    digest: str,
    reason: str,
    because: tuple[Reason, ...],
    as_json: bool,
) -> None:
    """Approve, return or refuse a draft; an approved one is queued for its outlet."""
    with opened() as humphrey:
        decided = humphrey.clearance.decide(review_id, verdict, named(user), digest, reason, because)
        revealed = humphrey.clearance.revealed(review_id)
        shape = review_shape(decided, humphrey.clearance.history(review_id), datetime.now(UTC)) | {"revealed": revealed}
        emit(shape, as_json, ["\t".join(filter(None, (decided.id, decided.state, revealed)))])


@click.command()
@click.argument("review_id", metavar="ID")
@as_user
@click.option("--text-file", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The new wording.")
@as_json
def amend(review_id: str, user: str | None, text_file: Path, as_json: bool) -> None:
    """Give a draft other words; the checks run again, and whoever amends cannot approve."""
    try:
        text = text_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReviewError(f"{text_file}: cannot be read as UTF-8 text ({error}); give the new wording") from None
    with opened() as humphrey:
        amended = humphrey.clearance.amend(review_id, text, named(user))
        shape = review_shape(amended, humphrey.clearance.history(review_id), datetime.now(UTC))
        emit(shape, as_json, [f"{amended.id}\t{amended.state}\t{amended.draft.digest}"])


COMMANDS = (review, decide, amend)


def _lines(shape: dict[str, Any]) -> list[str]:
    names = ("id", "state", "kind", "asked_by", "outlet", "marking", "due", "digest")
    lines = [f"{name}\t{shape[name] or ''}" for name in names] + ["", str(shape["text"]), ""]
    citations, findings, history = shape["citations"], shape["findings"], shape["history"]
    lines += [f"{c['marker']} {c['title']}: “{c['quote']}”" for c in citations]
    lines += [f"{finding['level']}: {finding['message']}" for finding in findings]
    return lines + [f"{e['at']}\t{e['actor']}\t{e['act']}" for e in history]
