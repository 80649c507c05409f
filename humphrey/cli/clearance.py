"""Commands of clearance: the queue, claims, comments, instructions, decisions and amendments."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from humphrey.clearance.model import REASONS, Reason, Review, ReviewState, Verdict
from humphrey.clearance.queue import MOST_ROWS, URGENCY, QueuePage, QueueQuery
from humphrey.cli.json_shapes import review_shape, row_shape
from humphrey.cli.shared import REVIEW, as_json, as_user, complain, emit, named, note_lines, opened
from humphrey.documents.sources import source_line
from humphrey.errors import ReviewError
from humphrey.text.dates import say_time

if TYPE_CHECKING:
    from humphrey.app.container import Humphrey
    from humphrey.clearance.source_changes import SourceChange

_COLUMNS = ("id", "state", "kind", "asked_by", "opened", "due", "days_left", "claimed_by", "reference", "title")
"""The columns for programs; further ones are added at the end."""


_ON_SCREEN = {"Reference": 10, "Title": 44, "State": 9, "Kind": 24, "Asked by": 12, "Due": 10, "Claimed by": 12}
"""The columns for a person at a terminal, and their widths in characters."""


@click.command()
@click.option("--all", "everything", is_flag=True, help="Decided ones too.")
@as_user
@click.option("--state", "states", multiple=True, type=click.Choice(get_args(ReviewState)), help="Where they stand.")
@click.option("--kind", "kinds", multiple=True, help="Of that kind of paper.")
@click.option("--outlet", "outlets", multiple=True, help="For that outlet.")
@click.option("--marking", "markings", multiple=True, help="Under that classification.")
@click.option("--asked-by", default="", metavar="NAME", help="That this person asked for.")
@click.option("--overdue", is_flag=True, help="Due before today.")
@click.option("--due-within", type=int, metavar="DAYS", help="With at most so many working days left.")
@click.option("--due-before", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Due before that day.")
@click.option("--older-than", "days_old", type=int, default=0, metavar="DAYS", help="That have waited so many days.")
@click.option(
    "--claimed-by", default="", metavar="NAME", help="That this person has claimed: a name, `me` or `nobody`."
)
@click.option(
    "--own", is_flag=True, help="With --as: what that reviewer asked for or changed, which others must clear."
)
@click.option("--limit", type=int, default=50, show_default=True, help=f"At most so many rows, up to {MOST_ROWS}.")
@click.option("--offset", type=int, default=0, help="After so many rows.")
@click.option("--counts", is_flag=True, help="How many there are, by state, kind and claim, and no rows.")
@as_json
def reviews(everything: bool, user: str | None, counts: bool, as_json: bool, **filters: Any) -> None:  # noqa: ANN401 - click's own values, which _query reads by name
    """List the drafts that await clearance, oldest first.

    With --as, list only what that reviewer may clear. With --as or any filter, the most urgent come first.
    """
    with opened() as humphrey:
        if not (user or counts or _given(filters)):
            _list(humphrey.clearance.reviews(everything=everything), as_json)
            return
        query = _query(everything, user, **filters)
        page = humphrey.assignment.queue(user, query) if user else humphrey.assignment.listed(query)
        if counts:
            emit(asdict(page.counts), as_json, _counted(page))
            return
        _list(_in_order(humphrey, page), as_json)
        _say_more(page, filters["offset"])


@click.command()
@click.argument("review_id", type=REVIEW, metavar="ID")
@as_user
@as_json
def claim(review_id: str, user: str | None, as_json: bool) -> None:
    """Claim a draft, so that nobody else works on it; claim it again to keep it for longer."""
    _done(as_json, lambda humphrey: humphrey.assignment.claim(review_id, named(user)))


@click.command("hand-back")
@click.argument("review_id", type=REVIEW, metavar="ID")
@as_user
@as_json
def hand_back(review_id: str, user: str | None, as_json: bool) -> None:
    """End a claim, so that another reviewer may take the draft."""
    _done(as_json, lambda humphrey: humphrey.assignment.hand_back(review_id, named(user)))


@click.command("hand-over")
@click.argument("review_id", type=REVIEW, metavar="ID")
@as_user
@click.option("--to", "deputy", required=True, metavar="NAME", help="Who is to clear it.")
@as_json
def hand_over(review_id: str, user: str | None, deputy: str, as_json: bool) -> None:
    """Give a draft to a deputy, who may clear it and had no hand in it."""
    _done(as_json, lambda humphrey: humphrey.assignment.hand_over(review_id, named(user), deputy))


@click.command()
@click.argument("review_id", type=REVIEW, metavar="ID")
@as_user
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, metavar="DATE", help="The day it is back.")
@click.option("--reason", required=True, help="In words, for everybody who may see the draft.")
@as_json
def defer(review_id: str, user: str | None, until: datetime, reason: str, as_json: bool) -> None:
    """Put a draft off until a day; the queue lists it last until then."""
    _done(as_json, lambda humphrey: humphrey.assignment.defer(review_id, named(user), until.date(), reason))


@click.command()
@click.argument("review_id", type=REVIEW, metavar="ID")
@as_user
@as_json
def undo(review_id: str, user: str | None, as_json: bool) -> None:
    """Take back your approval while its text waits to be delivered."""
    _done(as_json, lambda humphrey: humphrey.clearance.undo(review_id, named(user)))


@click.command()
@click.argument("review_id", type=REVIEW, metavar="ID")
@click.argument("text")
@as_user
@as_json
def comment(review_id: str, text: str, user: str | None, as_json: bool) -> None:
    """Comment on a draft; the people who work on it are notified, and those named as @NAME if they may read it."""

    def say(humphrey: "Humphrey") -> Review:
        said = humphrey.assignment.comment(review_id, named(user), text)
        if untold := humphrey.assignment.mentions(said, text).sentence:
            complain(untold)
        return said

    _done(as_json, say)


@click.command()
@click.argument("review_id", type=REVIEW, metavar="ID")
@click.argument("instruction")
@as_user
@click.option("--digest", default="", help="The digest of the draft that was read; refused if the draft changed since.")
@as_json
def instruct(review_id: str, instruction: str, user: str | None, digest: str, as_json: bool) -> None:
    """Have the model change a draft; the checks run again, and the person who asked for the change cannot approve."""

    def change(humphrey: "Humphrey") -> Review:
        return humphrey.instructions.instruct(review_id, instruction, named(user), digest=digest)

    _done(as_json, change, digest=True)


def _given(filters: dict[str, Any]) -> bool:
    """Return whether the list is filtered, or asked for page by page."""
    return any(value for name, value in filters.items() if name != "limit") or filters["limit"] != QueueQuery.limit


def _query(everything: bool, user: str | None, **filters: Any) -> QueueQuery:  # noqa: ANN401 - as above
    who, before = filters.pop("claimed_by"), filters.pop("due_before")
    states = filters.pop("states") or (get_args(ReviewState) if everything else QueueQuery.states)
    if who == "me" or filters["own"]:
        who = named(user) if who == "me" else who
        named(user)
    return QueueQuery(
        **filters,
        states=states,
        due_before=before.date() if before else None,
        claimed_by="" if who == "nobody" else who,
        unclaimed=who == "nobody",
    )


def _in_order(humphrey: "Humphrey", page: QueuePage) -> Iterator[Review]:
    """Return the reviews of a page in its order, without those that cannot be read."""
    from humphrey.clearance.store import reviews as review_store

    found = {review.id: review for review in review_store.find(humphrey.database, ids=[row.id for row in page.rows])}
    return (found[row.id] for row in page.rows if row.id in found)


def _list(found: Iterable[Review], machine: bool) -> None:
    """Print reviews: JSON or tab-separated rows for programs, a table with its head for a person at a terminal."""
    person = sys.stdout.isatty() and not machine
    if person:
        click.echo("  ".join(name.ljust(width) for name, width in _ON_SCREEN.items()).rstrip())
    for review in found:
        row = row_shape(review, datetime.now(UTC))
        shown = ("" if row[name] is None else str(row[name]) for name in _COLUMNS)
        emit(row, machine, [_on_screen(row) if person else "\t".join(shown)])


def _on_screen(row: Mapping[str, Any]) -> str:
    values = (row[name.lower().replace(" ", "_")] or "" for name in _ON_SCREEN)
    cells = (_fitted(str(value), width) for value, width in zip(values, _ON_SCREEN.values(), strict=True))
    return "  ".join(cells).rstrip()


def _fitted(value: str, width: int) -> str:
    return (value if len(value) <= width else f"{value[: width - 1]}…").ljust(width)


def _counted(page: QueuePage) -> Iterator[str]:
    for name, value in asdict(page.counts).items():
        if isinstance(value, dict):
            yield from (f"{name}\t{which}\t{n}" for which, n in value.items())
        else:
            yield f"{name}\t\t{value}"


def _say_more(page: QueuePage, offset: int) -> None:
    """Say on standard error how many rows there are in all; programs count the lines of standard output."""
    last = offset + len(page.rows)
    further = f"; --offset {last} shows the next" if last < page.total else ""
    click.echo(f"humphrey: {len(page.rows)} of {page.total}. {URGENCY}{further}", err=True)


def _done(machine: bool, act: Callable[["Humphrey"], Review], *, digest: bool = False) -> None:
    with opened() as humphrey:
        done = act(humphrey)
        shape = _shape(humphrey, done)
        columns = (done.id, done.state, *([done.draft.digest] if digest else []), shape["claimed_by"])
        emit(shape, machine, ["\t".join(columns)])


@click.command()
@click.argument("review_id", type=REVIEW, metavar="ID")
@as_json
def review(review_id: str, as_json: bool) -> None:
    """Show one review: the draft, its evidence, and who did what."""
    with opened() as humphrey:
        found = humphrey.clearance.review(review_id)
        shape = _shape(humphrey, found)
        changes = [f"{say_time(change.at)}\t{change.sentence}" for change in _changes(humphrey, found)]
        emit(shape, as_json, _lines(found, shape, changes))


@click.command()
@click.argument("review_id", type=REVIEW, metavar="ID")
@click.argument("verdict", type=click.Choice(get_args(Verdict)))
@as_user
@click.option("--digest", required=True, help="The digest of the draft that was read.")
@click.option("--reason", default="", help="In words; needed to return or refuse, unless --because says enough.")
@click.option("--because", multiple=True, type=click.Choice(tuple(REASONS)), help="A fixed reason; may be repeated.")
@click.option(
    "--acknowledge", multiple=True, metavar="CHECK", help="Findings of that check were weighed; may be repeated."
)
@as_json
def decide(
    review_id: str,
    verdict: Verdict,
    user: str | None,
    digest: str,
    reason: str,
    because: tuple[Reason, ...],
    acknowledge: tuple[str, ...],
    as_json: bool,
) -> None:
    """Approve, return or refuse a draft, and claim it in the same act; an approved one is queued for its outlet."""
    with opened() as humphrey:
        decided = humphrey.clearance.decide(
            review_id, verdict, named(user), digest, reason, because, acknowledged=acknowledge
        )
        revealed = humphrey.clearance.revealed(review_id)
        shape = _shape(humphrey, decided) | {"revealed": revealed}
        emit(shape, as_json, ["\t".join(filter(None, (decided.id, decided.state, revealed)))])


@click.command()
@click.argument("review_id", type=REVIEW, metavar="ID")
@as_user
@click.option("--text-file", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The new wording.")
@as_json
def amend(review_id: str, user: str | None, text_file: Path, as_json: bool) -> None:
    """Replace the words of a draft; the checks run again, and the person who amends it cannot approve."""
    try:
        text = text_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReviewError(f"{text_file}: cannot be read as UTF-8 text ({error}); give the new wording") from None
    with opened() as humphrey:
        amended = humphrey.clearance.amend(review_id, text, named(user))
        shape = _shape(humphrey, amended)
        emit(shape, as_json, [f"{amended.id}\t{amended.state}\t{amended.draft.digest}"])


def _shape(humphrey: "Humphrey", review: Review) -> dict[str, Any]:
    history = humphrey.clearance.history(review.id)
    return review_shape(review, history, datetime.now(UTC), _changes(humphrey, review))


def _changes(humphrey: "Humphrey", review: Review) -> Sequence["SourceChange"]:
    return humphrey.clearance.source_changes(review)


def _lines(review: Review, shape: dict[str, Any], changes: Sequence[str]) -> list[str]:
    names = ("id", "reference", "state", "kind", "asked_by", "outlet", "marking", "due", "digest")
    lines = [f"{name}\t{shape[name] or ''}" for name in names] + ["", str(shape["text"]), ""]
    lines += note_lines(review.draft.note)
    findings, history = shape["findings"], shape["history"]
    lines += [source_line(citation, address_first=False) for citation in review.draft.citations]
    lines += [f"{finding['level']}: {finding['message']}" for finding in findings]
    lines += [f"cited guidance changed\t{change}" for change in changes]
    return lines + [f"{e['at']}\t{e['actor']}\t{e['act']}" for e in history]


COMMANDS = (reviews, claim, hand_back, hand_over, defer, comment, instruct, review, decide, undo, amend)
