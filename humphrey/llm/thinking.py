"""The thoughts that some models write before their reply, taken out of it: they are no part of what is answered.

A server may hand them on between two tags. Where the opening tag belongs to the prompt, only the closing one arrives.
"""

import re

_TAGS = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "<reasoning>": "</reasoning>",
    "<seed:think>": "</seed:think>",
    "[THINK]": "[/THINK]",
    "◁think▷": "◁/think▷",
    "<|START_THINKING|>": "<|END_THINKING|>",
    "<|channel|>analysis<|message|>": "<|end|>",
}
"""The tags around thoughts, as families of models write them."""


_OPENING = re.compile("|".join(map(re.escape, _TAGS)))


# `<|end|>` alone ends a message of any kind, so that it says nothing without its opening tag.
_CLOSINGS = tuple(closing for closing in _TAGS.values() if closing != "<|end|>")
_CLOSING = re.compile("|".join(map(re.escape, _CLOSINGS)))


# No sign may match in two ways, or many of them would take for ever.
_STATUS = r"STATUS\s*:\s*(?:[*_`]+\s*)?([a-z_]{1,40})[*_`. ]*"


STATUS_LINE = re.compile(rf"\s*(?:[*_`#>][*_`#> ]*)?{_STATUS}(?:\n|$)", re.IGNORECASE)
"""The line with which an answer begins."""


_LATER_STATUS = re.compile(rf"^[*_`#> ]*{_STATUS}$", re.IGNORECASE | re.MULTILINE)


_MARKER = re.compile(r"\[\d{1,3}\]")


# Tokens that mark the parts of a conversation, which a server without the model's template hands on as words.
_CONTROL = re.compile(
    r"<\|(?:start|end|return|channel|message|im_start|im_end|eot_id|endoftext|START_RESPONSE|END_RESPONSE)\|>"
    r"(?:assistant|final)?"
)


class ThinkingFilter:
    """Takes the thoughts between tags out of words that arrive in pieces."""

    def __init__(self) -> None:
        self._held = ""
        self._closing = ""

    def add(self, piece: str) -> str:
        """Add the next piece and return the words that are certainly no thoughts and no part of a tag."""
        text, at, said = self._held + piece, 0, []
        while found := (re.compile(re.escape(self._closing)) if self._closing else _OPENING).search(text, at):
            said.append("" if self._closing else text[at : found.start()])
            self._closing = "" if self._closing else _TAGS[found[0]]
            at = found.end()
        left = text[at:]
        self._held = _begun(left, (self._closing,) if self._closing else tuple(_TAGS))
        said.append("" if self._closing else left[: len(left) - len(self._held)])
        return "".join(said)

    def rest(self) -> str:
        """Return the words that were held back at the end; none of thoughts without an end."""
        held, self._held = self._held, ""
        return "" if self._closing else held


def after_thinking(reply: str) -> str:
    """Return what follows the thoughts of a reply, without the marks of a conversation's parts."""
    said = reply[end_of_thoughts(reply) :]
    return _CONTROL.sub("", said) if "<|" in said else said


def end_of_thoughts(reply: str) -> int:
    """Return where the thoughts that open a reply end; 0 if it has none.

    A closing tag behind the beginning of the answer is quoted, from a document for example, and ends nothing.
    """
    if not any(closing in reply for closing in _CLOSINGS) or STATUS_LINE.match(reply):
        return 0
    tags = list(_CLOSING.finditer(reply))
    # Thoughts may try out an answer. So where the status line stands right behind a tag, the answer begins there.
    for tag in tags:
        if STATUS_LINE.match(reply, tag.end()):
            return tag.end()
    answer = _LATER_STATUS.search(reply) or _MARKER.search(reply)
    before = [tag.end() for tag in tags if answer is None or tag.end() <= answer.start()]
    # Behind a marker, only a tag on a line of its own is none that is quoted.
    return before[-1] if before else next((tag.end() for tag in tags if _alone(reply, tag)), 0)


def _alone(reply: str, tag: re.Match[str]) -> bool:
    return reply[: tag.start()].endswith("\n") and reply[tag.end() :].startswith("\n")


def _begun(text: str, tags: tuple[str, ...]) -> str:
    """Return the longest end of a text with which one of the tags begins."""
    longest = max(map(len, tags)) - 1
    ends = (text[-length:] for length in range(min(longest, len(text)), 0, -1))
    return next((end for end in ends if any(tag.startswith(end) for tag in tags)), "")
