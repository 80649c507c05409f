"""Sanitising of model output: links, images and HTML are removed and their words kept. Text is data, never markup.

An image or a link in a draft could make the reader's browser request an address chosen by the author of a passage.
"""

import re
from collections.abc import Iterable

# Control characters except tab, line feed and carriage return; soft hyphens; zero-width and direction characters.
_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


# Elements whose content is not text to read, so it is removed with them; of all other elements the text stays.
_CODE = re.compile(r"<(script|style|svg|math|iframe|object|template)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)


_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<![^<>]*>|<\?[^<>]*>")


_OPEN_TAG = re.compile(r"<(?=[a-zA-Z/!?])")


_IMAGE = re.compile(r"!\[([^\[\]]*)\](?:\([^()\s]*(?:\([^()]*\)[^()]*)*(?:\s[^()]*)?\)|\[[^\[\]]*\])")


_LINK = re.compile(r"\[([^\[\]]*)\]\(\s*<?[^()]*(?:\([^()]*\)[^()]*)*\)")


# A link text of digits only is a citation marker, so "[1][2]" is not a reference link.
_REFERENCE = re.compile(r"\[([^\[\]]*[^\[\]\d,\s][^\[\]]*)\]\[[^\[\]]*\]")


_DEFINITION = re.compile(r"^ {0,3}\[[^\[\]\n]+\]:[ \t]*\S.*$\n?", re.MULTILINE)


# What follows the host is dropped, except punctuation at its end, which belongs to the sentence.
_REST = r"(?:[^\s<>)\]”\"]*[^\s<>)\]”\".,;:!?])?"


# The group is the host. A user name before "@" is not part of it, because it could pass for a host.
_ADDRESS = re.compile(rf"<?\b(?:https?|ftp|file)://(?:[^\s/@<>]*@)?([\w-]*(?:\.[\w-]+)*){_REST}>?", re.IGNORECASE)


_SCRIPT_ADDRESS = re.compile(r"\b(?:javascript|vbscript|data):(?=\S)\S+", re.IGNORECASE)


_WWW = re.compile(rf"\bwww\.([\w-]+(?:\.[\w-]+)+){_REST}", re.IGNORECASE)


_GAPS = re.compile(r"\n{3,}")


def sanitise(text: str, keep: Iterable[str] = ()) -> str:
    """Return the text without anything that a page would follow, fetch or run; an address becomes its host name.

    Args:
        text: the model's text.
        keep: words to leave unchanged, such as the request quoted in a letter; the page escapes them.
    """
    # Longest first, because an alternation takes the first alternative that matches.
    kept = [re.escape(words) for words in sorted(keep, key=len, reverse=True) if words.strip()]
    parts = re.split(f"({'|'.join(kept)})", text) if kept else [text]
    cleaned = "".join(part if n % 2 else _cleaned(part) for n, part in enumerate(parts))
    return cleaned.strip()


def _cleaned(text: str) -> str:
    text = _INVISIBLE.sub("", text)
    # The rest of one pass may be markup again: "<scr<b>ipt>". The loop ends, because each change shortens the text.
    while (stripped := _without_markup(text)) != text:
        text = stripped
    text = _WWW.sub(r"\1", _SCRIPT_ADDRESS.sub("", _ADDRESS.sub(r"\1", text)))
    return _GAPS.sub("\n\n", _OPEN_TAG.sub("‹", text))


def _without_markup(text: str) -> str:
    for pattern in (_COMMENT, _CODE):
        text = pattern.sub("", text)
    text = _DEFINITION.sub("", text)
    for pattern in (_IMAGE, _LINK, _REFERENCE):
        text = pattern.sub(r"\1", text)
    return _TAG.sub(_kept, text)


def _kept(tag: re.Match[str]) -> str:
    # An address in angle brackets is not a tag; _ADDRESS shortens it afterwards.
    return tag[0] if re.match(r"<[a-z]+://", tag[0], re.IGNORECASE) else ""
