"""E-mail addresses: which may stand in a letter's head. Whatever could begin another line or another address may not.

Only plain letters: what a mail server must be able to take without asking it first. A domain in another script is
written the way the network writes it, beginning with `xn--`.
"""

import re

_LONGEST, _LONGEST_LOCAL = 254, 64
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")


def address_fault(address: str) -> str:
    """What is wrong with an e-mail address, as a sentence that says what to do; empty when it may stand.

    RFC 5321, sections 4.1.2 and 4.5.3.1: a dot-string of at most 64 characters, `@`, and a domain of labels; 254 in
    all. Quoted local parts and bare network addresses are allowed there and refused here: nobody's office has one.
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
