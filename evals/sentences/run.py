"""Measure what the checks notice: real sentences made wrong in one way, reworded, and unchanged.

Each version is a draft of one sentence that cites the sentence it was made from, and is checked like any draft.
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
from evals.sentences.meaning import MEANING, ORDERS, mixed
from evals.sentences.rewording import COMPRESSING, LIGHT, Reword
from evals.sentences.taking import SEED, Taken, documents_of, halves, pools, rewordings, taken
from humphrey.checks.registry import check
from humphrey.checks.sentences import SENTENCE_CHECKS
from humphrey.checks.sources import SOURCE_CHECKS
from humphrey.documents.model import Document, Imprint
from humphrey.papers.draft import Citation, Commission, Draft, ModelName
from humphrey.papers.kind import Paper
from humphrey.text.sentences import Span

FOLDER = "HUMPHREY_SHARED_DATA"


UNTOUCHED, REWORDED, COMPRESSED = "untouched", "reworded", "joined or shortened"


BY_HAND, BOTH = "reworded by hand", "two sentences quoted"


RIGHT = (UNTOUCHED, REWORDED, BY_HAND, COMPRESSED, BOTH)


MIXED, ORDERED, DIFFERING = "two mixed", "an order quoted", "two figures for one thing"


_EVERY_CHANGE = {**CHANGES, **MEANING}


KINDS = (
    *(*RIGHT, *_EVERY_CHANGE, MIXED, ORDERED, DIFFERING),
    *(f"{kind}, {REWORDED}" for kind in _EVERY_CHANGE),
)


_RULES_AT_ONCE = 2


_PAPER = Paper("measured", "Measured", "To be measured.", (), (*SENTENCE_CHECKS, *SOURCE_CHECKS), "")


_COMMISSION = Commission("answer", "What does the guidance say?", "evaluation", "file")


@dataclass(frozen=True)
class Case:
    """One version of a sentence: its kind, the rules that made it, its draft's text, and the words that this cites."""

    kind: str
    rule: str
    text: str
    cited: Sequence[tuple[Document, Span]]

    @property
    def draft(self) -> Draft:
        """A draft that has only this text and cites these words."""
        citations = tuple(
            Citation(str(n), page.id, page.version, page.imprint.title, "", (), span.of(page.text), *span)
            for n, (page, span) in enumerate(self.cited, 1)
        )
        return Draft(_COMMISSION, "answered", self.text, ModelName("evaluation", "1"), citations)


@dataclass(frozen=True)
class Version:
    """One version of a sentence that was checked: its kind, the rules that made it, and the findings."""

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
            versions = measured(documents, asked.each) + by_hand(half)
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
        _checked(one, case)
        for one, pool in zip(chosen, pools(chosen), strict=True)
        for case in (*versions(one, pool, rng), *of_several(one, rng))
    ]


def by_hand(half: str) -> list[Version]:
    """Check the rewordings of one half that people wrote."""
    return [
        _checked(one, Case(BY_HAND, one.document.id, f"{text} [1]", [(one.document, one.span)]))
        for one, text in rewordings(half)
    ]


def versions(one: Taken, pool: Pool, rng: random.Random) -> Iterator[Case]:
    """Yield the sentence unchanged, reworded, and wrong in every possible way, each citing the sentence itself."""
    rules, reworded = said_otherwise(one, LIGHT, rng)
    compressed, short = said_otherwise(one, COMPRESSING, rng)
    said = [(UNTOUCHED, "", one.text), (REWORDED, rules, reworded)]
    said += [(COMPRESSED, compressed, short)] if short != one.text else []
    for kind, change in _EVERY_CHANGE.items():
        for rule, base in (("", one.text), (f", {REWORDED}", reworded)):
            if (wrong := change(base, pool, rng)) and wrong != base:
                said.append((f"{kind}{rule}", rules if rule else "", wrong))
    for kind, rule, text in said:
        yield Case(kind, rule, f"{text} [1]", [(one.document, one.span)])


def of_several(one: Taken, rng: random.Random) -> Iterator[Case]:
    """Yield what takes several sentences: two of a passage quoted or mixed, an order in one, another figure in one."""
    here = (one.document, one.span)
    others = rng.sample(one.beside, min(3, len(one.beside)))
    for other in others[:1]:
        yield Case(BOTH, "", f"{one.text} [1] {other.of(one.document.text)} [2]", [here, (one.document, other)])
    for other in others:
        if text := mixed(one.text, other.of(one.document.text)):
            yield Case(MIXED, "", f"{text} [1][2]", [here, (one.document, other)])
            break
    ordered = f"{one.text} {rng.choice(ORDERS)}"
    yield Case(ORDERED, "", f"{ordered} [1]", [_page("ordered", ordered)])
    for kind in rng.sample(("number", "amount", "date"), 3):
        if wrong := CHANGES[kind](said_otherwise(one, LIGHT, rng)[1], Pool("", (), ()), rng):
            yield Case(DIFFERING, kind, f"{one.text} [1] {wrong} [2]", [here, _page("another", wrong)])
            break


def _page(name: str, text: str) -> tuple[Document, Span]:
    return Document(name, Imprint(name, ""), text), Span(0, len(text))


def _checked(one: Taken, case: Case) -> Version:
    pages = {page.id: page for page, _ in case.cited}
    found = check(case.draft, _PAPER, lambda name, _version: pages.get(name))
    told = tuple(f"{each.check}: {each.message}" for each in found)
    return Version(case.kind, case.rule, one.text, case.text, told)


def said_otherwise(one: Taken, rules: Mapping[str, Reword], rng: random.Random) -> tuple[str, str]:
    """Return the sentence with up to two of some rules of rewording applied, and which."""
    text, used = one.text, list[str]()
    for rule in rng.sample(sorted(rules), len(rules)):
        if len(used) < _RULES_AT_ONCE and (said := rules[rule](text, one.following, rng)) and said != text:
            text = said
            used.append(rule)
    return " and ".join(used), text


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


def _show_missed(versions_checked: Sequence[Version], most: int) -> None:
    for kind in KINDS:
        wrong = [each for each in versions_checked if each.kind == kind and each.flagged == (kind in RIGHT)]
        for each in random.Random(SEED).sample(wrong, min(most, len(wrong))):  # noqa: S311 - no secret
            print(f"{kind} {each.rule}\n  was: {each.source}\n  now: {each.text}", *each.findings, sep="\n  ")
