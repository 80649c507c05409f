"""A further outlet is one file and one line: everything else asks the `Outlet` value."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from humphrey.app.delivery import build_outlets
from humphrey.clearance.gate import Release
from humphrey.database.engine import Database
from humphrey.delivery.model import Outlet, OutletParts, Receipt
from humphrey.delivery.outlets import OUTLETS
from humphrey.delivery.service import DeliveryService
from humphrey.digests import digest_of
from humphrey.errors import CommissionError, SettingsError
from humphrey.ledger.attempts import Attempts
from humphrey.settings import Settings
from humphrey.web.clearance.review_view import destination
from humphrey.web.papers.paper_view import sending
from tests.support.services import LIFE, Clock, desk_on, question


def _connect(parts: OutletParts):
    board = parts.folder / "board.txt"

    def send(release: Release) -> Receipt:
        board.write_text(f"{release.recipient}: {release.text}", encoding="utf-8")
        return Receipt("pinned", digest_of(board.read_bytes()))

    return send


BOARD = Outlet(
    name="board",
    label="Pin it to the board",
    words="on the board",
    address_fault=lambda to: "" if to.startswith("row ") else "name a row of the board, such as row 3",
    connect=_connect,
    address_label="Row of the board",
    settings="HUMPHREY_BOARD",
)


@pytest.fixture(autouse=True)
def one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OUTLETS, "board", BOARD)


def service(desk, clock: Clock, folder: Path) -> DeliveryService:
    outlets = build_outlets(Settings(data_dir=folder), {}, folder)
    return DeliveryService(desk.database, desk.people, Attempts(desk.database, clock), outlets, int, LIFE, clock)


def test_a_text_leaves_by_an_outlet_that_is_one_file_and_one_line(database: Database, clock: Clock, tmp_path: Path):
    desk = desk_on(database, clock, outlets=("web", "board"))
    review = desk.clearance.take(replace(question(outlet="board"), reply_to="row 3"))
    desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)

    done = service(desk, clock, tmp_path).deliver_all()

    assert [(release.review, release.outlet, release.recipient) for release in done.delivered] == [
        (review.id, "board", "row 3")
    ]
    assert (tmp_path / "board.txt").read_text(encoding="utf-8") == f"row 3: {review.draft.text}"
    assert desk.delivery.outbox_rows(everything=True)[0].receipt == "pinned"


def test_its_address_rule_is_heeded_and_its_settings_are_named_where_it_is_not_set_up(database, clock, tmp_path):
    there, not_there = desk_on(database, clock, outlets=("web", "board")), desk_on(database, clock)

    with pytest.raises(CommissionError, match="such as row 3"):
        there.drafting.compose(replace(question(outlet="board"), reply_to="jo@example.org"))
    with pytest.raises(CommissionError, match="nothing leaves on the board here yet; the admin"):
        not_there.drafting.compose(replace(question(outlet="board"), reply_to="row 3"))
    with pytest.raises(SettingsError, match="HUMPHREY_SMTP__HOST and HUMPHREY_SMTP__FROM"):
        service(there, clock, tmp_path).deliver("email")
    with pytest.raises(SettingsError, match="no outlet 'fax'; it is one of web, file, email, board"):
        service(there, clock, tmp_path).deliver("fax")


def test_the_pages_offer_it_and_say_where_the_text_goes(database, clock):
    desk = desk_on(database, clock, outlets=("web", "board"))

    offered = sending(desk.drafting.destinations)

    assert re.findall(r'value="(\w+)" data-address="([^"]*)"', offered) == [("web", ""), ("board", "Row of the board")]
    assert re.findall(r"<label for=\"outlet-\w+\">([^<]+)", offered) == ["Show it to me", "Pin it to the board"]
    assert destination(replace(question(outlet="board"), reply_to="row 3")) == "to row 3, on the board"
