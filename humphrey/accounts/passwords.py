"""Passwords as argon2id hashes. Checking takes as long for an unknown name as for a known one."""

from functools import cached_property
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError

_AT_ONCE = 2
"""Checks at a time; each takes 64 MiB of memory, so many sign-ins at once must queue."""


class Argon2Passwords:
    """Hashes and verifies passwords; safe to share between threads."""

    def __init__(self) -> None:
        self._argon2 = PasswordHash.recommended()
        self._slots = BoundedSemaphore(_AT_ONCE)

    def hash(self, password: str) -> str:
        """Return a salted hash that can be stored."""
        with self._slots:
            return self._argon2.hash(password.encode(errors="replace"))

    def verify(self, password: str, hashed: str | None) -> bool:
        """Return whether the password matches the hash; False for None, after a check that takes as long."""
        stand_in = self._decoy
        try:
            with self._slots:
                fits = self._argon2.verify(password.encode(errors="replace"), hashed or stand_in)
        except UnknownHashError:
            return False
        return fits and bool(hashed)

    def needs_rehash(self, hashed: str) -> bool:
        """Return whether a hash is weaker than one made today."""
        return self._argon2.current_hasher.check_needs_rehash(hashed)

    @cached_property
    def _decoy(self) -> str:
        """A hash for unknown names, so that the reply time does not reveal which names exist."""
        return self._argon2.hash("nobody has this password")
