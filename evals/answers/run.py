"""Ask the embedded model real questions, with their page there and with it hidden, and print the results."""

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np

from evals.answers import fitting
from evals.answers.guidance import Asked, indexed, other, parts, real, starter
from evals.answers.scoring import auroc, holds
from evals.retrieval.peers import Remembered
from evals.retrieval.run import FOLDER, RESULTS
from evals.retrieval.sets import PAGES, Question, tuned_on
from humphrey.app.build import start
from humphrey.app.container import Humphrey
from humphrey.app.drafting import build_drafter, build_quotas, confidence_features_by
from humphrey.app.guidance import build_embeddings, build_library
from humphrey.drafting.evidence import Evidence, NumberedPassage
from humphrey.drafting.extractive.confidence import ConfidenceFeatures, confidence
from humphrey.papers.draft import Commission, Draft, Drafter, DraftRequest
from humphrey.settings import Settings

_OTHERS = 700


_TIMED = 40


@dataclass(frozen=True)
class Case:
    """A question asked once, with its page there or hidden: the search results, and the draft."""

    asked: Asked
    answerable: bool
    signs: ConfidenceFeatures | None
    draft: Draft | None = None

    @property
    def score(self) -> float:
        """The confidence of the model."""
        return confidence(self.signs) if self.signs else 0.0


@dataclass(frozen=True)
class Row:
    """The figures of some cases; shares run from 0.0 to 1.0.

    `hit` and `hit_all` are of the answerable: the first three quotations, or any, contain the answer. `quoted` is how
    many words the first three have. `given_up` is the share of the answerable that are reported as not in the guidance,
    `claimed` the share of the others that are reported as answered.
    """

    name: str
    answerable: int
    unanswerable: int
    hit: float
    hit_all: float
    quoted: float
    auroc: float
    given_up: float
    claimed: float
    statuses: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    folder = os.environ.get(FOLDER)  # noqa: TID251 - no setting of humphrey's: it is never part of the product
    parser.add_argument("folder", type=Path, nargs="?", default=folder, help=f"the data sets; else what {FOLDER} names")
    parser.add_argument("--notes", type=Path, default=Path("corpus"), help="the starter notes")
    parser.add_argument("--held-out", action="store_true", help="the held-out half too: look at it last, and seldom")
    parser.add_argument("--fit", action="store_true", help="fit the weights anew on the rest, and print them")
    parser.set_defaults(run=main)


def main(asked: argparse.Namespace) -> None:
    """Print the table, and write it as JSON."""
    if asked.folder is None or not (Path(asked.folder) / PAGES).is_dir():
        raise SystemExit(f"no data sets in {asked.folder}; name their folder, or set {FOLDER} to it")
    folder, began = Path(asked.folder), time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        shelves = Shelves(Path(temporary), Remembered(build_embeddings(Settings()), RESULTS))
        questions = real(folder)
        tuned = tuned_on([Question(each.id, each.text, each.page, frozenset()) for each in questions])
        pages = [folder / PAGES / "html", folder / "govuk_pages_2024" / "original_json", asked.notes]
        wanted = [each for each in questions if asked.held_out or each.id in tuned]
        with shelves.shelf("pages", pages) as shelf:
            on_pages = list(shelf.cases(wanted))
            seconds = shelf.seconds(wanted[:_TIMED])
        with shelves.shelf("notes", [asked.notes]) as shelf:
            on_notes = list(shelf.cases(starter()))
        rows = [row("starter notes", on_notes), row("pages, tuned on", [c for c in on_pages if c.asked.id in tuned])]
        if asked.held_out:
            rows.append(row("pages, held out", [c for c in on_pages if c.asked.id not in tuned]))
        print(shown(rows))
        print(
            f"seconds a question: median {np.median(seconds):.3f}, of 20 the slowest {np.quantile(seconds, 0.95):.3f}"
        )
        if asked.fit:
            print(_fitted(shelves, folder, Path(temporary), [on_notes, [c for c in on_pages if c.asked.id in tuned]]))
    kept = RESULTS / "answers.json"
    about = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "seconds": round(time.monotonic() - began, 1)}
    kept.write_text(json.dumps({**about, "rows": [asdict(each) for each in rows]}, indent=1), encoding="utf-8")
    print(f"written to {kept}", file=sys.stderr)


