"""The outlet `web`: a release is delivered when it stands on the pages of the person who asked."""

from humphrey.clearance.gate import Release
from humphrey.delivery.model import Outlet, Receipt
from humphrey.digests import digest_of


def show(release: Release) -> Receipt:
    """Return the receipt; to be on the asker's pages is the delivery."""
    return Receipt(f"shown to {release.recipient}", digest_of(release.text.encode()))


def _address_fault(to: str) -> str:
    return f"a page shows the text to the person who asked, not to {to[:80]!r}; leave the recipient out" if to else ""


OUTLET = Outlet(
    name="web",
    label="Show it to me",
    words="on their own page",
    address_fault=_address_fault,
    connect=lambda _parts: show,
    on_pages=True,
)
