"""Whether a sentence agrees with the passages it cites: its figures, its names, what is so, what must be, who does it.

A sentence is compared with the sentences of its passages that it was most likely made from. What is copied word for
word agrees. Every disagreement points at words of the sentence; a person decides what it is worth.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from humphrey.core import agreement_figures, agreement_names, agreement_roles, agreement_stances
from humphrey.core.agreement_words import Disagreement, Kind, Said, Source, closest, source

__all__ = ["Disagreement", "Kind", "disagreements"]

SUPPORTED = 0.4
"""A sentence of which the passages hold a smaller share of its telling words is not taken from them."""

_FEWEST_WORDS = 4


def disagreements(
    sentence: str, sources: Sequence[str], *, around: Sequence[str] = (), headings: Sequence[str] = ()
) -> list[Disagreement]:
    """What a sentence says that its sources do not bear out, in the order of its words.

    Args:
        sentence: one sentence; markers in it are passed over.
        sources: the words that it cites.
        around: the passages that these stand in; a sentence may be made from them too.
        headings: what they stand under; a heading says what is spoken of, and nothing about it.
    """
    return list(_disagreements(sentence, tuple(sources), tuple(around), tuple(headings)))


@lru_cache(maxsize=512)
def _disagreements(
    sentence: str, sources: tuple[str, ...], around: tuple[str, ...], headings: tuple[str, ...]
) -> tuple[Disagreement, ...]:
    if any(_copied(sentence, each) for each in (*sources, *around)):
        return ()
    claim, cited, beside = Said(sentence), [source(each) for each in sources], [source(each) for each in around]
    if not claim.content:
        return ()
    everything = [*cited, *beside, *map(source, headings)]
    lacking = claim.content.difference(*(each.content for each in cited))
    # Where the cited words hold all of the claim, no sentence around them added to it, so none is read.
    near = closest(claim, cited, beside if lacking else ())
    found = list(_unsupported(claim, lacking, everything)) or list(_against(claim, near, everything))
    return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def _copied(sentence: str, text: str) -> bool:
    return sentence in text


def _against(claim: Said, near: Sequence[Said], sources: Sequence[Source]) -> Iterator[Disagreement]:
    yield from agreement_figures.disagreeing(claim, near, sources)
    yield from agreement_names.disagreeing(claim, near, sources)
    yield from agreement_stances.disagreeing(claim, near)
    yield from agreement_roles.disagreeing(claim, near)


def _unsupported(claim: Said, lacking: frozenset[str], sources: Sequence[Source]) -> Iterator[Disagreement]:
    most = (1 - SUPPORTED) * len(claim.content)
    if len(claim.content) < _FEWEST_WORDS or len(lacking) <= most:
        return
    if len(lacking.difference(*(each.content for each in sources))) > most:
        message = "the passages this sentence cites say little of this; check that they support it"
        yield Disagreement("support", message, 0, len(claim.text.rstrip()))
