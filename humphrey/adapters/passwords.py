"""Passwords as argon2id hashes. Checking takes as long for a name nobody has as for one that somebody has."""

from functools import cached_property
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError

_AT_ONCE = 2
"""Each check takes 64 MiB of memory, so a crowd at the door must queue."""


class Argon2Passwords:
    """Makes hashes and checks them; safe to share between threads."""

    def __init__(self) -> None:
        self._argon2 = PasswordHash.recommended()
        self._turn = BoundedSemaphore(_AT_ONCE)

    def hash(self, password: str) -> str:
        """A salted hash, fit to be stored."""
        with self._turn:
            return self._argon2.hash(password.encode(errors="replace"))

    def verify(self, password: str, hashed: str | None) -> bool:
        """Whether the password is the one that was hashed; never so for None, after just as long a check."""
        stand_in = self._nobodys
        try:
            with self._turn:
                fits = self._argon2.verify(password.encode(errors="replace"), hashed or stand_in)
        except UnknownHashError:
            return False
        return fits and bool(hashed)

    def outgrown(self, hashed: str) -> bool:
        """Whether a hash is weaker than one made today would be."""
        return self._argon2.current_hasher.check_needs_rehash(hashed)

    @cached_property
    def _nobodys(self) -> str:
        return self._argon2.hash("nobody has this password")
