"""Destinations of a released text.

The asker names one and the approval binds it. No text is ever searched for an address.
"""

from collections.abc import Collection
from typing import Literal, get_args

from humphrey.errors import CommissionError
from humphrey.papers.draft import Commission
from humphrey.text.validation import address_fault

Format = Literal["odt", "docx", "pdf", "html", "md"]
"""The forms that a released text can be taken out in."""


Outlet = Literal["web", "file", "email"]
"""The way a text leaves.

`web`: shown to the asker. `file`: a file in the folder of released texts. `email`: a letter to one address.
"""


OUTLETS: dict[Outlet, str] = {"web": "Show it to me", "file": "Write it to a file", "email": "Send it by e-mail"}
"""The labels that the asker chooses from."""


def destination_fault(outlet: str, to: str) -> str:
    """Return the fault of a destination as a sentence that says what to do; empty if a text may go there.

    Args:
        outlet: the outlet's name.
        to: for `email` the address; for `file` the format, or empty for the configured one; else empty.
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


def require_destination(asked: Commission, outlets: Collection[str]) -> None:
    """Require that a text can go where its asker says; the address is always the asker's own.

    Args:
        asked: the commission, with outlet and address.
        outlets: the outlets that texts can leave by.

    Raises:
        CommissionError: the destination is at fault, or the outlet is not set up.
    """
    if fault := destination_fault(asked.outlet, asked.reply_to):
        raise CommissionError(fault)
    if asked.outlet not in outlets:
        raise CommissionError("nothing leaves by e-mail here yet; whoever runs humphrey sets HUMPHREY_SMTP__HOST")
