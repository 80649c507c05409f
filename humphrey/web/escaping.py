"""Plain text to HTML. All text is escaped here, once; no outside text becomes markup.

The result is one line. A blank line would end the HTML block of the Markdown component that shows it, and the rest
would be read as Markdown. A character that cannot be seen is shown by its name: [U+202E right-to-left override].
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from types import MappingProxyType
from urllib.parse import urlsplit

from humphrey.text.hidden_characters import hidden_positions, made_visible, named

# At most three digits: `[2026]` in a legal citation is a year, not a citation number.
_MARKER = re.compile(r"\[(\d{1,3})\]")


_BULLET = re.compile(r"^\s*[-*•]\s+")


_NUMBER = re.compile(r"^\s*\d{1,3}[.)]\s+")


_HEADING = re.compile(r"^#{1,6}\s+")


# The row below the head of a table, and the signs between cells; one after a backslash is part of its cell.
_RULE = re.compile(r"\|(?:\s*:?-{3,}:?\s*\|)+\s*")
_BETWEEN = re.compile(r"(?<!\\)\|")


_HIDDEN = "hidden-character"
"""The class of the mark in place of a character that cannot be seen."""


NO_LINKS: Mapping[str, str] = MappingProxyType({})
"""For a text without citation links."""


NO_HEADINGS: Mapping[int, str] = MappingProxyType({})
"""For a text without headings other than those it marks itself."""


@dataclass(frozen=True)
class MarkedSpan:
    """Characters of a text to mark; `css` is the class of the mark, `anchor` its id, if any.

    `leads_to` is the id that a number after the words links to, if any, and `label` is that number as HTML.
    """

    start: int
    end: int
    css: str = "quote"
    anchor: str = ""
    leads_to: str = ""
    label: str = ""


@dataclass(frozen=True)
class _Line:
    """A line of a text without its list sign; `start` is its position in the text."""

    kind: str
    start: int
    text: str
    element: str = "p"


def safe(value: object) -> str:
    """Escape a value for HTML content and quoted attributes, on one line; show by its name what cannot be seen."""
    return _escaped(made_visible(str(value)))


def _escaped(text: str) -> str:
    return escape(text, quote=True).replace("\r", "").replace("\n", "&#10;")


def sentence(said: str) -> str:
    """Return a message as a sentence: with a capital at its beginning and a stop at its end; no HTML."""
    whole = said.strip()
    return f"{whole[:1].upper()}{whole[1:]}{'' if whole.endswith(('.', '?', '!')) else '.'}" if whole else ""


def link(url: str, label: str) -> str:
    """Return a link in a new tab without opener or referrer; only the label if the address is not http(s)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return safe(label)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return safe(label)
    return f'<a href="{safe(url)}" target="_blank" rel="noopener noreferrer">{safe(label)}</a>'


def as_html(
    text: str,
    spans: Sequence[MarkedSpan] = (),
    links: Mapping[str, str] = NO_LINKS,
    headings: Mapping[int, str] = NO_HEADINGS,
) -> str:
    """Return a text as paragraphs, lists and headings, with spans marked.

    Args:
        text: the plain text.
        spans: spans to mark, as character positions in `text`.
        links: citation number to the id that `[number]` links to.
        headings: position of a heading's line in `text` to its HTML element.
    """
    # Looked for in the whole text, because the letters around a character decide whether a script needs it.
    spans = [*spans, *(MarkedSpan(n, n + 1, _HIDDEN) for n in hidden_positions(text, leaves=True))]
    out: list[str] = []
    group: list[_Line] = []
    for line in [*_lines(text, headings), _Line("gap", len(text), "")]:
        if group and (line.kind != group[0].kind or line.kind == "heading"):
            out.append(_group(group, spans, links))
            group = []
        if line.kind != "gap":
            group.append(line)
    return _once("".join(out), spans)


def _once(html: str, spans: Sequence[MarkedSpan]) -> str:
    # A span over several lines becomes several marks, but an id must be unique.
    for span in spans:
        before, attribute, after = html.partition(_anchor(span))
        html = before + attribute + after.replace(attribute, "") if span.anchor and attribute else html
    return html


def _anchor(span: MarkedSpan) -> str:
    return f' id="{safe(span.anchor)}"'


