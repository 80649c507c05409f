"""HTML of the versions of a draft: who wrote each, who wrote which words of the last one, and a comparison of two.

Deletions and insertions do not depend on colour (WCAG 1.4.1): they are underlined or struck through, announced to
screen readers, and counted in a sentence.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from humphrey.clearance.model import Origin, Review, Version
from humphrey.text import diff
from humphrey.text.diff import DiffPiece, Op
from humphrey.web.draft_view import format_time
from humphrey.web.escaping import as_html, safe
from humphrey.web.provenance_view import count_of

_TOLD: Mapping[Op, tuple[str, str]] = {"gone": ("del", "taken out"), "new": ("ins", "put in")}


_HANDS: Mapping[Origin, str] = {"model": "by-model", "instruction": "by-instruction", "person": "by-person"}


def author_of(version: Version) -> str:
    """Return who wrote a version, in words."""
    if version.origin == "person":
        return version.editor
    told = "as told by" if version.origin == "instruction" else "asked by"
    return f"the model ({version.draft.model.name}), {told} {version.editor}"


def version_list(held: Review, key: str) -> str:
    """Return the list of versions with their authors, oldest first, and a form to compare two if there are two."""
    items = "".join(f'<li id="{key}-wording-{n}">{_wording(each)}</li>' for n, each in enumerate(held.versions, 1))
    return f'<section class="wordings"><h3>Wordings</h3><ol>{items}</ol>{_choice(held, key)}</section>'


def authorship(held: Review, key: str) -> str:
    """Return the last version with each part marked by the version it came from; empty if there is only one version."""
    if len(held.versions) < 2:
        return ""
    parts = diff.attribute_text([version.draft.text for version in held.versions])
    lines = "".join(_lines((_hand(held, part.wording, key), part.text) for part in parts))
    said = "A number after some words leads to the wording that brought them, and to who wrote it."
    return (
        '<details class="hands"><summary>Who wrote which words</summary>'
        f'<p class="hint">{said}</p><div class="words">{lines}</div></details>'
    )


def comparison(held: Review, before: int, after: int) -> str:
    """Return what changed from one version to another; the first version is number 1.

    Raises:
        IndexError: there is no version with such a number.
    """
    old, new = held.versions[before - 1].draft.text, held.versions[after - 1].draft.text
    pieces = diff.compare(old, new)
    heading = f"<h3>Wording {after} compared with wording {before}</h3><p>{safe(_sum(pieces))}</p>"
    return f'<section class="compared">{heading}<div class="words">{marked_changes(pieces)}</div></section>'


def marked_changes(pieces: Sequence[DiffPiece]) -> str:
    """Return a text with its deletions and insertions marked."""
    return "".join(_lines((_wrapping(piece), piece.text) for piece in pieces))


def _wording(version: Version) -> str:
    told = f'<blockquote class="reason">{as_html(version.instruction)}</blockquote>' if version.instruction else ""
    return f"<p>By {safe(author_of(version))}, {format_time(version.at)}</p>{told}"


def _choice(held: Review, key: str) -> str:
    last = len(held.versions)
    if last < 2:
        return ""
    selects = " ".join(
        f'<span><label for="{key}-{name}">{label}</label> '
        f'<select id="{key}-{name}" class="{name}" name="{name}">{_options(last, chosen)}</select></span>'
        for name, label, chosen in (("earlier", "Compare wording", last - 1), ("later", "with wording", last))
    )
    # On our own page the form submits; Gradio removes forms, so there the script handles the button.
    return f'<form class="choosing"><p>{selects} <button class="go quiet" id="compare">Compare</button></p></form>'


def _options(last: int, chosen: int) -> str:
    return "".join(f'<option value="{n}"{" selected" if n == chosen else ""}>{n}</option>' for n in range(1, last + 1))


def _sum(pieces: Sequence[DiffPiece]) -> str:
    if all(piece.op == "same" for piece in pieces):
        return "They have the same words."
    put, taken = diff.count_words(pieces, "new"), diff.count_words(pieces, "gone")
    if not put and not taken:
        return "Only punctuation or spacing changed."
    said = [count_of(n, "word") + what for n, what in ((put, " put in"), (taken, " taken out")) if n]
    return f"{', '.join(said)}."


class _Wrapping(NamedTuple):
    """Markup around the words of one piece of a line; `alone` stands for a changed line break without words."""

    opening: str = ""
    closing: str = ""
    alone: str = ""

    def around(self, words: str) -> str:
        """Return the words as HTML with the markup around them; empty if there are no words."""
        return f"{self.opening}{safe(words)}{self.closing}" if words else ""


def _wrapping(piece: DiffPiece) -> _Wrapping:
    if piece.op == "same":
        return _Wrapping()
    element, said = _TOLD[piece.op]
    opening, closing = f'<{element}><span class="unseen">[{said}: </span>', f'<span class="unseen">]</span></{element}>'
    # A paragraph that was only split or joined has no changed words to show.
    alone = f'{opening}<span aria-hidden="true">¶</span><span class="unseen">a new line</span>{closing}'
    return _Wrapping(opening, closing, "" if piece.text.strip() else alone)


def _hand(held: Review, wording: int, key: str) -> _Wrapping:
    version = held.versions[wording - 1]
    by = f'<span class="unseen">wording </span>{wording}<span class="unseen">, by {safe(author_of(version))}</span>'
    number = f'<sup><a href="#{key}-wording-{wording}">{by}</a></sup>'
    return _Wrapping(f'<span class="hand {_HANDS[version.origin]}">', f"</span>{number}")


def _lines(parts: Iterable[tuple[_Wrapping, str]]) -> Iterator[str]:
    """Yield one paragraph for each line that is not empty."""
    line: list[str] = []
    for wrapping, text in parts:
        first, *more = text.split("\n")
        line.append(wrapping.around(first))
        for words in more:
            line.append(wrapping.alone)
            yield from _paragraph(line)
            line = [wrapping.around(words)]
    yield from _paragraph(line)


def _paragraph(line: Sequence[str]) -> Iterator[str]:
    if inner := "".join(line):
        yield f'<p dir="auto">{inner}</p>'
