"""Structured output: the JSON schema that an endpoint is given, and the conversion of its JSON to an ordinary reply.

The schema has one entry per sentence with the numbers of its passages. A server that follows it can neither write a
marker wrongly nor invent a number. A reply in prose is passed through unchanged (docs/adr/0008).
"""

import json
import re
from collections.abc import Sequence
from typing import Any

_MOST_SENTENCES, _LONGEST_SENTENCE = 8, 300
"""The most sentences, and characters per sentence, of an answer; small models without a bound do not stop."""


_STATUSES = ("answered", "partial", "not_in_guidance", "clarify")


# A model may wrap its JSON in a Markdown code block.
_HEAD = re.compile(r'\s*(?:```(?:json)?\s*)?\{\s*"status"\s*:\s*"([a-z_]+)"\s*,\s*"sentences"\s*:\s*\[')


_GAP = re.compile(r"[\s,]*")


_FENCE = "```json"


_JSON = re.compile(r"(?:```(?:json)?\s*)?(?:\{|$)")


_DECODER = json.JSONDecoder()


def schema(passages: Sequence[int]) -> dict[str, Any]:
    """Return the JSON schema of an answer that may cite the passages with these numbers."""
    numbers = {"type": "array", "items": {"type": "integer", "enum": sorted(passages)}, "maxItems": len(passages)}
    sentence = _object(text={"type": "string", "maxLength": _LONGEST_SENTENCE}, passages=numbers)
    return _object(
        status={"type": "string", "enum": list(_STATUSES)},
        sentences={"type": "array", "items": sentence, "minItems": 1, "maxItems": _MOST_SENTENCES},
    )


class JsonReplyParser:
    """A converter of streamed JSON to the words of an ordinary reply, one sentence at a time.

    `prose`: the reply is not JSON and is passed through unchanged. `opened`: it began as the schema says. `told`: at
    least one sentence was converted.
    """

    def __init__(self) -> None:
        self._text = ""
        self._at = 0
        self._status = ""
        self.prose = False
        self.opened = False
        self.told = False

    def add(self, piece: str) -> str:
        """Add the next characters of the stream and return the words of the sentences now complete; often none."""
        self._text += piece
        if self.prose:
            return piece
        begun = self._text.lstrip()
        if begun and not _FENCE.startswith(begun) and not _JSON.match(begun):
            self.prose = True
            return self._text
        self._open()
        told = "".join(self._sentences())
        # The status is returned with the first words, so that a reply without any words can be requested again.
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
