"""A draft changed as somebody tells the model to. What needs no model is done here, by rule, and only what is safe so.

By rule a sentence or a paragraph is left out, a draft is made shorter, or its set phrases plainer. Whatever else an
instruction asks for wants a model that writes; it is refused in words that say so, never half done.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from humphrey.core.citing import quotations
from humphrey.core.drafts import Draft, ModelName, Watch
from humphrey.core.papers import Paper
from humphrey.core.redrafts import redraft
from humphrey.core.sentences import Span, sentences, words
from humphrey.core.wording import ours
from humphrey.errors import CommissionError

NAME = ModelName("embedded", "revising-1")
"""How drafts name what is changed here without a model."""

CAN = (
    "without a model at an endpoint a draft can only be made shorter or plainer, or lose a sentence or a paragraph, "
    "such as “leave out the second sentence” or “leave out the sentence that says ‘at no charge’”; "
    "say one of these, or change the words yourself"
)
"""What is said to an instruction that no rule follows."""

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NUMBERED = "|".join((*_ORDINALS, "last", r"\d{1,2}(?:st|nd|rd|th)"))
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
_SHARE = 2 / 3
_NOWHERE = 10**6


@dataclass(frozen=True)
class Revision:
    """What is to be changed: the draft as it stands, what the model is told, and who tells it."""

    draft: Draft
    instruction: str
    by: str


class Reviser(Protocol):
    """Writes a draft anew as it is told to; whoever calls it runs the checks."""

    def __call__(self, revision: Revision, paper: Paper, watch: Watch) -> Draft:
        """The draft with other words, for the same commission, with findings only about what the model did.

        Raises:
            CommissionError: the instruction cannot be followed here; says what can.
            ModelError: the model did not answer, or not usably.
        """


def by_rule(revision: Revision, paper: Paper, watch: Watch) -> Draft:
    """The draft changed as the instruction says, where a rule can do it; citations whose markers go, go.

    Raises:
        CommissionError: no rule can, or nothing came of it; says what can be done.
    """
    draft = revision.draft
    text = _changed(draft.text, revision.instruction, paper)
    watch(text)
    cited = tuple(each for each in draft.citations if f"[{each.marker}]" in text)
    return replace(draft, text=text, citations=cited, findings=(), model=NAME, steps=(), usage=None, seconds=0.0)


def _changed(text: str, instruction: str, paper: Paper) -> str:
    asked = [shape for shape in (_AWAY, _SHORTER, _PLAINER) if shape.search(instruction)]
    if asked == [_AWAY]:
        return _without(text, instruction)
    if asked == [_SHORTER] and not paper.pattern:
        return _shorter(text, instruction)
    if asked == [_PLAINER]:
        return _plainer(text)
    if asked == [_SHORTER]:
        raise CommissionError(f"a {paper.title} says only what it has to; leave out a sentence by naming it")
    raise CommissionError(CAN)


def _without(text: str, instruction: str) -> str:
    """The text without the sentence or paragraph that an instruction names by its place or by its words."""
    if said := _SAYING.search(instruction):
        spans = _parts(text, said["what"])
        found = [span for span in spans if said["words"].casefold() in span.of(text).casefold()]
        if len(found) != 1:
            hold = f"{len(found) or 'no'} {said['what'].lower()}{'s hold' if found else ' holds'} those words"
            raise CommissionError(f"{hold}; name one by its place, such as “the second”, or change the words yourself")
        return _cut(text, found[0])
    named = _PART.search(instruction)
    if named is None:
        raise CommissionError(CAN)
    what = (named["what"] or named["what2"]).lower()
    spans, n = _parts(text, what), _place(named)
    if not -len(spans) <= n < len(spans) or len(spans) == 1:
        raise CommissionError(f"the draft has {len(spans)} {what}{'s' * (len(spans) != 1)}; name another, or amend it")
    return _cut(text, spans[n])


def _place(named: re.Match[str]) -> int:
    """The index of the part that is named, from 0; -1 for the last."""
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
    """The text without a part, and without the empty line, list sign or blank that it leaves.

    Markers at the end of a paragraph are for all of it: they go to the sentence before where that has none of its own.
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


def _shorter(text: str, instruction: str) -> str:
    """The text without its last sentences, until it has as few words as were named, or a third less; never empty."""
    named = _AT_MOST.search(instruction)
    most = int(named[1]) if named else int(_length(text) * _SHARE)
    if _length(text) <= most:
        raise CommissionError(f"the draft has {_length(text)} words, no more than that; say how many it may have")
    for _ in sentences(text):
        ending = [span for span in sentences(text) if not ours(span.of(text))]
        if _length(text) <= most or len(ending) < 2:
            break
        text = _cut(text, ending[-1])
    if _length(text) > most:
        raise CommissionError(f"no rule makes the draft as short as {most} words; change the words yourself")
    return text


def _length(text: str) -> int:
    """How many words a draft has, without markers and what humphrey says in its own name."""
    said = (_MARKERS.sub("", span.of(text)) for span in sentences(text) if not ours(span.of(text)))
    return sum(len(words(sentence)) for sentence in said)


def _plainer(text: str) -> str:
    """The text with plainer phrases; where a long sentence becomes two, both bear its markers."""
    plainer = text
    for span in reversed(sentences(text)):
        said = span.of(plainer)
        marks = _MARKERS.search(said)
        made = redraft(said)
        worded = made.text
        if made.parted and marks:
            first = sentences(worded)[0]
            worded = f"{worded[: first.end]} {marks[0].strip()}{worded[first.end :]}"
        plainer = plainer[: span.start] + worded + plainer[span.end :]
    if plainer == text:
        why = "its sentences are quoted, and quoted words stay" if quotations(text) else "no phrase has a plainer one"
        raise CommissionError(f"nothing in the draft can be made plainer by rule: {why}; change the words yourself")
    return plainer
