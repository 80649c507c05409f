"""A released text as an accessible PDF (PDF/UA-1). Typst sets it from data, so no word of it is read as markup."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import typst

from humphrey.delivery.export.blocks import Block, HeadingBlock, ListBlock, ParagraphBlock
from humphrey.delivery.export.citation_marks import split_at_marks
from humphrey.delivery.export.sheet import SOURCES, Note, Sheet
from humphrey.errors import Undeliverable

_TEMPLATE = Path(__file__).with_name("paper.typ")


def render_pdf(shown: Sheet) -> bytes:
    """Return the bytes of the file; the same sheet gives the same bytes.

    Raises:
        Undeliverable: the text has characters that no typeface of typst has; any other format can show them.
    """
    told = {
        "title": shown.title,
        "marking": shown.marking,
        "body": [_block(block, shown) for block in shown.body],
        "sources": SOURCES,
        "notes": [_note(note) for note in shown.notes],
        "cleared": shown.cleared,
        "digest": shown.digest,
    }
    try:
        made = typst.compile(
            _TEMPLATE,
            sys_inputs={"sheet": json.dumps(told)},
            pdf_standards=["ua-1"],
            timestamp=int(shown.at.timestamp()),
            # Only typst's own typefaces, so that the bytes do not depend on the machine.
            ignore_system_fonts=True,
        )
    except typst.TypstError as error:
        raise Undeliverable(f"it cannot be set as PDF ({error.message}); take it out as docx, odt or html") from None
    if not isinstance(made, bytes):
        raise Undeliverable("typst made no single PDF; install the pinned version")
    return made


def _block(block: Block, shown: Sheet) -> dict[str, Any]:
    def said(words: str) -> list[dict[str, str]]:
        return [{"words": part.words, "marker": part.marker} for part in split_at_marks(_drawn(words), shown.markers)]

    if isinstance(block, HeadingBlock):
        return {"block": "heading", "level": block.level, "words": said(block.text)}
    if isinstance(block, ParagraphBlock):
        return {"block": "lines", "quoted": block.quoted, "lines": [said(line) for line in block.lines]}
    if isinstance(block, ListBlock):
        return {"block": "items", "numbered": block.numbered, "items": [said(item) for item in block.items]}
    rows = [[said(cell) for cell in row] for row in block.rows]
    return {"block": "table", "header": [said(cell) for cell in block.header], "rows": rows}


def _note(note: Note) -> dict[str, Any]:
    return {"marker": note.marker, "lines": [_drawn(line) for line in note.lines], "url": note.url}


def _drawn(words: str) -> str:
    """Return the words without invisible characters: no typeface draws them, and a PDF holds only drawn ones."""
    return "".join(sign for sign in words.replace("\t", " ") if unicodedata.category(sign) != "Cf")
