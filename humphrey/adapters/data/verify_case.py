#!/usr/bin/env python3
"""Verify a case file in JSON, without humphrey.

    python3 verify_case.py FILE [--key PUBLIC_KEY]

Needs Python 3.11 and nothing else; where the package `cryptography` is there, the signature of the published head is
checked too. Exit 0 where everything fits, 1 where something does not, which is named, 2 where this is no case file.

What it can tell: whether any part of the file was changed since it was made; whether each wording has the digest that
was approved; whether each quotation stands in its source; whether each entry of the ledger still has its seal. What it
cannot tell alone is whether the whole file was made up. For that, compare the digest of the file with the entry
`case:export` of the ledger, and the seals with the published heads.
"""

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

SECTIONS = (
    "versions", "rechecks", "comments", "decisions", "sources", "deliveries", "entries", "heads", "disposed",
)  # fmt: skip
WRITING = {"review:open", "review:amend", "review:instruct", "seed:plant"}
RULING = {"review:approve": "approve", "review:return": "return", "review:refuse": "refuse"}
SIGNED = ("n", "at", "actor", "act", "subject", "detail", "previous")


def canonical(value: object) -> str:
    """The form that digests are taken of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(text: str) -> str:
    """The digest of a text."""
    return "sha256:" + hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def faults(case: dict[str, Any], key: str) -> Iterator[str]:
    """Everything that does not fit, a sentence each."""
    yield from changed(case)
    yield from wordings(case)
    yield from passages(case)
    yield from record(case)
    yield from rulings(case)
    yield from remarks(case)
    yield from deliveries(case)
    yield from head(case, key)


def changed(case: dict[str, Any]) -> Iterator[str]:
    """What is not as it was when the file was made."""
    parts = {name: digest(canonical(case[name])) for name in ("format", "about")}
    for name in SECTIONS:
        parts |= {f"{name} {n}": digest(canonical(each)) for n, each in enumerate(case[name], start=1)}
    given = case["digests"]
    for name in sorted(parts.keys() | given.keys()):
        if name not in parts:
            yield f"{name}: it is listed in the digests, and not in the file"
        elif parts[name] != given.get(name):
            yield f"{name}: it was changed, or its digest was"
    whole = {name: value for name, value in case.items() if name != "digest"}
    if digest(canonical(whole)) != case["digest"]:
        yield "digest: the file as a whole is not what it was"


def bound(draft: dict[str, Any]) -> str:
    """What an approval binds of a draft."""
    asked = draft["commission"]
    names = ("status", "text", "citations", "workings", "due")
    said = {name: draft[name] for name in names} | {
        name: asked[name] for name in ("kind", "asked_by", "marking", "outlet")
    }
    more = {"question": asked["text"], "facts": asked["facts"], "recipient": asked["reply_to"] or asked["asked_by"]}
    return digest(canonical(said | more))


def wordings(case: dict[str, Any]) -> Iterator[str]:
    """Wordings whose words are not those of their digest, or that the ledger knows otherwise."""
    entered = [each for each in case["entries"] if each["act"] in WRITING]
    gone = disposed(case)
    if len(entered) != len(case["versions"]):
        yield f"versions: there are {len(case['versions'])}, and the ledger has {len(entered)}"
    for n, version in enumerate(case["versions"], start=1):
        if version["disposed"]:
            fits = gone.get(f"version {n}") == version["digest"]
        else:
            fits = bound(version["draft"]) == version["digest"]
        if not fits:
            yield f"versions {n}: its words are not those of its digest"
    for n, (version, entry) in enumerate(zip(case["versions"], entered, strict=False), start=1):
        # A seeded draft is planted by humphrey, in the name of whoever asked for what it was made of.
        by = version["editor"] if entry["act"] == "seed:plant" else entry["actor"]
        if (entry["detail"].get("digest"), by, entry["at"]) != (
            version["digest"], version["editor"], version["at"],
        ):  # fmt: skip
            yield f"versions {n}: it is not what entry {entry['n']} of the ledger records"
        kept = digest(canonical([canonical(version["draft"]), version["origin"], version["instruction"]]))
        if not version["disposed"] and entry["detail"].get("kept", kept) != kept:
            yield f"versions {n}: more of it than its digest binds is not what entry {entry['n']} of the ledger records"


def passages(case: dict[str, Any]) -> Iterator[str]:
    """Sources that are not of their version, and quotations that do not stand where they should."""
    texts = {(each["document"], each["version"]): each["text"] for each in case["sources"]}
    for n, source in enumerate(case["sources"], start=1):
        if source["text"] is not None and digest(source["text"]) != source["version"]:
            yield f"sources {n}: the text of {source['document']} is not the one that was cited"
    for n, version in enumerate(case["versions"], start=1):
        for cited in version["draft"]["citations"]:
            where = (cited["document"], cited["version"])
            text = texts.get(where)
            if where not in texts:
                yield f"versions {n}: the source of citation [{cited['marker']}] is missing"
            elif text is not None and text[cited["start"] : cited["end"]] != cited["quote"]:
                yield f"versions {n}: citation [{cited['marker']}] does not stand in its source"


def record(case: dict[str, Any]) -> Iterator[str]:
    """Entries that are not what was sealed."""
    last: dict[str, Any] = {"n": 0, "seal": ""}
    for n, entry in enumerate(case["entries"], start=1):
        if digest(canonical({name: entry[name] for name in SIGNED})) != entry["seal"]:
            yield f"entries {n}: entry {entry['n']} of the ledger does not have its seal"
        if entry["n"] <= last["n"] or (entry["n"] == last["n"] + 1 != 1 and entry["previous"] != last["seal"]):
            yield f"entries {n}: entry {entry['n']} of the ledger does not follow the one before it"
        last = entry


def rulings(case: dict[str, Any]) -> Iterator[str]:
    """Decisions that were on other words, or are not what the ledger records."""
    known, gone = {version["digest"] for version in case["versions"]}, disposed(case)
    for n, ruling, entry in recorded(case, "decisions", RULING):
        said = [RULING[entry["act"]], entry["actor"], entry["at"], entry["detail"].get("digest")]
        why = (entry["detail"].get("reasons", "").split(), entry["detail"].get("reason"))
        words = digest(ruling["reason"]) if ruling["reason"] else gone.get(f"decision {n}")
        if [ruling[name] for name in ("verdict", "reviewer", "at", "digest")] != said or (
            ruling["reasons"],
            words,
        ) != why:
            yield f"decisions {n}: it is not what entry {entry['n']} of the ledger records"
        if ruling["digest"] not in known:
            yield f"decisions {n}: it was not on any of these wordings"


def remarks(case: dict[str, Any]) -> Iterator[str]:
    """Comments and later checks that are not what the ledger records, and what one of the two lacks."""
    gone = disposed(case)
    for n, comment, entry in recorded(case, "comments", {"review:comment"}):
        words = digest(comment["text"]) if comment["text"] else gone.get(f"comment {n}")
        if (comment["by"], comment["at"], words) != (entry["actor"], entry["at"], entry["detail"].get("comment")):
            yield f"comments {n}: it is not what entry {entry['n']} of the ledger records"
    for n, again, entry in recorded(case, "rechecks", {"review:recheck"}):
        found = gone.get(f"recheck {n}", digest(canonical(again["findings"])))
        if (again["at"], found) != (entry["at"], entry["detail"].get("findings")):
            yield f"rechecks {n}: it is not what entry {entry['n']} of the ledger records"
    for name, acts in (("decisions", RULING), ("comments", {"review:comment"}), ("rechecks", {"review:recheck"})):
        count = sum(entry["act"] in acts for entry in case["entries"])
        if count != len(case[name]):
            yield f"{name}: there are {len(case[name])}, and the ledger has {count}"


def recorded(
    case: dict[str, Any], name: str, acts: Collection[str]
) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Each part of a section, from 1, with the entry that tells of it."""
    entered = [entry for entry in case["entries"] if entry["act"] in acts]
    for n, (part, entry) in enumerate(zip(case[name], entered, strict=False), start=1):
        yield n, part, entry