def _lines(text: str, headings: Mapping[int, str]) -> list[_Line]:
    found, at = [], 0
    for raw in text.split("\n"):
        found.append(_Line("heading", at, raw, headings[at]) if at in headings else _line(raw, at))
        at += len(raw) + 1
    return found


def _line(raw: str, at: int) -> _Line:
    if not raw.strip():
        return _Line("gap", at, "")
    if raw.startswith("|") and raw.rstrip().endswith("|"):
        return _Line("row", at, raw)
    for kind, sign in (("bullet", _BULLET), ("number", _NUMBER), ("heading", _HEADING)):
        # A number belongs to the words ("7. Appeals" is cited by it) and stays; a bullet is only a sign and goes.
        if (match := sign.match(raw)) and kind != "number":
            return _Line(kind, at + match.end(), raw[match.end() :])
        if match:
            return _Line(kind, at, raw)
    return _Line("words", at, raw)


def _group(lines: list[_Line], spans: Sequence[MarkedSpan], links: Mapping[str, str]) -> str:
    if len(lines) > 1 and lines[0].kind == "row" and _RULE.fullmatch(lines[1].text):
        return _table(lines, spans, links)
    inner = [_inline(line, spans, links) for line in lines]
    kind = lines[0].kind
    if kind == "heading":
        return f'<{lines[0].element} class="heading" dir="auto">{inner[0]}</{lines[0].element}>'
    if kind in {"bullet", "number"}:
        return f'<ul class="{kind}s">' + "".join(f'<li dir="auto">{item}</li>' for item in inner) + "</ul>"
    return '<p dir="auto">' + "<br>".join(inner) + "</p>"


def _table(lines: list[_Line], spans: Sequence[MarkedSpan], links: Mapping[str, str]) -> str:
    head, *rows = ([_inline(cell, spans, links) for cell in _cells(line)] for line in (lines[0], *lines[2:]))
    titles = "".join(f'<th scope="col" dir="auto">{cell}</th>' for cell in head)
    cells = ("".join(f'<td dir="auto">{cell}</td>' for cell in row) for row in rows)
    body = "".join(f"<tr>{row}</tr>" for row in cells)
    return f'<table class="steps"><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>'


def _cells(line: _Line) -> list[_Line]:
    edges = [found.start() for found in _BETWEEN.finditer(line.text)]
    return [_Line("cell", line.start + a + 1, line.text[a + 1 : b]) for a, b in pairwise(edges)]


def _inline(line: _Line, spans: Sequence[MarkedSpan], links: Mapping[str, str]) -> str:
    end = line.start + len(line.text)
    within = [span for span in spans if span.start < end and span.end > line.start and span.start < span.end]
    cuts = {line.start, end}
    for span in within:
        cuts |= {max(span.start, line.start), min(span.end, end)}
    edges = sorted(cuts)
    return "".join(
        _piece(line.text[a - line.start : b - line.start], [s for s in within if s.start <= a and b <= s.end], links)
        + "".join(map(_number_after, (span for span in within if span.end == b)))
        for a, b in pairwise(edges)
    )


def _piece(words: str, spans: list[MarkedSpan], links: Mapping[str, str]) -> str:
    if any(span.css == _HIDDEN for span in spans):
        words = "".join(f"[{named(sign)}]" for sign in words)
    inner = _markers(words, links)
    if not spans:
        return inner
    first, *more = [_anchor(span) for span in spans if span.anchor] or [""]
    for anchor in more:
        inner = f"<span{anchor}>{inner}</span>"
    return f'<mark class="{safe(" ".join(span.css for span in spans))}"{first}>{inner}</mark>'


def _number_after(span: MarkedSpan) -> str:
    if not span.leads_to:
        return ""
    return f'<sup><a class="led" href="#{safe(span.leads_to)}">{span.label}</a></sup>'


def _markers(words: str, links: Mapping[str, str]) -> str:
    out, last = [], 0
    for match in _MARKER.finditer(words):
        if target := links.get(match[1]):
            out.append(_escaped(words[last : match.start()]))
            out.append(f'<a class="marker" href="#{safe(target)}">[{match[1]}]</a>')
            last = match.end()
    return "".join([*out, _escaped(words[last:])])
