"""Rows and validly sealed entries added, changed and removed in the database: nothing forged leaves, and all is named.

The forger can write every table and knows the code; the keys lie outside the database. Each forgery is made for one
review, then honest people go on: a reviewer approves what the page shows, and the outbox is delivered.
`python -m evals.proofs forgery --random 500 --database both`.
"""

import argparse
import json
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from evals.proofs.databases import postgresql
from evals.proofs.forging import SIGNINGS, Hand, Signing
from evals.proofs.scene import FIRST_WORDING, LIFE, asking, furnish, joined, wall_clock
from humphrey.accounts.model import Person
from humphrey.app.container import Humphrey
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
from humphrey.ledger.model import Act
from humphrey.papers.draft import Finding
from humphrey.settings import RecordSettings

STATES = ("open", "blocked", "returned", "refused", "expired", "seeded", "amended", "waiting", "delivered")


NEVER_LEAVES = frozenset({"blocked", "returned", "refused", "seeded"})
"""Reviews in these states leave under no circumstances; the others only as an honest reviewer approved them."""


_PEOPLE = (Person("ada", ("official",)), Person("bea", ("reviewer",)), Person("cai", ("reviewer",)))


_BLOCKING = (Finding("source_current", "block", "the source was withdrawn"),)


_TABLES = ("decisions", "outbox", "rechecks", "reviews", "seeds", "versions", "ledger")
"""What the gate decides by, for forgeries at random."""


@dataclass(frozen=True)
class Forgery:
    """One forgery of one review; `goes_on` is the honest person who then approves what is shown, if anybody does."""

    table: str
    name: str
    state: str
    make: Callable[[Hand, Review], object]
    goes_on: str = ""


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
        catalogue = [*forgeries(), *_removals(scene)][:: max(1, every)]
        chance = random.Random(seed)  # noqa: S311 - a sample, no secret
        for each in [*catalogue, *(_at_random(chance) for _ in range(tries))]:
            scene.judge(each, result)
    finally:
        scene.humphrey.close()
    return result


def forgeries() -> Iterator[Forgery]:
    """Yield the catalogue."""
    for signing in SIGNINGS:
        for state in ("open", "blocked", "returned", "refused", "expired", "seeded"):
            yield Forgery("ledger", f"approved, {signing}", state, partial(_approve, "bea", signing))
        yield Forgery("ledger", f"approved by an author, {signing}", "amended", partial(_approve, "bea", signing))
        yield Forgery("rechecks", f"a later check, {signing}", "blocked", partial(_recheck, signing), "bea")
        yield Forgery("seeds", f"sent by a person, {signing}", "seeded", partial(_plain, signing), "bea")
        yield Forgery("versions", f"other words, {signing}", "waiting", partial(_words, signing))
        act: Act
        for act, state in (("review:return", "waiting"), ("release:expire", "delivered"), ("review:open", "returned")):
            yield Forgery("ledger", f"{act}, {signing}", state, partial(_entry, act, signing), "cai")
    yield from _rows()


def _rows() -> Iterator[Forgery]:
    """Yield forgeries of rows alone."""
    yield Forgery("rechecks", "a later check without an entry", "blocked", _recheck_row, "bea")
    yield Forgery("rechecks", "its findings emptied", "blocked", _sql("UPDATE rechecks SET findings = '[]'"), "bea")
    yield Forgery("rechecks", "taken away", "blocked", _sql("DELETE FROM rechecks"), "bea")
    yield Forgery("rechecks", "taken away with its entry", "blocked", _unrecheck, "bea")
    yield Forgery("rechecks", "taken away, the chain made anew", "blocked", _unrecheck_anew, "bea")
    for state in ("returned", "refused", "delivered", "seeded"):
        yield Forgery("reviews", "opened again", state, _sql("UPDATE reviews SET state = 'open'"), "cai")
        yield Forgery("outbox", "queued", state, _queue)
    yield Forgery("decisions", "another reviewer", "waiting", _sql("UPDATE decisions SET reviewer = 'cai'"))
    yield Forgery("decisions", "a later time", "expired", _sql("UPDATE decisions SET at = (SELECT max(at) FROM ledger)"))
    yield Forgery("decisions", "its return turned", "returned", _turn)
    yield Forgery("outbox", "not delivered yet", "delivered", _undeliver)
    yield Forgery("outbox", "another outlet", "waiting", _sql("UPDATE outbox SET outlet = 'file'"))
    for before, after in (("twenty", "ninety"), ('"asked_by":"ada"', '"asked_by":"cai"'), ('"web"', '"file"')):
        change = f"UPDATE versions SET draft = replace(draft, '{before}', '{after}')"  # noqa: S608 - the words above
        yield Forgery("versions", f"{after} in place of {before}", "waiting", _sql(change))
        yield Forgery("versions", f"{after} in place of {before}", "open", _sql(change), "cai")
    yield Forgery("versions", "an author's wording taken away", "amended", _unamend, "bea")
    yield Forgery("versions", "an author renamed", "amended", _sql("UPDATE versions SET editor = 'ada'"), "bea")
    yield Forgery("ledger", "an author renamed, the chain made anew", "amended", _rename_author, "bea")
    yield Forgery("ledger", "its approval made later, the chain made anew", "expired", _renew)


