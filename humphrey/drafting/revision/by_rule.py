"""Revision of a draft by instruction, and the instructions that rules can follow without a model.

Rules can leave out a sentence or a paragraph, shorten a draft, or make its set phrases plainer. Any other instruction
needs a model; it is refused with an explanation, never followed in part.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from humphrey.drafting.own_texts.plain_english import to_plain_english
from humphrey.drafting.revision.citations import keep_markers, lost
from humphrey.errors import CommissionError
from humphrey.papers.citations import quotations
from humphrey.papers.draft import Draft, ModelName, OnText
from humphrey.papers.kind import Paper
from humphrey.papers.own_words import ours
from humphrey.text.sentences import Span, sentences, words

NAME = ModelName("embedded", "revising-1")
"""The model name of drafts changed by these rules."""


RULES_CAN = (
    "without a model at an endpoint a draft can only be made shorter or plainer, or lose a sentence or a paragraph, "
    "such as “leave out the second sentence” or “leave out the sentence that says ‘at no charge’”; "
    "say one of these, or change the words yourself"
)
"""The message for an instruction that no rule can follow."""


_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


_NUMBERED = "|".join((*_ORDINALS, "last", r"\d{1,2}(?:st|nd|rd|th)"))


# Exactly one of _AWAY, _SHORTER and _PLAINER must match an instruction; two wishes at once are left to a model.
_AWAY = re.compile(r"\b(?:drop|remove|delete|leave out|take out|cut out|strike|omit|lose|without)\b", re.IGNORECASE)


_PART = re.compile(
    rf"\b(?P<which>{_NUMBERED}) (?P<what>sentence|paragraph)\b|\b(?P<what2>sentence|paragraph) (?P<n>\d{{1,2}})\b",
    re.IGNORECASE,
)


_SAYING = re.compile(r"\b(?P<what>sentence|paragraph)\b[^“\"‘']*[“\"‘'](?P<words>[^”\"’]{3,200})[”\"’']", re.IGNORECASE)


_SHORTER = re.compile(
    r"\b(?:short(?:er|en)|brief(?:er)?|concise|(?:no|not) more than|at most|cut (?:it )?down)\b", re.I
)


_AT_MOST = re.compile(r"\b(\d{1,4}) words\b", re.IGNORECASE)


_PLAINER = re.compile(r"\b(?:plain(?:er)?|simpl(?:er|ify)|jargon|officialese|easier to (?:read|understand))\b", re.I)


_MARKERS = re.compile(r"(?:\s?\[\d{1,3}\])+$")


_SIGN = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])(?:\s+|$)")


# "Shorter" without a number of words leaves out a third.
_SHARE = 2 / 3


# An index beyond every draft, for "sentence 0", so that it is refused like any other part that does not exist.
_NOWHERE = 10**6


@dataclass(frozen=True)
class Revision:
    """A revision to make: the current draft, the instruction, and the name of the person who gave it."""

    draft: Draft
    instruction: str
    by: str


class Reviser(Protocol):
    """Revises a draft as instructed. The caller runs the checks."""

    def __call__(self, revision: Revision, paper: Paper, watch: OnText) -> Draft:
        """Return the revised draft for the same commission; its findings are only those about the model's output.

        Raises:
            CommissionError: the instruction cannot be followed; the message says which ones can.
            ModelError: the model did not answer, or its answer is not usable.
        """


def revise_by_rule(revision: Revision, paper: Paper, watch: OnText) -> Draft:
    """Return the draft revised by rule; citations that no sentence rests on any more are removed.

    Raises:
        CommissionError: no rule can follow the instruction, or nothing would change; the message says what can be done.
    """
    draft = revision.draft
    text = keep_markers(draft, _changed(draft, revision.instruction, paper))
    watch(text)
    cited = tuple(each for each in draft.citations if f"[{each.marker}]" in text)
    made = replace(draft, text=text, citations=cited, findings=(), model=NAME, steps=(), usage=None, seconds=0.0)
    # A part that was left out as asked takes its citations along; a draft that loses all of them is stopped.
    return made if cited else replace(made, findings=tuple(lost(draft, made)))


def _changed(draft: Draft, instruction: str, paper: Paper) -> str:
    text = draft.text
    asked = [shape for shape in (_AWAY, _SHORTER, _PLAINER) if shape.search(instruction)]
    if asked == [_AWAY]:
        return _without(text, instruction)
    if asked == [_SHORTER] and not paper.worded:
        return _shorter(draft, instruction)
    if asked == [_PLAINER]:
        return _plainer(text)
    if asked == [_SHORTER]:
        raise CommissionError(f"a {paper.title} says only what it has to; leave out a sentence by naming it")
    raise CommissionError(RULES_CAN)


def _without(text: str, instruction: str) -> str:
    """Return the text without the sentence or paragraph that the instruction names by position or by its words."""
    if said := _SAYING.search(instruction):
        spans = _parts(text, said["what"])
        found = [span for span in spans if said["words"].casefold() in span.of(text).casefold()]
        if len(found) != 1:
            hold = f"{len(found) or 'no'} {said['what'].lower()}{'s hold' if found else ' holds'} those words"
            raise CommissionError(f"{hold}; name one by its place, such as “the second”, or change the words yourself")
        return _cut(text, found[0])
    named = _PART.search(instruction)
    if named is None:
        raise CommissionError(RULES_CAN)
    what = (named["what"] or named["what2"]).lower()
    spans, n = _parts(text, what), _place(named)
    if not -len(spans) <= n < len(spans) or len(spans) == 1:
        raise CommissionError(f"the draft has {len(spans)} {what}{'s' * (len(spans) != 1)}; name another, or amend it")
    return _cut(text, spans[n])


def _place(named: re.Match[str]) -> int:
    """Return the index of the named part, from 0; -1 for the last."""
    which = (named["which"] or "").lower()
    if which == "last":
        return -1
    n = _ORDINALS.index(which) + 1 if which in _ORDINALS else int(named["n"] or which[:-2])
    return n - 1 if n else _NOWHERE


def _parts(text: str, what: str) -> Sequence[Span]:
    if what.lower() == "sentence":
        return sentences(text)
    return [Span(*found.span()) for found in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text)]


def _cut(text: str, span: Span) -> str:
    """Return the text without a part, and without the empty line, list sign or space that it would leave.

    Markers at the end of a paragraph cover all of it. They move to the sentence before if that has none of its own.
    """
    before, after = text[: span.start], text[span.end :]
    marks = _MARKERS.search(span.of(text))
    line = _SIGN.sub("", before[before.rfind("\n") + 1 :]).strip()
    if marks and line and not _MARKERS.search(line):
        before = f"{before.rstrip()} {marks[0].strip()} "
    if not after.strip(" \t") or after.lstrip(" \t").startswith("\n"):
        before = re.sub(r"[ \t]*(?:(?<=\n)|^)(?:[-*•]|\d{1,2}[.)])?[ \t]*$", "", before.rstrip(" \t"))
    else:
        after = after.lstrip(" \t")
    return re.sub(r"\n{3,}", "\n\n", before + after).strip()


def _shorter(draft: Draft, instruction: str) -> str:
    """Return the text without its last sentences, cut down to the number of words named, or by a third; never empty."""
    text = draft.text
    named = _AT_MOST.search(instruction)
    most = int(named[1]) if named else int(_length(text, draft) * _SHARE)
    if _length(text, draft) <= most:
        raise CommissionError(
            f"the draft has {_length(text, draft)} words, no more than that; say how many it may have"
        )
    for _ in sentences(text):
        ending = [span for span in sentences(text) if not ours(span.of(text), draft)]
        if _length(text, draft) <= most or len(ending) < 2:
            break
        text = _cut(text, ending[-1])
    if _length(text, draft) > most:
        raise CommissionError(f"no rule makes the draft as short as {most} words; change the words yourself")
    return text


def _length(text: str, draft: Draft) -> int:
    """Return the number of words of a draft, without markers and humphrey's own notices."""
    said = (_MARKERS.sub("", span.of(text)) for span in sentences(text) if not ours(span.of(text), draft))
    return sum(len(words(sentence)) for sentence in said)


def _plainer(text: str) -> str:
    """Return the text with plainer phrases; if a long sentence is split, both halves carry its markers."""
    plainer = text
    # From the last sentence to the first, because each change moves the positions after it.
    for span in reversed(sentences(text)):
        said = span.of(plainer)
        marks = _MARKERS.search(said)
        made = to_plain_english(said)
        worded = made.text
        if made.parted and marks:
            first = sentences(worded)[0]
            worded = f"{worded[: first.end]} {marks[0].strip()}{worded[first.end :]}"
        plainer = plainer[: span.start] + worded + plainer[span.end :]
    if plainer == text:
        why = "its sentences are quoted, and quoted words stay" if quotations(text) else "no phrase has a plainer one"
        raise CommissionError(f"nothing in the draft can be made plainer by rule: {why}; change the words yourself")
    return plainer
