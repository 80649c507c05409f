"""Commands of disclosure: `disclose search`, `open`, `list`, `show`, `redact`, `leave-out`, `send`, `drop`."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, get_args

import click

from humphrey.cli.shared import FullHelp, as_json, as_user, complain, emit, named, opened
from humphrey.documents.sources import source_name
from humphrey.errors import RecordError
from humphrey.records.disclosure.model import DisclosurePack, Excerpt, Regime, SearchCriteria, SearchResult
from humphrey.text.dates import local_date

if TYPE_CHECKING:
    from humphrey.records.disclosure.service import OpenedPack


_DAY = click.DateTime(["%Y-%m-%d"])


_NAMES_ARE_YOURS = (
    "suggested are personal data that has a shape, and names with a title, a common given name or a signature, or of "
    "people known here; any other name is for you to find"
)


@click.group(cls=FullHelp)
def disclose() -> None:
    """Search the record for a request, and disclose what was found, cleared like any text."""


def search_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that are the search criteria."""
    options = (
        click.option("--person", default="", help="Texts that name this person, or are theirs."),
        click.option("--words", default="", help="Texts that hold all of these words."),
        click.option("--kind", default="", help="Of this kind of paper alone."),
        click.option("--since", type=_DAY, help="From this day on (London), such as 2026-11-23."),
        click.option("--until", type=_DAY, help="Until this day (London)."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@disclose.command()
@search_options
@as_user
@as_json
def search(
    person: str,
    words: str,
    kind: str,
    since: datetime | None,
    until: datetime | None,
    user: str | None,
    as_json: bool,
) -> None:
    """List every text of the record that matches, and name what could not be searched."""
    with opened() as humphrey:
        found = humphrey.disclosure.search(named(user), _criteria(person, words, kind, since, until))
        for piece in found.pieces:
            emit(_piece(piece), as_json, [f"{piece.id}\t{local_date(piece.at)}\t{piece.what}\t{_short(piece.text)}"])
        complain(_account(found))


@disclose.command(name="open")
@search_options
@click.option("--for", "regime", type=click.Choice(get_args(Regime)), required=True, help="Under which right.")
@click.option("--reference", required=True, help="The reference of the request.")
@as_user
@as_json
def open_(
    person: str,
    words: str,
    kind: str,
    since: datetime | None,
    until: datetime | None,
    regime: Regime,
    reference: str,
    user: str | None,
    as_json: bool,
) -> None:
    """Make a pack of the texts that match, with suggested redactions."""
    with opened() as humphrey:
        criteria = _criteria(person, words, kind, since, until)
        pack = humphrey.disclosure.open(named(user), criteria, regime, reference)
        complain(_NAMES_ARE_YOURS)
        emit(_pack(pack), as_json, [_line(pack)])


@disclose.command(name="list")
@as_user
@as_json
def list_(user: str | None, as_json: bool) -> None:
    """List the packs, the latest first."""
    with opened() as humphrey:
        for pack in humphrey.disclosure.packs(named(user)):
            emit(_pack(pack), as_json, [_line(pack)])


@disclose.command()
@click.argument("pack_id", metavar="PACK")
@as_user
@as_json
def show(pack_id: str, user: str | None, as_json: bool) -> None:
    """Show a pack: every text, and every redaction with its number and its words."""
    with opened() as humphrey:
        held = humphrey.disclosure.pack(named(user), pack_id)
        texts = {str(n): text for n, text in held.texts.items()}
        emit({**_pack(held.pack), "texts": texts}, as_json, _shown(held))


@disclose.command()
@click.argument("pack_id", metavar="PACK")
@click.option("--confirm", "confirm", multiple=True, type=int, help="The number of a redaction; may be given again.")
@click.option("--remove", "remove", multiple=True, type=int, help="One that stays in after all; may be given again.")
@click.option("--confirm-all", is_flag=True, help="Confirm every suggestion that is undecided.")
@click.option("--add", "words", default="", help="Redact these words wherever they stand.")
@click.option("--reason", default="", help="Why, for --add; it is given out in the place of the words.")
@as_user
@as_json
def redact(
    pack_id: str,
    confirm: tuple[int, ...],
    remove: tuple[int, ...],
    confirm_all: bool,
    words: str,
    reason: str,
    user: str | None,
    as_json: bool,
) -> None:
    """Decide on the redactions of a pack."""
    name = named(user)
    if not (confirm or remove or confirm_all or words):
        raise click.UsageError("say what to do: --confirm N, --remove N, --confirm-all, or --add WORDS --reason WHY")
    with opened() as humphrey:
        packs, pack = humphrey.disclosure, None
        if words:
            pack = packs.add(name, pack_id, words, reason)
        if remove:
            pack = packs.decide(name, pack_id, remove, "removed")
        if confirm_all:
            confirm = (*confirm, *(mark.n for mark in packs.pack(name, pack_id).pack.undecided))
        if confirm:
            pack = packs.decide(name, pack_id, confirm, "confirmed")
        if pack is None:
            raise RecordError(f"no suggestion of pack {pack_id} is undecided; nothing was changed")
        emit(_pack(pack), as_json, [_line(pack)])


@disclose.command(name="leave-out")
@click.argument("pack_id", metavar="PACK")
@click.argument("item", type=int)
@click.option(
    "--reason", default="", help="Why; it is disclosed in place of the item. Without it the item is included again."
)
@as_user
@as_json
def leave_out(pack_id: str, item: int, reason: str, user: str | None, as_json: bool) -> None:
    """Leave one item of a pack out of what is disclosed."""
    with opened() as humphrey:
        pack = humphrey.disclosure.leave_out(named(user), pack_id, item, reason)
        emit(_pack(pack), as_json, [_line(pack)])


@disclose.command()
@click.argument("pack_id", metavar="PACK")
@as_user
@as_json
def send(pack_id: str, user: str | None, as_json: bool) -> None:
    """Send a pack for clearance; a second person must approve it before it leaves."""
    with opened() as humphrey:
        review = humphrey.disclosure.send(named(user), pack_id)
        shape = {"review": review.id, "digest": review.draft.digest, "pack": pack_id}
        emit(shape, as_json, [f"{review.id}\t{review.draft.digest}"])


@disclose.command()
@click.argument("pack_id", metavar="PACK")
@as_user
@as_json
def drop(pack_id: str, user: str | None, as_json: bool) -> None:
    """Give up a pack; it no longer keeps texts from disposal."""
    with opened() as humphrey:
        emit(_pack(humphrey.disclosure.drop(named(user), pack_id)), as_json, [f"{pack_id}\tgiven up"])


COMMANDS = (disclose,)


def _criteria(person: str, words: str, kind: str, since: datetime | None, until: datetime | None) -> SearchCriteria:
    return SearchCriteria(person, words, kind, since.date() if since else None, until.date() if until else None)


def _account(found: SearchResult) -> str:
    parts = [f"{len(found.pieces)} of {found.looked_at} texts fit"]
    if found.disposed:
        parts.append(f"the words of {len(found.disposed)} reviews were disposed of")
    if found.withheld:
        parts.append(f"{len(found.withheld)} rest on what you may not read; a disclosure officer can search them")
    if found.by_right:
        parts.append(f"{found.by_right} are seen by the right to disclose alone, which is on the record")
    if found.unreadable:
        parts.append(f"{len(found.unreadable)} could not be read: {', '.join(found.unreadable)}")
    return "; ".join(parts)


def _piece(piece: Excerpt) -> dict[str, Any]:
    rests_on = [{**asdict(each), "source": source_name(each)} for each in piece.rests_on]
    return {**asdict(piece), "at": piece.at.isoformat(), "rests_on": rests_on}


def _pack(pack: DisclosurePack) -> dict[str, Any]:
    return {
        "pack": pack.id,
        "for": pack.regime,
        "reference": pack.reference,
        "by": pack.by,
        "at": pack.at.isoformat(),
        "items": [{**asdict(item), "at": item.at.isoformat()} for item in pack.items],
        "redactions": [asdict(mark) for mark in pack.marks],
        "undecided": len(pack.undecided),
        "review": pack.review or None,
    }


def _line(pack: DisclosurePack) -> str:
    state = f"sent as {pack.review}" if pack.review else f"{len(pack.undecided)} undecided"
    return "\t".join((pack.id, pack.reference, f"{len(pack.items)} items", f"{len(pack.marks)} redactions", state))


def _shown(held: "OpenedPack") -> list[str]:
    lines = [_line(held.pack)]
    for item in held.pack.items:
        out = f" (left out: {item.left_out})" if item.left_out else ""
        lines += ["", f"item {item.n}: {item.what}, {local_date(item.at)}{out}", held.texts[item.n], ""]
        for mark in (mark for mark in held.pack.marks if mark.item == item.n):
            words = held.texts[item.n][mark.start : mark.end]
            lines.append(f"  {mark.n}\t{mark.standing}\t{words!r}\t{mark.reason}")
    return lines


def _short(text: str, limit: int = 80) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
