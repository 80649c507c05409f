"""Line ends that only wrap a sentence, told from those that part lines.

Lists, addresses, signatures, rows and quoted lines stay lines. A sentence that was wrapped becomes one line again, so
that none of its words can be read without the others.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

# A list sign, a quoted line, a row between bars, or the line above a signature.
_SIGN = re.compile(r"\s*(?:[-*•▪●◦–—]\s|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,5})[.)]\s|[>|#]|(?:--|[-_=*]{3,})\s*$)")


_ITEM = re.compile(r"\s*(?:[-*•▪●◦–—]|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,5})[.)])\s+\S")


_LABEL = re.compile(r"\s*(?:[A-Z][\w’'/()-]*(?: [\w’'/()-]+){0,3}|[a-z]+):(?:\s|$)")


# Columns that are set with blanks.
_COLUMNS = re.compile(r"\S(?:\t| {3,})\S")


# A word, not a web or e-mail address.
_LOWER = re.compile(r"\s*[\"'‘“(\[]?(?:(?:e\.g|i\.e)\.|[a-zà-ÿ][\w’'/-]*[,.;:!?)\]’”\"']*(?=\s|$))")


_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"


_DATE_CUT = re.compile(rf"(?:^|\s)\d{{1,2}} (?:{_MONTH})$")


_YEAR = re.compile(r"\s*\d{4}\b")


# No line ends with one of these unless its sentence goes on.
_GOES_ON = re.compile(
    r"(?:^|\s)(?:an?|the|and|or|nor|of|than|which|whose|its|their|our|your|will|shall|must|cannot|should|would|could"
    r"|not|never|unless|if|whether|because|per|between|into|until)$"
)


_STOPS = re.compile(r"[.!?;:][\"”’')\]]*$|\w{4}[.!?]\s|,$")


_ENDS = re.compile(r"[.!?;:][\"”’')\]]*$")


_WIDEST, _NARROWEST = 100, 45
"""Characters. Programs wrap at 60 to 80; a shorter line may be part of an address, a longer one a whole paragraph."""


def wrap_width(blocks: Sequence[Sequence[str]]) -> int:
    """Return the width at which a text was wrapped, in characters; 0 if nothing shows that it was."""
    longest = max((len(line.rstrip()) for block in blocks for line in block), default=0)
    if not _NARROWEST <= longest <= _WIDEST:
        return 0
    full = [after for block in blocks for line, after in pairwise(block) if _is_full(line, after, longest)]
    # Full lines are a wrapped text if sentences run over them, and a list of long names if not.
    lower = sum(bool(_LOWER.match(after)) for after in full)
    return longest if len(full) > 1 and lower * 2 >= len(full) else 0


def rejoined(lines: Sequence[str], width: int) -> list[str]:
    """Return the lines of a block without the line ends that only wrap a sentence.

    Args:
        lines: the lines as they stand.
        width: the width at which the text was wrapped; 0 if unknown.
    """
    lines = [line.rstrip() for line in lines if line.strip()]
    prose = _in_prose(lines)
    joined = lines[:1]
    for (before, after), sentence in zip(pairwise(lines), prose, strict=False):
        if not (_hangs(joined[-1], after) or _wraps(before, after, width, sentence=sentence)):
            joined.append(after)
        elif re.search(r"\w-$", before) and _LOWER.match(after):
            joined[-1] += after.lstrip()
        else:
            joined[-1] += f" {after.lstrip()}"
    return joined


def _in_prose(lines: Sequence[str]) -> list[bool]:
    """Return for each line whether its sentence, as it goes on in small letters, has a stop or a comma at a line end.

    A list without signs has none.
    """
    found = [False] * (len(lines) + 1)
    for n in range(len(lines) - 1, -1, -1):
        goes_on = n + 1 < len(lines) and _LOWER.match(lines[n + 1]) and not _SIGN.match(lines[n + 1])
        found[n] = bool(_STOPS.search(lines[n])) or (bool(goes_on) and found[n + 1])
    return found


def _wraps(before: str, after: str, width: int, *, sentence: bool) -> bool:
    """Return whether the sentence of a line goes on in the line that follows."""
    if _parts(before, after):
        return False
    if _GOES_ON.search(before) or (_DATE_CUT.search(before) and _YEAR.match(after)):
        return True
    if width and _is_full(before, after, width):
        return True
    return sentence and bool(_LOWER.match(after)) and not _ENDS.search(before)


def _hangs(item: str, after: str) -> bool:
    """Return whether a line is indented below the item of a list."""
    indent = len(after) - len(after.lstrip())
    return bool(_ITEM.match(item)) and indent > len(item) - len(item.lstrip()) and not _SIGN.match(after)


def _parts(before: str, after: str) -> bool:
    """Return whether two lines are lines by their form."""
    quoted = before.lstrip().startswith((">", "|"))
    heading = before.endswith(":") or _COLUMNS.search(before) or _COLUMNS.search(after)
    return bool(quoted or heading or _SIGN.match(after) or _LABEL.match(after))


def _is_full(line: str, after: str, width: int) -> bool:
    """Return whether the first word of the line that follows had no room in a line."""
    first = after.split()[:1]
    return bool(first) and len(line.rstrip()) + 1 + len(first[0]) > width
