"""Whether a sentence is humphrey's own, so that it needs no citation.

A notice that ends in names is humphrey's own only if a draft vouches for them: a model that begins a sentence with the
words of a notice may not end it with a claim.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import SequenceMatcher

from humphrey.calculations.rules import UNCOMPUTABLE
from humphrey.papers.draft import Draft
from humphrey.papers.given import names_looked_at, rests_on
from humphrey.papers.standard_wording import (
    CHANGED,
    IN_PARTS,
    LOOKED_AT,
    MISSPELT,
    NOTICES,
    REPLIES,
    UNASKED,
    UNCOMPUTED,
    UNFOUND,
    UNKNOWN,
    UNREAD,
    UNSAID,
    UNWRITTEN,
    WITHOUT,
    YES_OR_NO,
)
from humphrey.text.sentences import sentences, words

SOURCE = "Source: "
"""Before the source of a computed result."""


# Compared whole, because a model's sentence may begin with one: "No. 10 was told".
_WHOLE = frozenset(
    (*NOTICES, *YES_OR_NO.values(), *(span.of(reply) for reply in REPLIES.values() for span in sentences(reply)))
)


# With these between words of a question nothing is claimed: "the limit for a reply".
_SMALL = frozenset(words("a an the of for to in on at by and or whether what how when who which where why is are s"))


# An answer repeats the asker's words without these.
_SIGNS = re.compile(r"[\[\]【】<>*_`#|“”\"]")


_READ_AS = re.compile(r"([\w’'-]+) \(([\w’'-]+)\)")


# The least likeness of a misspelt word and the word that it was read as.
_ALIKE = 0.75


# A phrase of a redraft has no figure; a longer one would be a claim.
_REPLACED = r"‘[^’\d]{1,60}’ became ‘[^’\d]{0,40}’(?: \d+ times)?"


_CHANGES = re.compile(
    rf"(?:{_REPLACED}|\d+ long sentences? (?:was|were) made two|nothing, for nothing in the text could be made plainer "
    rf"safely)(?:; (?:{_REPLACED}|\d+ long sentences? (?:was|were) made two))*\."
)


# The words with which the calculators say that they cannot compute.
_DAY = r"(?:\w+day,? )?\d{1,2} \w+ \d{4}"
_REASON = re.compile(
    r"the bank holidays of \d{4} are not known to humphrey, only those of \d{4} to \d{4}; count these days by hand, "
    r"with the list of bank holidays on GOV\.UK"
    rf"|the [^.;:]{{1,140}} is known to humphrey from {_DAY} only, not for {_DAY}; look it up in [^;:]{{1,120}}"
    r"|the [^.;:]{1,80} is due some working days before the event; say how many, as your department has set them"
    rf"|the [^.;:]{{1,80}} is counted in \d+ sitting days, and humphrey was told (?:\d+|none) after {_DAY}; ask your "
    r"parliamentary branch for the sitting days"
    r"|working days between a fees notice and its fee are not counted; give the day of the notice \(stopped\) and the "
    r"day the fee came \(resumed\)"
    rf"|the rule about the [^;]{{1,200}} applies from {_DAY}, and {_DAY} is before it; ask your data protection team "
    r"what applied then"
    rf"|the clock cannot stop on {_DAY} and go on on {_DAY} when it starts on {_DAY}; give the days in their order"
    rf"|{_DAY} is before {_DAY}; give the earlier day first"
    r"|-?\d+ \w+(?: \w+)? cannot be added; give a number from 1 to \d+"
    r"|the time limit \w+ cannot be extended; ask for it without an extension"
    r"|['\"][^;]{1,44} and [^;]{1,44}['\"] have different units; give both in one unit"
)


def ours(sentence: str, draft: Draft) -> bool:
    """Return whether a sentence of a draft is humphrey's own: a whole one, or a notice with names that are known."""
    if sentence in _WHOLE:
        return True
    notice = next((each for each in _VOUCHED if sentence.startswith(each)), "")
    named = sentence[len(notice) :].strip()
    return bool(notice) and (not named or _VOUCHED[notice](named, draft))


def _of_question(named: str, draft: Draft) -> bool:
    """Return whether names are words of the question, or of the questions before it."""
    asked = draft.commission
    known = set(words(_SIGNS.sub("", " ".join((asked.text, *(turn.question for turn in asked.earlier))))))
    # Parts of a misspelt question are named in the words that it was read as.
    known |= {right.lower() for _, right in _readings(draft.text, known)}
    return set(words(named)) <= known | _SMALL


def _misspelt(named: str, draft: Draft) -> bool:
    read = set(_readings(named, set(words(draft.commission.text))))
    return all(each in read for each in _READ_AS.findall(named)) and not words(_READ_AS.sub("", named))


def _readings(text: str, asked: set[str]) -> Iterable[tuple[str, str]]:
    """Yield each word that is said to be misspelt with the one it was read as, if they are asked and alike."""
    for word, right in _READ_AS.findall(text):
        alike = SequenceMatcher(None, word.lower(), right.lower()).ratio() >= _ALIKE
        if word.lower() in asked and alike:
            yield word, right


def _of_sources(named: str, draft: Draft) -> bool:
    titles = (title for _, title in draft.looked_at)
    return _each_in(named, (*names_looked_at(draft), *titles, *(each.title for each in rests_on(draft))))


def _of_workings(named: str, draft: Draft) -> bool:
    return _each_in(named, (each.explanation for each in draft.workings)) or _of_sources(named, draft)


def _unread(named: str, draft: Draft) -> bool:
    # Only of a task on a text does the rule, and not the model, say what is missing.
    return bool(draft.commission.task) and _each_in(named, ("; ".join(draft.missing), *draft.missing))


def _reason(named: str) -> bool:
    """Return whether a reason is one of the calculators, or the beginning of one in several sentences."""
    open_ones = (
        f"the {each.what} has no date that can be computed: {each.reason}; ask what your department has set, or count "
        "a number of days that you know"
        for each in UNCOMPUTABLE.values()
    )
    said = named.removesuffix(".")
    return bool(_REASON.fullmatch(said)) or any(each.startswith(said) for each in open_ones)


def _each_in(named: str, known: Iterable[str]) -> bool:
    """Return whether each of some names, parted by semicolons, is words of one known text in their order."""
    texts = [f" {' '.join(words(text))} " for text in known]
    return all(any(f" {' '.join(words(each))} " in text for text in texts) for each in named.split(";") if words(each))


_VOUCHED: Mapping[str, Callable[[str, Draft], bool]] = {
    **dict.fromkeys((UNFOUND, UNSAID, UNKNOWN, UNASKED, WITHOUT), _of_question),
    UNWRITTEN: lambda named, draft: _of_question(named.removeprefix("a summary"), draft),
    UNCOMPUTED: lambda named, _: _reason(named),
    MISSPELT: _misspelt,
    LOOKED_AT: _of_sources,
    SOURCE: _of_workings,
    CHANGED: lambda named, _: bool(_CHANGES.fullmatch(named)),
    IN_PARTS: lambda named, _: bool(re.fullmatch(r"\d+\.", named)),
    UNREAD: _unread,
}
"""What decides whether the names after a notice are known."""
