"""Where a released text may go. Whoever asks says it; the approval binds it; no text is ever read for an address."""

from typing import Literal, get_args

from humphrey.core.addresses import address_fault
from humphrey.core.sheets import Format

Outlet = Literal["web", "file", "email"]
"""`web`: shown to whoever asked. `file`: a file in the folder of released texts. `email`: a letter to one address."""

OUTLETS: dict[Outlet, str] = {"web": "Show it to me", "file": "Write it to a file", "email": "Send it by e-mail"}
"""What they are called to whoever asks."""


def destination_fault(outlet: str, to: str) -> str:
    """What is wrong with a destination, as a sentence that says what to do; empty when a text may go there.

    Args:
        outlet: the outlet's name.
        to: for `email` the address; for `file` the form of the file, or empty for the one that is set; else empty.
    """
    if outlet not in OUTLETS:
        return f"no outlet {outlet[:40]!r}; a text goes to one of {', '.join(OUTLETS)}"
    if outlet == "email":
        return address_fault(to)
    if outlet == "file" and to and to not in get_args(Format):
        return f"no file of form {to[:40]!r}; it may be {', '.join(get_args(Format))}"
    if outlet == "web" and to:
        return f"what is shown is shown to whoever asked, not to {to[:80]!r}; leave the recipient out"
    return ""
