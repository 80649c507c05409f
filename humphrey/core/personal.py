"""Personal data that has a shape: numbers and addresses that single out one person, found without a model.

A shape alone is seldom enough: a number counts when its own check digits agree, or when the words beside it say what it
is. What is plainly an office's (foi@, a helpline) is not personal. Names alone, and what is sensitive only by its
meaning, have no shape and are not found here; a person has to look.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from humphrey.core.names import GIVEN, name_in
from humphrey.core.phrases import load_words

CALLED: Mapping[str, str] = {
    "national_insurance": "a National Insurance number",
    "nhs_number": "an NHS number",
    "email": "a person's e-mail address",
    "phone": "a telephone number",
    "postcode": "a person's postcode or address",
    "card": "a payment card number",
    "bank_account": "bank account details",
    "passport": "a passport number",
    "driving_licence": "a driving licence number",
}
"""The kinds, as a sentence calls them."""


@dataclass(frozen=True)
class Personal:
    """Characters `start` to `end` of a text that are personal data; `kind` is a key of `CALLED`."""

    kind: str
    start: int
    end: int


def found(text: str) -> list[Personal]:
    """The personal data in a text, in order; where two kinds overlap, the one that begins first and is longer."""
    every = [one for kind in _FINDERS for one in _of(kind, text)]
    every.sort(key=lambda one: (one.start, -one.end, _ORDER.index(one.kind)))
    kept: list[Personal] = []
    for one in every:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


_Test = Callable[[re.Match[str], str], bool]
"""Whether what has the shape is what it looks like: the match, and the whole text."""


def _of(kind: tuple[str, re.Pattern[str], _Test], text: str) -> Iterator[Personal]:
    name, shape, holds = kind
    for match in shape.finditer(text):
        if holds(match, text):
            yield Personal(name, match.start(), match.end())


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _before(match: re.Match[str], text: str, chars: int = 40) -> str:
    return text[max(0, match.start() - chars) : match.start()]


def _around(match: re.Match[str], text: str, chars: int = 60) -> str:
    return text[max(0, match.start() - chars) : match.end() + chars]


# HMRC's manual NIM39110: neither letter may be D, F, I, Q, U or V, the second not O, and seven pairs are not used.
_NINO = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{2})[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}(?:[ -]?([A-Da-d]))?(?![A-Za-z0-9])")
_NINO_PREFIX = re.compile(r"(?!BG|GB|NK|KN|TN|NT|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]")
_NINO_SAID = re.compile(r"\bnational insurance\b|\bN\.?I\.? (?:number|no)\b|\bNINO\b", re.IGNORECASE)
_EXAMPLE = re.compile(r"\b(?:example|e\.g\.?|such as|format|like)\W*$", re.IGNORECASE)


def _nino(match: re.Match[str], text: str) -> bool:
    prefix = match[1].upper()
    # QQ is nobody's, and stands for somebody's wherever it is not given as an example.
    known = bool(_NINO_PREFIX.fullmatch(prefix)) or (prefix == "QQ" and not _EXAMPLE.search(_before(match, text)))
    return known and (bool(match[2]) or bool(_NINO_SAID.search(_before(match, text, 60))))


_NHS = re.compile(r"(?<![\d.,/-])(?<!\d )\d{3}([ -]?)\d{3}\1\d{4}(?![\d/-])(?! \d)")
_NHS_LABEL = re.compile(r"\bNHS\s*(?:number|no|num|#)\W*(?:is|was|of)?\W*$", re.IGNORECASE)
_NHS_SAID = re.compile(r"\bNHS\b|\bpatient|\bhospital|\bmedical|\bGP\b|\bsurgery", re.IGNORECASE)


def _nhs(match: re.Match[str], text: str) -> bool:
    if _NHS_LABEL.search(_before(match, text)):
        return True
    # Ten digits together are often a reference; one in eleven of them passes the check by chance.
    grouped = bool(match[1]) or bool(_NHS_SAID.search(_around(match, text, 80)))
    return grouped and match[0][0] in "4679" and _modulus_11(_digits(match[0]))


def _modulus_11(digits: str) -> bool:
    """The check digit of an NHS number (NHS data dictionary, NHS NUMBER)."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return rest != 10 and rest % 11 == int(digits[9])


_EMAIL = re.compile(
    r"[\w.%+'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}\b"
    r"|\b[\w.-]{1,64}\s?(?:\(at\)|\[at\]|\{at\})\s?[\w-]{1,63}(?:\s?(?:\(dot\)|\[dot\]|\{dot\}|\.)\s?[\w-]{2,63}){1,4}",
    re.IGNORECASE,
)
_OFFICE = load_words("words")["offices"]


def _person_email(match: re.Match[str], _text: str) -> bool:
    local, _, domain = match[0].partition("@")
    parts = [part for part in re.split(r"[._+%'-]|\d+", local.lower()) if part]
    known = [part in _OFFICE for part in parts]
    if not domain.lower().endswith((".gov.uk", ".nhs.uk", ".police.uk", ".mod.uk", ".parliament.uk")):
        return not all(known)
    # A public body's mailbox often carries a short name of its own (caps@, dept-foi@); its people have two names.
    return not any(known) and (len(parts) > 1 or any(part in GIVEN for part in parts))


