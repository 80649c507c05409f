"""Tokens of a sentence, normalised so that two ways of saying one thing compare as equal.

A word is known by its stem, and by its meaning: one stem that stands for all synonyms in a group. Contractions are
expanded. Nothing here decides whether two sentences agree.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from humphrey.text.sentences import Span, sentences
from humphrey.text.words import load_groups, load_words

DisagreementKind = Literal[
    "figure", "unit", "name", "negation", "strength", "roles", "doer", "bound", "quantity", "condition", "support"
]
"""What a sentence and its source disagree about.

`figure`: a number, date, amount or share. `unit`: what a figure counts. `name`: who or where. `negation`: whether it is
so. `strength`: whether it must, should or may be. `roles`: who does it to whom. `doer`: who does it. `bound`: before or
after, a least or a most. `quantity`: all, most, some or only. `condition`: one that is left out or turned. `support`: a
clause, or nearly everything.
"""


def listed(words: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(words.split())


# A word with apostrophes, a number with its separators, or a sign that can end a clause.
_TOKEN = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*|\d[\d,.]*\d|\d|[,;:()–—?]|\s-\s")


_MARKERS = re.compile(r"\[\d{1,3}\]")


# A final s after s, u or i is no plural: "business", "status", "basis".
_PLURAL = re.compile(r"(?:ies|sses|xes|ches|shes|[^sui]s)$")


_SHORT = {"n't": "not", "'re": "be", "'ve": "have", "'ll": "will", "'m": "be", "'d": "would"}


_WHOLE = {"can't": ("can", "not"), "won't": ("will", "not"), "shan't": ("shall", "not"), "cannot": ("can", "not")}


# Their final "ly" makes no adverb.
_NO_ADVERBS = listed("apply reply supply comply imply rely family assembly")


_BE = listed("be is are was were been being am")


_WORDS, _GROUPS = load_words("agreement"), load_groups("agreement")


_IRREGULAR = {form: base for base, *forms in _GROUPS["irregular forms"] for form in forms}


FUNCTION_WORDS = _WORDS["function words"]
"""Function words. They connect the others and support nothing by themselves."""


PRONOUNS = listed("you they we he she i")
"""Pronouns that stand for a person or body who acts."""


BREAKS = listed(", ; : ( ) – — - ?") | listed(
    """
    if when while where unless because that which who whom but until once before after since whether so
    """
)
"""Signs and words at the border between two clauses."""


@dataclass(frozen=True)
class Disagreement:
    """A statement of a sentence that its sources do not support.

    `start` and `end` are its characters in the sentence; `left_out` are words of the source that it leaves out.
    """

    kind: DisagreementKind
    message: str
    start: int
    end: int
    left_out: str = ""


_ADVERBS = listed("also still only already always often never then now therefore usual normal general")


_Read = tuple[str, str, bool]


class Token:
    """One word, number or sign of a sentence.

    Attributes:
        word: as written.
        stem: what forms of one word share.
        meaning: the stem that stands for all its synonyms.
        content: whether it is a content word.
        start: its first character in the sentence.
        end: the character after its last.
    """

    __slots__ = ("content", "end", "meaning", "start", "stem", "word")

    def __init__(self, word: str, read: _Read, start: int, end: int) -> None:
        self.word = word
        self.stem, self.meaning, self.content = read
        self.start = start
        self.end = end


def is_adverb(token: Token) -> bool:
    """Return whether a token only says how or when something is done, so that it is passed over."""
    return token.stem in _ADVERBS or (token.word.endswith("ly") and not token.stem.endswith("ly"))


class ParsedSentence:
    """One sentence with its tokens."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def tokens(self) -> list[Token]:
        """Its words in order; a contraction counts as the words it is short for."""
        return tokens(self.text)

    @cached_property
    def content(self) -> frozenset[str]:
        """The meanings of its content words."""
        # Most sentences of a passage are only skimmed, so this does not build tokens.
        return frozenset().union(*map(_meant, _words(self.text)))

    @cached_property
    def plain(self) -> frozenset[str]:
        """The meanings of its content words that are neither part of a name nor a number."""
        return frozenset(token.meaning for token in self.tokens if token.content and token.word[0].islower())

    def at(self, first: int, last: int) -> Span:
        """Return the characters from one token to another."""
        return Span(self.tokens[first].start, self.tokens[last].end)


class ParsedPassage:
    """A passage with its sentences and words."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def said(self) -> list[ParsedSentence]:
        """Its sentences in order."""
        return [ParsedSentence(span.of(self.text)) for span in sentences(self.text)]

    @cached_property
    def content(self) -> frozenset[str]:
        """The meanings of all its content words."""
        return frozenset().union(*map(_meant, _words(self.text)))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all its words."""
        return frozenset(stem for word in _words(self.text) for stem, _, _ in _read(word))


