"""Rows and validly sealed entries added, changed and removed in the database: nothing forged leaves, and all is named.

The forger can write every table and knows the code; the keys lie outside the database. Each forgery is made for one
review, then all goes on: approvals expire, an honest reviewer approves what the page shows, the outbox is delivered.
`python -m evals.proofs forgery --random 500 --database both`.
"""

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from evals.proofs.databases import postgresql
from evals.proofs.scene import FIRST_WORDING, LIFE, asking, furnish, joined, wall_clock
from evals.proofs.tampering.forgeries import STATES, Forgery, at_random, forgeries, removals
from evals.proofs.tampering.forging import Hand
from humphrey.accounts.model import Person
from humphrey.app.ledger import build_entry_keys
from humphrey.clearance import rules
from humphrey.clearance.gate import Release
from humphrey.clearance.model import Review
from humphrey.clearance.spot_checks import store as spot_check_store
from humphrey.clearance.spot_checks.model import SpotCheck
from humphrey.clearance.store import reviews as review_store
from humphrey.delivery.model import Receipt
from humphrey.delivery.outbox import Outbox
from humphrey.digests import canonical, digest_of, sha256
from humphrey.errors import HumphreyError
from humphrey.ledger import store as ledger_store
from humphrey.papers.draft import Finding
from humphrey.settings import RecordSettings

NEVER_LEAVES = frozenset({"blocked", "returned", "refused", "seeded"})
"""Reviews in these states leave under no circumstances; the others only as an honest reviewer approved them."""


_PEOPLE = (Person("ada", ("official",)), Person("bea", ("reviewer",)), Person("cai", ("reviewer",)))


_BLOCKING = (Finding("source_current", "block", "the source was withdrawn"),)


@dataclass
class Result:
    """The result: forgeries by table, how each was stopped, what left, what was not named, and how long it took."""

    forged: Counter[str] = field(default_factory=Counter)
    stopped: Counter[str] = field(default_factory=Counter)
    honest: int = 0
    left: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)

    @property
    def breaches(self) -> list[str]:
        """Return everything that should not have happened."""
        return [*self.left, *self.unnamed]


def prove(folder: Path, tries: int, seed: int, url: str = "", every: int = 1) -> Result:
    """Make each forgery of the catalogue, or every so many of them, and some at random; put back after each."""
    scene = _Scene(folder, url)
    result = Result()
    try:
        catalogue = [*forgeries(), *removals(scene.hand, scene.reviews)][:: max(1, every)]
        chance = random.Random(seed)  # noqa: S311 - a sample, no secret
        for each in [*catalogue, *(at_random(chance) for _ in range(tries))]:
            scene.judge(each, result)
    finally:
        scene.humphrey.close()
    return result


