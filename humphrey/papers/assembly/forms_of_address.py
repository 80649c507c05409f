"""Forms of address in letters: the salutation and the sign-off for a name as it was given with its title.

A name without a title is addressed in full, because a title is not guessed. The rules are those in common use in
official correspondence: knights and dames by their first name, peers by their title, everyone else by their surname.
"""

import re

_PREFIXES = re.compile(r"^(?:the )?(?:(?:rt\.? hon\.?|right honourable|hon\.?)\s+(?:the )?)?", re.IGNORECASE)


# Letters after a name, which no salutation repeats.
_AFTER = re.compile(
    r"(?:,?\s+(?:MP|MSP|MS|MLA|KC|QC|PC|CB|CBE|OBE|MBE|KCB|DCB|GCB|DBE|KBE|DL|JP|TD|FRS|PhD|[BM]A|[BM]Sc))+$"
)


_SURNAMED = (
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "professor",
    "prof",
    "reverend",
    "rev",
    "councillor",
    "cllr",
    "captain",
    "major",
    "colonel",
    "general",
    "admiral",
    "commander",
    "sergeant",
    "inspector",
    "judge",
    "ambassador",
)


_FIRST_NAMED = ("sir", "dame")


_PEERS = {
    "lord": "Lord",
    "baron": "Lord",
    "viscount": "Lord",
    "earl": "Lord",
    "marquess": "Lord",
    "lady": "Lady",
    "baroness": "Lady",
    "viscountess": "Lady",
    "countess": "Lady",
    "marchioness": "Lady",
}


_NOBODY = "Dear Sir or Madam"


def salutation(name: str) -> str:
    """Return the salutation of a letter; "Dear Sir or Madam" for an empty name.

    >>> salutation("Ms Jane Smith"), salutation("Sir John Smith KC"), salutation("Rt Hon the Baroness Lee of Bath")
    ('Dear Ms Smith', 'Dear Sir John', 'Dear Lady Lee')
    """
    words = _AFTER.sub("", _PREFIXES.sub("", " ".join(name.split()))).split()
    if not words:
        return _NOBODY
    title = words[0].rstrip(".").casefold()
    if title in _PEERS and len(words) > 1:
        # "of Bath" names the place of the title. It is not said in a salutation.
        names = words[1:] if words[1] != "of" else words[2:]
        until = names.index("of") if "of" in names else len(names)
        return " ".join(["Dear", _PEERS[title], *names[:until]])
    if title in _FIRST_NAMED and len(words) > 1:
        return f"Dear {words[0]} {words[1]}"
    if title in _SURNAMED and len(words) > 1:
        return _surnamed(words)
    return " ".join(["Dear", *words])


def sign_off(name: str) -> str:
    """Return the sign-off that goes with the salutation of a name."""
    return "Yours faithfully" if salutation(name) == _NOBODY else "Yours sincerely"


# Words that begin a surname and belong to it.
_OF_SURNAMES = {
    "van",
    "von",
    "de",
    "der",
    "den",
    "del",
    "della",
    "di",
    "da",
    "la",
    "le",
    "du",
    "dos",
    "bin",
    "al",
    "el",
    "ten",
    "ter",
    "st",
}


def _surnamed(words: list[str]) -> str:
    title, names = words[0], words[1:]
    # "Professor Dame Mary Lee": a dame is addressed as one, whatever else she is.
    if len(names) > 1 and names[0].casefold() in _FIRST_NAMED:
        return f"Dear {names[0]} {names[1]}"
    begins = next(
        (n for n, word in enumerate(names[1:], start=1) if word.casefold().rstrip(".") in _OF_SURNAMES), len(names) - 1
    )
    return " ".join(["Dear", title, *names[begins:]])
