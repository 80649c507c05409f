"""Questions to begin with and to go on with, taken from the headings of documents that the person may read.

No model is called: a heading that is a question is offered to begin with if searching for it finds its own section
first, so that an answer can be written from it.
"""

import asyncio
import re
import threading
from collections.abc import Iterator, Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, Response

from humphrey.accounts.model import Person
from humphrey.clearance.access import Access
from humphrey.conversations.service import ConversationService
from humphrey.documents.model import Document, DocumentLookup
from humphrey.errors import HumphreyError
from humphrey.guidance.library import Library
from humphrey.guidance.store import DocumentRow
from humphrey.papers.draft import Citation
from humphrey.web.escaping import safe
from humphrey.web.gradio_mount import GradioMount

EXAMPLES, FOLLOW_UPS = 6, 3
"""Most questions to begin with, and most to go on with."""


# Headings looked up for the examples: a library of thousands of documents must not delay the empty page.
_MOST_TRIED = 40


_FEWEST_WORDS, _MOST_WORDS = 3, 14


_QUESTION = re.compile(
    r"(?:who|what|when|where|which|why|how|do|does|did|is|are|can|could|may|must|should|will)\b", re.IGNORECASE
)


_LIMITS = (
    "<h3>What humphrey cannot do</h3><ul>"
    "<li>Answer from anything but the guidance it holds and the files you attach.</li>"
    "<li>Decide a case, or give legal advice.</li>"
    "<li>Send anything by itself: a second person approves every word.</li></ul>"
)


class Suggestions:
    """Finds questions for a person.

    Args:
        library: the guidance.
        access: decides what the person may read.
        conversations: the conversations, for the questions asked already.
    """

    def __init__(self, library: Library, access: Access, conversations: ConversationService) -> None:
        self._library = library
        self._access = access
        self._conversations = conversations
        self._lock = threading.Lock()
        self._known: dict[tuple[str, ...], Sequence[str]] = {}
        library.on_change(self._forget)

    def examples(self, person: Person) -> Sequence[str]:
        """Return questions to begin with: the same for all people of the same groups until the guidance changes."""
        groups = tuple(sorted(person.groups))
        with self._lock:
            # What is found while the guidance changes goes with the dictionary that the change replaces.
            known = self._known
            if groups not in known:
                known[groups] = tuple(self._found(groups))
            return known[groups]

    def follow_ups(self, exchange_id: str, person: Person) -> Sequence[str]:
        """Return the questions beside the cited passages of one of the person's answers that were not asked yet.

        Raises:
            CommissionError: the person has no such exchange.
        """
        exchange = self._conversations.edit(exchange_id, person.name).exchange
        every = self._conversations.exchanges(exchange.conversation, person.name)
        asked = {_plain(each.draft.commission.text) for each in every}
        beside = neighbouring(exchange.draft.citations, self._access.lookup(person))
        return [each for each in beside if _plain(each) not in asked][:FOLLOW_UPS]

    def _forget(self) -> None:
        # Without the lock, which is held while a search may wait for the very change that is told here.
        self._known = {}

    def _found(self, groups: Sequence[str]) -> Iterator[str]:
        left, tried = EXAMPLES, 0
        for row in _spread(sorted(self._library.list_documents(groups), key=lambda row: row.id)):
            document = self._library.document(row.id) if row.imprint.state == "current" else None
            question = next(iter(questions(document)), "") if document else ""
            if not question or tried >= _MOST_TRIED or not left:
                continue
            tried += 1
            if self._leads_to(question, row.id, groups):
                left -= 1
                yield question

    def _leads_to(self, question: str, document: str, groups: Sequence[str]) -> bool:
        hits = self._library.search(question, 1, groups)
        return (
            bool(hits)
            and hits[0].passage.document == document
            and _plain(question) in map(_plain, hits[0].passage.section)
        )


def _spread(rows: Sequence[DocumentRow]) -> Iterator[DocumentRow]:
    """Yield rows from all over the list first, because neighbours in it are about similar subjects."""
    step = max(1, len(rows) // EXAMPLES)
    return (row for first in range(step) for row in rows[first::step])


def questions(document: Document) -> list[str]:
    """Return the headings of a document that are questions, in order, each with its question mark."""
    return [asked for heading in document.headings if (asked := question_of(heading.title))]


def question_of(title: str) -> str:
    """Return a heading as a question; empty if it is none, or too short or long to stand alone."""
    words = " ".join(title.split()).rstrip("?").rstrip()
    fits = _FEWEST_WORDS <= len(words.split()) <= _MOST_WORDS
    return f"{words}?" if fits and _QUESTION.match(words) else ""


def neighbouring(cited: Sequence[Citation], lookup: DocumentLookup) -> list[str]:
    """Return the questions of the headings after and before each cited passage; each once, without its own heading."""
    found: dict[str, None] = {}
    own: set[str] = set()
    for citation in cited:
        document = lookup(citation.document, citation.version)
        if document is None:
            continue
        before = [question_of(heading.title) for heading in document.headings if heading.start <= citation.start]
        after = [question_of(heading.title) for heading in document.headings if heading.start > citation.start]
        own.update(before[-1:])
        found |= dict.fromkeys(each for each in (*after[:2], *before[-2:-1]) if each)
    return [each for each in found if each not in own]


def add_routes(app: FastAPI, pages: GradioMount, suggestions: Suggestions) -> None:
    """Add the routes to the server."""

    async def offered(request: Request, exchange: str = "") -> Response:
        person = await pages.person(request)
        if person is None:
            return HTMLResponse("", HTTPStatus.UNAUTHORIZED)
        try:
            html = await asyncio.to_thread(_html, suggestions, person, exchange)
        except HumphreyError:
            # A page without suggestions works; what is wrong is said where a question is asked.
            html = ""
        return HTMLResponse(html, headers={"Cache-Control": "private, no-store"})

    app.add_api_route("/ask/suggestions", offered, methods=["GET"], response_model=None)


def _html(suggestions: Suggestions, person: Person, exchange: str) -> str:
    if exchange:
        return _buttons("Ask next", suggestions.follow_ups(exchange, person))
    return _buttons("Questions to begin with", suggestions.examples(person)) + _LIMITS


def _buttons(heading: str, offered: Sequence[str]) -> str:
    items = "".join(
        f'<li><button type="button" class="go quiet suggested">{safe(each)}</button></li>' for each in offered
    )
    return f'<h3>{heading}</h3><ul class="plain">{items}</ul>' if items else ""


def _plain(question: str) -> str:
    return " ".join(question.casefold().split()).rstrip("?").rstrip()
