"""Govspeak, GOV.UK's own Markdown, becomes plain Markdown; call-outs, steps, contacts and notes keep their words."""

import re

# Lines that only open or close a block, such as a contact or an example, and lines with such a block's words.
_FENCE = re.compile(r"^[ \t]*\$(?:!|CTA|EndLegislativeList|LegislativeList|[ACDEIP])[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


_FENCED_LINE = re.compile(r"^[ \t]*\$(CTA|[ACDEIP])[ \t]+(\S.*?)(?:[ \t]\$\1)?$", re.MULTILINE)


# Call-outs: information (^), warning (%) and advisory (@) lines.
_CALL_OUT = re.compile(r"^[ \t]*([\^%@])(?!\s)(.+?)\1?$", re.MULTILINE)


_STEP = re.compile(r"^s(\d+)\.[ \t]+", re.MULTILINE)


# The bounds keep the time linear on a text that is full of brackets.
_OUTSIDE_LINK = re.compile(r"\bx\[([^\]\n]{1,500})\]\(([^)\n]{0,2000})\)x?")


# Tags and attributes in braces; they go, and the words between them stay.
_WRAPPED = re.compile(r"\{(/?)(?:::)?/?[a-z][a-z-]*(?:[ \t][^}\n]*)?/?\}|\{[ \t]*[:#][^}\n]*\}|\{:/[a-z-]*\}")


# Pictures, attachments and contacts that the page embeds from elsewhere; they have no words here.
_EMBEDDED = re.compile(r"\[(?:embed:|Image:|Attachment:|Contact:|AttachmentLink:)[^\]\n]*\]|!!\d+", re.IGNORECASE)


# Names a file in the middle of a sentence, so its name stays.
_INLINE_ATTACHMENT = re.compile(r"\[InlineAttachment:([^\]\n]*)\]", re.IGNORECASE)


# The marker of a devolved administration before a line.
_NATION = re.compile(r"^:(?:england|scotland|wales|northern-ireland|london|business):", re.MULTILINE)


def to_markdown(govspeak: str) -> str:
    """Return Markdown with the same words in the same order."""
    text = govspeak.replace("\r\n", "\n").replace("\r", "\n")
    text = _FENCED_LINE.sub(r"\n\2\n", text)
    text = _FENCE.sub("\n", text)
    text = _CALL_OUT.sub(r"\n\2\n", text)
    text = _STEP.sub(r"\1. ", text)
    text = _OUTSIDE_LINK.sub(r"[\1](\2)", text)
    text = _INLINE_ATTACHMENT.sub(r"\1", _EMBEDDED.sub("", text))
    return _NATION.sub("", _WRAPPED.sub("", text))
