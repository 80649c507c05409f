"""Cues of a question: what it is about and what it asks, by the words of `text/word_lists/time_limits.txt`.

This module only matches wording. The module that recognises calculation requests decides what a match means.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from humphrey.text.words import load

CueSearch = Callable[[str], re.Match[str] | None]
"""Searches a text for its patterns; returns the first match or None."""


_LISTS = load("time_limits")


def cue(*alternatives: str) -> CueSearch:
    """Return a search for the first match of some patterns, in upper or lower case."""
    return re.compile("|".join(alternatives), re.IGNORECASE | re.DOTALL).search


def said(name: str, text: str) -> re.Match[str] | None:
    """Return the first match of a section of the word list in a text; None if there is none."""
    return next((found for shape in _LISTS[name] if (found := shape.search(text))), None)


def matching(kind: str, text: str) -> Iterator[str]:
    """Yield the names of the sections of a kind that match a text, in the order of the list."""
    flat = " ".join(text.split())
    named = (name for name in _LISTS if name.startswith(f"{kind} "))
    yield from (name.removeprefix(f"{kind} ") for name in named if said(name, flat))


def divisions(text: str) -> Iterator[str]:
    """Yield the nations that a text names, as the calendar calls them."""
    yield from (name.replace(" ", "-") for name in matching("division", text))


RULE_OF: Mapping[str, str] = {
    "breach": "personal_data_breach_72h",
    "complaint": "dp_complaint_30d",
    "access": "sar_one_month",
    "fees": "foi_fees_notice",
    "eir review": "eir_internal_review",
    "review": "foi_internal_review",
    "eir": "eir_20wd",
    "clarified": "foi_clarification",
    "foi": "foi_20wd",
    "lords": "pq_lords_written",
    "named day": "pq_commons_named_day",
    "commons": "pq_commons_ordinary",
    "consultation": "gov_response_12w",
    "statement": "wms_notice",
    "readout": "readout_same_day",
    "handover": "leaving_date",
    "event": "event_minus_days",
    "letter": "correspondence_20wd",
}
"""The rule of each subject; a parliamentary question without a named House has none.

The rules and their sources in law and guidance are in `humphrey.calculations.rules`.
"""
