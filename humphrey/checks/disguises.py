"""The check that what is seen is what leaves: no invisible characters, and no words that look like others.

It looks at the text, and at all else that an approval binds: what was asked, the facts, the recipient, the marking,
the citations and the workings.
"""

from collections.abc import Iterator
from itertools import groupby, islice

from humphrey.documents.model import DocumentLookup
from humphrey.papers.draft import Draft, Finding
from humphrey.papers.kind import Paper
from humphrey.text.hidden_characters import hidden_positions, made_visible, named
from humphrey.text.look_alikes import MixedWord, foreign_words, mixed_words

NAME = "nothing_hidden"
"""The name of the check."""


_MOST = 20
"""The most findings about one text; a text of thousands of disguises needs no more to be stopped."""


# Invisible characters named in one finding, and characters shown on each side of them.
_MOST_NAMED, _AROUND = 3, 20


def nothing_hidden(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Block invisible characters and words that look like others; show words in another script."""
    return _all(draft)


def first_disguise(draft: Draft) -> str:
    """Return why a draft may not leave, from its own words and not from its stored findings; empty if it may."""
    return next((found.message for found in _all(draft) if found.level == "block"), "")


def _all(draft: Draft) -> Iterator[Finding]:
    yield from islice(_hidden(draft.text), _MOST)
    yield from islice(_mixed(draft.text), _MOST)
    yield from islice(_foreign(draft.text), _MOST)
    for what, text in _bound(draft):
        for found in islice((*_hidden(text), *_mixed(text)), _MOST):
            yield Finding(NAME, found.level, f"{what}: {found.message}")
    for citation in draft.citations:
        # A source is quoted as it is; its document has no invisible characters, because the readers leave them out.
        for found in islice(_hidden(citation.quote), _MOST):
            yield Finding(NAME, "block", f"the quotation [{citation.marker}]: {found.message}")
        for found in islice(_mixed(citation.quote), _MOST):
            yield Finding(NAME, "warn", f"the quotation [{citation.marker}]: {found.message}")


def _bound(draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield what an approval binds besides the text and the quotations, each with its name."""
    asked = draft.commission
    yield "what was asked", asked.text
    yield "the recipient", asked.recipient
    yield "the marking", asked.marking
    yield from ((f"the fact {name}", fact) for name, fact in asked.facts.items())
    for citation in draft.citations:
        yield f"the title of [{citation.marker}]", " › ".join((citation.title, *citation.section))
        yield f"the address of [{citation.marker}]", citation.url
        yield f"the original of [{citation.marker}]", citation.original
        yield f"the day of the facts of [{citation.marker}]", citation.facts_as_of
    for working in draft.workings:
        yield f"the working {working.tool}", "\n".join((*working.inputs.values(), working.result, working.explanation))
    yield from (("what is missing", each) for each in draft.missing)


def _hidden(text: str) -> Iterator[Finding]:
    """Yield a finding for each run of invisible characters."""
    places = hidden_positions(text, leaves=True)
    # Positions next to each other differ from their rank by the same number.
    for _, run in groupby(enumerate(places), key=lambda each: each[1] - each[0]):
        found = [place for _, place in run]
        start, end = found[0], found[-1] + 1
        signs = [f"[{named(text[place])}]" for place in found]
        told = ", ".join(signs[:_MOST_NAMED])
        if more := len(signs) - _MOST_NAMED:
            told += f" and {more} more" if more > 0 else ""
        around = (
            made_visible(text[max(0, start - _AROUND) : start]) + signs[0] + made_visible(text[end : end + _AROUND])
        )
        yield Finding(NAME, "block", f"{told} cannot be seen, in “{_one_line(around)}”; take it out", start, end)


def _mixed(text: str) -> Iterator[Finding]:
    """Yield a finding for each word that looks like another."""
    for word in mixed_words(text):
        yield Finding(NAME, "block", f"{_told(word)}; type the word afresh", word.start, word.end)


def _told(word: MixedWord) -> str:
    letters = ", ".join(f"{sign} [{named(sign)}]" for sign in word.foreign[:_MOST_NAMED])
    return f"“{word.word}” looks like another word, because of {letters}"


def _foreign(text: str) -> Iterator[Finding]:
    for found in foreign_words(text):
        words = _one_line(text[found.start : found.end])[:60]
        if found.disguised:
            message = f"“{words}” is in {found.script} letters and looks like other words; make sure that it is meant"
            yield Finding(NAME, "warn", message, found.start, found.end)
        else:
            yield Finding(NAME, "suggest", f"“{words}” is in {found.script} letters", found.start, found.end)


def _one_line(text: str) -> str:
    return " ".join(text.split())
