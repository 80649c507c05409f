"""Detection of passwords, keys and tokens. They open a system, so no question may contain them."""

import re

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


def credential(text: str) -> bool:
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
