"""The catalogue of forgeries: what a person who can write the database would write to have a text leave."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from evals.proofs.tampering.alter import WORKING
from evals.proofs.tampering.forging import SIGNINGS, Hand, Signing
from humphrey.clearance.model import Review
from humphrey.digests import canonical, sha256
from humphrey.ledger.model import Act

STATES = ("open", "blocked", "returned", "refused", "expired", "seeded", "amended", "waiting", "delivered")


_TABLES = ("decisions", "outbox", "rechecks", "reviews", "versions", "ledger")
"""What the gate decides by, for forgeries at random."""


@dataclass(frozen=True)
class Forgery:
    """One forgery of one review; `goes_on` is the honest person who then approves what is shown, if anybody does."""

    table: str
    name: str
    state: str
    make: Callable[[Hand, Review], object]
    goes_on: str = ""


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
    for state in ("returned", "refused", "delivered"):
        yield Forgery("reviews", "opened again", state, _sql("UPDATE reviews SET state = 'open'"), "cai")
    for state in ("open", "blocked", "returned", "refused", "delivered", "seeded"):
        yield Forgery("outbox", "queued", state, _queue)
    for state in ("returned", "refused", "delivered"):
        yield Forgery("outbox", "queued as of its decision, to expire", state, _queue_to_expire, "cai")
    yield Forgery("decisions", "another reviewer", "waiting", _sql("UPDATE decisions SET reviewer = 'cai'"))
    yield Forgery(
        "decisions", "a later time", "expired", _sql("UPDATE decisions SET at = (SELECT max(at) FROM ledger)")
    )
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


def _queue_to_expire(hand: Hand, review: Review) -> None:
    """Say that it waits since it was decided, so that its approval seems to have run out."""
    hand.queue(review, hand.moment(review.decisions[-1].at))


def _undeliver(hand: Hand, review: Review) -> None:
    undone = "delivered_at = NULL, receipt = '', sent_digest = '', attempts = 0, next_try = queued_at"
    hand.run(f"UPDATE outbox SET {undone} WHERE review = ?", review.id)  # noqa: S608 - the words above
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


def removals(hand: Hand, reviews: Mapping[str, Review]) -> Iterator[Forgery]:
    """Yield the removal of each entry about each review, with and without its rows, as the newest state allows."""
    for state, review in reviews.items():
        for entry in hand.entries(review.id):
            for anew in (False, True):
                name = f"{entry.act} taken away" + (", the chain made anew" if anew else "")
                yield Forgery("ledger", name, state, partial(_remove, entry.n, entry.act, anew), "cai")


def _remove(n: int, act: Act, anew: bool, hand: Hand, review: Review) -> None:
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


def at_random(chance: random.Random) -> Forgery:
    """Return a forgery of a random value of a random row, for a review in a random state."""
    table, state = chance.choice(_TABLES), chance.choice(STATES)
    make = partial(_shuffle, table, chance.randrange(1 << 30))
    return Forgery(table, "at random", state, make, chance.choice(("", "cai")))


def _shuffle(table: str, seed: int, hand: Hand, _review: Review) -> int:
    """Give one row another row's value in a column, or take a row away."""
    chance = random.Random(seed)  # noqa: S311 - as above
    key = {"ledger": "n", "reviews": "id", "seeds": "review", "outbox": "key"}.get(table, "review")
    rows = hand.read(f"SELECT * FROM {table} ORDER BY {key}")  # noqa: S608 - names of tables
    one, other = chance.choice(rows), chance.choice(rows)
    if chance.random() < 0.2:
        return hand.run(f"DELETE FROM {table} WHERE {key} = ?", getattr(one, key))  # noqa: S608
    column = chance.choice([name for name in one._fields if name not in {"n", "id", "review", "key"}])
    if getattr(other, column) == getattr(one, column) or (table, column) in WORKING:
        return 0
    values = (getattr(other, column), getattr(one, key))
    return hand.run(f'UPDATE {table} SET "{column}" = ? WHERE {key} = ?', *values)  # noqa: S608
