"""Names in a text: whether words name a person, and the people whom a text mentions, with their roles."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from humphrey.text.sentences import Span, folded
from humphrey.text.words import load_words

_WORDS = load_words("words")


GIVEN = _WORDS["given names"]


_NO_NAME, _CALLED_AFTER = _WORDS["no names"], _WORDS["called after people"]


def _letters(is_cased: Callable[[str], bool]) -> str:
    """Return the letters of one case beyond a to z, of Latin, Greek, Cyrillic and Armenian."""
    ranges = (range(0xC0, 0x250), range(0x370, 0x590), range(0x1E00, 0x2000))
    return "".join(sign for each in ranges for sign in map(chr, each) if is_cased(sign))


# Parts of character classes. An accent may be a character of its own after its letter.
_UPPER, _LOWER = "A-Z" + _letters(str.isupper), "a-z\u0300-\u036f" + _letters(str.islower)


# A blank inside a name; some do not break at the end of a line.
_GAP = "[ \u00a0\u2007\u202f]"


# "Bloggs", "O'Brien", "McKay", "Smith-Jones", "Łukasz".
_PART = (
    rf"(?:[{_UPPER}]['’])?[{_UPPER}][{_LOWER}]+(?:[{_UPPER}][{_LOWER}]+)?"
    rf"(?:['’-][{_UPPER}][{_LOWER}]+|['’](?!s\b)[{_LOWER}]+)*(?!\w)"
)


_CAPITALS = rf"(?:[{_UPPER}]['’]|Mc|Mac)?[{_UPPER}]{{2,}}(?:['’-][{_UPPER}]{{2,}})*(?!\w)"


# Of a script without capitals.
_PLAIN = rf"[^\W\d_{_UPPER}{_LOWER}]+(?!\w)"


# "van der ", "al-", "d’": what may stand small before a family name.
_LINK = (
    r"(?:(?:de|da|das|do|dos|del|della|di|du|la|le|van|von|vom|zu|zur|der|den|dem|ter|al|el|bin|binti|bint|ibn|ap|ab"
    rf"|ferch|wa|y|af|av)(?:{_GAP}|-)){{0,3}}(?:[dl]['’])?"
)


_DOTTED = rf"(?:[{_UPPER}]\.(?:{_GAP}|-)?){{0,3}}"


_INITIALS = rf"(?:[{_UPPER}]\.(?:{_GAP}|-)?|[{_UPPER}]{_GAP}){{0,3}}"


_TITLES = (
    r"MRS?|Mrs?|Ms|Miss|Mx|Dr|Prof(?:essor)?|Sir|Dame|Lord|Lady|Baroness|Viscount|Rev(?:erend)?|Cllr|Councillor"
    r"|Rt\.? Hon\.?"
)


_HONOURED = rf"(?:(?:{_TITLES})\.?{_GAP}){{1,2}}"


# "DR" and "MS" are titles only before a name in capitals too: "DR Congo" and "MS Teams" name nobody.
_HONOURED_IN_CAPITALS = rf"(?:(?:{_TITLES.upper()})\.?{_GAP}){{1,2}}"


# Any spelling of a name, for places where the words before it tell that it is one.
_UNIT = rf"{_INITIALS}{_LINK}(?:{_PART}|{_CAPITALS}|{_PLAIN})"


ANY_NAME = rf"{_UNIT}(?:{_GAP}{_UNIT}){{0,2}}"
"""One to three names, with initials, small words and capitals; the words before must tell that they are names."""


TITLED = re.compile(
    rf"(?<![\w’'-])(?:(?:(?:{_TITLES})\.?\s){{1,2}}{ANY_NAME}"
    rf"|{_HONOURED_IN_CAPITALS}{_INITIALS}{_CAPITALS}(?:{_GAP}{_INITIALS}{_CAPITALS}){{0,2}})"
)
"""A name with a title before it. After the title a line may end, as in a letter that was wrapped."""


_FIRST = re.compile(rf"(?<![\w’'-])(?:{_PART}|{_CAPITALS})")


_FULL = re.compile(rf"(?:{_PART}|{_CAPITALS})(?:{_GAP}{_UNIT}){{1,2}}")


# Words that introduce a name: "my name is Jo Bloggs".
_CALLED = re.compile(rf"\b(?:[Mm]y name is|[Nn]ame:|[Nn]amed|[Cc]alled) {_UNIT}{_GAP}{_UNIT}")


def names_a_person(text: str) -> bool:
    """Return whether a text names a person: by a title, a common given name or words that introduce a name."""
    if TITLED.search(text) or _CALLED.search(text):
        return True
    return any(True for _ in full_names(text))


def full_names(text: str) -> Iterator[re.Match[str]]:
    """Yield a common given name with the one or two names after it, wherever both begin with a capital."""
    at = 0
    for first in _FIRST.finditer(text):
        if first.start() < at or folded(first[0]).split("-")[0] not in GIVEN:
            continue
        if found := _FULL.match(text, first.start()):
            at = found.end()
            yield found


def is_person_name(words: str, *, known: bool = False) -> bool:
    """Return whether capitalised words are a person's name and not that of an office, a law or a place.

    Args:
        words: two or three capitalised words, or a title and a name.
        known: accept only a title or a common given name.
    """
    parts = [folded(part).rstrip(".") for part in without_title(words).split()]
    if without_title(words) != words:
        return not set(parts) & _NO_NAME
    if parts[0].split("-")[0] in GIVEN:
        # Foundations, laws and places are called after people: a given name before such a word is no person's name.
        return not set(parts[1:]) & _CALLED_AFTER
    return not (known or set(parts) & _NO_NAME)


_RUN_OF_PARTS = rf"{_PART}(?:{_GAP}{_INITIALS}{_LINK}{_PART})"


NAME = (
    rf"(?:{_HONOURED}{_INITIALS}{_LINK}{_RUN_OF_PARTS}{{0,2}}|{_HONOURED}{_CAPITALS}(?:{_GAP}{_CAPITALS})?"
    rf"|{_HONOURED_IN_CAPITALS}{_CAPITALS}(?:{_GAP}{_CAPITALS})?"
    rf"|{_DOTTED}{_RUN_OF_PARTS}{{0,2}}|{_CAPITALS}{_GAP}{_CAPITALS})"
)
"""The shape of a name. `has_name_shape` and the words around it decide whether it is one."""


_RUN = re.compile(
    rf"(?<![\w’'-])(?P<title>{_HONOURED}|{_HONOURED_IN_CAPITALS})?"
    rf"(?P<name>(?(title){_INITIALS}{_LINK}|{_DOTTED}){_RUN_OF_PARTS}{{0,3}}|{_CAPITALS}(?:{_GAP}{_CAPITALS})?)(?![\w-])"
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
    r"|\n+(?P<below>(?:[ \t]*[-*•]?[ \t]*[^\W\d_][^\n:.]{2,90}(?:\n|$))+))",
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
    """Return whether words have the shape of a name and none of them belongs to an office, a place or a day.

    Capitals alone are the shape of many an abbreviation, so they need a title or a common given name.
    """
    bare = without_title(words_given)
    parts = re.split(r"[\s-]", folded(bare))
    if bare.isupper() and bare == words_given and parts[0] not in GIVEN:
        return False
    return bool(re.fullmatch(NAME, words_given)) and not {*parts} & (_NO_NAMES | _ROLES)


def without_title(name: str) -> str:
    """Return a name without the titles before it."""
    return re.sub(rf"^(?:(?:{_TITLES}|{_TITLES.upper()})\.?\s)+", "", name)


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
    if not parts or not has_name_shape((run["title"] or "") + name):
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
            longer = max(known.name, person.name, key=lambda name: len(without_title(name).split()))
            found[n] = replace(known, name=longer, role=known.role or person.role, times=known.times + 1)
            return
    found.append(person)


def _same(one: str, other: str) -> bool:
    first, second = folded(without_title(one)).split(), folded(without_title(other)).split()
    return first == second or (first[-1] == second[-1] and 1 in {len(first), len(second)})
