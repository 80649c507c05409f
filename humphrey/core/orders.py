"""Words that try to give orders to the system: to drop its instructions, to show them, to be somebody else.

They are found so that they are recorded and a reviewer is told; what they order is never done, whether they are found
or not, because a question is handed on as data. A question about instructions ("may I ignore what my manager told me
before?") orders nothing.
"""

import base64
import binascii
import re

from humphrey.core.phrases import load
from humphrey.core.sentences import Span

ORDERS = "orders"
"""The check of a finding that says so."""

_ORDERS = load("orders")["orders"]
_BLOB = re.compile(
    r"(?<![\w+/=])(?:[A-Za-z0-9+/]{40,}={0,2}|(?:[0-9a-fA-F]{2}[ :]?){24,}|(?:\\x[0-9a-fA-F]{2}){12,}"
    r"|(?:[01]{8} ?){8,}|(?:[.-]{1,6} +/? *){20,})(?![\w+/=])"
)


def orders(text: str) -> list[Span]:
    """The places where a text tries to give orders to the system, in order; none overlaps another."""
    places = [Span(*match.span()) for shape in _ORDERS for match in shape.finditer(text)]
    places += [Span(*match.span()) for match in _BLOB.finditer(text) if _says_something(match[0])]
    kept: list[Span] = []
    for place in sorted(places):
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
    return kept


def _says_something(blob: str) -> bool:
    """Whether a run of signs is text in another coding, and no reference, digest or number."""
    if re.match(r"[01]{8} ?[01]{8}|\\x|[.-]", blob):
        return True
    plain = re.sub(r"[ :]", "", blob)
    try:
        held = bytes.fromhex(plain) if re.fullmatch(r"[0-9a-fA-F]+", plain) else base64.b64decode(plain, validate=True)
    except (ValueError, binascii.Error):
        return False
    return sum(32 <= sign < 127 for sign in held) > 0.9 * len(held) and b" " in held
