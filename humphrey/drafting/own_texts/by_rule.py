"""Drafts made by rule from the asker's own texts: lists of actions, people and dates, and redrafts.

Each line cites the exact words of an attached file. A pasted text is stored nowhere, so nothing cites it; it is part of
the question and is checked as such.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from humphrey.documents.model import Document, DocumentLookup, Passage
from humphrey.documents.sources import source_name
from humphrey.drafting.own_texts.actions import Action, actions
from humphrey.drafting.own_texts.plain_english import to_plain_english
from humphrey.drafting.own_texts.statements import Statement, display_text, pasted_document, unread_pages
from humphrey.drafting.questions.kinds import classify
from humphrey.papers.citations import cited_from
from humphrey.papers.draft import Citation, Commission, Task
from humphrey.papers.standard_wording import BY_RULE, CHANGED, EXTRACTED, NONE_FOUND, REDRAFTED, UNREAD
from humphrey.text.date_mentions import DateMention, date_mentions
from humphrey.text.names import people_mentioned
from humphrey.text.sentences import Span, sentences, words

PASTED = "the pasted text"
"""The title of a text that was pasted into the question."""


# The most unread pages that a draft lists by number; the others are counted.
_MOST_NAMED = 12


# A sentence with fewer words states no fact. sentence_checks._FACTUAL_WORDS has the same value, so each sentence that
# the check sentences_cited examines has a marker.
_FACTUAL_WORDS = 5


@dataclass(frozen=True)
class OwnTexts:
    """The texts to work on, the pasted one first, and a description of each part that cannot be read."""

    documents: tuple[Document, ...]
    missing: tuple[str, ...]


@dataclass
class DraftBuilder:
    """A draft being written: its lines, and the citations that its markers refer to."""

    lines: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    _marks: dict[tuple[str, Span], str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return all lines so far as one text."""
        return "\n".join(self.lines).strip()

    def mark(self, document: Document, span: Span) -> str:
        """Return " [n]", the marker that cites a span of a document; empty if the document was pasted.

        A span that is cited again keeps its number.
        """
        if not document.id:
            return ""
        if (document.id, span) not in self._marks:
            self._marks[document.id, span] = f" [{len(self.citations) + 1}]"
            self.citations.append(_citation(str(len(self.citations) + 1), document, span))
        return self._marks[document.id, span]

    def add_source(self, document: Document, several: bool) -> None:
        """Add a line that names the source of the lines that follow, if there are several sources."""
        if several:
            self.lines += ["", f"From {source_name(document.imprint)}:"]


def collect_own_texts(commission: Commission, lookup: DocumentLookup) -> OwnTexts:
    """Return the texts that a task works on: those in the question, and the stored text of attached files."""
    own = classify(commission.text, attached=bool(commission.attached)).own_text
    if not own and not commission.attached:
        own = commission.text
    found = [lookup(each, "") for each in commission.attached]
    documents = ([pasted_document(own, PASTED)] if own else []) + [document for document in found if document]
    gone = ["an attached file, which is no longer held"] * found.count(None)
    return OwnTexts(tuple(documents), tuple([*gone, *(_pictures(each) for each in documents if unread_pages(each))]))


def add_summary(document: Document, statements: Sequence[Statement], task: Task, lines: DraftBuilder) -> None:
    """Add the statements of a summary to `lines`: paragraphs for `summary`, a list under headings for key points."""
    section = ""
    for n, one in enumerate(statements):
        said = display_text(one.span.of(document.text)) + lines.mark(document, one.span)
        if task == "summary":
            lines.lines += ["", said] if n == 0 or one.section != section else [said]
        else:
            heads = one.section != section and one.section
            lines.lines += ["", f"{one.section.rstrip(':.')}:", f"- {said}"] if heads else [f"- {said}"]
        section = one.section


def draft_list(own: OwnTexts, task: Task) -> DraftBuilder:
    """Return a draft that lists the actions, people or dates of the texts, found by rule."""
    lines, writers = DraftBuilder([BY_RULE]), {"actions": _actions, "people": _people, "dates": _dates}
    before = len(lines.lines)
    for document in own.documents:
        items = list(writers[task](document, lines))
        if items:
            lines.add_source(document, len(own.documents) > 1)
            lines.lines += ["", *items]
    return lines if len(lines.lines) > before else DraftBuilder([NONE_FOUND])


