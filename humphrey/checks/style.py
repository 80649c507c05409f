"""Style suggestions by the rules that departments write to. They never block; a person decides.

Words of a source and of the asker get no suggestions, because a quotation must not be changed.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from humphrey.documents.model import DocumentLookup
from humphrey.papers.citations import found_in
from humphrey.papers.draft import Draft, Finding
from humphrey.papers.kind import Paper
from humphrey.papers.own_words import ours
from humphrey.text.sentences import Span, sentences, words

LONGEST_SENTENCE = 25
"""The longest sentence, in words; the clear-language guidance of GOV.UK asks writers to split longer ones."""


# The most sentences of a paragraph that is not a list.
_MOST_SENTENCES = 5


_BLOCK = re.compile(r"[^\n]+(?:\n[^\n]+)*")


_LIST_SIGN = re.compile(r"(?:[-*•]|\d{1,2}[.)])\s")


_LIST_END = re.compile(r"^[^\S\n]*[-*•]\s.*?((?:[;,]\s?(?:and|or)?)\s*)$", re.MULTILINE)


# An abbreviation in brackets is the explanation itself, so it is not matched.
_ACRONYM = re.compile(r"(?<![\w(])[A-Z]{3,6}(?![\w)])")


# Abbreviations that readers know without an explanation.
_KNOWN = frozenset(
    [
        "BBC",
        "DVLA",
        "EEA",
        "FOI",
        "GDP",
        "GOV",
        "HMRC",
        "HMT",
        "NHS",
        "OFFICIAL",
        "PDF",
        "PIN",
        "TUC",
        "UKHSA",
        "USA",
        "VAT",
    ]
)


# Facts with fewer words are not looked for in the draft.
_HARMLESS = 4


@dataclass(frozen=True)
class Suggestion:
    """A suggestion about characters `start` to `end` of a text; `rule` is the name of the rule."""

    rule: str
    message: str
    start: int
    end: int


@dataclass(frozen=True)
class _Rule:
    name: str
    say: str
    shape: re.Pattern[str]
    needs: tuple[str, ...]


def suggestions(text: str) -> list[Suggestion]:
    """Return every suggestion for a text, in the order of the text."""
    every = [*_worded(text), *_long(text), *_lists(text), *_acronyms(text)]
    return sorted(every, key=lambda one: (one.start, one.end))


def style(draft: Draft, _paper: Paper, lookup: DocumentLookup) -> Iterator[Finding]:
    """Yield a suggestion for each part of the draft's own words that could read better."""
    found = suggestions(draft.text)
    if not found:
        return
    facts = _facts(draft)
    for span in [*sentences(draft.text), Span(0, len(draft.text))]:
        # Suggestions about a paragraph are in no sentence; the last span, the whole draft, collects them.
        here = [one for one in found if span.start <= one.start and one.end <= span.end]
        found = [one for one in found if one not in here]
        if here and not _repeated(span.of(draft.text), draft, lookup):
            for one in here:
                if not any(fact.start <= one.start and one.end <= fact.end for fact in facts):
                    yield Finding("style", "suggest", one.message, one.start, one.end)


def rules() -> list[str]:
    """Return the names of the rules for words, in order."""
    return [rule.name for rule in _rules()]


@cache
def _rules() -> tuple[_Rule, ...]:
    held = json.loads(files("humphrey.checks").joinpath("style_rules.json").read_text(encoding="utf-8"))
    return tuple(
        _Rule(
            each["id"],
            each["say"],
            re.compile(each["pattern"], re.IGNORECASE if each["flags"] == "i" else 0),
            tuple(each.get("needs", ())),
        )
        for each in held["rules"]
    )


def _worded(text: str) -> Iterator[Suggestion]:
    small = text.lower()
    for rule in _rules():
        # A search for letters is twenty times as fast as one for an expression.
        if rule.needs and not any(letters in small for letters in rule.needs):
            continue
        for found in rule.shape.finditer(text):
            yield Suggestion(rule.name, f"'{found[0].strip()}': {rule.say}", *found.span())


def _long(text: str) -> Iterator[Suggestion]:
    for span in sentences(text):
        length = len(words(re.sub(r"\[\d{1,3}\]", "", span.of(text))))
        if length > LONGEST_SENTENCE:
            yield Suggestion("long_sentence", f"{length} words in one sentence; split it, if you can", *span)
    for block in _BLOCK.finditer(text):
        held = 0 if _LIST_SIGN.search(block[0]) else len(sentences(block[0]))
        if held > _MOST_SENTENCES:
            yield Suggestion("long_paragraph", f"{held} sentences in one paragraph; make two of it", *block.span())


def _lists(text: str) -> Iterator[Suggestion]:
    for found in _LIST_END.finditer(text):
        yield Suggestion("list_end", "nothing stands at the end of an item of a list", *found.span(1))


def _acronyms(text: str) -> Iterator[Suggestion]:
    """Yield a suggestion for each abbreviation that is used more than once and never explained."""
    seen: set[str] = set()
    for found in _ACRONYM.finditer(text):
        name = found[0]
        if name in seen or name in _KNOWN or re.search(rf"\({name}\)|\b{name} \(", text):
            continue
        seen.add(name)
        if text.count(name) > 1:
            yield Suggestion("acronym", f"say what {name} stands for where it is first used", *found.span())


def _facts(draft: Draft) -> list[Span]:
    """Return the places where the draft repeats a given fact."""
    facts = [fact for fact in draft.commission.facts.values() if len(words(fact)) >= _HARMLESS]
    return [place for fact in facts if (place := found_in(fact, draft.text))]


def _repeated(sentence: str, draft: Draft, lookup: DocumentLookup) -> bool:
    """Return whether a sentence is copied from a source, a computed result, the question or humphrey's notices."""
    bare = re.sub(r"(?:\s?\[\d{1,3}\])+", "", sentence).strip()
    near = [draft.commission.text, *(each.explanation for each in draft.workings)]
    near += [citation.quote for citation in draft.citations]
    if ours(bare, draft) or any(found_in(bare, source) for source in near):
        return True
    # Whole documents last: they are the longest texts to search.
    cited = sorted({(each.document, each.version) for each in draft.citations})
    return any(found_in(bare, document.text) for each in cited if (document := lookup(*each)))
