"""Queries: the words that a question is searched with."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from humphrey.text.sentences import Span, sentences, words

ENGLISH = "en"


_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "ar": "arabic", "bg": "bulgarian", "bn": "bengali", "cs": "czech", "cy": "welsh cymraeg gymraeg",
        "de": "german deutsch", "el": "greek", "es": "spanish español", "es-419": "spanish español",
        "fa": "farsi persian", "fr": "french français", "ga": "irish gaeilge", "gd": "gaelic gàidhlig",
        "gu": "gujarati", "he": "hebrew", "hi": "hindi", "hu": "hungarian", "it": "italian italiano",
        "ja": "japanese", "ko": "korean", "lt": "lithuanian", "lv": "latvian", "pa": "punjabi panjabi",
        "pl": "polish polski", "ps": "pashto", "pt": "portuguese português", "ro": "romanian română",
        "ru": "russian", "so": "somali", "ta": "tamil", "tr": "turkish türkçe", "uk": "ukrainian",
        "ur": "urdu", "vi": "vietnamese", "zh": "chinese mandarin", "zh-hk": "chinese cantonese",
        "zh-tw": "chinese mandarin",
    }
)  # fmt: skip
"""The names of each language, in English and in the language itself, by locale."""


_WELSH = frozenset(
    {"a", "ac", "ar", "am", "beth", "ble", "cael", "chi", "dw", "eich", "fy", "gan", "gallaf", "gwneud", "hyn", "i"}
    | {"mae", "na", "nid", "o", "oes", "pryd", "pwy", "rhaid", "sut", "sy", "sydd", "un", "wedi", "y", "ydw", "ydy"}
    | {"yn", "yr"}
)
"""Frequent short words of Welsh. Welsh has its own standing in law, so a query in Welsh need not name the language."""


# These occur in English and other queries too, so they alone make no query Welsh.
_ALSO_ENGLISH = frozenset({"a", "am", "i", "o", "un"})


_WORD = re.compile(r"\w+")


def query_locales(query: str) -> frozenset[str]:
    """Return the locales of pages that a query may find, as GOV.UK abbreviates them; English is always among them."""
    words = _WORD.findall(query.lower())
    named = {locale for locale, names in _NAMES.items() if not set(names.split()).isdisjoint(words)}
    small = [word for word in words if word in _WELSH]
    # A third of the words must be short Welsh words, and at least one of them must not occur in English.
    if set(small) - _ALSO_ENGLISH and 3 * len(small) >= len(words):
        named.add("cy")
    return frozenset({ENGLISH, *named})


MOST_WORDS = 170
"""The longest query, in words: about 256 tokens of ordinary English, after which the embedding model stops reading."""


SHORT_WORDS = 2
"""A query with at most this many content words says too little by itself."""


# Titles or headings that are added to a very short query.
_MOST_NAMES = 3


# Of MOST_WORDS, so that the sentences that describe the situation keep some room: they find the right page.
_MOST_ASKING_WORDS = 110


# _EVEN is added to a sentence's length, so that a sentence of one or two words does not outrank the others.
# A sentence that scores less than _LITTLE of the best score is left out, even if there is room.
_EVEN, _LITTLE = 3, 0.6


# Words without a subject of their own: articles, pronouns, prepositions, auxiliaries and question words.
_STOP = re.compile(
    r"an?|and|are|as|at|be|been|but|by|can|could|did|do|does|for|from|had|has|have|he|her|his|how|i|if|in|into|is|its?"
    r"|may|me|might|must|my|no|not|of|on|or|our|she|should|so|than|that|the|their|them|then|there|these|they|this|those"
    r"|to|was|we|were|what|when|where|which|who|whom|whose|why|will|with|would|your?|any|about|am|being|up|out|also"
)


def expanded(query: str, names: Iterable[str]) -> str:
    """Return a very short query with up to three titles or headings that contain one of its words.

    Any other query is returned unchanged.

    Args:
        query: the query.
        names: titles and headings of the hits of a first search, best first.
    """
    if not is_short(query):
        return query
    query_words = set(content_words(query))
    telling = dict.fromkeys(name for name in names if query_words & set(content_words(name)))
    return " ".join((query, *list(telling)[:_MOST_NAMES]))


def is_short(query: str) -> bool:
    """Return whether a query has content words, but at most `SHORT_WORDS`."""
    return 0 < len(content_words(query)) <= SHORT_WORDS


def shortened(query: str, most_words: int = MOST_WORDS) -> str:
    """Return the sentences of a long query that ask, and those most relevant to them, in their order.

    A sentence is relevant if it shares words with the asking sentences; a word that few sentences have counts more.
    A query that is short enough is returned unchanged.

    Args:
        query: the query.
        most_words: the most words to keep; if no sentence fits, the first words of the query.
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


def content_words(text: str) -> list[str]:
    """Return the content words of a text: stop words left out, plural and verb endings removed."""
    return [stem for word in words(text) if (stem := _subject(word))]


def _asking(query: str, spans: Sequence[Span], most_words: int) -> list[Span]:
    """Return the last sentences that end with a question mark, as many as fit into `most_words`."""
    found: list[Span] = []
    for span in reversed(spans):
        if span.of(query).endswith("?"):
            most_words -= _length(span.of(query))
            if most_words < 0:
                break
            found.append(span)
    return found


def _telling(query: str, spans: Sequence[Span], asking: Sequence[Span]) -> list[Span]:
    """Return the sentences that share words with the asking ones, rare words counting more; the best first."""
    held = {span: set(content_words(span.of(query))) for span in spans}
    often = Counter(word for has in held.values() for word in has)
    asked = {word for span in asking for word in content_words(span.of(query))} or set(often)
    # Rare words, since preferring words that the text repeats halved nDCG@10 (ADR 6: 19.4 against 42.2).
    tells = {span: sum(1 / often[word] for word in has & asked) / (len(has) + _EVEN) for span, has in held.items()}
    enough = _LITTLE * max(tells.values(), default=0.0)
    return [span for span in sorted(tells, key=lambda span: -tells[span]) if tells[span] >= enough]


def _length(text: str) -> int:
    return len(text.split())


@lru_cache(maxsize=50_000)
def _subject(word: str) -> str:
    """Return the stem of a word; empty for a stop word. Cached, because most words of a text occur in another too."""
    return "" if _STOP.fullmatch(word) else _stem(word)


def _stem(word: str) -> str:
    # Longer endings first ("ies" before "es" before "s"); a stem keeps at least three letters.
    for ending in ("ing", "ies", "es", "ed", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
