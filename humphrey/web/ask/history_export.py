"""A person's conversation as a file: HTML or Markdown to read, JSON with everything. Every draft says what it is."""

import json
import re
from collections.abc import Callable, Mapping, Sequence

from humphrey.conversations.model import Conversation, Exchange
from humphrey.documents.sources import source_line
from humphrey.papers.draft import to_json
from humphrey.text.dates import local_date
from humphrey.text.hidden_characters import made_visible
from humphrey.text.sentences import folded
from humphrey.web.copy_text import NOT_CLEARED
from humphrey.web.draft_view import format_time, status_line
from humphrey.web.escaping import as_html, safe

_REPLACED = "Asked again later in other words; this answer was replaced."


_LONGEST_NAME = 60


# Where Markdown would begin a tag, a comment or an address in angle brackets, and where it would begin a picture.
_ACTIVE = re.compile(r"<(?=[A-Za-z/!?])|!(?=\[)")


_POLICY = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"


_STYLE = "body{font:1.1rem/1.5 sans-serif;max-width:45rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}"


Written = Callable[[Conversation, Sequence[Exchange]], str]
"""Writes a conversation as the text of a file."""


def as_page(kept: Conversation, exchanges: Sequence[Exchange]) -> str:
    """Return the conversation as a page that runs no script and loads nothing."""
    title, body = safe(kept.title), "".join(map(_section, exchanges))
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8">{_POLICY}<title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>{title}</h1>{body}</main></body></html>\n"
    )


def as_markdown(kept: Conversation, exchanges: Sequence[Exchange]) -> str:
    """Return the conversation as Markdown, in which nothing becomes an element or a picture."""
    parts = [f"# {kept.title}", *(part for each in exchanges for part in _parts(each))]
    return made_visible(_ACTIVE.sub(lambda sign: f"&#{ord(sign[0])};", "\n\n".join(parts))) + "\n"


def as_json(kept: Conversation, exchanges: Sequence[Exchange]) -> str:
    """Return everything that is kept of the conversation, citations included; invisible characters by their names."""
    whole = {
        "id": kept.id,
        "title": kept.title,
        "pinned": kept.pinned,
        "latest": kept.latest.isoformat(),
        "exchanges": [_plain(each) for each in exchanges],
    }
    return json.dumps(_visible(whole), ensure_ascii=False, indent=2) + "\n"


FORMS: Mapping[str, tuple[str, Written]] = {
    "html": ("text/html; charset=utf-8", as_page),
    "md": ("text/markdown; charset=utf-8", as_markdown),
    "json": ("application/json", as_json),
}
"""The media type and the writer of each format."""


def file_name(kept: Conversation, form: str) -> str:
    """Return a name that says what the file is, of letters, digits and hyphens that every system accepts."""
    words = re.sub(r"[^a-z0-9]+", "-", folded(kept.title))[:_LONGEST_NAME].strip("-") or kept.id
    return f"conversation-{words}-{local_date(kept.latest).isoformat()}.{form}"


def _section(each: Exchange) -> str:
    draft = each.draft
    sources = "".join(f"<li>{safe(source_line(citation))}</li>" for citation in draft.citations)
    listed = f"<h3>Sources</h3><ul>{sources}</ul>" if sources else ""
    replaced = f"<p>{_REPLACED}</p>" if each.replaced else ""
    return (
        f"<section><h2>Question of {format_time(each.at)}</h2><blockquote>{as_html(draft.commission.text)}</blockquote>"
        f"{replaced}<p><strong>{NOT_CLEARED}</strong> {status_line(draft)}</p>{as_html(draft.text)}{listed}</section>"
    )


def _parts(each: Exchange) -> list[str]:
    draft = each.draft
    asked = "\n".join(f"> {line}" for line in draft.commission.text.splitlines())
    sources = ["### Sources", "\n".join(f"- {source_line(citation)}" for citation in draft.citations)]
    return [
        f"## Question of {format_time(each.at)}",
        asked,
        *([_REPLACED] if each.replaced else []),
        f"**{NOT_CLEARED}** {status_line(draft)}",
        draft.text,
        *(sources if draft.citations else []),
    ]


def _plain(each: Exchange) -> dict[str, object]:
    said = each.feedback
    return {
        "id": each.id,
        "at": each.at.isoformat(),
        "review": each.review,
        "replaced": each.replaced,
        "feedback": {"good": said.good, "reason": said.reason, "at": said.at.isoformat()} if said else None,
        "state": NOT_CLEARED,
        "draft": to_json(each.draft),
    }


def _visible(value: object) -> object:
    if isinstance(value, str):
        return made_visible(value)
    if isinstance(value, dict):
        return {name: _visible(each) for name, each in value.items()}
    return [_visible(each) for each in value] if isinstance(value, list | tuple) else value
