"""Readers of Markdown with front matter, and of plain text."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, get_args

import yaml

from humphrey.documents.model import Document, DocumentState, Imprint
from humphrey.documents.readers.base import RawFile, as_text, build_document, date_value, text_value
from humphrey.documents.readers.markup import from_markdown
from humphrey.documents.readers.plain_text import from_text
from humphrey.errors import DocumentError
from humphrey.text.dates import say

# Only at the very start of the file (`\A`): a later "---" is a rule or a heading underline.
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)


def read_text(raw: RawFile) -> Document:
    """Read plain text; the title is the file name."""
    return build_document(raw.id, Imprint(raw.title, ""), from_text(as_text(raw.content)))


def read_markdown(raw: RawFile) -> Document:
    """Read a Markdown note; its front matter becomes the imprint."""
    text = as_text(raw.content).replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT_MATTER.match(text)
    matter = _front_matter(front.group(1)) if front else {}
    plain = from_markdown(text[front.end() :] if front else text, text_value(matter, "title"))
    return build_document(raw.id, _imprint(matter, plain.title or raw.title), plain)


def _imprint(matter: Mapping[str, Any], title: str) -> Imprint:
    imprint = Imprint(
        title=title,
        url=text_value(matter, "source"),
        publisher=text_value(matter, "publisher"),
        updated=date_value(matter.get("facts_as_of"), "facts_as_of"),
        state=_state(text_value(matter, "state") or "current"),
        replaced_by=text_value(matter, "superseded_by"),
        licence=text_value(matter, "licence"),
        withdrawn_at=date_value(matter.get("withdrawn_at"), "withdrawn_at"),
        reason=text_value(matter, "reason"),
        locale=text_value(matter, "locale") or "en",
        **_summed_up(matter, title),
    )
    if imprint.replaced_by and imprint.state == "current":
        return replace(imprint, state="superseded")
    return imprint


def _summed_up(matter: Mapping[str, Any], title: str) -> dict[str, str]:
    """Return the original of a note that says of itself that it is a summary; its title is the note's if not given."""
    # Other programs keep an abstract in this field, so only `true` says it.
    if matter.get("summary") is not True:
        return {}
    day = matter.get("original_date")
    dated = say(day) if isinstance(day, date) else text_value(matter, "original_date")
    return {"original": text_value(matter, "original") or title, "original_date": dated}


def _front_matter(text: str) -> Mapping[str, Any]:
    try:
        matter = yaml.safe_load(text)
    # A day that no calendar has, such as 2026-13-45, is a ValueError.
    except (yaml.YAMLError, ValueError) as error:
        # YAML counts lines from 0, and the opening "---" is one more.
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 2
        raise DocumentError(f"has front matter that is not YAML (line {line}); mend it") from None
    if not isinstance(matter, dict):
        raise DocumentError("has front matter that is not a list of `name: value` lines; mend it")
    return matter


def _state(name: str) -> DocumentState:
    for state in get_args(DocumentState):
        if name == state:
            return state  # type: ignore[no-any-return]  # get_args does not know what it takes apart
    raise DocumentError(f"has the unknown state {name!r}; it may be {', '.join(get_args(DocumentState))}")
