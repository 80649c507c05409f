"""What the database is given by the packages above it."""

from collections.abc import Iterable, Mapping
from typing import Protocol


class Signatures(Protocol):
    """The signatures of ledger entries; the key lies outside the database. See `humphrey.ledger.entry_keys`."""

    @property
    def began(self) -> int:
        """The first entry that was signed when it was entered; 0 if none was yet."""

    def sign(self, n: int, seal: str, follows: str) -> tuple[str, str]:
        """Return the public key that signs entry `n`, and its signature."""

    def replace_from(self, n: int, key: str) -> None:
        """Have another key sign from entry `n` on."""

    def remember(self, entered: Iterable[tuple[int, str, str]]) -> None:
        """Remember entries that were committed, by number, subject and seal."""

    def latest(self) -> Mapping[str, tuple[int, str]]:
        """Return the number and seal of the newest remembered entry about each subject."""

    def hold(self, n: int, seal: str, follows: str, key: str, signature: str) -> bool:
        """Return whether a signature is of the key that signs entry `n`, over this seal and the one it follows."""
