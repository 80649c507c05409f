"""What is looked for: a question completed from its conversation, and neither too short nor too long to be found by.

None of this asks a model, so that it holds offline and for every model alike. Words are only ever added from what the
person said before or from the guidance's own titles, and only left out where the embedding model would not read them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from humphrey.core.daywords import without_days
from humphrey.core.sentences import Span, sentences, words

MOST_WORDS = 170
"""About 256 tokens of ordinary English: what the embedding model reads of a query."""

SHORT_WORDS = 2
"""A query with no more words of substance than these says too little by itself."""

_MOST_NAMES = 3
_MOST_ASKING_WORDS = 110
_OWN_WORDS = 4
_EVEN, _LITTLE = 3, 0.6
_STOP = re.compile(
    r"an?|and|are|as|at|be|been|but|by|can|could|did|do|does|for|from|had|has|have|he|her|his|how|i|if|in|into|is|its?"
    r"|may|me|might|must|my|no|not|of|on|or|our|she|should|so|than|that|the|their|them|then|there|these|they|this|those"
    r"|to|was|we|were|what|when|where|which|who|whom|whose|why|will|with|would|your?|any|about|am|being|up|out|also"
)
_FOLLOWS = re.compile(
    r"\s*(?:(?:and|but|so|or|then|also|ok(?:ay)?|in that case|otherwise|if so|if not)\b"
    r"|(?:what|how) (?:about|if)\b|(?:why|when|where|who|how)(?: not| so| much| many| long| often| then)?\s*\?*\s*$)",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|hers?|this|these|those|such|same|former|latter|above|ones?"
    r"|that(?=\s*(?:[?.,;!]|$|is|was|does|did|will|would|can|could|apply|applies|count|counts|happens?|mean|means|case"
    r"|rule|limit|rate|period|deadline|date)))\b",
    re.IGNORECASE,
)
_EMPTY_IT = re.compile(
    r"\b(?:is|was|does|will|would|can|could|should|may) it (?:\w+ )?(?:take|to|true|possible|necessary|that|if|when)\b",
    re.IGNORECASE,
)


def completed(question: str, earlier: Sequence[str]) -> str:
    """The question with what it leaves out: the questions before it, back to one that stands by itself.

    A question leaves something out when it begins as a continuation, points at something that it does not name, or
    has hardly a word of substance. One that shares a subject with the question before it goes on about that.
    Any other begins a new subject, and nothing is added to it.

    Args:
        question: what is asked now.
        earlier: what was asked before in the same conversation, oldest first.
    """
    needed = [question]
    for before in reversed(earlier):
        if not _goes_on(needed[0], before):
            break
        needed.insert(0, before)
    return " ".join(needed)


def expanded(query: str, names: Iterable[str]) -> str:
    """A very short query with the titles and headings that say one of its words; any other query as it is.

    Args:
        query: what is looked for.
        names: titles and headings of what a first search found, best first.
    """
    if not is_short(query):
        return query
    sought = set(content(query))
    telling = dict.fromkeys(name for name in names if sought & set(content(name)))
    return " ".join((query, *list(telling)[:_MOST_NAMES]))


def is_short(query: str) -> bool:
    """Whether a query has words of substance, but too few to say what is meant."""
    return 0 < len(content(query)) <= SHORT_WORDS


def shortened(query: str, most_words: int = MOST_WORDS) -> str:
    """A long query's sentences that ask, and those that tell most about its subject, in their order.

    A sentence tells much when it has words of the asking sentences, above all such as the text has in few places; one
    that tells little beside the others is left out. A query that fits is returned as it is.

    Args:
        query: what is looked for.
        most_words: how many words are kept at most; of a single sentence longer than that, the first ones.
    """
    if _length(query) <= most_words:
        return query
    spans = sentences(query)
    asking = _asking(query, spans, min(most_words, _MOST_ASKING_WORDS))
    kept, left = set(asking), most_words - sum(_length(span.of(query)) for span in asking)
    for span in _telling(query, [span for span in spans if span not in kept], asking):
        if _length(span.of(query)) <= left:
            kept.add(span)
            left -= _length(span.of(query))
    chosen = " ".join(span.of(query) for span in sorted(kept))
    return chosen or " ".join(query.split()[:most_words])


def last_question(text: str) -> str:
    """The last sentence that asks something; the whole text when none does."""
    asking = [span.of(text) for span in sentences(text) if span.of(text).endswith("?")]
    return asking[-1] if asking else text


def content(text: str) -> list[str]:
    """The words of a text that carry its subject, plural and verb endings off."""
    return [stem for word in words(text) if (stem := _subject(word))]


def _goes_on(question: str, before: str) -> bool:
    # A bare day answers the question before it, and that both name a year makes no common subject.
    own = set(content(without_days(question)))
    leaves_out = _FOLLOWS.match(question) or _points(question) or len(own) <= SHORT_WORDS
    return bool(leaves_out or own & set(content(before)))


def _points(question: str) -> bool:
    """Whether a question points at something named before it: what its own sentences have named is not that."""
    first = next(iter(sentences(question)), Span(0, len(question))).of(question)
    # "How long does it take to ..." points at nothing.
    found = _POINTS.search(_EMPTY_IT.sub("", first))
    return bool(found) and len(content(first[: found.start() if found else 0])) < _OWN_WORDS


def _asking(query: str, spans: Sequence[Span], most_words: int) -> list[Span]:
    """The last sentences that end with a question mark, as many as fit."""
    found: list[Span] = []
    for span in reversed(spans):
        if span.of(query).endswith("?"):
            most_words -= _length(span.of(query))
            if most_words < 0:
                break
            found.append(span)
    return found


def _telling(query: str, spans: Sequence[Span], asking: Sequence[Span]) -> list[Span]:
    """The sentences by what they share with the asking ones, the rarer in the text the more; most first."""
    held = {span: set(content(span.of(query))) for span in spans}
    often = Counter(word for has in held.values() for word in has)
    asked = {word for span in asking for word in content(span.of(query))} or set(often)
    tells = {span: sum(1 / often[word] for word in has & asked) / (len(has) + _EVEN) for span, has in held.items()}
    enough = _LITTLE * max(tells.values(), default=0.0)
    return [span for span in sorted(tells, key=lambda span: -tells[span]) if tells[span] >= enough]


def _length(text: str) -> int:
    return len(text.split())


@lru_cache(maxsize=50_000)
def _subject(word: str) -> str:
    """A word without its ending; empty where it carries no subject. Most words of a text were seen in another."""
    return "" if _STOP.fullmatch(word) else _stem(word)


def _stem(word: str) -> str:
    for ending in ("ing", "ies", "es", "ed", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
