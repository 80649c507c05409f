"""Digests: the canonical form of a value, and the SHA-256 of texts and bytes."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any


def digest_of(sent: bytes) -> str:
    """The digest of bytes that were handed over, as `sha256:<hex>`."""
    return "sha256:" + hashlib.sha256(sent).hexdigest()


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces: the form that digests and seals are taken of, so it may never change."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(text: str) -> str:
    """The digest of a text, as `sha256:<hex>`; of any text, even one with halves of characters, which is no UTF-8."""
    return "sha256:" + hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def row_digest(row: Mapping[Any, Any], names: Iterable[str]) -> str:
    """The digest of some columns of a row; empty ones are left out, so that a column added later changes no digest."""
    return sha256(canonical({name: str(row[name]) for name in names if row.get(name)}))
