"""Languages that a query asks for: English, and any that it names or is written in.

A page in another language usually stands next to the same page in English, and would only take its place in the
results.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

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


def wanted(query: str) -> frozenset[str]:
    """Return the locales of pages that a query may find, as GOV.UK abbreviates them; English is always among them."""
    words = _WORD.findall(query.lower())
    named = {locale for locale, names in _NAMES.items() if not set(names.split()).isdisjoint(words)}
    small = [word for word in words if word in _WELSH]
    # A third of the words must be short Welsh words, and at least one of them must not occur in English.
    if set(small) - _ALSO_ENGLISH and 3 * len(small) >= len(words):
        named.add("cy")
    return frozenset({ENGLISH, *named})
