#!/usr/bin/env python3
"""Verify a case file in JSON, without humphrey.

    python3 verify_case.py FILE [--key PUBLIC_KEY]

Needs Python 3.11 and nothing else. If the package `cryptography` is installed, the signature of the published head is
checked too. Exit code 0: everything fits. 1: something does not fit, and is named. 2: this is no case file.

The script tells whether any part of the file was changed since it was made; whether each wording has the digest that
was approved; whether each quotation stands in its source; whether each entry of the ledger still has its seal. It
cannot tell alone whether the whole file was made up. For that, compare the digest of the file with the entry
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
    "versions", "rechecks", "comments", "deferrals", "decisions", "ratings", "sources", "deliveries", "entries",
    "heads", "disposed",
)  # fmt: skip


WRITING = {"review:open", "review:amend", "review:instruct", "seed:plant"}


RULING = {"review:approve": "approve", "review:return": "return", "review:refuse": "refuse"}


SIGNED = ("n", "at", "actor", "act", "subject", "detail", "previous")


def canonical(value: object) -> str:
    """Return a value in the one form that digests are computed from."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(text: str) -> str:
    """Return the digest of a text."""
    return "sha256:" + hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def faults(case: dict[str, Any], key: str) -> Iterator[str]:
    """Yield a sentence for everything that does not fit."""
    yield from changed(case)
    yield from wordings(case)
    yield from passages(case)
    yield from ledger_entries(case)
    yield from decisions(case)
    yield from comments_and_rechecks(case)
    yield from deferrals_and_ratings(case)
    yield from deliveries(case)
    yield from head(case, key)


def changed(case: dict[str, Any]) -> Iterator[str]:
    """Yield the parts that changed after the file was made."""
    parts = {name: digest(canonical(case[name])) for name in ("format", "about")}
    for name in SECTIONS:
        parts |= {f"{name} {n}": digest(canonical(each)) for n, each in enumerate(case.get(name, ()), start=1)}
    given = case["digests"]
    for name in sorted(parts.keys() | given.keys()):
        if name not in parts:
            yield f"{name}: it is listed in the digests, and not in the file"
        elif parts[name] != given.get(name):
            yield f"{name}: it was changed, or its digest was"
    whole = {name: value for name, value in case.items() if name != "digest"}
    if digest(canonical(whole)) != case["digest"]:
        yield "digest: the file as a whole is not what it was"


def approval_digest(draft: dict[str, Any]) -> str:
    """Return the digest of the parts of a draft that an approval binds."""
    asked = draft["commission"]
    names = ("status", "text", "citations", "workings", "due")
    said = {name: draft[name] for name in names} | {
        name: asked[name] for name in ("kind", "asked_by", "marking", "outlet")
    }
    more = {"question": asked["text"], "facts": asked["facts"], "recipient": asked["reply_to"] or asked["asked_by"]}
    # A draft without a part that stays in the department has the digest of drafts from before there was one.
    return digest(canonical(said | more | ({"note": draft["note"]} if draft.get("note") else {})))


def wordings(case: dict[str, Any]) -> Iterator[str]:
    """Yield the wordings that do not have their digest, or that the ledger records differently."""
    entered = [each for each in case["entries"] if each["act"] in WRITING]
    gone = disposed(case)
    if len(entered) != len(case["versions"]):
        yield f"versions: there are {len(case['versions'])}, and the ledger has {len(entered)}"
    for n, version in enumerate(case["versions"], start=1):
        if version["disposed"]:
            fits = gone.get(f"version {n}") == version["digest"]
        else:
            fits = approval_digest(version["draft"]) == version["digest"]
        if not fits:
            yield f"versions {n}: its words are not those of its digest"
    # Pairs end with the shorter list: a difference in number was named above.
    for n, (version, entry) in enumerate(zip(case["versions"], entered, strict=False), start=1):
        # humphrey enters a seeded draft itself, in the name of the person who asked for its original.
        by = version["editor"] if entry["act"] == "seed:plant" else entry["actor"]
        if (entry["detail"].get("digest"), by, entry["at"]) != (
            version["digest"], version["editor"], version["at"],
        ):  # fmt: skip
            yield f"versions {n}: it is not what entry {entry['n']} of the ledger records"
        kept = digest(canonical([canonical(version["draft"]), version["origin"], version["instruction"]]))
        if not version["disposed"] and entry["detail"].get("kept", kept) != kept:
            yield f"versions {n}: more of it than its digest binds is not what entry {entry['n']} of the ledger records"


def passages(case: dict[str, Any]) -> Iterator[str]:
    """Yield the sources that do not have their version's text, and the quotations that do not stand at their place."""
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
            # A version that is no longer held has no text to compare with.
            elif text is not None and text[cited["start"] : cited["end"]] != cited["quote"]:
                yield f"versions {n}: citation [{cited['marker']}] does not stand in its source"


def ledger_entries(case: dict[str, Any]) -> Iterator[str]:
    """Yield the entries that do not have their seal, or do not follow the one before."""
    last: dict[str, Any] = {"n": 0, "seal": ""}
    for n, entry in enumerate(case["entries"], start=1):
        if digest(canonical({name: entry[name] for name in SIGNED})) != entry["seal"]:
            yield f"entries {n}: entry {entry['n']} of the ledger does not have its seal"
        # The file has the entries of one review, so only neighbours in the ledger can be compared by their seals.
        if entry["n"] <= last["n"] or (entry["n"] == last["n"] + 1 != 1 and entry["previous"] != last["seal"]):
            yield f"entries {n}: entry {entry['n']} of the ledger does not follow the one before it"
        last = entry


