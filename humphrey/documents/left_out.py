"""What a reading left out of a file, in words for the person whose file it is."""

from collections.abc import Iterator

from humphrey.documents.model import Document, Omission, OmissionKind

_NAMES: dict[OmissionKind, tuple[str, str]] = {
    "hidden": ("hidden part", "hidden parts"),
    "struck": ("struck-out part", "struck-out parts"),
    "deleted": ("deleted part", "deleted parts"),
    "comment": ("comment", "comments"),
    "running": ("line at the edge of its pages", "lines at the edge of its pages"),
    "version": ("other version of its text", "other versions of its text"),
    "attachment": ("attached file", "attached files"),
    "picture": ("picture", "pictures"),
    "embedded": ("embedded part without words", "embedded parts without words"),
    "field": ("field of the page", "fields of the page"),
}


_CONTENTS = "the table of contents was left out"


_SUMMARY = "it calls itself humphrey's summary, which only files of the corpus folder may; that was left out"


_LAYERS = "its layers could not be looked at, so words of one that is switched off may be in its text"


_QUOTED = 3
"""How many parts of a kind are quoted."""


_LONGEST = 60
"""Characters of a part that are quoted."""


def left_out_notes(document: Document) -> Iterator[str]:
    """Yield a note for the characters that were left out of a document, and one for each kind of other parts."""
    count = document.left_out
    if count:
        yield f"{count:,} invisible {'character was' if count == 1 else 'characters were'} left out"
    if any(part.kind == "contents" for part in document.omissions):
        yield _CONTENTS
    if any(part.kind == "summary" for part in document.omissions):
        yield _SUMMARY
    if any(part.kind == "layers" for part in document.omissions):
        yield _LAYERS
    for kind, names in _NAMES.items():
        parts = [part for part in document.omissions if part.kind == kind]
        if parts:
            yield _note(parts, *names)


def _note(parts: list[Omission], one: str, several: str) -> str:
    said = [_short(part.words) for part in parts if part.words]
    quoted = ", ".join(f"“{words}”" for words in dict.fromkeys(said[:_QUOTED]))
    more = " and others" if len(said) > _QUOTED else ""
    start = f"{len(parts):,} {several if len(parts) > 1 else one} {'were' if len(parts) > 1 else 'was'} left out"
    return f"{start}: {quoted}{more}" if quoted else start


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"