def disposed(case: dict[str, Any]) -> dict[str, str]:
    """The digests of what was disposed of."""
    return {each["part"]: each["digest"] for each in case["disposed"]}


def deliveries(case: dict[str, Any]) -> Iterator[str]:
    """Releases of other words than those that were approved, and receipts that the ledger does not have."""
    approved, gone = {each["digest"] for each in case["decisions"] if each["verdict"] == "approve"}, disposed(case)
    entered = [entry["detail"] for entry in case["entries"] if entry["act"] == "release:deliver"]
    known = {
        (detail.get("outlet"), detail.get("digest"), detail.get("sent"), detail.get("receipt")) for detail in entered
    }
    for n, each in enumerate(case["deliveries"], start=1):
        review, _, words = each["key"].partition(":")
        if review != case["about"]["review"] or words not in approved:
            yield f"deliveries {n}: it is not of the words that were approved"
        receipt = digest(each["receipt"]) if each["receipt"] else gone.get(f"receipt {n}")
        if each["delivered_at"] and (each["outlet"], words, each["sent_digest"], receipt) not in known:
            yield f"deliveries {n}: the ledger has no such receipt"


def head(case: dict[str, Any], key: str) -> Iterator[str]:
    """Published heads that do not cover these entries, or were not signed by the key."""
    seals = {entry["n"]: entry["seal"] for entry in case["entries"]}
    for n, published in enumerate(case["heads"], start=1):
        if published["n"] < max(seals, default=0) or seals.get(published["n"], published["seal"]) != published["seal"]:
            yield f"heads {n}: it does not cover these entries"
        if digest(published["public"]) != published["key"] or (key and key != published["public"]):
            yield f"heads {n}: it was signed by another key"
        if signed(published) is False:
            yield f"heads {n}: its signature does not fit"