def _sql(statement: str) -> Callable[[Hand, Review], object]:
    """Return a forgery that runs a statement on the rows of the review."""
    column = "id" if " reviews " in statement.partition("SET")[0] else "review"

    def make(hand: Hand, review: Review) -> object:
        return hand.run(f"{statement} WHERE {column} = ?", review.id)

    return make


def _approve(reviewer: str, signing: Signing, hand: Hand, review: Review) -> None:
    hand.approve(review, reviewer, signing)


def _entry(act: Act, signing: Signing, hand: Hand, review: Review) -> None:
    hand.append(act, "bea", review.id, {"digest": review.draft.digest, "kept": review.versions[0].kept}, signing)
    if act == "release:expire":
        _undeliver(hand, review)


def _recheck(signing: Signing, hand: Hand, review: Review) -> None:
    found = {"digest": review.draft.digest, "findings": sha256("[]")}
    _recheck_row(hand, review, hand.append("review:recheck", "humphrey", review.id, found, signing).at)


def _recheck_row(hand: Hand, review: Review, at: datetime | None = None) -> None:
    at = at or hand.entries()[-1].at
    statement = "INSERT INTO rechecks (review, n, wording, findings, at) VALUES (?, ?, 1, '[]', ?)"
    hand.run(statement, review.id, len(review.rechecks) + 1, hand.moment(at))
    hand.run("UPDATE reviews SET blocking = 0 WHERE id = ?", review.id)


def _unrecheck(hand: Hand, review: Review) -> None:
    hand.run("DELETE FROM rechecks WHERE review = ?", review.id)
    hand.run("DELETE FROM ledger WHERE subject = ? AND act = 'review:recheck'", review.id)


def _unrecheck_anew(hand: Hand, review: Review) -> None:
    _unrecheck(hand, review)
    hand.reseal()


def _plain(signing: Signing, hand: Hand, review: Review) -> None:
    """Make a spot check look like a draft that a person sent."""
    hand.run("DELETE FROM ledger WHERE subject = ?", review.id)
    hand.run("DELETE FROM seeds WHERE review = ?", review.id)
    hand.run("UPDATE reviews SET seeded = (1 = 0) WHERE id = ?", review.id)
    said = {"digest": review.draft.digest, "kind": "answer", "kept": review.versions[0].kept}
    hand.append("review:open", "ada", review.id, said, signing)


def _words(signing: Signing, hand: Hand, review: Review) -> None:
    """Put other words under an approval, with every digest made to fit."""
    draft = replace(review.draft, text=f"{review.draft.text} Pay at once.")
    worded = replace(review, versions=(*review.versions, replace(review.versions[0], draft=draft)))
    said = {"digest": draft.digest, "kept": worded.versions[-1].kept}
    entry = hand.append("review:amend", "ada", review.id, said, signing)
    statement = "INSERT INTO versions SELECT review, 2, replace(draft, ?, ?), editor, ?, origin, instruction "
    ends = canonical(review.draft.text)[1:-1], canonical(draft.text)[1:-1]
    hand.run(f"{statement} FROM versions WHERE review = ? AND n = 1", *ends, hand.moment(entry.at), review.id)
    hand.approve(worded, "bea", signing)


def _turn(hand: Hand, review: Review) -> None:
    hand.run("UPDATE decisions SET verdict = 'approve' WHERE review = ?", review.id)
    hand.run("UPDATE ledger SET act = 'review:approve' WHERE act = 'review:return' AND subject = ?", review.id)
    hand.reseal()
    _queue(hand, review)


def _queue(hand: Hand, review: Review) -> None:
    hand.queue(review, hand.moment(hand.entries()[-1].at))


