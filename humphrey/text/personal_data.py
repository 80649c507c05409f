"""Personal data and credentials, found by their shape."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from humphrey.text.names import GIVEN, names_a_person
from humphrey.text.words import load_words

PERSONAL_DATA_LABELS: Mapping[str, str] = {
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
"""The kinds of personal data, and the words for each in a sentence."""


@dataclass(frozen=True)
class PersonalDataMatch:
    """Personal data in characters `start` to `end` of a text; `kind` is a key of `PERSONAL_DATA_LABELS`."""

    kind: str
    start: int
    end: int


def find_personal_data(text: str) -> list[PersonalDataMatch]:
    """Return the personal data in a text, in order. Of overlapping finds, keep the earliest; of those, the longest."""
    every = [one for kind in _FINDERS for one in _of(kind, text)]
    every.sort(key=lambda one: (one.start, -one.end, _ORDER.index(one.kind)))
    kept: list[PersonalDataMatch] = []
    for one in every:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


_Test = Callable[[re.Match[str], str], bool]
"""A test of a match in its text: whether it is really personal data of that kind."""


def _of(kind: tuple[str, re.Pattern[str], _Test], text: str) -> Iterator[PersonalDataMatch]:
    name, shape, holds = kind
    for match in shape.finditer(text):
        if holds(match, text):
            yield PersonalDataMatch(name, match.start(), match.end())


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _before(match: re.Match[str], text: str, chars: int = 40) -> str:
    return text[max(0, match.start() - chars) : match.start()]


def _around(match: re.Match[str], text: str, chars: int = 60) -> str:
    return text[max(0, match.start() - chars) : match.end() + chars]


# HMRC's manual NIM39110: neither letter may be D, F, I, Q, U or V, the second not O, and seven pairs are not used.
_NINO = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{2})[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}(?:[ -]?([A-Da-d]))?(?![A-Za-z0-9])")


_NINO_PREFIX = re.compile(r"(?!BG|GB|NK|KN|TN|NT|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]")


# The label of a National Insurance number.
_NINO_SAID = re.compile(r"\bnational insurance\b|\bN\.?I\.? (?:number|no)\b|\bNINO\b", re.IGNORECASE)


# Words that introduce an example, directly before the number.
_EXAMPLE = re.compile(r"\b(?:example|e\.g\.?|such as|format|like)\W*$", re.IGNORECASE)


def _nino(match: re.Match[str], text: str) -> bool:
    prefix = match[1].upper()
    # HMRC never issues QQ. Without an example word before it, it probably masks a real number.
    known = bool(_NINO_PREFIX.fullmatch(prefix)) or (prefix == "QQ" and not _EXAMPLE.search(_before(match, text)))
    # Without the suffix letter the form is too common; the label must then be in the 60 characters before it.
    return known and (bool(match[2]) or bool(_NINO_SAID.search(_before(match, text, 60))))


# Ten digits as 3-3-4 with one separator; not part of a longer number.
_NHS = re.compile(r"(?<![\d.,/-])(?<!\d )\d{3}([ -]?)\d{3}\1\d{4}(?![\d/-])(?! \d)")


# A label directly before the number, which then counts without its check digit.
_NHS_LABEL = re.compile(r"\bNHS\s*(?:number|no|num|#)\W*(?:is|was|of)?\W*$", re.IGNORECASE)


# Words near ten ungrouped digits that make them a likely NHS number.
_NHS_SAID = re.compile(r"\bNHS\b|\bpatient|\bhospital|\bmedical|\bGP\b|\bsurgery", re.IGNORECASE)


def _nhs(match: re.Match[str], text: str) -> bool:
    if _NHS_LABEL.search(_before(match, text)):
        return True
    # Ungrouped ten digits are often a reference, and one in eleven passes the check digit by chance.
    grouped = bool(match[1]) or bool(_NHS_SAID.search(_around(match, text, 80)))
    return grouped and match[0][0] in "4679" and _modulus_11(_digits(match[0]))


def _modulus_11(digits: str) -> bool:
    """Return whether the check digit of an NHS number is correct (NHS Data Dictionary, NHS NUMBER)."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return rest != 10 and rest % 11 == int(digits[9])


