"""Detection of prompt injection: words that tell the system to drop or show its instructions, or to play a role.

A detected attempt is recorded and shown to the reviewer. Detection is not the protection: a question is always passed
on as data, so the words are never obeyed, detected or not. A question about instructions ("may I ignore what my
manager told me before?") is not an attempt.
"""

import base64
import binascii
import re

from humphrey.text.sentences import Span
from humphrey.text.words import load

ORDERS = "orders"
"""The check name of a finding that reports prompt injection."""


_ORDERS = load("orders")["orders"]


# Runs that may be encoded text: base64, hexadecimal, `\x` escapes, binary digits and Morse code, in this order. Each
# alternative has a minimum length; _says_something then rejects references, digests and numbers.
_BLOB = re.compile(
    r"(?<![\w+/=])(?:[A-Za-z0-9+/]{40,}={0,2}|(?:[0-9a-fA-F]{2}[ :]?){24,}|(?:\\x[0-9a-fA-F]{2}){12,}"
    r"|(?:[01]{8} ?){8,}|(?:[.-]{1,6} +/? *){20,})(?![\w+/=])"
)


def find_prompt_injection(text: str) -> list[Span]:
    """Return the spans of a text that attempt prompt injection, in order and without overlaps."""
    places = [Span(*match.span()) for shape in _ORDERS for match in shape.finditer(text)]
    places += [Span(*match.span()) for match in _BLOB.finditer(text) if _says_something(match[0])]
    kept: list[Span] = []
    for place in sorted(places):
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
    return kept


def _says_something(blob: str) -> bool:
    """Return whether a run of characters is encoded text, not a reference, a digest or a number."""
    # References and digests are not written in binary digits, escapes or Morse code, so that form alone decides.
    if re.match(r"[01]{8} ?[01]{8}|\\x|[.-]", blob):
        return True
    plain = re.sub(r"[ :]", "", blob)
    try:
        held = bytes.fromhex(plain) if re.fullmatch(r"[0-9a-fA-F]+", plain) else base64.b64decode(plain, validate=True)
    except (ValueError, binascii.Error):
        return False
    # Encoded English is nearly all printable ASCII and has a space; the bytes of a digest or a key rarely are.
    return sum(32 <= sign < 127 for sign in held) > 0.9 * len(held) and b" " in held
