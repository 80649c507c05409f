"""A draft that waits says what changed in the guidance that it cites, when, and by whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from humphrey.accounts.passwords import Argon2Passwords
from humphrey.accounts.service import Accounts
from humphrey.clearance.model import Review
from humphrey.cli import json_shapes
from humphrey.guidance.library import Library
from humphrey.papers.draft import Citation, Draft, DraftRequest, ModelName, OnText
from humphrey.web import draft_view
from humphrey.web.api import schemas
from humphrey.web.clearance import evidence_view
from tests.support.indexing import library
from tests.support.services import ANSWER, Clock, Desk, desk_from, question

WORDS = "A department must answer within twenty working days."


@dataclass
class Room:
    """A library, and a desk whose drafts cite the note `limits` as it stands."""

    shelf: Library
    desk: Desk
    folder: Path

    def write(self, words: str, audience: frozenset[str] | None = None, by: str = "olga") -> None:
        self.folder.mkdir(exist_ok=True)
        (self.folder / "limits.md").write_text(f"---\ntitle: Limits\n---\n{words}\n", encoding="utf-8")
        self.shelf.index([self.folder], audience=audience, by=by)

    def said(self, review: Review) -> list[str]:
        return [each.sentence for each in self.desk.clearance.source_changes(self.desk.clearance.review(review.id))]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    shelf, clock = library(tmp_path / "data"), Clock()

    def draft(request: DraftRequest, _watch: OnText) -> Draft:
        held = shelf.document("limits")
        start = held.text.index(WORDS)
        cited = Citation("1", "limits", held.version, "Limits", "", (), WORDS, start, start + len(WORDS))
        return Draft(request.commission, "answered", f"{WORDS} [1]", ModelName("test", "fixed"), (cited,))

    people = Accounts(shelf._database, Argon2Passwords(), demonstration=True, now=clock)
    desk = desk_from(draft, shelf._database, {"answer": ANSWER}, shelf.document, shelf.may_read, people, now=clock)
    opened = Room(shelf, desk, tmp_path / "notes")
    opened.write(WORDS)
    yield opened
    shelf.close()


def test_a_draft_whose_sources_are_as_they_were_says_nothing(room: Room):
    review = room.desk.clearance.take(question())
    room.shelf.index([room.folder], rebuild=True)

    assert room.said(review) == []


def test_a_change_of_words_readers_and_details_is_told_with_the_person_who_made_it(room: Room):
    review = room.desk.clearance.take(question())

    room.write(f"{WORDS} Ask early.")
    room.write(f"{WORDS} Ask early.", frozenset({"hr"}), by="oscar")
    (room.folder / "limits.md").write_text(
        f"---\ntitle: Old limits\nstate: withdrawn\n---\n{WORDS} Ask early.\n", "utf-8"
    )
    room.shelf.index([room.folder], by="operator")

    assert room.said(review) == [
        "“Limits”: its text changed, by olga.",
        "“Limits”: its readers changed, by oscar.",
        "“Limits”: its title, state or other details changed, by operator.",
    ]


def test_a_removed_document_is_told_and_so_is_one_that_comes_back_with_other_words(room: Room):
    review = room.desk.clearance.take(question())
    (room.folder / "limits.md").unlink()
    room.shelf.index([room.folder], by="olga")
    room.write("Nobody must answer.", by="oscar")

    assert room.said(review) == [
        "“Limits”: it was removed, by olga.",
        "“Limits”: it was added again and its text changed, by oscar.",
    ]


def test_a_draft_of_today_says_nothing_of_changes_before_it_and_a_decided_one_nothing_at_all(room: Room):
    decided = room.desk.clearance.take(question())
    room.desk.clearance.decide(decided.id, "refuse", "grace", decided.draft.digest, "Not ours.")
    room.write(f"{WORDS} Ask early.")
    later = room.desk.clearance.take(question())

    assert room.said(decided) == []
    assert room.said(later) == []


def test_a_returned_draft_still_says_what_changed(room: Room):
    review = room.desk.clearance.take(question())
    room.desk.clearance.decide(review.id, "return", "grace", review.draft.digest, "Say which Act.")
    room.write(f"{WORDS} Ask early.")

    assert room.said(review) == ["“Limits”: its text changed, by olga."]


def test_the_page_of_a_review_tells_the_change_with_its_time_and_ways_to_both_texts(room: Room):
    review = room.desk.clearance.take(question())
    room.write(f"{WORDS} Ask early.", by="<olga>")
    [change] = room.desk.clearance.source_changes(review)

    html = evidence_view.review(review, room.shelf.document, change.at, [change])

    assert "What changed in the guidance it cites" in html
    assert f"“Limits”: its text changed, by &lt;olga&gt;. {change.at.day} " in html
    assert f'href="/documents/limits?version={review.draft.citations[0].version.replace(":", "%3A")}"' in html
    assert 'href="/documents/limits"' in html


def test_programs_are_told_the_same_by_the_api_and_by_the_command(room: Room):
    review = room.desk.clearance.take(question())
    room.write(f"{WORDS} Ask early.")
    changes = room.desk.clearance.source_changes(review)

    for shape in (schemas.review_shape(review, changes), json_shapes.review_shape(review, (), Clock().now, changes)):
        [told] = shape["source_changes"]
        assert (told["document"], told["title"], told["by"]) == ("limits", "Limits", "olga")
        assert (told["what"], told["version"]) == (("text",), review.draft.citations[0].version)
        assert told["at"] == changes[0].at.isoformat()


def test_an_author_is_shown_no_more_of_a_source_that_was_closed_to_them_than_they_quoted(room: Room):
    review = room.desk.clearance.take(question())
    amina = room.desk.access.reader("amina")
    cited = review.draft.citations[0]
    assert room.desk.access.lookup(amina)("limits", cited.version) is not None

    room.write(f"{WORDS} Ask early.", frozenset({"hr"}))

    assert room.desk.access.lookup(amina)("limits", cited.version) is None
    html = draft_view.passage(cited, "key", room.desk.access.lookup(amina))
    assert "or you may not read it" in html
    assert WORDS in html
