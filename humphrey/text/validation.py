"""Validation of typed text and of e-mail addresses."""

import re
import unicodedata

from humphrey.errors import CommissionError
from humphrey.text.hidden_characters import hidden_positions, named
from humphrey.text.look_alikes import mixed_words

# Unicode's control characters (Cc) except tabs and line ends, and its surrogates (Cs).
_STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def validate_text(text: str, what: str, longest: int, *, checked_later: bool = False) -> str:
    """Return the text without surrounding white space.

    Args:
        text: the typed text; any script, direction and markup is accepted and kept.
        what: the name of the text in the message, for example "the question".
        longest: the most characters accepted.
        checked_later: whether the text may have invisible characters and words that look like others, because it is
            screened or checked where they can be shown.

    Raises:
        CommissionError: it is empty or invisible, too long, or has control characters or lone surrogates; or it has
            invisible characters or words that look like others, and is not checked later.
    """
    if len(text) > longest:
        raise CommissionError(f"{what} has {len(text):,} characters; at most {longest:,} are accepted, so shorten it")
    if strange := _STRANGE.search(text):
        raise CommissionError(f"{what} holds U+{ord(strange[0]):04X}, which is not text; remove it and try again")
    if not any(_visible(letter) for letter in text):
        raise CommissionError(f"{what} is empty; write it in words")
    if not checked_later and (fault := disguise_fault(text, what)):
        raise CommissionError(fault)
    return text.strip()


def disguise_fault(text: str, what: str) -> str:
    """Return what in a text is not what it seems, as a sentence that says what to do; empty if nothing is.

    Invisible characters count, and words that look like others because they mix scripts.
    """
    if places := hidden_positions(text, leaves=True):
        return f"{what} holds [{named(text[places[0]])}], which cannot be seen; type it afresh"
    if word := next(mixed_words(text), None):
        because = f"{word.foreign[0]} [{named(word.foreign[0])}]"
        return f"{what} holds “{word.word}”, which looks like another word because of {because}; type it afresh"
    return ""


def _visible(letter: str) -> bool:
    return unicodedata.category(letter)[0] not in "CZM"


# RFC 5321, section 4.5.3.1: 64 characters before the @. 254 in all is the 256 of a path without its angle brackets.
_LONGEST, _LONGEST_LOCAL = 254, 64


# The part before the "@", as RFC 5321 allows it without quotation marks.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


# A domain label: 63 characters at most, no hyphen at either end (RFC 1035, section 2.3.1).
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"


# A domain has at least two labels, so that "localhost" is not one.
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")


def address_fault(address: str) -> str:
    """Return the fault of an e-mail address as a sentence that says what to do; empty if it is valid.

    The rule follows RFC 5321, sections 4.1.2 and 4.5.3.1: a dot-string of at most 64 characters, `@`, and a domain of
    labels; 254 characters in all. Quoted local parts and network addresses in place of a domain are valid there and
    refused here, because no office uses them.
    """
    shown = ascii(address[:80])
    if len(address) > _LONGEST:
        return (
            f"an e-mail address has at most {_LONGEST} characters and this one {len(address)}; write it in full, once"
        )
    local, at, domain = address.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        return f"{shown} is no e-mail address; write one, such as name@example.org"
    if len(local) > _LONGEST_LOCAL:
        return f"{shown} has more than {_LONGEST_LOCAL} characters before the @; write it in full, once"
    return ""