# 64 and 63 characters are the longest local part and domain label (RFC 5321). The second alternative finds addresses
# disguised as "name (at) host (dot) uk".
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
    # Mailboxes of a public body often have a short name (caps@, dept-foi@); addresses of its staff have two names.
    return not any(known) and (len(parts) > 1 or any(part in GIVEN for part in parts))


# 10 to 15 digits (E.164 allows 15), with at most two separators between two digits.
_PHONE = re.compile(r"(?<![\w/.+-])(?:\+|00)?\(?\d(?:[ ().-]{0,2}\d){9,14}(?![\w/])(?!\.\d)")


# A label before digits that makes them a reference, not a phone number.
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
    # Ofcom's numbering plan: 1 and 2 are areas, 55 and 56 internet calls, 7 mobiles; 3, 8 and 9 are services, which
    # are an organisation's.
    return written and bool(re.fullmatch(r"[127]\d{9}|1\d{8}|5[56]\d{8}", national))


# The letters that each position of a UK postcode can have. A postcode alone may be an office's, so _home requires
# words about a home in the 120 characters before it, or a person's name close to it.
_POSTCODE = re.compile(
    r"\b(?:GIR ?0AA|[A-PR-UWYZ](?:\d[\dA-HJKPSTUW]?|[A-HK-Y]\d[\dABEHMNPRVWXY]?) ?\d[ABD-HJLNP-UW-Z]{2})\b"
)


# Words before a postcode that say that a person lives there.
_HOME = re.compile(
    r"\b(?:(?:my|his|her|their|whose) (?:home )?(?:address|postcode)|lives? (?:at|in)|lived at|living at"
    r"|resides? (?:at|in)|home address|date of birth|DOB|born on)\b",
    re.IGNORECASE,
)


def _home(match: re.Match[str], text: str) -> bool:
    near = _before(match, text, 120)
    return bool(_HOME.search(near)) or names_a_person(near) or names_a_person(text[match.end() : match.end() + 60])


# 13 to 19 digits, the lengths of card numbers, and the first digits of the card schemes.
_CARD = re.compile(r"(?<![\w/.-])\d(?:[ -]?\d){12,18}(?![\w/-])")


# The first digits of the large card schemes.
_CARD_STARTS = re.compile(r"4|5[0-8]|2[2-7]|3[4-9]|6")


def _card(match: re.Match[str], _text: str) -> bool:
    digits = _digits(match[0])
    return bool(_CARD_STARTS.match(digits)) and len(set(digits)) > 1 and _luhn(digits)


