"""What an exported file shows: the approved text, and around it only what says where it comes from.

Above the text its title and the question that it answers, below it what it cites; its marking stands at the top and at
the bottom of every page. Who cleared it, and the digest of what was approved, are in the file's properties. `found_in`
takes the approved text out of what was read back from a file, and refuses a file that holds anything else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from humphrey.clearance.gate import Release
from humphrey.delivery.export.blocks import Block, HeadingBlock, as_drawn, as_lines, blocks, clean, normal_form
from humphrey.digests import sha256
from humphrey.documents.sources import in_its_words, original_line, source_place
from humphrey.errors import Undeliverable
from humphrey.papers.destinations import Format
from humphrey.papers.draft import Citation
from humphrey.text.dates import local_date, say

MEDIA: dict[Format, str] = {
    "odt": "application/vnd.oasis.opendocument.text",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}
"""The media type of each format."""


SOURCES = "Sources"


@dataclass(frozen=True)
class Note:
    """One citation at the end: its number, its lines (place, words, original), and the address, if any leads there."""

    marker: str
    lines: tuple[str, ...]
    url: str


@dataclass(frozen=True)
class Sheet:
    """What a file shows, in order; `marking` stands on every page, and `about` in the file's properties.

    `question` is empty for what answers none.
    """

    title: str
    question: str
    marking: str
    body: tuple[Block, ...]
    notes: tuple[Note, ...]
    about: str
    at: datetime

    @property
    def markers(self) -> frozenset[str]:
        """Return the numbers of the citations that have a note."""
        return frozenset(note.marker for note in self.notes)


def sheet(release: Release, title: str) -> Sheet:
    """Return what a file of a release shows.

    Args:
        release: the release.
        title: what its kind of paper is called.
    """
    cleared = f"Cleared by {release.approved_by} on {say(local_date(release.approved_at))}. {release.digest}"
    notes = tuple(map(_note, release.citations))
    body = tuple(_ranked(blocks(release.text)))
    asked = question_of(release)
    return Sheet(clean(title), asked, release.marking, body, notes, clean(cleared), release.approved_at)


def question_of(release: Release) -> str:
    """Return the line above an answer that says what was asked; empty for any other paper."""
    asked = _one_line(release.question) if release.kind == "answer" else ""
    return f"Question: {asked}" if asked else ""


def found_in(read_back: str, release: Release, title: str, *, blanks: bool) -> str:
    """Return the digest of the approved text as found in a file, in normal form.

    Args:
        read_back: every word of the file in reading order, line by line, without its markings and page numbers.
        release: the release that the file was made of.
        title: what its kind of paper is called.
        blanks: whether the form holds blanks; where it does not, they are left out of account.

    Raises:
        Undeliverable: the file shows other words than those approved.
    """
    shown = sheet(release, title)
    form = (lambda text: text) if blanks else as_drawn
    head, tail, found = (
        form(as_lines(iter(filter(None, [shown.title, shown.question])))),
        form(as_lines(_below(shown))),
        form(as_lines(iter([read_back]))),
    )
    inner = found[len(head) : len(found) - len(tail)].strip()
    if not (found.startswith(head) and found.endswith(tail) and inner == form(normal_form(release.text))):
        raise Undeliverable(
            f"the file made of review {release.name} does not show the words that were approved; "
            "it was not handed over; take it out in another format"
        )
    return sha256(inner)


def _ranked(body: Iterable[Block]) -> Iterator[Block]:
    """Return the blocks with heading levels from 1 and without gaps, as screen readers need them."""
    above = 0
    for block in body:
        if isinstance(block, HeadingBlock):
            above = min(block.level, above + 1)
            yield replace(block, level=above)
        else:
            yield block


def _below(shown: Sheet) -> Iterator[str]:
    if shown.notes:
        yield SOURCES
    for note in shown.notes:
        yield from note.lines
        yield note.url


def _note(cited: Citation) -> Note:
    place = f"[{cited.marker}] {source_place(cited)}"
    lines = (place, in_its_words(cited, _one_line(cited.quote)), original_line(cited))
    said = tuple(_one_line(line) for line in lines if line)
    return Note(_one_line(cited.marker), said, _one_line(cited.url) if _leads(cited.url) else "")


def _leads(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _one_line(words: str) -> str:
    return " ".join(clean(words).split())
