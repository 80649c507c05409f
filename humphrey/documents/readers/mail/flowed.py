"""Lines of plain text in e-mails that say of themselves where a line end is only a wrap (RFC 3676, format=flowed)."""

import re

# The line before a signature ends with a blank and is no wrap.
_SIGNATURE = "-- "


_QUOTED = re.compile(r">*")


def unflowed(text: str, *, delete_blank: bool) -> str:
    """Return a text with its soft line ends taken away; quoted lines keep their signs.

    Args:
        text: the text as sent.
        delete_blank: whether the blank before a soft line end is no part of the text (`delsp=yes`).
    """
    lines: list[str] = []
    goes_on = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        signs = _QUOTED.match(line)
        depth = signs[0] if signs else ""
        # A blank at the beginning only guards the line; it is not part of the text.
        words = line[len(depth) :].removeprefix(" ")
        if goes_on == depth + "|" and words != _SIGNATURE:
            lines[-1] += words
        else:
            lines.append(f"{depth} {words}" if depth else words)
        soft = words.endswith(" ") and words != _SIGNATURE
        goes_on = depth + "|" if soft else ""
        if soft and delete_blank:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)
