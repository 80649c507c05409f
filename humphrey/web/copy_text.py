"""A draft or released text for the clipboard: its status line, the text and its sources, always together.

`static/copy.js` copies it; if the browser refuses, the person can select the text.
"""

from collections.abc import Sequence

from humphrey.clearance.gate import Release
from humphrey.documents.sources import original_line, source_place
from humphrey.papers.draft import Citation, Draft
from humphrey.web.escaping import safe

NOT_CLEARED = "DRAFT, not cleared"
"""Status line of every text that nobody has approved."""


def of_draft(written: Draft, key: str) -> str:
    """Return a draft's text for copying; `key` keeps its ids apart from those of other texts."""
    return _offered(key, "Copy with its mark", _joined(NOT_CLEARED, written.text, written.citations))


def of_release(permit: Release, cleared: str, key: str) -> str:
    """Return a released text for copying, below the line that says who cleared it and when."""
    return _offered(key, "Copy", _joined(cleared, permit.text, permit.citations))


def _joined(mark: str, text: str, cited: Sequence[Citation]) -> str:
    sources = ["", "Sources", *map(_source, cited)] if cited else []
    return "\n".join([mark, "", text.strip(), *sources])


def _source(citation: Citation) -> str:
    where = (source_place(citation), original_line(citation), citation.url)
    return f"[{citation.marker}] {', '.join(part for part in where if part)}"


def _offered(key: str, label: str, words: str) -> str:
    # Gradio's sanitiser keeps ids but removes data attributes, so the id connects the button and its text.
    return (
        f'<div class="copying"><p><button type="button" class="go quiet" id="copy-{safe(key)}">{label}</button> '
        '<span class="told" role="status"></span></p>'
        f'<details><summary>The same as plain text</summary><pre id="plain-{safe(key)}" tabindex="0" dir="auto">'
        f"{safe(words)}</pre></details></div>"
    )
