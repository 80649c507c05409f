"""Text from outside never becomes markup."""

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from humphrey.web.escaping import MarkedSpan, as_html, link, safe

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "</p></div><iframe src=//evil.example>",
    "![x](https://evil.example/x.png) [y](javascript:alert(1))",
    "<style>*{background:url(//evil.example)}</style>",
    "<details open ontoggle=alert(1)>",
    "&lt;script&gt; &#60;b&#62;",
    "line\r\n\r\n<b>after a blank line</b>",
    "[1] [99] [1](javascript:alert(1))",
)


OURS = {"p", "br", "ul", "li", "mark", "a"}


class _Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.said = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= set(attrs)

    def handle_data(self, data: str) -> None:
        self.said += data


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_was_written_and_makes_no_element(text: str) -> None:
    seen = _Elements(as_html(text, [MarkedSpan(2, 9, "quote", "here")], {"1": "key-1"}))
    assert seen.names <= OURS
    assert {name for name, _ in seen.attributes} <= {"class", "id", "dir", "href"}
    assert {value for name, value in seen.attributes if name == "href"} <= {"#key-1"}
    assert seen.said == "".join(line for line in text.replace("\r", "").split("\n"))


def test_what_cannot_be_seen_is_shown_by_its_name_and_what_a_script_needs_stays() -> None:
    html = as_html("Pay \u202e500 to می\u200cخواهم\u200f.", [MarkedSpan(4, 8, "finding-block")])

    named = "[U+202E right-to-left override]"
    assert _Elements(html).said == f"Pay {named}500 to می\u200cخواهم\u200f."
    assert f'hidden-character">{named}</mark>' in html.replace("finding-block ", "")
    assert safe("Pay \u202e500") == f"Pay {named}500"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.integers(0, 200), st.integers(0, 200))
def test_no_text_and_no_span_makes_a_foreign_element_or_a_second_line(text: str, start: int, end: int) -> None:
    html = as_html(text, [MarkedSpan(start, end, "quote", "here")])
    assert "\n" not in html
    assert _Elements(html).names <= OURS
    assert html.count(' id="here"') <= 1


def test_a_span_is_marked_exactly_where_it_is_even_across_paragraphs() -> None:
    text = "one two\n\nthree four\n- five six"
    html = as_html(text, [MarkedSpan(text.index("two"), text.index("six"), "quote", "here")])
    marked = [piece.split(">", 1)[1].split("</mark>")[0] for piece in html.split("<mark")[1:]]
    assert marked == ["two", "three four", "five "]


def test_a_marker_leads_to_its_citation_and_a_number_without_one_stays_text() -> None:
    html = as_html("As said [1], and [7].", links={"1": "x-1"})
    assert 'href="#x-1"' in html
    assert "[7]" in html
    assert html.count("<a ") == 1


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "", "https://[bad", "file:///x"]
)
def test_only_http_addresses_become_links(url: str) -> None:
    assert link(url, "<The original>") == "&lt;The original&gt;"


def test_a_link_to_the_original_opens_apart_and_tells_nothing() -> None:
    html = link('https://guidance.example/a?b="c"&d', "The original")
    assert 'rel="noopener noreferrer"' in html
    assert "&quot;c&quot;&amp;d" in html


def test_a_value_is_safe_inside_an_attribute_and_on_one_line() -> None:
    assert safe("a\"b'c\r\n<d>") == "a&quot;b&#x27;c&#10;&lt;d&gt;"


def test_a_table_is_shown_as_one_with_its_cells_escaped_and_its_spans_marked():
    text = "| No | Act |\n| --- | --- |\n| 1 | <b>Write</b> a \\| b |\n"
    start = text.index("Write")
    shown = as_html(text, [MarkedSpan(start, start + 5, "origin", "o-0")])

    assert shown.count("<tr>") == 2
    assert shown.count("<td") == 2
    assert '&lt;b&gt;<mark class="origin" id="o-0">Write</mark>&lt;/b&gt; a' in shown
    assert "<table" not in as_html("| this is | no table |\nbut words")


def test_a_long_row_is_read_in_little_time():
    began = time.process_time()
    as_html("| a" + " " * 100_000 + "b |\n| --- |\n|" + " |" * 50_000)
    assert time.process_time() - began < 2