def _undeliver(hand: Hand, review: Review) -> None:
    hand.run("UPDATE outbox SET delivered_at = NULL, receipt = '', sent_digest = '' WHERE review = ?", review.id)
    hand.run("UPDATE reviews SET state = 'released' WHERE id = ?", review.id)


def _unamend(hand: Hand, review: Review) -> None:
    hand.run("DELETE FROM versions WHERE review = ? AND n = 2", review.id)
    hand.run("UPDATE versions SET n = 2 WHERE review = ? AND n = 3", review.id)
    hand.run("DELETE FROM ledger WHERE subject = ? AND act = 'review:amend' AND actor = 'bea'", review.id)


def _rename_author(hand: Hand, review: Review) -> None:
    hand.run("UPDATE versions SET editor = 'ada' WHERE review = ?", review.id)
    hand.run("UPDATE ledger SET actor = 'ada' WHERE subject = ? AND actor = 'bea'", review.id)
    hand.reseal()


def _renew(hand: Hand, review: Review) -> None:
    latest = "(SELECT x FROM (SELECT max(at) AS x FROM ledger) newest)"
    hand.run(f"UPDATE decisions SET at = {latest} WHERE review = ?", review.id)  # noqa: S608 - the words above
    hand.run(f"UPDATE ledger SET at = {latest} WHERE subject = ? AND act = 'review:approve'", review.id)  # noqa: S608
    hand.reseal()


def _removals(scene: "_Scene") -> Iterator[Forgery]:
    """Yield the removal of each entry about each review, with and without its rows, as the newest state allows."""
    for state, review in scene.reviews.items():
        for entry in scene.hand.entries(review.id):
            for anew in (False, True):
                name = f"{entry.act} taken away" + (", the chain made anew" if anew else "")
                yield Forgery("ledger", name, state, partial(_remove, entry.n, entry.act, anew), "cai")


def _remove(n: int, act: Act, anew: bool, hand: Hand, review: Review) -> None:  # noqa: FBT001 - made by `partial`
    hand.run("DELETE FROM ledger WHERE n = ?", n)
    if act in {"review:return", "review:refuse", "review:approve"}:
        hand.run("DELETE FROM decisions WHERE review = ?", review.id)
        hand.run("UPDATE reviews SET state = 'open', decided_at = NULL WHERE id = ?", review.id)
    if act == "review:recheck":
        hand.run("DELETE FROM rechecks WHERE review = ?", review.id)
    if act == "release:deliver":
        _undeliver(hand, review)
    if act == "release:expire":
        _queue(hand, review)
    if anew:
        hand.reseal()


def _at_random(chance: random.Random) -> Forgery:
    table, state = chance.choice(_TABLES), chance.choice(STATES)
    return Forgery(table, "at random", state, partial(_shuffle, table, chance.randrange(1 << 30)), chance.choice(("", "cai")))


def _shuffle(table: str, seed: int, hand: Hand, _review: Review) -> int:
    """Give one row another row's value in a column, or take a row away."""
    chance = random.Random(seed)  # noqa: S311 - as above
    key = {"ledger": "n", "reviews": "id", "seeds": "review", "outbox": "key"}.get(table, "review")
    rows = hand.read(f"SELECT * FROM {table} ORDER BY {key}")  # noqa: S608 - names of tables
    one, other = chance.choice(rows), chance.choice(rows)
    if chance.random() < 0.2:  # noqa: PLR2004 - one in five
        return hand.run(f"DELETE FROM {table} WHERE {key} = ?", getattr(one, key))  # noqa: S608
    column = chance.choice([name for name in one._fields if name not in {"n", "id", "review", "key"}])
    values = (getattr(other, column), getattr(one, key))
    return hand.run(f'UPDATE {table} SET "{column}" = ? WHERE {key} = ?', *values)  # noqa: S608


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
        clearance.decide(taken["expired"].id, "approve", "bea", shown["expired"])
        self._at += 1.5 * LIFE
        self.humphrey.reminders.expire()
        clearance.decide(taken["delivered"].id, "approve", "bea", shown["delivered"])
        self._deliver()
        clearance.decide(taken["waiting"].id, "approve", "bea", shown["waiting"])
        clearance.decide(taken["returned"].id, "return", "bea", shown["returned"], "Say which law it is.")
        clearance.decide(taken["refused"].id, "refuse", "bea", shown["refused"], "Another office answers.")
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
    folder, began = Path(tempfile.mkdtemp(prefix="proof-")), time.monotonic()
    try:
        result = prove(folder, asked.random, asked.seed, url)
    finally:
        shutil.rmtree(folder)
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
