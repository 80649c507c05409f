"""Names in a text: whether words name a person, and the people whom a text mentions, with their roles."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from humphrey.text.sentences import Span
from humphrey.text.words import load_words

_WORDS = load_words("words")


GIVEN = _WORDS["given names"]


_NO_NAME, _CALLED_AFTER = _WORDS["no names"], _WORDS["called after people"]


# Titles before a name.
_TITLE = re.compile(r"(?:Mrs?|Ms|Miss|Mx|Dr|Prof(?:essor)?|Sir|Dame|Lord|Lady|Baroness)\.? ")


_PART = r"[A-Z][a-zà-ÿ]+(?:['’-][A-Z][a-zà-ÿ]+)*|(?:O['’]|Mc|Mac)[A-Z][a-zà-ÿ]+"


TITLED = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof(?:essor)?|Sir|Dame|Lord|Lady|Rev(?:erend)?)\.? (?:{_PART})(?: (?:{_PART})){{0,2}}"
)
"""A name with a title before it."""


# Two capitalised words. Only a common given name as the first makes them a name.
_TWO = re.compile(rf"\b({_PART})((?: [A-Z]\.?)? (?:{_PART}))")


# Words that introduce a name: "my name is Jo Bloggs".
_CALLED = re.compile(rf"\b(?:[Mm]y name is|[Nn]ame:|[Nn]amed|[Cc]alled) (?:{_PART}) (?:{_PART})")


def names_a_person(text: str) -> bool:
    """Return whether a text names a person: by a title, a common given name or words that introduce a name."""
    if TITLED.search(text) or _CALLED.search(text):
        return True
    return any(found[1].lower() in GIVEN for found in _TWO.finditer(text))


def is_person_name(words: str, *, known: bool = False) -> bool:
    """Return whether capitalised words are a person's name and not that of an office, a law or a place.

    Args:
        words: two or three capitalised words, or a title and a name.
        known: accept only a title or a common given name.
    """
    parts = [part.lower().rstrip(".") for part in words.split()]
    if _TITLE.match(words):
        return not set(parts[1:]) & _NO_NAME
    if parts[0] in GIVEN:
        # Foundations, laws and places are called after people: a given name before such a word is no person's name.
        return not set(parts[1:]) & _CALLED_AFTER
    return not (known or set(parts) & _NO_NAME)


# One part of a name: "Bloggs", "O'Brien", "McKay", "Smith-Jones", accents included.
_NAME_PART = r"(?:(?:O[’']|Mc|Mac|D[’'])?[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]+(?:-[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]+)?)"


_LINK = r"(?:(?:de|da|van|von|der|den|al|el|bin|ibn|ap) ){0,2}"


_HONORIFIC = (
    r"(?:Mrs?|Ms|Miss|Mx|Dr|Prof(?:essor)?|Sir|Dame|Lord|Lady|Baroness|Viscount|Rev(?:erend)?|Cllr|Councillor"
    r"|Rt\.? Hon\.?)\.?"
)


NAME = rf"(?:{_HONORIFIC} ){{0,2}}{_NAME_PART}(?: [A-Z]\.?(?= [A-Z]))?(?: {_LINK}{_NAME_PART}){{0,2}}"
"""The shape of a name. `has_name_shape` and the words around it decide whether it is one."""


_RUN = re.compile(
    rf"(?<![\w’'-])(?P<title>(?:{_HONORIFIC} ){{1,2}})?"
    rf"(?P<name>{_NAME_PART}(?: [A-Z]\.?(?= [A-Z]))?(?: {_LINK}{_NAME_PART}){{0,3}})(?![\w-])"
)


_MENTION_WORDS = load_words("person_names")


_NO_NAMES, _ROLES = _MENTION_WORDS["no names"], _MENTION_WORDS["roles"]


# A role after the name: "Jane Smith, Head of Policy", "Jane Smith (chair)".
_ROLE_AFTER = re.compile(r"(?:, | \(| ?[–—] ?| - )(?P<role>[^,.;:()\n–—]{2,80})")


# Words after a name are a role only if they begin like one.
_ROLE_BEGINS = re.compile(r"[A-Z]|(?:a|an|the|then|our|former|acting|vice|deputy|head|chair|chief|director|leader)\b")


# A role before the name: "the Permanent Secretary, Jane Smith".
_ROLE_BEFORE = re.compile(r"(?P<role>(?:[A-Za-z’'&-]+ ){0,8}[A-Za-z’'&-]+)(?:, | )$")


# Verbs of speech directly after a name.
_SPEAKS = re.compile(
    r",? (?:said|asked|noted|agreed|reported|presented|thanked|explained|offered|undertook|confirmed|welcomed|suggested"
    r"|proposed|told|wrote|chaired|introduced|outlined|raised|queried|advised that|apologised|joined|stated|added)\b"
)


# A label before the name on its line, with earlier names of a list between: "Cc: Tom Lee, ".
_LABELLED = re.compile(
    r"(?:^|\n)[ \t>*_#-]*(?:from|to|cc|chair|contact|author|owner|lead|sent by|prepared by|signed(?: by)?|minutes by"
    r"|note-?taker|secretary|minister|name|senior responsible owner)[*_ \t]*: *(?:[^\n:]{2,40}, )*$",
    re.IGNORECASE,
)


# The close of a letter, before the signature.
_SIGNED = re.compile(
    r"(?:yours (?:sincerely|faithfully|truly|ever)|kind regards|best wishes|best regards|many thanks|regards)[,.]?\s*$",
    re.IGNORECASE,
)


# A list of those present: on the line of its heading, as bullets, or as lines below it.
_PRESENT = re.compile(
    r"^[#*_ \t]*(?:present|attendees|attending|in attendance|apologies(?: for absence)?|members present)[*_ \t]*"
    r"(?:[:–—-][ \t]*(?P<list>[^\n]*(?:\n[ \t]*[-*•][^\n]*)*)"
    r"|\n+(?P<below>(?:[ \t]*[-*•]?[ \t]*[A-Z][^\n:.]{2,90}(?:\n|$))+))",
    re.MULTILINE | re.IGNORECASE,
)


# How many characters before and after a name are searched for signs that it is a person's.
_BEFORE, _AFTER = 90, 100


@dataclass(frozen=True)
class PersonMention:
    """A person named in a text.

    Attributes:
        name: as first written, or in the longest form.
        role: the role the text gives; empty if none.
        span: where the name first stands.
        times: how often the person is mentioned.
    """

    name: str
    role: str
    span: Span
    times: int = 1


def has_name_shape(words_given: str) -> bool:
    """Return whether words have the shape of a name and none of them belongs to an office, a place or a day."""
    bare = re.sub(rf"^(?:{_HONORIFIC} )+", "", words_given)
    parts = {word.lower() for word in re.split(r"[ -]", bare)}
    return bool(re.fullmatch(NAME, words_given)) and not parts & (_NO_NAMES | _ROLES)


def people_mentioned(text: str) -> list[PersonMention]:
    """Return the people named in a text, in order of first mention, each once.

    "Ms Patel" is the same as an earlier "Priya Patel".
    """
    found: list[PersonMention] = []
    present = [Span(*match.span("list" if match["list"] is not None else "below")) for match in _PRESENT.finditer(text)]
    for run in _RUN.finditer(text):
        for person in _person(text, run, present):
            _add(found, person)
    return found


def _person(text: str, run: re.Match[str], present: list[Span]) -> Iterator[PersonMention]:
    parts = run["name"].split()
    # In "Chief Analyst Jane Smith" the words of the office are dropped; the rest is the name.
    while parts and (parts[0].lower() in _NO_NAMES or parts[0].lower() in _ROLES):
        parts.pop(0)
    name = " ".join(parts)
    if not parts or not has_name_shape(name):
        return
    start = run.end() - len(name)
    before, after = text[max(0, start - _BEFORE) : start], text[run.end() : run.end() + _AFTER]
    title = (run["title"] or "").strip()
    role = _role_after(after) or ("" if title else _role_before(before))
    listed = any(span.start <= start < span.end for span in present)
    spoken = bool(_SPEAKS.match(after) or _LABELLED.search(before) or _SIGNED.search(before))
    if title or listed or (len(parts) > 1 and (role or spoken)):
        whole = f"{title} {name}" if title and len(parts) == len(run["name"].split()) else name
        yield PersonMention(whole, role, Span(run.end() - len(whole), run.end()))


def _role_after(after: str) -> str:
    match = _ROLE_AFTER.match(after)
    role = (
        re.split(r"\s+(?:said|told|will|to|and (?=[A-Z])|who|has|is|was)\b", match["role"])[0].strip() if match else ""
    )
    if not role and (below := re.match(r"[ \t]*\n[ \t]*([^\n.:;]{3,70})(?:\n|$)", after)):
        role = below[1].strip()
    named = has_name_shape(" ".join(role.split()[:2]))
    return role if _ROLE_BEGINS.match(role) and _names_role(role) and not named else ""


def _role_before(before: str) -> str:
    match = _ROLE_BEFORE.search(before.rpartition("\n")[2].rpartition(". ")[2])
    # After a small word as in "the Minister for Small Business" comes the rest of the office, not its holder.
    if not match or match["role"].split()[-1].islower():
        return ""
    # Walk back from the name over capitalised words and small words between them: "the Minister for Ports, Jane Smith".
    kept: list[str] = []
    for word in reversed(match["role"].split()):
        if not word[0].isupper() and word.lower() not in {"of", "for", "and", "the", "to"}:
            break
        kept.insert(0, word)
    while kept and not kept[0][0].isupper():
        kept.pop(0)
    role = " ".join(kept)
    return role if _names_role(role) else ""


def _names_role(words_given: str) -> bool:
    return bool({word.lower() for word in re.findall(r"[A-Za-z]+", words_given)} & _ROLES)


def _add(found: list[PersonMention], person: PersonMention) -> None:
    """Add a person, or count another mention of one already found and complete the name and role."""
    for n, known in enumerate(found):
        if _same(known.name, person.name):
            longer = max(known.name, person.name, key=lambda name: len(_bare(name).split()))
            found[n] = replace(known, name=longer, role=known.role or person.role, times=known.times + 1)
            return
    found.append(person)


def _same(one: str, other: str) -> bool:
    first, second = _bare(one).split(), _bare(other).split()
    return first == second or (first[-1] == second[-1] and 1 in {len(first), len(second)})


def _bare(name: str) -> str:
    return re.sub(rf"^(?:{_HONORIFIC} )+", "", name)