class _Scene:
    """A humphrey with a review in each state, the hand of the forger, and what may leave by right."""

    def __init__(self, folder: Path, url: str) -> None:
        self._at = wall_clock() - 2 * LIFE
        self.humphrey = joined(folder, database_url=url, now=self._now)
        furnish(self.humphrey, _PEOPLE)
        self.reviews = dict(self._reviews())
        with self.humphrey.database.transaction() as tx:
            ledger_store.enter(tx, "ada", "session:open", "ada", {}, self._now())
        stranger = build_entry_keys(RecordSettings(), folder / "elsewhere", wall_clock)
        stranger.begin(1)
        self.hand = Hand(self.humphrey, folder / "keys", stranger)

    def judge(self, forgery: Forgery, result: Result) -> None:
        """Make one forgery, let honest people go on, and note what left and what was named."""
        review = self.reviews[forgery.state]
        where = f"{forgery.table}, {forgery.state}: {forgery.name}"
        try:
            with _refused_by_the_database():
                if forgery.make(self.hand, review) == 0:
                    return
                result.forged[forgery.table] += 1
                named = self._named()
                self.humphrey.reminders.expire()
                honest = self._goes_on(review.id, forgery.goes_on)
                self._note(where, forgery, honest, result)
                if not (named or self._named()):
                    result.unnamed.append(f"{where}: nothing named it")
        finally:
            self.hand.put_back()

    def _note(self, where: str, forgery: Forgery, honest: str, result: Result) -> None:
        left = self._deliver()
        forged = [each for each in left if not self._by_right(each, forgery, honest)]
        result.left += [f"{where}: {each.review} left" for each in forged]
        result.honest += len(left) - len(forged)
        result.stopped["at the decision" if honest.startswith("refused") else "at the delivery"] += not forged

    def _by_right(self, release: Release, forgery: Forgery, honest: str) -> bool:
        """Return whether a text may leave: as it was written, to its asker, as an honest reviewer approved it."""
        state = next((state for state, review in self.reviews.items() if review.id == release.review), "")
        drafted = self.reviews[state].draft if state else None
        if drafted is None or (release.text, release.recipient) != (drafted.text, drafted.commission.recipient):
            return False
        if state == "waiting":
            return release.approved_by == "bea"
        approved = honest == release.review and release.approved_by == forgery.goes_on
        return approved and state not in NEVER_LEAVES and not (state == "amended" and release.approved_by == "bea")

    def _goes_on(self, review_id: str, reviewer: str) -> str:
        """Approve as an honest reviewer what is shown; return the review that was approved, or why it was not."""
        if not reviewer:
            return ""
        try:
            shown = self.humphrey.clearance.review(review_id)
            self.humphrey.clearance.decide(review_id, "approve", reviewer, shown.draft.digest)
        except HumphreyError as error:
            return f"refused: {type(error).__name__}"
        return review_id

    def _deliver(self) -> list[Release]:
        left: list[Release] = []

        def send(release: Release) -> Receipt:
            left.append(release)
            return Receipt("taken", digest_of(release.text.encode()))

        for outlet in ("web", "file", "email"):
            try:
                Outbox(self.humphrey.database, LIFE, self._now).deliver(outlet, send)
            except HumphreyError:
                continue
        return left

    def _named(self) -> bool:
        try:
            return not self.humphrey.verification.verify().ok
        except HumphreyError:
            return True

    def _now(self) -> datetime:
        self._at += timedelta(milliseconds=1)
        return self._at

    def _reviews(self) -> Iterator[tuple[str, Review]]:
        clearance = self.humphrey.clearance
        taken = {state: clearance.take(asking("ada", about=state)) for state in STATES if state != "seeded"}
        shown = {state: review.draft.digest for state, review in taken.items()}
        clearance.decide(taken["delivered"].id, "approve", "bea", shown["delivered"])
        self._deliver()
        clearance.decide(taken["returned"].id, "return", "bea", shown["returned"], "Say which law it is.")
        clearance.decide(taken["refused"].id, "refuse", "bea", shown["refused"], "Another office answers.")
        clearance.decide(taken["expired"].id, "approve", "bea", shown["expired"])
        self._at += 1.5 * LIFE
        self.humphrey.reminders.expire()
        clearance.decide(taken["waiting"].id, "approve", "bea", shown["waiting"])
        for editor, words in (("bea", "Ask early."), ("ada", "Ask very early.")):
            clearance.amend(taken["amended"].id, f"{FIRST_WORDING} {words}", editor)
        self._block(taken["blocked"].id)
        yield from ((state, clearance.review(review.id)) for state, review in taken.items())
        yield "seeded", self._seeded(taken["open"])

    def _block(self, review_id: str) -> None:
        with self.humphrey.database.transaction() as tx:
            review, at = review_store.load_for_update(tx, review_id), self._now()
            review_store.save(tx, rules.recheck(review, _BLOCKING, at))
            found = sha256(canonical([asdict(finding) for finding in _BLOCKING]))
            said = {"digest": review.draft.digest, "findings": found}
            ledger_store.enter(tx, "humphrey", "review:recheck", review_id, said, at)

    def _seeded(self, source: Review) -> Review:
        draft = replace(source.draft, text=source.draft.text.replace("twenty", "thirty"))
        with self.humphrey.database.transaction() as tx:
            review = rules.open_review("5eed5eed5eed5eed", draft, self._now())
            review_store.add(tx, review)
            seed = SpotCheck(review.id, source.id, "figure", "twenty", "thirty", 1, draft.text, flagged=False)
            spot_check_store.add(tx, seed, review.opened)
            said = {"digest": draft.digest, "kind": "answer", "kept": review.versions[0].kept}
            detail = {**said, "error": "figure", "source": source.id}
            ledger_store.enter(tx, "humphrey", "seed:plant", review.id, detail, review.opened)
        return review


@contextmanager
def _refused_by_the_database() -> Iterator[None]:
    """Leave out a forgery that the database itself refuses, such as a row without the row that it refers to."""
    try:
        yield
    except HumphreyError:
        return


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--random", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print the counts by database; exit with 1 if anything did not hold."""
    shown = {}
    if asked.database != "postgresql":
        shown["sqlite"] = _run(asked, "")
    if asked.database != "sqlite":
        with postgresql() as fresh:
            shown["postgresql"] = _run(asked, fresh())
    print(json.dumps(shown, indent=2))
    return 1 if any(each["breaches"] for each in shown.values()) else 0


def _run(asked: argparse.Namespace, url: str) -> dict[str, object]:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        result = prove(Path(folder), asked.random, asked.seed, url)
    return {
        "forgeries": result.forged.total(),
        "by_table": dict(result.forged),
        "stopped": dict(result.stopped),
        "left_by_right": result.honest,
        "left": len(result.left),
        "not_named": len(result.unnamed),
        "breaches": result.breaches[:20],
        "seconds": round(time.monotonic() - began, 1),
    }
