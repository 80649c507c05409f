"""Addresses in a draft: web pages and e-mail. An address that no source gives was made up by the model and is removed.

Readers follow an address or write to it, so a wrong one does harm that a wrong word does not.
"""

import re
from collections.abc import Callable, Iterable

from humphrey.text.sentences import Span

ADDRESS_REMOVED = "(address removed)"
"""In the place of an address that a model made up."""


# A bare host name counts as an address only with one of these endings. Otherwise any two words joined by a full stop
# would.
_TOP = "uk|com|org|net|eu|io|gov|edu|info|ie|scot|wales|cymru|london|example"


# The counts bound the time that a text of hyphens or full stops takes; no real address is as long.
_ADDRESS = re.compile(
    r"\b(?:https?|ftp|mailto):(?://)?[^\s<>()\[\]“”\"]+"
    r"|\b[\w.+-]{1,256}@[\w-]+(?:\.[\w-]+)+"
    rf"|\b(?:[a-z0-9-]{{1,63}}\.){{1,8}}(?:{_TOP})\b(?!-)(?:/[^\s<>()\[\]“”\"]*)?",
    re.IGNORECASE,
)


# A Markdown link or picture, with its text and its address.
_MARKDOWN = re.compile(r"!?\[([^\[\]]*)\]\(\s*+<?([^()\s<>]++)>?[^()]*+\)")


# The name of a place as much as an address: guidance says "apply on GOV.UK".
_SITE = "gov.uk"


# The parts of an address before its host; addresses are compared without them.
_BEFORE = re.compile(r"^(?:https?://|ftp://|mailto:)?(?:[^/@\s:]*:[^/@\s]*@)?(?:www\.)?", re.IGNORECASE)


def addresses(text: str) -> list[Span]:
    """Return the spans of addresses, without the punctuation after them."""
    found = ((each, each[0].rstrip(".,;:!?'’")) for each in _ADDRESS.finditer(text))
    return [Span(each.start(), each.start() + len(address)) for each, address in found]


def address_checker(sources: Iterable[str]) -> Callable[[str], bool]:
    """Return a function that says whether some texts contain an address.

    The scheme, `www.` and capitals make no difference.
    """
    known = "\n".join(sources).lower()

    def given(address: str) -> bool:
        bare = bared(address)
        if bare == _SITE:
            return True
        # "gov.uk/a" must not match inside "gov.uk/about", nor "ov.uk" inside "gov.uk".
        return re.search(rf"(?<![\w-]){re.escape(bare)}(?![\w-])", known) is not None

    return given


def bared(address: str) -> str:
    """Return an address without optional parts: "gov.uk/foi" for "https://www.gov.uk/foi/"."""
    return _BEFORE.sub("", address).rstrip("/").lower()


def invented(text: str, given: Callable[[str], bool]) -> list[Span]:
    """Return the spans of addresses that are not given."""
    return [span for span in addresses(text) if not given(span.of(text))]


def remove_invented(text: str, given: Callable[[str], bool]) -> str:
    """Return the text with a notice in place of every address that is not given. A link keeps its own words."""

    def shown(link: re.Match[str]) -> str:
        return f"{link[1]} {ADDRESS_REMOVED}" if invented(link[2], given) else link[0]

    text = _MARKDOWN.sub(shown, text)
    for span in reversed(invented(text, given)):
        text = text[: span.start] + ADDRESS_REMOVED + text[span.end :]
    return text
