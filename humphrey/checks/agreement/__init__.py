"""Agreement of a sentence with the passages that it cites.

It covers figures, units, names, negation, modality (must, should, may), semantic roles (who does what to whom), bounds,
quantities and conditions, and the support of each clause. A sentence is compared with the sentences that it was most
likely made from. A literal copy always agrees. Every disagreement points at words of the sentence; a person judges how
much it matters.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from humphrey.checks.agreement import bounds, clauses, doers, figures, modality, names, roles
from humphrey.checks.agreement.words import (
    Disagreement,
    DisagreementKind,
    ParsedPassage,
    ParsedSentence,
    closest_sentences,
    parse_passage,
)

__all__ = ["Disagreement", "DisagreementKind", "disagreements"]


SUPPORTED = 0.4
"""Least share of a sentence's content words that its passages must contain, from 0.0 to 1.0.

A sentence below it is not taken from them.
"""


# Fewer content words than this are too few to judge support by a share.
_FEWEST_WORDS = 4


# Where a sentence or line ends. A copy that stops elsewhere may have lost a condition.
_ENDS = ".!?:;\n”)]|"


def disagreements(
    sentence: str, sources: Sequence[str], *, around: Sequence[str] = (), headings: Sequence[str] = ()
) -> list[Disagreement]:
    """Return what a sentence says that its sources do not support, in the order of its words.

    Args:
        sentence: one sentence; citation markers in it are ignored.
        sources: the quoted spans that it cites.
        around: the passages that contain these spans; a sentence may be made from them too.
        headings: the headings above the passages. They may supply names and topics, but no statement is compared with
            them.
    """
    return list(_disagreements(sentence, tuple(sources), tuple(around), tuple(headings)))


@lru_cache(maxsize=512)
def _disagreements(
    sentence: str, sources: tuple[str, ...], around: tuple[str, ...], headings: tuple[str, ...]
) -> tuple[Disagreement, ...]:
    copies = [whole for each in (*sources, *around) if (whole := _copied(sentence, each)) is not None]
    if any(copies):
        return ()
    claim, cited, beside = (
        ParsedSentence(sentence),
        [parse_passage(each) for each in sources],
        [parse_passage(each) for each in around],
    )
    if not claim.content:
        return ()
    everything = [*cited, *beside, *map(parse_passage, headings)]
    lacking = claim.content.difference(*(each.content for each in cited))
    # Sentences around the cited spans are read only if those lack a word of the claim. Otherwise they add nothing and
    # cost time.
    near = closest_sentences(claim, cited, beside if lacking else ())
    if copies:
        return tuple(clauses.dropped(claim, near))
    found = list(_unsupported(claim, lacking, everything)) or list(_against(claim, near, everything))
    if not any(each.kind == "support" for each in found):
        found += clauses.disagreeing(claim, near, [*cited, *beside], everything[len(cited) + len(beside) :])
    return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def _copied(sentence: str, text: str) -> bool | None:
    """Return whether a text has a sentence letter for letter, and as a whole sentence or line; None if it has not."""
    at = text.find(sentence)
    if at < 0:
        return None
    before, after = text[:at].rstrip(" -*•"), text[at + len(sentence) :]
    ends = sentence[-1:] in _ENDS or not after.strip() or after[0] in _ENDS
    return ends and (not before or before[-1] in _ENDS)


def _against(
    claim: ParsedSentence, near: Sequence[ParsedSentence], sources: Sequence[ParsedPassage]
) -> Iterator[Disagreement]:
    yield from figures.disagreeing(claim, near, sources)
    yield from names.disagreeing(claim, near, sources)
    yield from modality.disagreeing(claim, near)
    swapped = list(roles.disagreeing(claim, near))
    yield from swapped or doers.disagreeing(claim, near, sources)
    yield from bounds.disagreeing(claim, near)


def _unsupported(
    claim: ParsedSentence, lacking: frozenset[str], sources: Sequence[ParsedPassage]
) -> Iterator[Disagreement]:
    most = (1 - SUPPORTED) * len(claim.content)
    if len(claim.content) < _FEWEST_WORDS or len(lacking) <= most:
        return
    if len(lacking.difference(*(each.content for each in sources))) > most:
        message = "the passages this sentence cites say little of this; check that they support it"
        yield Disagreement("support", message, 0, len(claim.text.rstrip()))