def signed(published: dict[str, Any]) -> bool | None:
    """Whether the signature of a head is its key's; None where this machine cannot tell."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return None
    words = canonical(
        {"head": published["n"], "seal": published["seal"], "at": published["at"], "key": published["key"]}
    )
    try:
        raw = base64.b64decode(published["public"].removeprefix("ed25519:"), validate=True)
        signature = base64.b64decode(published["signature"], validate=True)
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, words.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def main() -> int:
    """Verify the file that is named."""
    parser = argparse.ArgumentParser(description="Verify a case file in JSON.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", default="", help="The public key that heads must be signed with, as it was published.")
    given = parser.parse_args()
    try:
        case = json.loads(given.file.read_text(encoding="utf-8"))
        found = list(faults(case, given.key))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        sys.stderr.write(f"{given.file} is no case file, or lost a part: {type(error).__name__}: {error}\n")
        return 2
    for fault in found:
        sys.stdout.write(f"DOES NOT FIT  {fault}\n")
    if not found:
        sys.stdout.write(told(case))
    return 1 if found else 0


def told(case: dict[str, Any]) -> str:
    """What was found to fit, and what is still to be compared."""
    published = case["heads"][0] if case["heads"] else None
    lines = [
        f"{case['about']['review']}: every part is as it was when the file was made.",
        f"{len(case['versions'])} wordings, {len(case['decisions'])} decisions, {len(case['entries'])} entries fit.",
    ]
    if published and signed(published):
        lines.append(f"The head of entry {published['n']}, published {published['at']}, has its signature.")
    elif published:
        lines.append("The signature of the published head was not checked: it takes the package cryptography.")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