@lru_cache(maxsize=1)
def _meanings() -> dict[str, str]:
    """Return the first synonym's stem by the stem of each other synonym."""
    groups = ([stem(word) for word in group] for group in _GROUPS["alike"])
    return {each: group[0] for group in groups for each in group[1:]}


@lru_cache(maxsize=256)
def parse_passage(text: str) -> ParsedPassage:
    """Return a passage as a `ParsedPassage`; cached, because many sentences are compared with one passage."""
    return ParsedPassage(text)


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text in order, without citation markers."""
    found = _TOKEN.finditer(_unmarked(text))
    return [Token(each[0], read, each.start(), each.end()) for each in found for read in _read(each[0])]


def closest_sentences(
    claim: ParsedSentence, cited: Iterable[ParsedPassage], around: Iterable[ParsedPassage]
) -> list[ParsedSentence]:
    """Return the sentences that a claim was most likely made from, closest first; at most three, empty if none is near.

    Each step takes the sentence that covers most of what is not covered yet.

    Args:
        claim: the sentence to compare.
        cited: the spans that it cites.
        around: the passages around them, with a lower weight.
    """
    weights = ((cited, 1.0), (around, _AROUND))
    options = [(said, by) for each, by in weights for one in each for said in one.said if said.content & claim.content]
    chosen: list[ParsedSentence] = []
    lacking = set(claim.content)
    while options and len(chosen) < _MOST_CLOSEST:
        best, by = max(options, key=lambda option: _nearness(lacking, *option))
        if not best.content & lacking or (chosen and not _joined(best, claim, lacking)):
            break
        chosen.append(best)
        lacking -= best.content
        options.remove((best, by))
    return chosen


# At most three sentences. A further one must add two plain words and have 0.7 of its content in the claim. Around the
# cited spans a sentence counts 0.75, so that an equal one in the spans wins.
_MOST_CLOSEST, _FEWEST_MORE, _PART, _AROUND = 3, 2, 0.7, 0.75


def _joined(said: ParsedSentence, claim: ParsedSentence, lacking: set[str]) -> bool:
    """Return whether a claim also uses a further sentence: most of it, and more than a borrowed name."""
    held = len(said.content & claim.content)
    return len(said.plain & lacking) >= _FEWEST_MORE and held >= _PART * len(said.content)


def _nearness(lacking: set[str], said: ParsedSentence, by: float) -> float:
    # Dividing by a root of the length keeps long sentences from winning by length alone.
    return float(by * len(lacking & said.content) / (len(said.content) + 2) ** 0.3)


def _words(text: str) -> list[str]:
    return _TOKEN.findall(_unmarked(text))


def _unmarked(text: str) -> str:
    return _MARKERS.sub(lambda found: " " * len(found[0]), text) if "[" in text else text


@lru_cache(maxsize=50_000)
def _read(written: str) -> tuple[_Read, ...]:
    """Return a word as (stem, meaning, whether a content word); a contraction gives several."""
    read = ((stem, _meanings().get(stem, stem)) for stem in _stems(written))
    return tuple((stem, meaning, stem not in FUNCTION_WORDS and stem[:1].isalnum()) for stem, meaning in read)


@lru_cache(maxsize=50_000)
def _meant(written: str) -> tuple[str, ...]:
    return tuple(meaning for _, meaning, content in _read(written) if content)


def _stems(written: str) -> tuple[str, ...]:
    word = written.lower().replace("’", "'").strip(",.") if written[0].isalnum() else written.strip()
    if word in _WHOLE:
        return _WHOLE[word]
    if "'" in word:
        for ending, meant in _SHORT.items():
            if word.endswith(ending):
                return (stem(word.removesuffix(ending)), meant)
        word = word.partition("'")[0]
    return (stem(word),)


def stem(word: str) -> str:
    """Return the stem of a word in small letters; forms of one verb or noun share it."""
    if word in _BE:
        return "be"
    word = _IRREGULAR.get(word, word)
    if len(word) < 4 or not word.isalpha() or word in FUNCTION_WORDS:
        return word
    return _without_ending(word)


def _without_ending(word: str) -> str:
    if _PLURAL.search(word):
        word = word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word.removesuffix("s")
    for ending in ("ing", "ed", "ly"):
        if (
            word not in _NO_ADVERBS
            and word.endswith(ending)
            and len(word) - len(ending) >= 3
            and re.search("[aeiouy]", word[: -len(ending)])
        ):
            word = word.removesuffix(ending)
            # "Planned" loses its doubled letter; "tell", "pass" and "buzz" have one in the base form.
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    # "Decide", "decided" and "deciding" share one stem only if none keeps its e.
    return word.removesuffix("e") if len(word) > 3 else word
