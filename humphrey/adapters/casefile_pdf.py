"""A case file as an accessible PDF (PDF/UA-1), set by typst from data: no word of a case is ever read as markup.

Characters that no typeface here has are shown by their Unicode numbers, so that nothing is left out unseen.
"""

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from humphrey.core.casefile import Case
from humphrey.core.casestory import Block, Words, story, title_of
from humphrey.errors import RecordError

_TEMPLATE = Path(__file__).with_name("data") / "casefile.typ"
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_PLAIN = re.compile(r"[^\n\x20-\x7e\u00a0-\u017f\u2010-\u2027\u2030-\u203a\u20ac\u200b]")
"""What the typefaces that come with typst may lack: everything beyond the letters and signs of Western Europe."""

_LONG = re.compile(r"\S{60}(?=\S{15})")
"""A run without a blank that is wider than a line; it may be broken here."""

_PARAGRAPH = re.compile(r"\n\s*\n")


def pdf(case: Case) -> bytes:
    """The file, the same bytes for the same case.

    Raises:
        RecordError: it cannot be set; the message says what to do instead.
    """
    told = {
        "title": title_of(case),
        "marking": case.review.draft.commission.marking,
        "blocks": [_plain(block) for block in story(case)],
    }
    shown = _map(told, _shown)
    try:
        return _set(shown, case.taken_at)
    except typst.TypstError:
        # A sign that no typeface has; which ones are there depends on the machine.
        return _last(_map(shown, lambda text: _PLAIN.sub(_numbered, text)), case)


def _last(shown: object, case: Case) -> bytes:
    try:
        return _set(shown, case.taken_at)
    except typst.TypstError as error:
        raise RecordError(
            f"the case file of review {case.review.id} cannot be set as PDF ({error.message}); take it out as HTML"
        ) from None


def _set(told: object, at: datetime) -> bytes:
    made = typst.compile(
        _TEMPLATE, sys_inputs={"case": json.dumps(told)}, pdf_standards=["ua-1"], timestamp=int(at.timestamp())
    )
    if not isinstance(made, bytes):
        raise RecordError("typst made no single PDF of a case file; install the pinned version")
    return made


def _plain(block: Block) -> dict[str, Any]:
    plain = {"block": type(block).__name__.lower(), **asdict(block)}
    if isinstance(block, Words):
        plain["paragraphs"] = _PARAGRAPH.split(block.text.strip())
    return plain


def _map(value: object, change: Callable[[str], str]) -> object:
    """The same value with every text in it changed; names of fields stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _map(each, change) for name, each in value.items()}
    return [_map(each, change) for each in value] if isinstance(value, list | tuple) else value


def _shown(text: str) -> str:
    return _LONG.sub(lambda run: run[0] + "\u200b", _UNSEEN.sub(_numbered, text))


def _numbered(sign: re.Match[str]) -> str:
    return f"[U+{ord(sign[0]):04X}]"
