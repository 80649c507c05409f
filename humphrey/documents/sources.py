"""How a source is named to people: in one place, so that every page, list, file, letter and command says the same.

A document may be a summary that was written for humphrey. Nothing names it as if it were the publisher's: its name says
that it is a summary and of which day its facts are, its original is named beside the address, and its words stand
between no quotation marks.
"""

from datetime import date
from typing import Protocol

from humphrey.documents.model import Imprint
from humphrey.text.dates import say


class Source(Protocol):
    """What a name needs: a title, whether it is humphrey's summary, and the day of its facts (2026-11-23) or empty."""

    @property
    def title(self) -> str:
        """The title of the document."""

    @property
    def summary(self) -> bool:
        """Whether its words are humphrey's summary, not the publisher's."""

    @property
    def facts_as_of(self) -> str:
        """The day of the facts of a summary."""


class CitedSource(Source, Protocol):
    """A cited span: its source, its address, and the original that a summary leads to."""

    @property
    def marker(self) -> str:
        """The number of the citation."""

    @property
    def section(self) -> tuple[str, ...]:
        """The headings above the span."""

    @property
    def quote(self) -> str:
        """The words of the span."""

    @property
    def url(self) -> str:
        """The address."""

    @property
    def original(self) -> str:
        """The title, publisher and date of what a summary sums up; empty for a publisher's own words."""


def source_name(source: Source) -> str:
    """Return the name of a source: its title, or that it is humphrey's summary and of which day."""
    if not source.summary:
        return source.title
    as_at = f", facts as at {say(date.fromisoformat(source.facts_as_of))}" if source.facts_as_of else ""
    return f"humphrey's summary of {source.title}{as_at}"


def original_of(imprint: Imprint) -> str:
    """Return what a summary sums up: its title, its publisher and its own date, as far as the document says them."""
    if not imprint.summary:
        return ""
    dated = f"dated {imprint.original_date}" if imprint.original_date else ""
    return ", ".join(filter(None, (imprint.original, imprint.publisher, dated)))


def in_its_words(source: Source, words: str) -> str:
    """Return words of a source as it is quoted: between quotation marks only if they are the publisher's own."""
    return words if source.summary else f"“{words}”"


def original_line(cited: CitedSource) -> str:
    """Return the sentence that names the original of a summary; empty for a publisher's own words."""
    return f"The original: {cited.original}" if cited.summary and cited.original else ""


def source_place(cited: CitedSource) -> str:
    """Return the name of a cited source with the section of the span."""
    return ", ".join(filter(None, (source_name(cited), " › ".join(cited.section))))


def source_line(cited: CitedSource, *, address_first: bool = True) -> str:
    """Return a citation as one line: marker, name, words and address.

    Args:
        cited: the citation.
        address_first: whether a publisher's address stands before the words; that of an original stands after them.
    """
    name, words = source_name(cited), in_its_words(cited, cited.quote)
    if cited.summary:
        led = ", ".join(filter(None, (original_line(cited), cited.url)))
        return f"[{cited.marker}] {name}: {words}" + (f" ({led})" if led else "")
    if address_first:
        return f"[{cited.marker}] {name}, {cited.url}: {words}"
    return f"[{cited.marker}] {name}: {words} {cited.url}"
