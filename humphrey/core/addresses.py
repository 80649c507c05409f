"""E-mail addresses that may stand in the head of a letter.

Nothing may pass that could start another header line or another address. Only plain ASCII is allowed, because every
mail server takes it without negotiation. A domain in another script is written as the network writes it, with `xn--`.
"""

import re

# RFC 5321, section 4.5.3.1: 64 characters before the @. 254 in all is the 256 of a path without its angle brackets.
_LONGEST, _LONGEST_LOCAL = 254, 64
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
# A domain label: 63 characters at most, no hyphen at either end (RFC 1035, section 2.3.1).
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
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