def decisions(case: dict[str, Any]) -> Iterator[str]:
    """Yield the decisions that are on other words, or that the ledger records differently."""
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
        how = (ruling.get("door", ""), ruling.get("acknowledged", []), ruling.get("held_until") or "")
        detail = entry["detail"]
        if how != (detail.get("door", ""), detail.get("acknowledged", "").split(), detail.get("held", "")):
            yield f"decisions {n}: how it was made is not what entry {entry['n']} of the ledger records"
        if ruling["digest"] not in known:
            yield f"decisions {n}: it was not on any of these wordings"


def comments_and_rechecks(case: dict[str, Any]) -> Iterator[str]:
    """Yield the comments and rechecks that the ledger records differently, and sections of a different length."""
    gone = disposed(case)
    for n, comment, entry in recorded(case, "comments", {"review:comment"}):
        words = digest(comment["text"]) if comment["text"] else gone.get(f"comment {n}")
        if (comment["by"], comment["at"], words) != (entry["actor"], entry["at"], entry["detail"].get("comment")):
            yield f"comments {n}: it is not what entry {entry['n']} of the ledger records"
    for n, again, entry in recorded(case, "rechecks", {"review:recheck"}):
        found = gone.get(f"recheck {n}", digest(canonical(again["findings"])))
        if (again["at"], found) != (entry["at"], entry["detail"].get("findings")):
            yield f"rechecks {n}: it is not what entry {entry['n']} of the ledger records"
    for name, acts in (
        ("decisions", RULING),
        ("comments", {"review:comment"}),
        ("rechecks", {"review:recheck"}),
        ("deferrals", {"review:defer"}),
        ("ratings", {"review:rate"}),
    ):
        count = sum(entry["act"] in acts for entry in case["entries"])
        if count != len(case.get(name, ())):
            yield f"{name}: there are {len(case.get(name, ()))}, and the ledger has {count}"


def deferrals_and_ratings(case: dict[str, Any]) -> Iterator[str]:
    """Yield the deferrals and ratings that the ledger records differently."""
    gone = disposed(case)
    for n, deferral, entry in recorded(case, "deferrals", {"review:defer"}):
        why = digest(deferral["reason"]) if deferral["reason"] else gone.get(f"deferral {n}")
        said = (entry["actor"], entry["at"], entry["detail"].get("until"), entry["detail"].get("reason"))
        if (deferral["by"], deferral["at"], deferral["until"], why) != said:
            yield f"deferrals {n}: it is not what entry {entry['n']} of the ledger records"
    for n, rating, entry in recorded(case, "ratings", {"review:rate"}):
        bound = digest(canonical([rating["wording"], rating["sentences"], rating["citations"]]))
        if (rating["by"], rating["at"], bound) != (entry["actor"], entry["at"], entry["detail"].get("rating")):
            yield f"ratings {n}: it is not what entry {entry['n']} of the ledger records"


def recorded(
    case: dict[str, Any], name: str, acts: Collection[str]
) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Yield the number of each part of a section, from 1, the part, and its entry in the ledger."""
    entered = [entry for entry in case["entries"] if entry["act"] in acts]
    for n, (part, entry) in enumerate(zip(case.get(name, ()), entered, strict=False), start=1):
        yield n, part, entry


def disposed(case: dict[str, Any]) -> dict[str, str]:
    """Return the digest of each part that was disposed of."""
    return {each["part"]: each["digest"] for each in case["disposed"]}


def deliveries(case: dict[str, Any]) -> Iterator[str]:
    """Yield the deliveries of words that were not approved, and the receipts that the ledger does not have."""
    approved, gone = {each["digest"] for each in case["decisions"] if each["verdict"] == "approve"}, disposed(case)
    entered = [entry["detail"] for entry in case["entries"] if entry["act"] == "release:deliver"]
    known = {
        (detail.get("outlet"), detail.get("digest"), detail.get("sent"), detail.get("receipt")) for detail in entered
    }
    for n, each in enumerate(case["deliveries"], start=1):
        # A delivery's key is the review and the digest of the words that were released.
        review, _, words = each["key"].partition(":")
        if review != case["about"]["review"] or words not in approved:
            yield f"deliveries {n}: it is not of the words that were approved"
        receipt = digest(each["receipt"]) if each["receipt"] else gone.get(f"receipt {n}")
        if each["delivered_at"] and (each["outlet"], words, each["sent_digest"], receipt) not in known:
            yield f"deliveries {n}: the ledger has no such receipt"


def head(case: dict[str, Any], key: str) -> Iterator[str]:
    """Yield the published heads that do not cover these entries, or were not signed by the key."""
    seals = {entry["n"]: entry["seal"] for entry in case["entries"]}
    for n, published in enumerate(case["heads"], start=1):
        if published["n"] < max(seals, default=0) or seals.get(published["n"], published["seal"]) != published["seal"]:
            yield f"heads {n}: it does not cover these entries"
        if key and key != published["key"]:
            yield f"heads {n}: it was signed by another key"
        if signed(published) is False:
            yield f"heads {n}: its signature does not fit"


def signed(published: dict[str, Any]) -> bool | None:
    """Return whether the signature of a head was made by its key; None if `cryptography` is not installed."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return None
    words = canonical(
        {"head": published["n"], "seal": published["seal"], "at": published["at"], "key": published["key"]}
    )
    try:
        raw = base64.b64decode(published["key"].removeprefix("ed25519:"), validate=True)
        signature = base64.b64decode(published["signature"], validate=True)
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, words.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def main() -> int:
    """Verify the file that the arguments name; return the exit code."""
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
        sys.stdout.write(report(case))
    return 1 if found else 0


def report(case: dict[str, Any]) -> str:
    """Return the report on a file that fits, with what was not checked."""
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
