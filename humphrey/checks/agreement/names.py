"""Names in a claim compared with those of its source: organisations, places, schemes and forms."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from humphrey.checks.agreement.words import FUNCTION_WORDS, Disagreement, ParsedPassage, ParsedSentence, Token, listed
from humphrey.text.figures import figures

# The number of a form: capitals and digits, such as AL12, P45 or SA100.
_FORM = re.compile(r"\b(?=[A-Z]*\d)(?:[A-Z]{1,5}\d{1,4}[A-Z]?)\b")


# Names even at the start of a sentence, where other capitalised words are taken for ordinary ones.
_PLACES = listed(
    """
    england scotland wales ireland britain london london's cymru jersey guernsey europe france germany spain italy
    january february march april june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday
    """
)


# A capital after one of these may only mark the start of a sentence, a quotation or an item.
_OPENERS = frozenset("“‘\"'(–—-:;.!?/•*")


_NO_NAMES = frozenset({"i", "ok", "yes", "no"})


# A name goes on over one of these: "Department for Transport".
_JOINING = frozenset({"of", "for", "and", "the", "&"})


def disagreeing(
    claim: ParsedSentence, near: Sequence[ParsedSentence], sources: Sequence[ParsedPassage]
) -> Iterator[Disagreement]:
    """Yield each name that no source has, or that replaces another name of the closest sentences."""
    runs = _runs(claim)
    if runs:
        yield from _strange_runs(claim, runs, near, sources)
    yield from _strange_forms(claim, near, sources)


def _strange_runs(
    claim: ParsedSentence,
    runs: Sequence[Sequence[Token]],
    near: Sequence[ParsedSentence],
    sources: Sequence[ParsedPassage],
) -> Iterator[Disagreement]:
    here = Counter(token.stem for said in near for token in said.tokens)
    everywhere = frozenset().union(*(each.stems for each in sources))
    initials = frozenset().union(*(_initials(said.text) for said in near))
    own = Counter(token.stem for token in claim.tokens)
    named_here = {token.stem for said in near for run in _runs(said) for token in run}
    lost = any(own[stem] < here[stem] for stem in named_here)
    for run in runs:
        # The replacement may be a name that the source has elsewhere. So occurrences are counted, not just looked up.
        strange = [
            token for token in run if (lost and own[token.stem] > here[token.stem]) or token.stem not in everywhere
        ]
        if strange and not _short_for(run, frozenset(here), initials):
            place = (run[0].start, run[-1].end)
            message = f"{claim.text[slice(*place)]!r} is not what the passages name here; check the name"
            yield Disagreement("name", message, *place)


def _strange_forms(
    claim: ParsedSentence, near: Sequence[ParsedSentence], sources: Sequence[ParsedPassage]
) -> Iterator[Disagreement]:
    for found in _FORM.finditer(claim.text):
        forms = {form for said in near for form in _FORM.findall(said.text)}
        others = {form for each in sources for form in _FORM.findall(each.text)}
        if found[0] not in forms and (found[0] not in others or forms - set(_FORM.findall(claim.text))):
            yield Disagreement(
                "name", f"{found[0]!r} is not in the passages this sentence cites; check the name", *found.span()
            )


def _runs(said: ParsedSentence) -> list[list[Token]]:
    """Return the names of a sentence: runs of capitalised words.

    A capital that only starts a sentence makes no name.
    """
    named = [n for n, token in enumerate(said.tokens) if token.word[0].isupper()]
    taken = [(figure.start, figure.end) for figure in figures(said.text)] if named[1:] else []
    runs: list[list[Token]] = []
    last = -2
    for n in named:
        token = said.tokens[n]
        if any(start <= token.start < end for start, end in taken):
            continue
        if n - last == 1 or (n - last == 2 and runs and said.tokens[n - 1].stem in _JOINING):
            runs[-1].append(token)
        else:
            runs.append([token])
        last = n
    return [run for run in (_without_opening(said, run) for run in runs) if run]


def _without_opening(said: ParsedSentence, run: list[Token]) -> list[Token]:
    first = run[0]
    before = said.text[: first.start].rstrip()
    opens = not before or before[-1] in _OPENERS
    plain = (
        not (first.word.isupper() and len(first.word) > 1)
        and first.stem not in _PLACES
        and first.word.lower() not in _PLACES
    )
    kept = run[1:] if opens and plain else run
    return [token for token in kept if _may_name(token)]


def _may_name(token: Token) -> bool:
    return token.word.lower() not in _NO_NAMES and (token.stem not in FUNCTION_WORDS or token.word[1:].isupper())


def _short_for(run: Sequence[Token], here: frozenset[str], initials: frozenset[str]) -> bool:
    """Return whether a name abbreviates a name in the closest sentences, or spells out an abbreviation there."""
    if len(run) == 1 and run[0].word.isupper():
        return run[0].word.lower() in initials
    letters = "".join(token.word[0] for token in run).lower()
    # "UK GDPR" has a short form of what the source spells out.
    shortened = all(token.stem in here or token.word.lower() in initials for token in run)
    return len(run) > 1 and (letters in here or shortened)


@lru_cache(maxsize=256)
def _initials(text: str) -> frozenset[str]:
    runs = _runs(ParsedSentence(text))
    return frozenset("".join(token.word[0] for token in run).lower() for run in runs if len(run) > 1)
