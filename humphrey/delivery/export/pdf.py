"""A released text as an accessible PDF (PDF/UA-1). Typst sets it from data, so no word of it is read as markup."""

import json
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import typst

from humphrey.delivery.export.blocks import Block, HeadingBlock, ListBlock, ListItem, ParagraphBlock
from humphrey.delivery.export.citation_marks import split_at_marks
from humphrey.delivery.export.sheet import SOURCES, Note, Sheet
from humphrey.errors import Undeliverable

_TEMPLATE = Path(__file__).with_name("paper.typ")


_SURE_TO_FIT = 2_000
"""Characters. A page of one column holds twice as many; narrow columns waste some."""


def render_pdf(shown: Sheet) -> bytes:
    """Return the bytes of the file; the same sheet gives the same bytes.

    Raises:
        Undeliverable: the text has characters that no typeface of typst has; any other format can show them.
    """
    told = {
        "title": shown.title,
        "question": _drawn(shown.question),
        "marking": shown.marking,
        "body": [_block(block, shown) for block in shown.body],
        "sources": SOURCES,
        "notes": [_note(note) for note in shown.notes],
        "about": shown.about,
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
        return {"block": "lists", "lists": _lists(block.items, said)}
    rows = [{"cells": [said(cell) for cell in row], "breaks": _may_be_long(row)} for row in block.rows]
    return {"block": "table", "header": [said(cell) for cell in block.header], "rows": rows}


def _may_be_long(row: Sequence[str]) -> bool:
    """Return whether a row might not fit on a page; its columns are equally wide."""
    return max(map(len, row)) * len(row) > _SURE_TO_FIT


def _lists(items: Iterable[ListItem], said: Callable[[str], list[dict[str, str]]]) -> list[dict[str, Any]]:
    """Return the items of a level in stretches of one form of number, each item with the lists inside it.

    A number that typst would not write as it stands, such as "07.", stays among the words.
    """
    return [
        {"form": form, "items": [_item(item, form, said) for item in stretch]}
        for form, stretch in groupby(items, key=_form)
    ]


def _item(item: ListItem, form: str, said: Callable[[str], list[dict[str, str]]]) -> dict[str, Any]:
    apart = form.startswith("1")
    return {
        "number": int(item.number[:-1]) if apart else 0,
        "words": said(item.words.removeprefix(item.number).lstrip() if apart else item.words),
        "inside": _lists(item.inside, said),
    }


def _form(item: ListItem) -> str:
    """Return the form of an item's number as typst names it; "words" for one among the words, empty for a bullet."""
    if not item.number:
        return ""
    return f"1{item.number[-1]}" if item.number[:-1] == str(int(item.number[:-1])) else "words"


def _note(note: Note) -> dict[str, Any]:
    return {"marker": note.marker, "lines": [_drawn(line) for line in note.lines], "url": note.url}


def _drawn(words: str) -> str:
    """Return the words without invisible characters: no typeface draws them, and a PDF holds only drawn ones."""
    return "".join(sign for sign in words.replace("\t", " ") if unicodedata.category(sign) != "Cf")
