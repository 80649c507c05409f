"""The outlet `web`: a release is delivered when it stands on the pages of the person who asked."""

from typing import TYPE_CHECKING

from humphrey.clearance.gate import Release
from humphrey.delivery.model import Receipt
from humphrey.digests import digest_of

if TYPE_CHECKING:
    pass


def shown(release: Release) -> Receipt:
    """The outlet `web`: being on the pages of whoever asked is the delivery."""
    return Receipt(f"shown to {release.recipient}", digest_of(release.text.encode()))
