"""Addresses in a draft: of pages and of people's mail. One that no source gives was made up, and goes.

A reader follows an address or writes to it, so a wrong one does harm that a wrong word does not.
"""

import re
from collections.abc import Callable, Iterable

from humphrey.core.sentences import Span
from humphrey.core.wording import ADDRESS_REMOVED

_TOP = "uk|com|org|net|eu|io|gov|edu|info|ie|scot|wales|cymru|london|example"
_ADDRESS = re.compile(
    r"\b(?:https?|ftp|mailto):(?://)?[^\s<>()\[\]“”\"]+"
    r"|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    rf"|\b(?:[a-z0-9-]+\.)+(?:{_TOP})\b(?!-)(?:/[^\s<>()\[\]“”\"]*)?",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"!?\[([^\[\]]*)\]\(\s*<?([^()\s<>]+)>?[^()]*\)")
_SITE = "gov.uk"  # a name as much as an address: guidance speaks of GOV.UK as of a place
_BEFORE = re.compile(r"^(?:https?://|ftp://|mailto:)?(?:[^/@\s]*:[^/@\s]*@)?(?:www\.)?", re.IGNORECASE)


def addresses(text: str) -> list[Span]:
    """Where addresses stand, without the full stop or comma after them."""
    found = ((each, each[0].rstrip(".,;:!?'’")) for each in _ADDRESS.finditer(text))
    return [Span(each.start(), each.start() + len(address)) for each, address in found]


def given_in(sources: Iterable[str]) -> Callable[[str], bool]:
    """Whether an address is in some texts, whatever stands before its host's name and however it is capitalised."""
    known = "\n".join(sources).lower()

    def given(address: str) -> bool:
        bare = bared(address)
        if bare == _SITE:
            return True
        # "gov.uk/a" must not pass because "gov.uk/about" is there, nor "ov.uk" because "gov.uk" is.
        return re.search(rf"(?<![\w-]){re.escape(bare)}(?![\w-])", known) is not None

    return given


def bared(address: str) -> str:
    """An address without what may be left off: "https://www.gov.uk/foi/" is "gov.uk/foi"."""
    return _BEFORE.sub("", address).rstrip("/").lower()


def invented(text: str, given: Callable[[str], bool]) -> list[Span]:
    """Where addresses stand that are not given."""
    return [span for span in addresses(text) if not given(span.of(text))]


def without_invented(text: str, given: Callable[[str], bool]) -> str:
    """The text with a few words in the place of every address that is not given; a link keeps its own words."""

    def shown(link: re.Match[str]) -> str:
        return f"{link[1]} {ADDRESS_REMOVED}" if invented(link[2], given) else link[0]

    text = _MARKDOWN.sub(shown, text)
    for span in reversed(invented(text, given)):
        text = text[: span.start] + ADDRESS_REMOVED + text[span.end :]
    return text
