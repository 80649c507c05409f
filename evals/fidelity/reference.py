"""The publisher's HTML of a document: its words in order, and its headings."""

import re
from html.parser import HTMLParser

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


_BOLD = frozenset({"b", "strong"})


_INLINE = frozenset({"a", "b", "em", "i", "span", "strong", "sub", "sup", "u"})


_UNREAD = frozenset({"style", "script", "header", "nav", "title"})


_NUMBER = re.compile(r"^\W*(?:\d+(?:\.\d+)*|[ivxlc]+|[a-z])[.)]+\s*|^\W*\d+\s+", re.IGNORECASE)


def words(text: str) -> list[str]:
    """Return the words of a text, in lower case."""
    return re.findall(r"\w+", text.lower())


def heading_key(title: str) -> str:
    """Return a heading in the form that is compared: its words without the number before them."""
    return " ".join(words(_NUMBER.sub("", title)))


class Reference(HTMLParser):
    """One reference page, as a parser of its HTML.

    A heading is what the page marks as one and has a word in it. This publisher marks the number of a section alone, so
    the paragraph in bold that follows such a number is a heading too.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self._text: list[str] = []
        self._skipping = 0
        self._heading: list[str] | None = None
        self._after_number = False
        self._paragraph: list[tuple[str, bool]] | None = None
        self._bold = 0
        self.feed(html)
        self.close()

    @property
    def words(self) -> list[str]:
        """Every word of the page, in order."""
        return words("".join(self._text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as the class asks
        """Begin an element."""
        self._skipping += tag in _UNREAD
        self._bold += tag in _BOLD
        if tag not in _INLINE:
            self._text.append(" ")
        if tag in _HEADINGS:
            self._heading = []
        elif tag == "p":
            self._paragraph = []
        elif tag not in _INLINE:
            self._after_number = False

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        self._skipping -= tag in _UNREAD
        self._bold -= tag in _BOLD
        if tag in _HEADINGS and self._heading is not None:
            self._end_heading(" ".join("".join(self._heading).split()))
        elif tag == "p" and self._paragraph is not None:
            self._end_paragraph(self._paragraph)

    def handle_data(self, data: str) -> None:
        """Add words."""
        if self._skipping:
            return
        self._text.append(data)
        if self._heading is not None:
            self._heading.append(data)
        if self._paragraph is not None and data.strip():
            self._paragraph.append((data, self._bold > 0))

    def _end_heading(self, title: str) -> None:
        self._heading = None
        spelt = bool(heading_key(title)) and bool(re.search(r"[^\W\d_]{2}", _NUMBER.sub("", title)))
        self._after_number = not spelt
        if spelt:
            self.headings.append(title)

    def _end_paragraph(self, pieces: list[tuple[str, bool]]) -> None:
        self._paragraph = None
        title = " ".join("".join(text for text, _ in pieces).split())
        if self._after_number and pieces and all(bold for _, bold in pieces) and re.search(r"[^\W\d_]{2}", title):
            self.headings.append(title)
        self._after_number = False