def draft_in_plain_english(own: OwnTexts) -> DraftBuilder:
    """Return a draft of the texts in plainer words, line by line, and a list of the changes."""
    lines, replaced, parted = DraftBuilder([REDRAFTED]), dict[tuple[str, str], int](), 0
    for document in own.documents:
        lines.add_source(document, len(own.documents) > 1)
        lines.lines.append("")
        for span in _lines(document.text):
            made = to_plain_english(span.of(document.text))
            parted += made.parted
            for old, new, times in made.replaced:
                replaced[old, new] = replaced.get((old, new), 0) + times
            lines.lines.append(_marked(made.text, document, span, lines))
    lines.lines += ["", CHANGED + _changes(replaced, parted)]
    return lines


def unread_notice(missing: Iterable[str]) -> str:
    """Return the line that lists the parts that could not be read."""
    return UNREAD + "; ".join(missing) + "."


def _marked(line: str, document: Document, span: Span, lines: DraftBuilder) -> str:
    """Return a redrafted line with a marker for its original line after each sentence that states a fact."""
    if not document.id:
        return line
    # From the last sentence to the first, because each insertion moves the positions after it.
    for said in reversed(sentences(line)):
        if len(words(said.of(line))) >= _FACTUAL_WORDS:
            line = line[: said.end] + lines.mark(document, span) + line[said.end :]
    return line


def _actions(document: Document, lines: DraftBuilder) -> Iterable[str]:
    for action in actions(document):
        said = display_text(action.span.of(document.text))
        yield f"- {_owned(action)}: {said}{lines.mark(document, action.span)}"


def _owned(action: Action) -> str:
    when = f"by {action.when}" if action.when and not action.when.lower().startswith("within") else action.when
    return ", ".join(filter(None, (action.who or "Owner to be settled", when)))


def _people(document: Document, lines: DraftBuilder) -> Iterable[str]:
    spans = sentences(document.text)
    for person in people_mentioned(document.text):
        around = next((span for span in spans if span.start <= person.span.start < span.end), person.span)
        yield f"- {person.name}{f', {person.role}' if person.role else ''}{lines.mark(document, around)}"


def _dates(document: Document, lines: DraftBuilder) -> Iterable[str]:
    found = date_mentions(document.text)
    for mention in sorted((each for each in found if each.day), key=lambda each: each.day):
        yield _dated(document, mention, lines)
    for mention in (each for each in found if not each.day):
        yield _dated(document, mention, lines)


def _dated(document: Document, mention: DateMention, lines: DraftBuilder) -> str:
    said = display_text(mention.within.of(document.text))
    due = " (deadline)" if mention.due else ""
    around = f": {said}" if said != mention.said else ""
    return f"- {mention.said}{due}{around}{lines.mark(document, mention.within)}"


def _changes(replaced: dict[tuple[str, str], int], parted: int) -> str:
    changes = [
        f"‘{old}’ became ‘{new}’" + (f" {times} times" if times > 1 else "") for (old, new), times in replaced.items()
    ]
    if parted:
        changes.append(f"{parted} long {'sentence was' if parted == 1 else 'sentences were'} made two")
    return ("; ".join(changes) or "nothing, for nothing in the text could be made plainer safely") + "."


def _pictures(document: Document) -> str:
    pages, title = unread_pages(document), source_name(document.imprint)
    if len(pages) == 1:
        return f"page {pages[0]} of {title}, a picture without text"
    others = f" and {len(pages) - _MOST_NAMED} others" if len(pages) > _MOST_NAMED else ""
    return f"pages {', '.join(pages[:_MOST_NAMED])}{others} of {title}, pictures without text"


def _lines(text: str) -> Iterable[Span]:
    at = 0
    for line in text.splitlines(keepends=True):
        body = line.rstrip()
        yield Span(at, at + len(body))
        at += len(line)


def _citation(marker: str, document: Document, span: Span) -> Citation:
    above = [heading.title for heading in document.headings if heading.start <= span.start][-1:]
    cited = Passage(document.id, 0, document.version, span.of(document.text), span.start, span.end, tuple(above))
    return cited_from(document.imprint, marker, cited)


def begin_summary() -> DraftBuilder:
    """Return the first line of a summary made without a model."""
    return DraftBuilder([EXTRACTED])
