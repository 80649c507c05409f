"""Words that look like other words: letters of several scripts in one word, and names that a reader cannot tell apart.

What looks alike is Unicode's list of confusable characters (UTS 39): two texts with one skeleton look the same. A word
in letters of several scripts is reported if it looks like a word in one script. A word wholly in another script than
the text is shown, and is nothing to complain of.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import combinations, groupby
from operator import eq

import regex

from humphrey.text.hidden_characters import without_hidden

_LETTER = regex.compile(r"[\p{L}\p{M}\p{Nd}]")


_SHARED = regex.compile(r"[\p{Script=Common}\p{Script=Inherited}]")


# Fillers are letters to Unicode, and nothing to the eye.
_UNSEEN = regex.compile(r"\p{Default_Ignorable_Code_Point}")


# Full-width and mathematical letters count as scripts of their own: in a word with ordinary ones they are a disguise.
_SCRIPTS = {
    "full-width": regex.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]"),
    "mathematical": regex.compile(r"[[\U0001d400-\U0001d7ff\u2100-\u214f]&&[\p{L}\p{Nd}]]", regex.V1),
    "Latin": regex.compile(r"\p{Script=Latin}"),
    "Greek": regex.compile(r"\p{Script=Greek}"),
    "Cyrillic": regex.compile(r"\p{Script=Cyrillic}"),
    "East Asian": regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Hangul}]"),
}


# Greek letters in names of science: at the end of an abbreviation ("TNFα"), mu before a unit ("μg"); and the
# sign of multiplication between measures ("3m×2m").
_SCIENCE = regex.compile(
    r"(?<=[A-Z][A-Z0-9]*)[αβγδεκλ](?=[0-9]*$)|^[0-9]*μ(?=(?:[gmslLAVWFHJN]|mol|Pa|Sv|Gy|Bq)$)|(?<=[0-9][a-z]{0,3})×(?=[0-9])"
)


@dataclass(frozen=True)
class MixedWord:
    """A word that looks like another; `foreign` are its characters that do not belong to the script it looks to be."""

    start: int
    end: int
    word: str
    foreign: tuple[str, ...]


@dataclass(frozen=True)
class ForeignWords:
    """Words in one other script than the text, side by side; `disguised` if one looks like a word of the text."""

    start: int
    end: int
    script: str
    disguised: bool


def skeleton(text: str) -> str:
    """Return what a text looks like: equal for two texts that a reader cannot tell apart (UTS 39, section 4)."""
    plain = unicodedata.normalize("NFD", without_hidden(text))
    return unicodedata.normalize("NFD", "".join(prototypes().get(sign, sign) for sign in plain))


def mixed_words(text: str) -> Iterator[MixedWord]:
    """Yield the words of several scripts that look like a word in one, and numbers with digits of several scripts."""
    if text.isascii() or not _not_latin().search(text):
        return
    for found in _word().finditer(text):
        if not found[0].isascii() and (foreign := _foreign(found[0])):
            yield MixedWord(found.start(), found.end(), found[0], foreign)


def foreign_words(text: str) -> Iterator[ForeignWords]:
    """Yield the runs of words that are wholly in another script than most of the text."""
    if text.isascii() or not _not_latin().search(text):
        return
    words = [(found, _scripts(found[0])) for found in _word().finditer(text)]
    counts = Counter(script for found, scripts in words for script in scripts for _ in found[0])
    home = counts.most_common(1)[0][0] if counts else ""
    runs = groupby(words, key=lambda each: next(iter(each[1])) if len(each[1]) == 1 else home)
    for script, run in runs:
        if script not in {home, "sign"}:
            inside = [found for found, _ in run]
            disguised = any(len(found[0]) > 1 and _looks_like(found[0], home) for found in inside)
            yield ForeignWords(inside[0].start(), inside[-1].end(), script, disguised)


def mixes_scripts(name: str) -> bool:
    """Return whether letters or digits of several scripts stand in one name, in whatever words of it."""
    return len(_scripts(name)) > 1 or len(_digit_systems(name)) > 1


def look_the_same(one: str, other: str) -> bool:
    """Return whether two names look the same to a reader, in any capitals."""
    first, second = _drawn(one), _drawn(other)
    # "lris" looks like "Iris", and so like the account "iris": a name as written may be another one in capitals.
    return any(map(eq, first, second)) or first[0] in second[2:] or second[0] in first[2:]


def look_alike_pairs(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of names that look the same, each once, in the order of the names."""
    drawn: dict[str, list[int]] = {}
    for n, name in enumerate(names):
        for way in set(_drawn(name)):
            drawn.setdefault(way, []).append(n)
    # Two names that look the same share a skeleton, so not every pair of a large department is compared.
    near = {pair for alike in drawn.values() for pair in combinations(alike, 2)}
    yield from ((names[a], names[b]) for a, b in sorted(near) if look_the_same(names[a], names[b]))


