"""Protective markings that may stand on what humphrey holds. The tier is OFFICIAL; none above it is allowed.

The order is classification, handling instruction, descriptor, separated by " - ". The source is the Government Security
Classifications Policy of the Cabinet Office, version 2.0 of 5 August 2024.
"""

import re
from collections.abc import Mapping

CLASSIFICATIONS = ("OFFICIAL", "OFFICIAL-SENSITIVE")
"""The classifications that can be granted, lowest first."""

_BOTH = frozenset(CLASSIFICATIONS)
_PLAIN = frozenset({"OFFICIAL"})
_SENSITIVE = frozenset({"OFFICIAL-SENSITIVE"})
# The classifications that each handling instruction goes with, as the policy lists them.
_HANDLING: Mapping[str, frozenset[str]] = {
    r"RECIPIENTS ONLY": _SENSITIVE,
    r"FOR PUBLIC RELEASE": _PLAIN,
    r"HMG USE ONLY": _BOTH,
    r"EMBARGOED(?: until .{4,60})?": _BOTH,
    r"[A-Z][A-Z0-9&, ]{1,60} USE ONLY": _BOTH,
}
_DESCRIPTORS: Mapping[str, frozenset[str]] = {
    "PERSONAL DATA": _BOTH,
    "LEGAL PROFESSIONAL PRIVILEGE (LPP)": _BOTH,
    "LEGAL": _BOTH,
    "MARKET SENSITIVE": _BOTH,
    "COMMERCIAL": _BOTH,
    "HR/MANAGEMENT": _BOTH,
}


def fault(marking: str) -> str:
    """Return the fault of a marking as a sentence that says what to do; empty if it is valid."""
    tier, *rest = marking.removeprefix("UK ").split(" - ")
    if tier in {"SECRET", "TOP SECRET"} or "EYES ONLY" in marking:
        return f"the marking {marking!r} is above OFFICIAL; stop, and tell your security team"
    if tier not in _BOTH:
        return f"the marking {marking!r} is not one in use; write OFFICIAL or OFFICIAL-SENSITIVE"
    if rest and (allowed := _handling(rest[0])) is not None:
        if tier not in allowed:
            return f"{rest[0]!r} does not go with {tier}; change the one or the other"
        rest = rest[1:]
    if rest and rest[0] in _DESCRIPTORS:
        rest = rest[1:]
    if rest:
        return f"{rest[0]!r} is no handling instruction or descriptor, or is out of order; leave it out"
    return ""


def classification(marking: str) -> str:
    """Return the classification of a marking, without handling instruction and descriptor."""
    return marking.removeprefix("UK ").split(" - ")[0]


def _handling(words: str) -> frozenset[str] | None:
    return next((tiers for pattern, tiers in _HANDLING.items() if re.fullmatch(pattern, words)), None)