@dataclass(frozen=True)
class Shelf:
    """Indexed guidance, and the embedded model that answers from it."""

    humphrey: Humphrey
    drafter: Drafter
    unhurried: Drafter
    weigh: Callable[[str, Sequence[NumberedPassage]], ConfidenceFeatures | None]

    def cases(self, questions: Sequence[Asked], *, written: bool = True) -> Iterator[Case]:
        """Yield each question with everything there, and if a page answers it, with that page hidden too."""
        for asked in questions:
            for without in ("", asked.page) if asked.answerable and asked.page else ("",):
                groups = parts(without)
                draft = self.write(self.drafter, asked, groups) if written else None
                yield Case(asked, asked.answerable and not without, self._signs(asked, groups), draft)

    def seconds(self, questions: Sequence[Asked]) -> list[float]:
        """Return how long each question takes with empty caches."""
        self.write(self.unhurried, questions[0], parts())
        return [self.write(self.unhurried, each, parts()).seconds for each in questions[1:]]

    def write(self, drafter: Drafter, asked: Asked, groups: tuple[str, ...]) -> Draft:
        """Return the draft of an answer."""
        commission = Commission("answer", asked.text, "", "web", groups=groups)
        return drafter(DraftRequest(commission, self.humphrey.drafting.papers["answer"]), lambda _text: None)

    def _signs(self, asked: Asked, groups: tuple[str, ...]) -> ConfidenceFeatures | None:
        library = self.humphrey.library
        passages = self.humphrey.settings.passages_per_answer
        evidence = Evidence(library.search, library.document, passages, lambda: datetime.now(UTC).date(), groups)
        return self.weigh(asked.text, evidence.search(asked.text))


@dataclass(frozen=True)
class Shelves:
    """Makes indexed guidance, always with one model that caches its vectors."""

    folder: Path
    embed: Remembered

    @contextmanager
    def shelf(self, name: str, paths: Sequence[Path]) -> Iterator[Shelf]:
        """Index everything below some paths, and close it afterwards."""
        settings = Settings(data_dir=self.folder / name)
        remembered = cast("Any", self.embed)
        humphrey = start(settings)
        library = build_library(settings, humphrey.database, lambda: remembered)
        humphrey = replace(humphrey, library=library)
        indexed(humphrey, paths, _tell)
        self.embed.keep()

        def drafter(model: Any) -> Drafter:  # noqa: ANN401 - the model's type is behind the application
            return build_drafter(
                settings, build_quotas(settings, humphrey.database), library.search, library.document, lambda: model
            )

        yield Shelf(
            humphrey, drafter(remembered), drafter(build_embeddings(settings)), confidence_features_by(remembered)
        )
        self.embed.keep()
        library.close()


def row(name: str, cases: Sequence[Case]) -> Row:
    """Return the figures of some cases."""
    right, wrong = [c for c in cases if c.answerable], [c for c in cases if not c.answerable]
    found = [_quoted(case) for case in right if case.draft and case.asked.gold]
    statuses = Counter((case.answerable, case.draft.status) for case in cases if case.draft)
    return Row(
        name,
        len(right),
        len(wrong),
        _mean([any(holds(text, gold) for text in texts[:3]) for texts, gold in found]),
        _mean([any(holds(text, gold) for text in texts) for texts, gold in found]),
        _mean([sum(len(text.split()) for text in texts[:3]) for texts, _ in found]),
        round(auroc([case.score for case in cases], [case.answerable for case in cases]), 4),
        round(statuses[True, "not_in_guidance"] / len(right), 4),
        round(statuses[False, "answered"] / len(wrong), 4),
        ", ".join(f"{'yes' if yes else 'no'} {status} {count}" for (yes, status), count in sorted(statuses.items())),
    )


def _quoted(case: Case) -> tuple[list[str], tuple[str, ...]]:
    cited = case.draft.citations if case.draft else ()
    page = case.asked.page.lower()
    return [each.quote if each.title.lower() == page else "" for each in cited], case.asked.gold


def _fitted(shelves: Shelves, folder: Path, temporary: Path, groups: Sequence[Sequence[Case]]) -> str:
    questions, files = other(folder, temporary / "texts")
    sample = fitting.sample(questions, _OTHERS)
    with shelves.shelf("other", files) as shelf:
        groups = [*groups, list(shelf.cases(sample, written=False))]
    return fitting.shown([[(case.signs, case.answerable) for case in cases if case.signs] for cases in groups])


def shown(rows: Sequence[Row]) -> str:
    """Return the rows as a table, shares in hundredths."""
    names = ("answerable", "not", "hit@3", "hit", "words", "AUROC", "given up", "claimed", "statuses")
    lines = ["\t".join(("questions", *names))]
    for each in rows:
        shares = [f"{100 * share:.1f}" for share in (each.auroc, each.given_up, each.claimed)]
        hits = [f"{100 * each.hit:.1f}", f"{100 * each.hit_all:.1f}", f"{each.quoted:.0f}"]
        lines.append(
            "\t".join((each.name, str(each.answerable), str(each.unanswerable), *hits, *shares, each.statuses))
        )
    return "\n".join(lines)


def _mean(figures: Sequence[float]) -> float:
    return round(float(np.mean(figures)), 4) if figures else 0.0


def _tell(done: int, total: int, what: str) -> None:
    if done == total and total > 1:
        print(f"{what}: {done} of {total}", file=sys.stderr)
