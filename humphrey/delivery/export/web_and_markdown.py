"""A released text as a self-contained web page and as Markdown, with no script and nothing to load."""

import re
from collections.abc import Iterable
from html import escape

from humphrey.clearance.gate import Release
from humphrey.delivery.export.blocks import Block, HeadingBlock, ListBlock, ListItem, ParagraphBlock, runs
from humphrey.delivery.export.citation_marks import TextPart, split_at_marks
from humphrey.delivery.export.sheet import SOURCES, Note, Sheet, question_of
from humphrey.documents.sources import source_line

_STYLESHEET = (
    "body{font:1.1875rem/1.5 Arial,Helvetica,sans-serif;color:#0b0c0c;background:#fff;max-width:42rem;margin:0 auto;"
    "padding:1.5rem}h1,h2,h3,h4,h5,h6{line-height:1.25;margin:1.5em 0 .5em}.marking{font-weight:bold;text-align:center}"
    "p,li,td,th{overflow-wrap:anywhere}blockquote{border-left:.25rem solid #b1b4b6;margin:1em 0;padding-left:1rem}"
    "table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #b1b4b6;padding:.5rem;text-align:left;"
    "vertical-align:top}.numbers{list-style:none;padding-left:1rem}.sources{list-style:none;padding-left:0}"
    ".sources li{margin-bottom:1em}"
    "a{color:#1d70b8}a:focus{outline:3px solid #fd0;outline-offset:0}.small{font-size:.9rem;color:#505a5f;"
    "overflow-wrap:anywhere}@media print{body{font-size:12pt;max-width:none}}"
)


# Where Markdown would begin a tag, a comment or an address in angle brackets, and where it would begin a picture.
_TAG, _PICTURE = re.compile(r"<(?=[A-Za-z/!?])"), re.compile(r"!(?=\[)")


def render_html(shown: Sheet) -> bytes:
    """Return the page; every word of the text is escaped here, once."""
    marking = f'<p class="marking">{escape(shown.marking)}</p>'
    body = "\n".join(_block(block, shown) for block in shown.body)
    asked = f'<p dir="auto">{escape(shown.question)}</p>\n' if shown.question else ""
    # The policy lets the page run no script and load nothing.
    return (
        f'<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f'<meta name="description" content="{escape(shown.about)}">\n'
        f"<title>{escape(shown.title)}</title>\n<style>{_STYLESHEET}</style>\n</head>\n<body>\n"
        f"<header>{marking}</header>\n<main>\n<h1>{escape(shown.title)}</h1>\n{asked}{body}\n{_notes(shown)}</main>\n"
        f"<footer>{marking}</footer>\n</body>\n</html>\n"
    ).encode()


def render_markdown(release: Release) -> bytes:
    """Return the approved text, above it the question that it answers, and below it the citations and the marking."""
    return (markdown_head(release) + inert(release.text) + markdown_footer(release)).encode()


def inert(text: str) -> str:
    """Return a text so that Markdown makes neither elements nor pictures of it; every other character is unchanged.

    The signs become character references, because a backslash in the text could undo another one before them.
    """
    return _PICTURE.sub("&#33;", _TAG.sub("&lt;", text))


def markdown_head(release: Release) -> str:
    """Return the part above the approved text in Markdown; empty for what answers no question."""
    asked = question_of(release)
    return f"{inert(asked)}\n\n" if asked else ""


def markdown_footer(release: Release) -> str:
    """Return the part below the approved text in Markdown."""
    sources = [source_line(each) for each in release.citations]
    listed = ["## What it cites", *sources] if sources else []
    return "".join(f"\n\n{inert(part)}" for part in [*listed, release.marking]) + "\n"


def _block(block: Block, shown: Sheet) -> str:
    if isinstance(block, HeadingBlock):
        # The title is the page's only heading of level 1, and HTML has six levels.
        level = min(block.level + 1, 6)
        return f'<h{level} dir="auto">{_inline(block.text, shown)}</h{level}>'
    if isinstance(block, ParagraphBlock):
        words = '<p dir="auto">' + "<br>".join(_inline(line, shown) for line in block.lines) + "</p>"
        return f"<blockquote>{words}</blockquote>" if block.quoted else words
    if isinstance(block, ListBlock):
        return _lists(block.items, shown)
    head = "".join(f'<th scope="col" dir="auto">{_inline(cell, shown)}</th>' for cell in block.header)
    rows = ("".join(f'<td dir="auto">{_inline(cell, shown)}</td>' for cell in row) for row in block.rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table>"


def _lists(items: Iterable[ListItem], shown: Sheet) -> str:
    """Return the items of a level, each with the lists inside it."""
    made = ""
    for numbered, stretch in runs(items):
        held = "".join(
            f'<li dir="auto">{_inline(item.words, shown)}{_lists(item.inside, shown)}</li>' for item in stretch
        )
        made += f'<ul class="numbers" role="list">{held}</ul>' if numbered else f"<ul>{held}</ul>"
    return made


def _inline(words: str, shown: Sheet) -> str:
    return "".join(_part(part) for part in split_at_marks(words, shown.markers))


def _part(part: TextPart) -> str:
    said = escape(part.words)
    return f'<a href="#note-{part.marker}">{said}</a>' if part.marker else said


def _notes(shown: Sheet) -> str:
    if not shown.notes:
        return ""
    items = "\n".join(_note(note) for note in shown.notes)
    return f'<h2>{SOURCES}</h2>\n<ol class="sources" role="list">\n{items}\n</ol>\n'


def _note(note: Note) -> str:
    said = "<br>".join(map(escape, note.lines))
    address = escape(note.url)
    link = f'<br><a href="{address}" rel="noopener noreferrer">{address}</a>' if note.url else ""
    return f'<li id="note-{escape(note.marker)}" dir="auto">{said}{link}</li>'
