"""A case file as an accessible PDF (PDF/UA-1). Typst sets it from data, so no word of a case is read as markup.

Characters that no available typeface has appear as their Unicode numbers, so nothing is left out unnoticed.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from humphrey.errors import RecordError
from humphrey.records.case_files.model import CaseFile
from humphrey.records.case_files.story import (
    Facts,
    OwnSentence,
    QuoteInContext,
    Rows,
    StoryBlock,
    StoryHeading,
    Verbatim,
    story,
    title_of,
)

_TEMPLATE = Path(__file__).with_name("casefile.typ")


# Control, zero-width and direction characters, which a reader would not notice.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


_PLAIN = re.compile(r"[^\n\x20-\x7e\u00a0-\u017f\u2010-\u2027\u2030-\u203a\u20ac\u200b]")
"""Characters that typst's own typefaces may lack: all but the letters and signs of Western Europe."""


_LONG = re.compile(r"\S{60}(?=\S{15})")
"""The start of a run without a blank that is wider than a line; the line may break after it."""


# A blank line ends a paragraph.
_PARAGRAPH = re.compile(r"\n\s*\n")


_LAYOUTS: Mapping[type[StoryBlock], str] = {
    StoryHeading: "heading",
    OwnSentence: "sentence",
    Verbatim: "verbatim",
    Facts: "facts",
    QuoteInContext: "quote",
    Rows: "rows",
}
"""The layout of each block in the template."""


def render_pdf(case: CaseFile) -> bytes:
    """Return the PDF; the same case gives the same bytes.

    Raises:
        RecordError: typst cannot set the file; the message says what to do instead.
    """
    content = {
        "title": title_of(case),
        "marking": case.review.draft.commission.marking,
        "blocks": [_plain(block) for block in story(case)],
    }
    shown = _map(content, _shown)
    try:
        return _set(shown, case.taken_at)
    except typst.TypstError:
        # A character that no typeface has. The typefaces depend on the machine, so typst is asked first.
        return _last(_map(shown, lambda text: _PLAIN.sub(_numbered, text)), case)


def _last(shown: object, case: CaseFile) -> bytes:
    try:
        return _set(shown, case.taken_at)
    except typst.TypstError as error:
        raise RecordError(
            f"the case file of review {case.review.name} cannot be set as PDF ({error.message}); take it out as HTML"
        ) from None


def _set(content: object, at: datetime) -> bytes:
    compiled = typst.compile(
        _TEMPLATE, sys_inputs={"case": json.dumps(content)}, pdf_standards=["ua-1"], timestamp=int(at.timestamp())
    )
    if not isinstance(compiled, bytes):
        raise RecordError("typst made no single PDF of a case file; install the pinned version")
    return compiled


def _plain(block: StoryBlock) -> dict[str, Any]:
    plain = {"block": _LAYOUTS[type(block)], **asdict(block)}
    if isinstance(block, Verbatim):
        plain["paragraphs"] = _PARAGRAPH.split(block.text.strip())
    return plain


def _map(value: object, change: Callable[[str], str]) -> object:
    """Return the same value with every text in it changed; field names stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _map(each, change) for name, each in value.items()}
    return [_map(each, change) for each in value] if isinstance(value, list | tuple) else value


def _shown(text: str) -> str:
    # Break points are added last: they are zero-width characters, and would be replaced as unseen ones.
    return _LONG.sub(lambda run: run[0] + "\u200b", _UNSEEN.sub(_numbered, text))


def _numbered(sign: re.Match[str]) -> str:
    return f"[U+{ord(sign[0]):04X}]"
