"""Measure what the checks notice: real sentences made wrong in one way, reworded, and unchanged.

Each version is a draft of one sentence that cites its source passage, and is checked like any draft.
"""

import argparse
import json
import os
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.sentences.changing import CHANGES, Pool
from evals.sentences.counting import wilson
from evals.sentences.rewording import COMPRESSING, LIGHT, Reword
from evals.sentences.taking import SEED, Taken, documents_of, halves, pools, taken
from humphrey.checks.registry import check
from humphrey.checks.sentences import SENTENCE_CHECKS
from humphrey.documents.model import Document, DocumentLookup
from humphrey.papers.draft import Citation, Commission, Draft, Finding, ModelName
from humphrey.papers.kind import Paper

FOLDER = "HUMPHREY_SHARED_DATA"


UNTOUCHED, REWORDED, COMPRESSED = "untouched", "reworded", "joined or shortened"


RIGHT = (UNTOUCHED, REWORDED, COMPRESSED)


KINDS = (*RIGHT, *CHANGES, *(f"{kind}, {REWORDED}" for kind in CHANGES))


_RULES_AT_ONCE = 2


_PAPER = Paper("measured", "Measured", "To be measured.", (), SENTENCE_CHECKS, "")


@dataclass(frozen=True)
class Version:
    """One version of a sentence: its kind, the rule that made it, and whether a check reported it."""

    kind: str
    rule: str
    source: str
    text: str
    findings: tuple[str, ...]

    @property
    def flagged(self) -> bool:
        """Whether any check reports it."""
        return bool(self.findings)


@dataclass(frozen=True)
class Row:
    """How many versions of a kind were reported; shares run from 0.0 to 1.0."""

    half: str
    kind: str
    n: int
    flagged: float
    low: float
    high: float


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    folder = os.environ.get(FOLDER)  # noqa: TID251 - no setting of humphrey's: it is never part of the product
    parser.add_argument("folder", type=Path, nargs="?", default=folder, help=f"the documents; else what {FOLDER} names")
    parser.add_argument("--each", type=int, default=12, help="the most sentences of one document")
    parser.add_argument("--half", choices=("tuned on", "held back"), help="one half alone")
    parser.add_argument(
        "--missed", type=int, default=0, help="show so many wrong calls of each kind; never of the held"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    parser.set_defaults(run=main)


def main(asked: argparse.Namespace) -> None:
    """Print a row for each half and kind."""
    if asked.folder is None or not Path(asked.folder).is_dir():
        raise SystemExit(f"no documents in {asked.folder}; name their folder, or set {FOLDER} to it")
    began = time.monotonic()
    rows: list[Row] = []
    for half, documents in zip(("tuned on", "held back"), halves(documents_of(Path(asked.folder))), strict=True):
        if asked.half in {None, half}:
            versions = measured(documents, asked.each)
            rows += counted(half, versions)
            if half == "tuned on":
                _show_missed(versions, asked.missed)
    if asked.json:
        seconds = round(time.monotonic() - began, 1)
        print(json.dumps({"seed": SEED, "seconds": seconds, "rows": [asdict(row) for row in rows]}))
        return
    print(shown(rows))


def measured(documents: Sequence[Document], each: int) -> list[Version]:
    """Check every version of the sentences of some documents."""
    rng = random.Random(SEED)  # noqa: S311 - choices that can be made again, no secret
    chosen = taken(documents, each)
    return [
        Version(kind, rule, one.text, text, tuple(f"{each.check}: {each.message}" for each in found(one, text)))
        for one, pool in zip(chosen, pools(chosen), strict=True)
        for kind, rule, text in versions(one, pool, rng)
    ]


def versions(one: Taken, pool: Pool, rng: random.Random) -> Iterator[tuple[str, str, str]]:
    """Yield the sentence unchanged, reworded, and wrong in every possible way: kind, rules, text."""
    yield UNTOUCHED, "", one.text
    rules, reworded = said_otherwise(one, LIGHT, rng)
    yield REWORDED, rules, reworded
    compressed, short = said_otherwise(one, COMPRESSING, rng)
    if short != one.text:
        yield COMPRESSED, compressed, short
    for kind, change in CHANGES.items():
        for rule, base in (("", one.text), (f", {REWORDED}", reworded)):
            if (wrong := change(base, pool, rng)) and wrong != base:
                yield f"{kind}{rule}", rules if rule else "", wrong


def said_otherwise(one: Taken, rules: Mapping[str, Reword], rng: random.Random) -> tuple[str, str]:
    """Return the sentence with up to two of some rules of rewording applied, and which."""
    text, used = one.text, list[str]()
    for rule in rng.sample(sorted(rules), len(rules)):
        if len(used) < _RULES_AT_ONCE and (said := rules[rule](text, one.following, rng)) and said != text:
            text = said
            used.append(rule)
    return " and ".join(used), text


def found(one: Taken, text: str) -> tuple[Finding, ...]:
    """Return the findings for a draft that has only this sentence and cites its source."""
    document = one.document
    cited = Citation(
        "1", document.id, document.version, document.imprint.title, "", one.passage.section, one.text, *one.span
    )
    commission = Commission("answer", "What does the guidance say?", "evaluation", "file")
    draft = Draft(commission, "answered", f"{text} [1]", ModelName("evaluation", "1"), citations=(cited,))
    return check(draft, _PAPER, _only(document))


def counted(half: str, versions_checked: Sequence[Version]) -> list[Row]:
    """Return a row for each kind, with the 95% interval of the share."""
    rows = []
    for kind in KINDS:
        flagged = [version.flagged for version in versions_checked if version.kind == kind]
        if flagged:
            low, high = wilson(sum(flagged), len(flagged))
            rows.append(Row(half, kind, len(flagged), sum(flagged) / len(flagged), low, high))
    return rows


def shown(rows: Sequence[Row]) -> str:
    """Return the rows as a table, shares in hundredths."""
    lines = ["half\tversion\tn\tflagged %\t95% interval"]
    for row in rows:
        said = f"{100 * row.flagged:.1f}\t{100 * row.low:.1f} to {100 * row.high:.1f}"
        lines.append(f"{row.half}\t{row.kind}\t{row.n}\t{said}")
    return "\n".join(lines)


def _only(document: Document) -> DocumentLookup:
    return lambda _document, _version: document


def _show_missed(versions_checked: Sequence[Version], most: int) -> None:
    for kind in KINDS:
        wrong = [each for each in versions_checked if each.kind == kind and each.flagged == (kind in RIGHT)]
        for each in random.Random(SEED).sample(wrong, min(most, len(wrong))):  # noqa: S311 - no secret
            print(f"{kind} {each.rule}\n  was: {each.source}\n  now: {each.text}", *each.findings, sep="\n  ")
