"""An answer as JSON: the schema that an endpoint is given, and its JSON back as the reply that everything else reads.

The schema has one entry a sentence with the numbers of its passages, so that a server which keeps to it can neither
forget a marker's form nor invent a number. A reply in prose passes through as it is.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

_MOST_SENTENCES, _LONGEST_SENTENCE = 8, 300
"""As much as such an answer needs, in sentences and characters; small models that are not stopped go on for ever."""

_STATUSES = ("answered", "partial", "not_in_guidance", "clarify")
_HEAD = re.compile(r'\s*(?:```(?:json)?\s*)?\{\s*"status"\s*:\s*"([a-z_]+)"\s*,\s*"sentences"\s*:\s*\[')
_GAP = re.compile(r"[\s,]*")
_FENCE = "```json"
_JSON = re.compile(r"(?:```(?:json)?\s*)?(?:\{|$)")
_DECODER = json.JSONDecoder()


def schema(passages: Sequence[int]) -> dict[str, Any]:
    """What an answer from the passages of these numbers looks like."""
    numbers = {"type": "array", "items": {"type": "integer", "enum": sorted(passages)}, "maxItems": len(passages)}
    sentence = _object(text={"type": "string", "maxLength": _LONGEST_SENTENCE}, passages=numbers)
    return _object(
        status={"type": "string", "enum": list(_STATUSES)},
        sentences={"type": "array", "items": sentence, "minItems": 1, "maxItems": _MOST_SENTENCES},
    )


class Unfolding:
    """Unfolds JSON as it arrives, a sentence at a time.

    `prose`: it was not JSON, and passed through as it was. `opened`: it began as the schema says. `told`: a sentence
    was unfolded.
    """

    def __init__(self) -> None:
        self._text = ""
        self._at = 0
        self._status = ""
        self.prose = False
        self.opened = False
        self.told = False

    def add(self, piece: str) -> str:
        """The words that became whole with these further characters; often none."""
        self._text += piece
        if self.prose:
            return piece
        begun = self._text.lstrip()
        if begun and not _FENCE.startswith(begun) and not _JSON.match(begun):
            self.prose = True
            return self._text
        self._open()
        told = "".join(self._sentences())
        # The status comes with the first words, so that a reply without any can be asked for again.
        status = f"STATUS: {self._status}\n" if told and not self.told else ""
        self.told = self.told or bool(told)
        return status + told

    def _open(self) -> None:
        head = _HEAD.match(self._text) if not self.opened else None
        if head:
            self._status, self._at, self.opened = head[1], head.end(), True

    def _sentences(self) -> list[str]:
        found: list[str] = []
        while self._at:
            gap = _GAP.match(self._text, self._at)
            at = gap.end() if gap else self._at
            try:
                value, self._at = _DECODER.raw_decode(self._text, at)
            except ValueError:
                break
            found.append(_sentence(value))
        return found


def _sentence(value: object) -> str:
    if not isinstance(value, dict) or not str(value.get("text") or "").strip():
        return ""
    passages = value.get("passages")
    numbers = [n for n in passages if type(n) is int] if isinstance(passages, list) else []
    return " ".join((str(value["text"]).strip(), *(f"[{n}]" for n in dict.fromkeys(numbers)))) + " "


def _object(**properties: object) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
