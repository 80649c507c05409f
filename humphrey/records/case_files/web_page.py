"""A case file as one HTML page that stands alone and prints well. It loads no script, file or address.

All content from outside is escaped here; none of it becomes markup.
"""

import base64
import hashlib
import re
from html import escape as escape_html

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
from humphrey.text.hidden_characters import made_visible

STYLE = (
    "body{max-width:46rem;margin:0 auto;padding:1.5rem;color:#0b0c0c;background:#fff;overflow-wrap:anywhere;"
    "font:1.0625rem/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Liberation Sans',Arial,sans-serif}"
    "h1{font-size:2rem;line-height:1.15}h2{margin-top:2.5rem;border-top:1px solid #b1b4b6;padding-top:1rem}"
    ".marking{font-weight:700;text-align:center}dl{display:grid;grid-template-columns:minmax(9rem,max-content) 1fr;"
    "gap:.25rem 1rem}dt{font-weight:700}dd{margin:0}.words{border-left:.3rem solid #14509b;margin:1rem 0;"
    "padding:.1rem 0 .1rem 1rem}mark{background:#fff2a8;color:inherit}.around{color:#505a5f}"
    ".summary{margin:1rem 2.5rem}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9375rem;margin:1rem 0}"
    "caption{text-align:left;font-weight:700}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;"
    "border-bottom:1px solid #b1b4b6}:focus-visible{outline:4px solid #ffd21f}"
    "@media(max-width:40rem){dl{display:block}dd{margin:0 0 .5rem}}"
    "@media print{body{max-width:none;padding:0;font-size:10.5pt}h2,h3,caption{break-after:avoid}tr{break-inside:avoid}"
    ".wide{overflow:visible}@page{margin:20mm}}"
)
"""The style sheet, which is embedded in the page."""


STYLE_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
"""The SHA-256 digest of `STYLE` in base64, for a Content-Security-Policy."""


# A blank line ends a paragraph.
_PARAGRAPH = re.compile(r"\n\s*\n")


def page(case: CaseFile) -> str:
    """Return the whole page."""
    title, marking = _escaped(title_of(case)), _escaped(case.review.draft.commission.marking)
    body = "".join(_block(block) for block in story(case))
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<style>{STYLE}</style></head><body><main><p class="marking">{marking}</p><h1>{title}</h1>{body}'
        f'<p class="marking">{marking}</p></main></body></html>\n'
    )


def _block(block: StoryBlock) -> str:
    match block:
        case StoryHeading(text, level):
            return f'<h{level + 1} dir="auto">{_escaped(text)}</h{level + 1}>'
        case OwnSentence(text):
            return f'<p dir="auto">{_escaped(text)}</p>'
        case Verbatim(text):
            return f'<div class="words">{_paragraphs(text)}</div>'
        case Facts(rows):
            pairs = "".join(f'<dt>{_escaped(name)}</dt><dd dir="auto">{_lines(value)}</dd>' for name, value in rows)
            return f"<dl>{pairs}</dl>"
        case QuoteInContext(before, quote, after, ours):
            around = [f'<span class="around">{_lines(words)}</span>' for words in (before, after)]
            inside = f"<mark>{_lines(quote)}</mark>".join(around)
            # The element for quotations is for a publisher's own words.
            opening, closing = ('div class="summary"', "div") if ours else ("blockquote", "blockquote")
            return f'<{opening} dir="auto">{inside}</{closing}>'
        case Rows():
            return _table(block)


def _table(table: Rows) -> str:
    head = "".join(f'<th scope="col">{_escaped(name)}</th>' for name in table.header)
    body = "".join(
        "<tr>" + "".join(f'<td dir="auto">{_lines(cell)}</td>' for cell in row) + "</tr>" for row in table.rows
    )
    caption = _escaped(table.caption)
    # A scrolling region must be reachable by keyboard.
    return (
        f'<div class="wide" role="region" aria-label="{caption}" tabindex="0"><table><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _paragraphs(text: str) -> str:
    return "".join(f'<p dir="auto">{_lines(part)}</p>' for part in _PARAGRAPH.split(text.strip()))


def _lines(text: str) -> str:
    return _escaped(text).replace("\n", "<br>")


def _escaped(text: str) -> str:
    """Escape a text, with the name of each character that cannot be seen in its place."""
    return escape_html(made_visible(text))