@lru_cache(maxsize=20_000)
def _drawn(name: str) -> tuple[str, ...]:
    """Return the skeletons of a name: as written, without capitals, in capitals, and with a capital for each word."""
    plain = " ".join(unicodedata.normalize("NFKC", name).split())
    return tuple(skeleton(spelt) for spelt in (plain, plain.casefold(), plain.upper(), plain.title()))


@cache
def prototypes() -> Mapping[str, str]:
    """Return the prototype of each character that has one."""
    text = files("humphrey.text").joinpath("data", "confusables.txt").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            prototype, _, alike = line.partition(":")
            found |= dict.fromkeys(map(_sign, alike.split()), "".join(map(_sign, prototype.split())))
    return found


def _sign(code_point: str) -> str:
    return chr(int(code_point, 16))


@cache
def _signs() -> frozenset[str]:
    """Return the signs of no script, such as some of mathematics, that look like a letter of the English alphabet."""
    return frozenset(
        sign
        for sign, prototype in prototypes().items()
        if len(prototype) == 1 and prototype.isalpha() and (prototype + "a").isascii() and not sign.isascii()
        if (_SHARED.match(sign) or not _LETTER.match(sign))
    )


@cache
def _word() -> regex.Pattern[str]:
    return regex.compile(rf"[\p{{L}}\p{{M}}\p{{Nd}}{''.join(_signs())}]+")


@cache
def _not_latin() -> regex.Pattern[str]:
    """Return what finds a character that only a text with disguises or other scripts has; most texts have none."""
    wide = "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
    return regex.compile(
        rf"[[\p{{L}}\p{{M}}\p{{Nd}}]--[\p{{Script=Latin}}\p{{Script=Inherited}}\p{{ASCII}}]]|[{wide}{''.join(_signs())}]",
        regex.V1,
    )


@cache
def _drawn_in(script: str) -> frozenset[str]:
    """Return the prototypes that some character of a script looks like."""
    return frozenset(prototype for sign, prototype in prototypes().items() if _script(sign) == script)


@cache
def _script(sign: str) -> str:
    """Return the script of a character; empty if it belongs to every script, as digits and accents do."""
    if sign in _signs() and not _SCRIPTS["mathematical"].match(sign):
        return "sign"
    if _UNSEEN.match(sign):
        return ""
    found = next((name for name, letters in _SCRIPTS.items() if letters.match(sign)), "")
    if found or _SHARED.match(sign):
        return found
    return unicodedata.name(sign, "unknown").split()[0].capitalize()


def _scripts(word: str) -> set[str]:
    return {script for sign in word if (script := _script(sign))}


def _digit_systems(word: str) -> set[int]:
    """Return the code points of the zeros of the number systems in a word."""
    return {ord(sign) - unicodedata.digit(sign) for sign in word if unicodedata.category(sign) == "Nd"}


def _foreign(word: str) -> tuple[str, ...]:
    """Return the characters that disguise a word; empty if none does."""
    if len(_digit_systems(word)) > 1:
        return tuple(dict.fromkeys(sign for sign in word if unicodedata.category(sign) == "Nd" and not sign.isascii()))
    scripts = _scripts(_SCIENCE.sub("", word))
    if len(scripts) < 2:
        return ()
    # Most readers take a mixed word for a Latin one, and for one of another script only if most of its letters are.
    target = next((each for each in ("Latin", *sorted(scripts)) if _is_read_as(word, each)), "")
    return tuple(dict.fromkeys(sign for sign in word if _script(sign) not in {"", target})) if target else ()


def _is_read_as(word: str, script: str) -> bool:
    own = [_script(sign) == script for sign in word if _script(sign)]
    return (script == "Latin" or sum(own) * 2 > len(own)) and any(own) and _looks_like(word, script)


def _looks_like(word: str, script: str) -> bool:
    """Return whether a word of one script looks the same."""
    return all(_fits(sign, script) for sign in unicodedata.normalize("NFD", word))


def _fits(sign: str, script: str) -> bool:
    if _script(sign) in {"", script}:
        return True
    drawn = prototypes().get(sign, sign)
    return drawn in _drawn_in(script) or all(_script(each) in {"", script} for each in drawn)
