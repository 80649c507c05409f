"""The check that a text names no guidance of a group without citing it: who reads a text that left is not known."""

import re
from collections.abc import Iterator

from humphrey.documents.model import DocumentLookup
from humphrey.papers.draft import Draft, Finding, Level
from humphrey.papers.given import rests_on
from humphrey.papers.kind import Paper


def no_group_titles(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Block the title of a document that was given to the drafter, is for a group and is not cited.

    A title of one word may be an ordinary word, so a person decides.
    """
    cited = {each.title for each in draft.citations}
    for title in sorted({each.title for each in rests_on(draft) if each.for_group} - cited):
        named = r"\s+".join(map(re.escape, title.split()))
        if named and (found := re.search(rf"(?<!\w){named}(?!\w)", _own_words(draft, title), re.IGNORECASE)):
            level: Level = "block" if " " in title else "warn"
            message = f"{title!r} is the title of guidance that only some people may read; take it out, or cite it"
            yield Finding("no_group_titles", level, message, *found.span())


def _own_words(draft: Draft, title: str) -> str:
    """Return the text with blanks for the facts that hold a title: they came from outside and are repeated whole."""
    text = draft.text
    for fact in draft.commission.facts.values():
        if title.casefold() in fact.casefold():
            text = text.replace(fact, " " * len(fact))
    return text
