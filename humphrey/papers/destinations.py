"""Destinations of a released text.

The asker names one and the approval binds it. No text is ever searched for an address.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from humphrey.errors import CommissionError
from humphrey.papers.draft import Commission

Format = Literal["odt", "docx", "pdf", "html", "md"]
"""The file formats of a released text."""


@dataclass(frozen=True)
class Destination:
    """A way for a text to leave, as far as a commission must know it; `humphrey.delivery.model.Outlet` has the rest.

    Args:
        address_fault: returns the fault of an address there as a sentence; empty if a text may go to it.
        unavailable: why nothing leaves this way here, as a sentence; empty if texts do.
    """

    address_fault: Callable[[str], str]
    unavailable: str = ""


def require_destination(asked: Commission, destinations: Mapping[str, Destination]) -> None:
    """Require that a text can go where its asker says; the address is always the asker's own.

    Args:
        asked: the commission, with outlet and address.
        destinations: the destinations, by the name of their outlet.

    Raises:
        CommissionError: the destination is at fault, or the outlet is not set up.
    """
    destination = destinations.get(asked.outlet)
    if destination is None:
        raise CommissionError(f"no outlet {asked.outlet[:40]!r}; a text goes to one of {', '.join(destinations)}")
    if fault := destination.address_fault(asked.reply_to) or destination.unavailable:
        raise CommissionError(fault)
