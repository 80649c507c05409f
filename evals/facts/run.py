"""Ask the starter questions, and count the key facts that the answers hold, their yes or no, and their words.

The key facts (`README.md`) were written beside the questions, not beside the answers. Half of them, `held.jsonl`, was
not looked at while the answers were changed.
"""

import argparse
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from evals.answers.guidance import Asked, parts
from evals.answers.run import Shelf, Shelves
from evals.retrieval.peers import Remembered
from evals.retrieval.run import RESULTS
from humphrey.app.guidance import build_embeddings
from humphrey.checks.registry import check
from humphrey.papers.draft import Draft
from humphrey.settings import Settings

HERE = Path(__file__).parent


YesNo = Literal["yes", "no"]


_MARKERS = re.compile(r"\s?\[\d{1,3}\]")


# The first word of a paragraph: "No.", "Yes, over the limit".
_SAID = re.compile(r"^(yes|no)\b(?=[.,:;])", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Fact:
    """A key fact; an answer holds it if it has all phrases of one of the alternatives."""

    told: str
    alternatives: tuple[tuple[str, ...], ...]

    def held(self, text: str) -> bool:
        """Return whether a text, in small letters and on one line, holds the fact."""
        return any(all(phrase in text for phrase in each) for each in self.alternatives)


@dataclass(frozen=True)
class Case:
    """A question with its key facts; `yes_no` is None if the guidance settles neither or the question asks for none."""

    id: str
    text: str
    facts: tuple[Fact, ...]
    yes_no: YesNo | None


@dataclass(frozen=True)
class Scored:
    """An answer: the facts that it lacks, the yes or no that it says, its words, and its findings."""

    case: Case
    draft: Draft
    lacks: tuple[str, ...]
    said: YesNo | None
    findings: tuple[str, ...]

    @property
    def words(self) -> int:
        """The length of the answer."""
        return len(_MARKERS.sub("", self.draft.text).split())


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--notes", type=Path, default=Path("corpus"), help="the starter notes")
    parser.add_argument("--held-out", action="store_true", help="the half that was not tuned on: look at it last")
    parser.add_argument("--show", action="store_true", help="print every answer with what it lacks")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> None:
    """Print the counts of one half; with `--show` also the answers."""
    read = list(cases(HERE / f"{'held' if asked.held_out else 'tune'}.jsonl"))
    with tempfile.TemporaryDirectory() as temporary:
        shelves = Shelves(Path(temporary), Remembered(build_embeddings(Settings()), RESULTS))
        with shelves.shelf("notes", [asked.notes]) as shelf:
            found = [scored(case, *_answered(shelf, case)) for case in read]
    if asked.show:
        for each in found:
            print(shown(each))
    print("\n".join(f"{name}\t{figure}" for name, figure in counted(found).items()))


def cases(path: Path) -> Iterator[Case]:
    """Yield the questions of a file, a JSON object a line."""
    for line in path.read_text("utf-8").splitlines():
        read = json.loads(line)
        facts = tuple(
            Fact(fact["fact"], tuple(tuple(phrase.lower() for phrase in each) for each in fact["any"]))
            for fact in read["facts"]
        )
        yield Case(read["id"], read["text"], facts, read["yes_no"])


def scored(case: Case, draft: Draft, findings: Sequence[str] = ()) -> Scored:
    """Return an answer with what it holds."""
    text = " ".join(_MARKERS.sub("", draft.text).lower().replace("’", "'").split())
    said = _SAID.search(draft.text)
    yes_no: YesNo | None = None if said is None else "yes" if said[1].lower() == "yes" else "no"
    return Scored(case, draft, tuple(fact.told for fact in case.facts if not fact.held(text)), yes_no, tuple(findings))


def counted(found: Sequence[Scored]) -> dict[str, str]:
    """Return the counts of some answers, by name."""
    facts, lacking = sum(len(each.case.facts) for each in found), sum(len(each.lacks) for each in found)
    settled = [each for each in found if each.case.yes_no]
    return {
        "key facts held": f"{facts - lacking} of {facts}",
        "complete answers": f"{sum(not each.lacks for each in found)} of {len(found)}",
        "yes or no right": f"{sum(each.said == each.case.yes_no for each in settled)} of {len(settled)}",
        "yes or no wrong": str(sum(each.said not in {None, each.case.yes_no} for each in settled)),
        "said where the guidance settles neither": str(sum(bool(each.said) for each in found if not each.case.yes_no)),
        "words of an answer": f"{sum(each.words for each in found) / len(found):.0f}",
        "answered in full": f"{sum(each.draft.status == 'answered' for each in found)} of {len(found)}",
        "findings": str(sum(len(each.findings) for each in found)),
    }


def shown(each: Scored) -> str:
    """Return an answer to read, with what it lacks."""
    lacks = "".join(f"\n  LACKS {told}" for told in each.lacks)
    findings = "".join(f"\n  FINDING {told}" for told in each.findings)
    wanted = f"\n  YES OR NO {each.said} for {each.case.yes_no}" if each.case.yes_no or each.said else ""
    head = f"{'=' * 100}\n{each.case.id} {each.case.text}  [{each.draft.status}, {each.words} words]"
    return f"{head}{wanted}{lacks}{findings}\n\n{each.draft.text}\n"


def _answered(shelf: Shelf, case: Case) -> tuple[Draft, tuple[str, ...]]:
    draft = shelf.write(shelf.drafter, Asked(case.id, case.text, "", (), True), parts())
    humphrey = shelf.humphrey
    found = check(draft, humphrey.drafting.papers["answer"], humphrey.library.document)
    return draft, tuple(f"{each.check}: {each.message}" for each in (*draft.findings, *found))