_PHONE = re.compile(r"(?<![\w/.+-])(?:\+|00)?\(?\d(?:[ ().-]{0,2}\d){9,14}(?![\w/])(?!\.\d)")
_REFERENCE = re.compile(
    r"\b(?:ref|reference|case|invoice|order|company|account|UTR|UPRN|ISBN)\b\W*\w*\W*$", re.IGNORECASE
)


def _phone(match: re.Match[str], text: str) -> bool:
    raw, digits = match[0], _digits(match[0])
    if _REFERENCE.search(_before(match, text, 24)):
        return False
    if raw.startswith("+") and not digits.startswith("44"):
        return 9 <= len(digits) <= 15
    national = re.sub(r"^(?:0044|44)0?", "", digits) if raw.startswith(("+", "00")) else digits[1:]
    written = raw.startswith(("+44", "0044")) or (digits.startswith("0") and not digits.startswith("00"))
    # Ofcom's numbering plan: 1 and 2 are places, 55 and 56 internet calls, 7 mobile; 3, 8 and 9 are services.
    return written and bool(re.fullmatch(r"[127]\d{9}|1\d{8}|5[56]\d{8}", national))


_POSTCODE = re.compile(
    r"\b(?:GIR ?0AA|[A-PR-UWYZ](?:\d[\dA-HJKPSTUW]?|[A-HK-Y]\d[\dABEHMNPRVWXY]?) ?\d[ABD-HJLNP-UW-Z]{2})\b"
)
_HOME = re.compile(
    r"\b(?:(?:my|his|her|their|whose) (?:home )?(?:address|postcode)|lives? (?:at|in)|lived at|living at"
    r"|resides? (?:at|in)|home address|date of birth|DOB|born on)\b",
    re.IGNORECASE,
)


def _home(match: re.Match[str], text: str) -> bool:
    near = _before(match, text, 120)
    return bool(_HOME.search(near)) or name_in(near) or name_in(text[match.end() : match.end() + 60])


_CARD = re.compile(r"(?<![\w/.-])\d(?:[ -]?\d){12,18}(?![\w/-])")
_CARD_STARTS = re.compile(r"4|5[0-8]|2[2-7]|3[4-9]|6")


def _card(match: re.Match[str], _text: str) -> bool:
    digits = _digits(match[0])
    return bool(_CARD_STARTS.match(digits)) and len(set(digits)) > 1 and _luhn(digits)


def _luhn(digits: str) -> bool:
    """The check digit of a payment card (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * (1 + n % 2) for n, digit in enumerate(reversed(digits)))
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


_SORT = r"\d{2}([ -])\d{2}\1\d{2}"
_BANK = re.compile(
    rf"(?<![\d-]){_SORT}(?![\d-])[^\d]{{1,40}}\d{{8}}(?!\d)"
    r"|(?<!\d)\d{8}(?!\d)[^\d]{1,40}\d{2}([ -])\d{2}\2\d{2}(?![\d-])"
    r"|\b(?:account|a/c|acct?)\.? (?:number|no|num)?\.?\W*(?:is|was)?\W*\d{8}(?!\d)"
    r"|\bsort ?code\W*(?:is|was)?\W*(?:\d{6}|\d{2}[ -]\d{2}[ -]\d{2})(?!\d)",
    re.IGNORECASE,
)
_BANK_SAID = re.compile(r"\b(?:account|acct?|a/c|sort ?code|bank)\b", re.IGNORECASE)


def _bank(match: re.Match[str], text: str) -> bool:
    return bool(_BANK_SAID.search(_around(match, text)))


_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")


def _iban(match: re.Match[str], _text: str) -> bool:
    """The check digits of an account number (ISO 13616): modulo 97 leaves 1."""
    plain = match[0].replace(" ", "")
    turned = "".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])
    return 15 <= len(plain) <= 34 and int(turned) % 97 == 1


_PASSPORT = re.compile(
    r"\bpassport (?:number|no|num)?\.?\W*(?:is|was)?\W*(?:\d{9}|[A-Z]{1,2}\d{7})(?!\w)", re.IGNORECASE
)
# DVLA: five of the surname, the date of birth in six digits, two initials or nines, three signs.
_LICENCE = re.compile(
    r"\b[A-Z](?:[A-Z]{4}|[A-Z]{3}9|[A-Z]{2}99|[A-Z]999|9999)\d[0156]\d[0-3]\d{2}[A-Z][A-Z9][A-Z0-9]{3}\b"
)


def _always(_match: re.Match[str], _text: str) -> bool:
    return True


_FINDERS: Sequence[tuple[str, re.Pattern[str], _Test]] = (
    ("email", _EMAIL, _person_email),
    ("bank_account", _IBAN, _iban),
    ("card", _CARD, _card),
    ("national_insurance", _NINO, _nino),
    ("nhs_number", _NHS, _nhs),
    ("phone", _PHONE, _phone),
    ("bank_account", _BANK, _bank),
    ("passport", _PASSPORT, _always),
    ("driving_licence", _LICENCE, _always),
    ("postcode", _POSTCODE, _home),
)
_ORDER = list(dict.fromkeys(kind for kind, _, _ in _FINDERS))