def _luhn(digits: str) -> bool:
    """Return whether the check digit of a payment card is correct (Luhn; ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * (1 + n % 2) for n, digit in enumerate(reversed(digits)))
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


# A sort code and an account number close together in either order, or one of them after its label.
_SORT = r"\d{2}([ -])\d{2}\1\d{2}"


_BANK = re.compile(
    rf"(?<![\d-]){_SORT}(?![\d-])[^\d]{{1,40}}\d{{8}}(?!\d)"
    r"|(?<!\d)\d{8}(?!\d)[^\d]{1,40}\d{2}([ -])\d{2}\2\d{2}(?![\d-])"
    r"|\b(?:account|a/c|acct?)\.? (?:number|no|num)?\.?\W*(?:is|was)?\W*\d{8}(?!\d)"
    r"|\bsort ?code\W*(?:is|was)?\W*(?:\d{6}|\d{2}[ -]\d{2}[ -]\d{2})(?!\d)",
    re.IGNORECASE,
)


# The digits alone could be anything, so a word for a bank account must be near.
_BANK_SAID = re.compile(r"\b(?:account|acct?|a/c|sort ?code|bank)\b", re.IGNORECASE)


def _bank(match: re.Match[str], text: str) -> bool:
    return bool(_BANK_SAID.search(_around(match, text)))


# The shape of an IBAN; its check digits decide.
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")


def _iban(match: re.Match[str], _text: str) -> bool:
    """Return whether the check digits of an IBAN are correct: the number modulo 97 is 1 (ISO 13616)."""
    plain = match[0].replace(" ", "")
    turned = "".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])
    return 15 <= len(plain) <= 34 and int(turned) % 97 == 1


# Nine digits have no check digit, so a passport number counts only after the word.
_PASSPORT = re.compile(
    r"\bpassport (?:number|no|num)?\.?\W*(?:is|was)?\W*(?:\d{9}|[A-Z]{1,2}\d{7})(?!\w)", re.IGNORECASE
)


# DVLA: five characters of the surname, the date of birth in six digits, two initials or nines, three characters.
_LICENCE = re.compile(
    r"\b[A-Z](?:[A-Z]{4}|[A-Z]{3}9|[A-Z]{2}99|[A-Z]999|9999)\d[0156]\d[0-3]\d{2}[A-Z][A-Z9][A-Z0-9]{3}\b"
)


def _always(_match: re.Match[str], _text: str) -> bool:
    return True


# The order decides between kinds that match the same characters: the kind listed first wins.
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


# Shapes in order: private keys in PEM; access keys of AWS; tokens of GitHub, Slack and Google; keys with an sk, rk or
# pk prefix; tokens of GitLab and Hugging Face; JSON web tokens; keys of Azure; an address with a password in it; an
# Authorization header.
_KEYS = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{30,}\b|\bgithub_pat_\w{30,}"
    r"|\bxox[abposr]-[A-Za-z0-9-]{10,}"
    r"|\bAIza[\w-]{35}\b"
    r"|\b(?:sk|rk|pk)[-_](?:live|test|proj|ant|or)?[-_]?[A-Za-z0-9_-]{20,}"
    r"|\bglpat-[\w-]{20,}|\bhf_[A-Za-z0-9]{30,}"
    r"|\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}"
    r"|\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)=[^\s;]{16,}"
    r"|\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{1,64}:[^\s/@]{3,64}@[\w.-]+"
    r"|\bAuthorization:\s*(?:Bearer|Basic)\s+[\w+/=.-]{12,}"
)


# A name such as "password" or "API key", a sign or verb that ties it to a value, and the value.
_TOLD = re.compile(
    r"\b(?:pass(?:word|phrase|code|wd)|pwd|PIN|api[ _-]?key|secret[ _-]?key|access[ _-]?key|client[ _-]?secret"
    r"|(?:access |auth |bearer |api )?token|credentials?)\b(?:[^\S\n]+(?:for|to|of)(?:[^\S\n]+[\w.'-]+){1,4}?)?"
    r"[^\S\n]*(?P<tie>[:=]|\bis\b|\bwas\b)[^\S\n]*(?P<open>[\"'“‘`]?)(?P<value>[^\s\"'“”‘’`]{3,128})",
    re.IGNORECASE,
)


# A user name directly before: then the value is a password, however plain.
_USER = re.compile(r"\b(?:user ?name|user(?: ?id)?|log-?in|account)\s*[:=]\s*\S+\W+(?:and |with )?$", re.IGNORECASE)


def has_credential(text: str) -> bool:
    """Return whether a text contains a password, key or token. A text that only mentions one does not."""
    return bool(_KEYS.search(text)) or any(_is_value(told, text) for told in _TOLD.finditer(text))


def _is_value(told: re.Match[str], text: str) -> bool:
    value = told["value"].rstrip(".,;:!?)")
    if told[0].upper().startswith("PIN"):
        return value.isdigit() and 4 <= len(value) <= 8
    kinds = sum(bool(re.search(kind, value)) for kind in (r"[a-z]", r"[A-Z]", r"\d", r"[^\w\s]|_"))
    if told["open"] or told["tie"] == "=" or _USER.search(text[max(0, told.start() - 80) : told.start()]):
        return len(value) >= 4
    # A plain word usually describes a password ("is expired"). Letters mixed with digits or signs are one.
    return len(value) >= 6 and kinds >= 2 and not re.fullmatch(r"[A-Z]?[a-z]+(?:[-'’/][A-Za-z]+)*", value)
