"""Real sentences with their passages, half of the documents to tune on and half held back."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evals.sentences.changing import Pool, forms, names
from humphrey.app.guidance import read_documents
from humphrey.digests import sha256
from humphrey.documents.model import Document, Imprint, Passage, split
from humphrey.text.sentences import Span, sentences

SEED = 23


HERE = Path(__file__).parent


FOLDERS = ("conditionalqa_pages/html", "govuk_pages_2024/original_json", "govuk_content_api")


_FEWEST_WORDS, _MOST_WORDS = 7, 45


_WHOLE = re.compile(r"[A-Z].*[.]$", re.DOTALL)


@dataclass(frozen=True)
class Taken:
    """A sentence of a document: its place, the passage around it, and the sentence after it in its paragraph.

    `beside` are the places of the other whole sentences of its passage.
    """

    document: Document
    passage: Passage
    span: Span
    following: str
    beside: Sequence[Span] = ()

    @property
    def text(self) -> str:
        """Its words."""
        return self.span.of(self.document.text)


def taken(documents: Sequence[Document], each: int) -> list[Taken]:
    """Return at most `each` whole sentences of every document in English, chosen with a fixed seed."""
    rng = random.Random(SEED)  # noqa: S311 - a choice that can be made again, no secret
    found: list[Taken] = []
    for document in sorted(documents, key=lambda one: one.id):
        if document.imprint.locale == "en":
            whole = list(_whole(document))
            found += rng.sample(whole, min(each, len(whole)))
    return found


def halves(documents: Sequence[Document]) -> tuple[list[Document], list[Document]]:
    """Return the documents to tune on and those held back, each in the order of their ids."""
    ordered = sorted(documents, key=lambda one: one.id)
    return [one for one in ordered if not held_back(one.id)], [one for one in ordered if held_back(one.id)]


def held_back(name: str) -> bool:
    """Return whether a document is held back: by a hash of its id, so that it stays in its half whatever is added."""
    return int(sha256(name).removeprefix("sha256:"), 16) % 2 == 0


def documents_of(folder: Path) -> list[Document]:
    """Return the documents of the data sets in a folder, or of the folder itself if it has none of them."""
    inner = [folder / name for name in FOLDERS if (folder / name).is_dir()]
    documents, _ = read_documents(inner or [folder])
    return documents


def pools(sentences_taken: Sequence[Taken]) -> Iterator[Pool]:
    """Return for each sentence what a wrong version of it may borrow."""
    everywhere = sorted({name[0] for one in sentences_taken for name in names(one.text)})
    every_form = sorted({form for one in sentences_taken for form in forms(one.document.text)})
    for n, one in enumerate(sentences_taken):
        near = sorted({name[0] for span in sentences(one.passage.text) for name in names(span.of(one.passage.text))})
        further = (sentences_taken[(n + by) % len(sentences_taken)] for by in (50, 100, 150))
        others = [each.text for each in further if each.document is not one.document]
        yield Pool(one.passage.text, near if len(near) > 1 else everywhere, every_form, others)


def rewordings(half: str) -> list[tuple[Taken, str]]:
    """Return sentences of the starter notes in one half, each with an honest rewording that a person wrote."""
    rows = (line.split("\t") for line in (HERE / "rewordings.tsv").read_text(encoding="utf-8").splitlines()[1:])
    return [(_in_note(name, sentence), reworded) for part, name, sentence, reworded in rows if part == half]


@cache
def _note(name: str) -> Document:
    text = (HERE.parents[1] / "corpus" / f"{name}.md").read_text(encoding="utf-8")
    return Document(name, Imprint(name.replace("-", " ").capitalize(), ""), text)


def _in_note(name: str, sentence: str) -> Taken:
    note = _note(name)
    start = note.text.index(sentence)
    span = Span(start, start + len(sentence))
    return Taken(note, next(each for each in split(note) if each.start <= start < each.end), span, "")


def _whole(document: Document) -> Iterator[Taken]:
    for passage in split(document):
        spans = sentences(passage.text)
        whole = [n for n, span in enumerate(spans) if _is_whole(span.of(passage.text))]
        placed = {n: Span(passage.start + spans[n].start, passage.start + spans[n].end) for n in whole}
        for n in whole:
            beside = [placed[other] for other in whole if other != n]
            yield Taken(document, passage, placed[n], _after(passage.text, spans, n), beside)


def _is_whole(text: str) -> bool:
    return _FEWEST_WORDS <= len(text.split()) <= _MOST_WORDS and bool(_WHOLE.fullmatch(text)) and "\n" not in text


def _after(text: str, spans: Sequence[Span], n: int) -> str:
    """Return the next sentence, if it follows on the same line and is whole."""
    if n + 1 == len(spans) or "\n" in text[spans[n].end : spans[n + 1].start]:
        return ""
    following = spans[n + 1].of(text)
    return following if _WHOLE.fullmatch(following) else ""
