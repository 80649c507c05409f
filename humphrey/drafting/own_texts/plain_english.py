"""Plain English without a model: set phrases of officialese are replaced, and long sentences are split in two.

Only changes that keep the meaning are made. Figures, names, dates, negations, quotations, addresses and titles are left
alone. Every change is listed.
"""

import re
from collections import Counter
from dataclasses import dataclass

from humphrey.text.sentences import Span, sentences, words
from humphrey.text.words import load_pairs

LONG_WORDS = 30
"""A sentence with more words than this is split, if that is safe."""


_PLAINER = load_pairs("plain_words")["phrases"]


# Longest first, because an alternation takes the first alternative that matches.
_PHRASE = re.compile(
    r"(?<![\w’'/.-])(?:"
    + "|".join(re.escape(each) for each in sorted(_PLAINER, key=len, reverse=True))
    + r")(?![\w’'/-])",
    re.IGNORECASE,
)


# Quotations, addresses, code, headings and quoted lines. Single quotation marks count from 12 characters on.
# The longest e-mail address has 254 characters (RFC 5321). Without limits, a mark repeated 100,000 times takes minutes.
_UNTOUCHED = re.compile(
    r"“[^”\n]{0,1000}”|\"[^\"\n]{0,1000}\"|‘[^’\n]{12,1000}’|(?:https?://|www\.)\S+"
    r"|\S{1,254}@\S{1,254}|`[^`\n]*`|^[ \t]*(?:#|>).*$",
    re.MULTILINE,
)


_ARTICLE = re.compile(r"\b(?P<article>[Aa]n?)(?P<gap>\s+)$")


# "an" stands before a vowel sound; "use", "one", "uni" and "eu" begin with a consonant sound.
_VOWEL = re.compile(r"(?!use|usi|used|one|uni|eu)[aeiou]", re.IGNORECASE)


# A sentence is split only before a pronoun and its verb, so that the second half is a whole sentence.
_SUBJECT = r"(?:it|they|we|you|he|she|there|this|these|those)"


_VERB = r"(?:is|are|was|were|will|must|may|can|should|has|have|had|does|do|did|would|could)"


_PART = re.compile(rf"(?P<join>, and |; (?:and )?|, but )(?={_SUBJECT} {_VERB}\b)", re.IGNORECASE)


# With one of these words in the first half, the second half may depend on its condition, so it is not split off.
_HELD_TOGETHER = re.compile(
    r"\b(?:if|unless|whether|that|because|either|neither|both|not only|provided|whoever|whichever|so long as|in case"
    r"|where|when|while|although|though|until|before|after|since|as)\b",
    re.IGNORECASE,
)


# The fewest words of each half.
_FEWEST_WORDS = 7


@dataclass(frozen=True)
class Redraft:
    """A redrafted text. `replaced` holds (old, new, count) for each phrase, `parted` the number of sentences split."""

    text: str
    replaced: tuple[tuple[str, str, int], ...]
    parted: int


def to_plain_english(text: str) -> Redraft:
    """Return the text in plainer words, with the changes made."""
    counts: Counter[tuple[str, str]] = Counter()
    plainer, parted = _parted(_replaced(text, counts))
    return Redraft(plainer, tuple((old, new, times) for (old, new), times in counts.items()), parted)


def _replaced(text: str, counts: Counter[tuple[str, str]]) -> str:
    untouched = [Span(*match.span()) for match in _UNTOUCHED.finditer(text)]
    out, at = "", 0
    for match in _PHRASE.finditer(text):
        if any(span.start <= match.start() < span.end for span in untouched) or _titled(text, match):
            continue
        old, new = match[0].lower(), _PLAINER[match[0].lower()]
        counts[old, new] += 1
        out = _with_article(out + text[at : match.start()], new) + (
            new[0].upper() + new[1:] if match[0][0].isupper() else new
        )
        at = match.end()
    return out + text[at:]


def _titled(text: str, match: re.Match[str]) -> bool:
    """Return whether the words are part of a title or name.

    They are if their capital is inside a sentence, or if they begin a sentence and a capital follows them.
    """
    if not match[0][0].isupper():
        return False
    before, after = text[: match.start()].rstrip(" \t"), text[match.end() :].lstrip(" ")
    opens = not before or before[-1] in ".!?:\n-*•"
    return match[0].isupper() or not opens or after[:1].isupper()


def _with_article(before: str, new: str) -> str:
    match = _ARTICLE.search(before)
    if not match:
        return before
    letter = match["article"][0]
    return before[: match.start()] + (f"{letter}n" if _VOWEL.match(new) else letter) + match["gap"]


def _parted(text: str) -> tuple[str, int]:
    """Return the text with its long sentences split where both halves stand alone, and the number of splits."""
    times = 0
    for span in reversed(sentences(text)):
        said = span.of(text)
        # Several semicolons make a list; in brackets or quotation marks the split would cut a pair apart.
        if len(words(said)) <= LONG_WORDS or said.count(";") > 1 or re.search(r"[“”\"()]", said):
            continue
        for match in _PART.finditer(said):
            first, second = said[: match.start()], said[match.end() :]
            if min(len(words(first)), len(words(second))) >= _FEWEST_WORDS and not _HELD_TOGETHER.search(first):
                opening = "But " + second if "but" in match["join"].lower() else second[0].upper() + second[1:]
                text = f"{text[: span.start]}{first}. {opening}{text[span.end :]}"
                times += 1
                break
    return text, times
