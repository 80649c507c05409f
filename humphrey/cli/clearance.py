"""Clearance and release: `reviews`, `review`, `decide`, `amend`, `deliver`, `ledger verify`."""

from pathlib import Path
from typing import Any, get_args

import click

from humphrey.cli.shapes import review_shape, row_shape
from humphrey.cli.shared import as_json, as_user, emit, opened
from humphrey.core.review import Verdict
from humphrey.errors import ReviewError


@click.command()
@click.option("--all", "everything", is_flag=True, help="Decided ones too.")
@as_json
def reviews(everything: bool, as_json: bool) -> None:
    """List what awaits clearance, oldest first."""
    with opened() as humphrey:
        for review in humphrey.desk.reviews(everything=everything):
            row = row_shape(review)
            columns = ("id", "state", "kind", "asked_by", "opened", "due")
            emit(row, as_json, ["\t".join(str(row[name] or "") for name in columns)])


@click.command()
@click.argument("review_id", metavar="ID")
@as_json
def review(review_id: str, as_json: bool) -> None:
    """Show one review: the draft, its evidence, and who did what."""
    with opened() as humphrey:
        found = humphrey.desk.review(review_id)
        shape = review_shape(found, humphrey.desk.history(review_id))
        emit(shape, as_json, _lines(shape))


@click.command()
@click.argument("review_id", metavar="ID")
@click.argument("verdict", type=click.Choice(get_args(Verdict)))
@as_user
@click.option("--digest", required=True, help="The digest of the draft that was read.")
@click.option("--reason", default="", help="Needed to return or refuse.")
@as_json
def decide(review_id: str, verdict: Verdict, user: str | None, digest: str, reason: str, as_json: bool) -> None:
    """Approve, return or refuse a draft; an approved one is queued for its outlet."""
    with opened() as humphrey:
        decided = humphrey.desk.decide(review_id, verdict, _required(user), digest, reason)
        shape = review_shape(decided, humphrey.desk.history(review_id))
        emit(shape, as_json, [f"{decided.id}\t{decided.state}"])


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
        amended = humphrey.desk.amend(review_id, text, _required(user))
        shape = review_shape(amended, humphrey.desk.history(review_id))
        emit(shape, as_json, [f"{amended.id}\t{amended.state}\t{amended.draft.digest}"])


@click.command()
@click.option("--outlet", type=click.Choice(["file", "web"]), default="file", show_default=True)
@as_json
def deliver(outlet: str, as_json: bool) -> None:
    """Send what was approved and waits for its outlet; keep the receipts."""
    with opened() as humphrey:
        done = humphrey.deliver(outlet)
        shape = {
            "delivered": [release.review for release in done.delivered],
            "failed": [{"release": failure.review, "reason": failure.reason} for failure in done.failed],
        }
        sent = [f"delivered\t{release.review}" for release in done.delivered]
        emit(shape, as_json, sent + [f"failed\t{failure.review}\t{failure.reason}" for failure in done.failed])
        if done.failed:
            raise SystemExit(1)


@click.group()
def ledger() -> None:
    """The record of every act."""


@ledger.command()
@as_json
def verify(as_json: bool) -> None:
    """Check the whole chain; name the first entry that was changed, removed or moved."""
    from humphrey.core.ledger import first_broken

    with opened() as humphrey:
        entries = list(humphrey.store.entries())
        broken = first_broken(entries)
        head = entries[-1] if entries else None
        shape = {
            "entries": len(entries),
            "head": head.seal if head else None,
            "ok": broken is None,
            "first_broken": broken,
        }
        verdict = "the ledger is whole" if broken is None else f"the ledger is broken at entry {broken}"
        emit(shape, as_json, [f"{verdict}\t{shape['entries']} entries\t{shape['head'] or ''}"])
        if broken is not None:
            raise SystemExit(1)


COMMANDS = (reviews, review, decide, amend, deliver, ledger)


def _required(user: str | None) -> str:
    if not user:
        raise click.UsageError("--as USER is needed: every act is in somebody's name")
    return user


def _lines(shape: dict[str, Any]) -> list[str]:
    names = ("id", "state", "kind", "asked_by", "outlet", "marking", "due", "digest")
    lines = [f"{name}\t{shape[name] or ''}" for name in names] + ["", str(shape["text"]), ""]
    citations, findings, history = shape["citations"], shape["findings"], shape["history"]
    lines += [f"{c['marker']} {c['title']}: “{c['quote']}”" for c in citations]
    lines += [f"{finding['level']}: {finding['message']}" for finding in findings]
    return lines + [f"{e['at']}\t{e['actor']}\t{e['act']}" for e in history]
