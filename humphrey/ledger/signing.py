"""Signing keys (Ed25519): created on first use, in files that only humphrey's account can read.

No key is created if a setting names one: its owner keeps it. The public half is one line of text, so that it can be
displayed, sent by post, or passed to `--key`.
"""

import base64
import binascii
import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from humphrey.errors import RecordError

_PREFIX = "ed25519:"


_CURRENT, _NEXT = "record.pem", "record-next.pem"


class Ed25519Keys:
    """The current signing key, the next one, and the public halves of earlier ones.

    Args:
        folder: the folder for keys that humphrey creates.
        file: a private key in PEM to use instead; None if no setting names one.
    """

    def __init__(self, folder: Path, file: Path | None) -> None:
        self._folder = folder
        self._file = file
        self._public: tuple[Ed25519PrivateKey, str] | None = None
        self._loaded: tuple[tuple[int, int, int], Ed25519PrivateKey] | None = None

    def public_key(self) -> str:
        """Return the public half of the current key.

        Raises:
            RecordError: the key cannot be read or created.
        """
        key = self._current()
        if self._public is None or self._public[0] is not key:
            self._public = (key, _public(key))
        return self._public[1]

    def public_keys(self) -> list[str]:
        """Return the public halves of every key that signed here, the current one first.

        Raises:
            RecordError: as `public`.
        """
        try:
            earlier = [path.read_text(encoding="ascii").strip() for path in sorted(self._folder.glob("*.pub"))]
        except (OSError, UnicodeDecodeError) as error:
            raise RecordError(f"the public keys in {self._folder} cannot be read ({error}); put them back") from None
        return list(dict.fromkeys([self.public_key(), *earlier]))

    def sign(self, words: str) -> str:
        """Sign a text with the current key; return the signature in base64.

        Raises:
            RecordError: as `public`.
        """
        return base64.b64encode(self._current().sign(words.encode())).decode()

    def prepare(self) -> str:
        """Return the public half of the next key; the same one until `promote` is called.

        Raises:
            RecordError: it cannot be created, or a setting names the key.
        """
        if self._file is not None:
            raise RecordError(
                f"HUMPHREY_RECORD__KEY_FILE names {self._file}, which humphrey does not change; take the setting away, "
                "or put another key there and trust both with --key"
            )
        return _public(_made(self._folder / _NEXT))

    def promote(self) -> None:
        """Make the next key the current one; keep the public half of the previous key.

        Raises:
            RecordError: the folder cannot be written.
        """
        old = self.public_key()
        # Three base64 characters are not safe in a file name.
        kept = self._folder / f"{old.removeprefix(_PREFIX).translate(str.maketrans('+/=', '-_.'))[:16]}.pub"
        try:
            kept.write_text(old + "\n", encoding="ascii")
            (self._folder / _NEXT).replace(self._folder / _CURRENT)
        except OSError as error:
            raise _unwritable(self._folder, error) from None

    def _current(self) -> Ed25519PrivateKey:
        """Return the key in its file. The file is parsed again only if it changed: another process may renew it."""
        path = self._file or self._folder / _CURRENT
        if (stamp := _stamp(path)) is None or self._loaded is None or self._loaded[0] != stamp:
            key = _read(path) if self._file is not None else _made(path)
            self._loaded = (stamp or _stamp(path) or (0, 0, 0), key)
        return self._loaded[1]


# A signature is checked at each look at a delivered text, and never changes.
@lru_cache(maxsize=10_000)
def verify(public: str, words: str, signature: str) -> bool:
    """Return whether the signature of a text matches this public key; False for an invalid key or signature."""
    try:
        raw = base64.b64decode(public.removeprefix(_PREFIX), validate=True)
        Ed25519PublicKey.from_public_bytes(raw).verify(base64.b64decode(signature, validate=True), words.encode())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what shows that a file was replaced; None if there is none."""
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_ino, seen.st_size


def _public(key: Ed25519PrivateKey) -> str:
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return _PREFIX + base64.b64encode(raw).decode()


def _read(path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise RecordError(f"the signing key {path} cannot be read ({error.strerror}); put it back") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise RecordError(f"{path} holds no Ed25519 private key in PEM without a password; put the right file there")
    return key


def _made(path: Path) -> Ed25519PrivateKey:
    """Return the key of a file, created if missing. Two processes that create it at once get the same key."""
    if not path.exists():
        half = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(half, Ed25519PrivateKey.generate())
            # A hard link fails if the file exists, unlike a rename, so the first process wins and no key is seen
            # half-written.
            os.link(half, path)
        except FileExistsError:
            pass
        except OSError as error:
            raise _unwritable(path.parent, error) from None
        finally:
            half.unlink(missing_ok=True)
    return _read(path)


def _write(path: Path, key: Ed25519PrivateKey) -> None:
    """Write a private key to a new file that only this account can read."""
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())


def _unwritable(folder: Path, error: OSError) -> RecordError:
    return RecordError(f"the signing key cannot be kept in {folder} ({error.strerror}); make the folder writable")
