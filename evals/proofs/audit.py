"""An independent comparison of the database with the ledger: no act without its entry, no entry without its act.

It shares no code with `humphrey ledger verify`, so that one mistake cannot hide in both.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from humphrey.app.container import Humphrey
from humphrey.clearance.model import Review
from humphrey.clearance.store import reviews as review_store
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import Entry, first_broken

_RULINGS = {"review:approve": "approve", "review:return": "return", "review:refuse": "refuse"}


_BEGINNINGS = frozenset({"review:open", "seed:plant"})


_WORDINGS = frozenset({"review:amend", "review:instruct"})


def audit(humphrey: Humphrey) -> list[str]:
    """Return a sentence for each fault; empty if everything fits. Nothing may write meanwhile."""
    entries = list(ledger_store.entries(humphrey.database))
    broken = first_broken(entries)
    found = [] if broken is None else [f"the ledger is broken at entry {broken}"]
    about: Mapping[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        about[entry.subject].append(entry)
    reviews = {review.id: review for review in review_store.find(humphrey.database)}
    found += _strays(humphrey, entries, reviews)
    parcels = _parcels(humphrey)
    for review in reviews.values():
        told = [f"review {review.id}: {said}" for said in _told(review, about[review.id], parcels[review.id])]
        found += told
    return found


def _strays(humphrey: Humphrey, entries: Sequence[Entry], reviews: Mapping[str, Review]) -> Iterator[str]:
    """Yield reviews that cannot be read, and entries about reviews that do not exist."""
    with humphrey.database.reading() as connection:
        stored = {row[0] for row in connection.exec_driver_sql("SELECT id FROM reviews")}
    yield from (f"review {gone} cannot be read" for gone in stored - set(reviews))
    opened = {entry.subject for entry in entries if entry.act in _BEGINNINGS}
    yield from (f"review {gone} is on the record and not stored" for gone in opened - stored)


def _parcels(humphrey: Humphrey) -> Mapping[str, list[tuple[str, bool]]]:
    """Return by review the key of each queued release, and whether it was delivered."""
    found: Mapping[str, list[tuple[str, bool]]] = defaultdict(list)
    with humphrey.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT review, key, delivered_at FROM outbox")
        for review, key, delivered_at in rows:
            found[review].append((key, delivered_at is not None))
    return found


def _told(review: Review, entries: Sequence[Entry], parcels: Sequence[tuple[str, bool]]) -> Iterator[str]:
    acts = Counter[str](entry.act for entry in entries)
    counted = {
        "opened": (1, sum(acts[act] for act in _BEGINNINGS)),
        "worded again": (len(review.versions) - 1, sum(acts[act] for act in _WORDINGS)),
        "commented": (len(review.comments), acts["review:comment"]),
        "rechecked": (len(review.rechecks), acts["review:recheck"]),
        "queued": (len(parcels), acts["release:mint"] - acts["release:expire"] - acts["review:undo"]),
        "deferred": (len(review.deferrals), acts["review:defer"]),
        "delivered": (sum(delivered for _, delivered in parcels), acts["release:deliver"]),
    }
    for what, (stored, recorded) in counted.items():
        if stored != recorded:
            yield f"{what} {stored} times as stored, {recorded} times on the record"
    yield from _differences(review, entries)
    if review.claim and not acts["review:claim"] + acts["review:hand_over"]:
        yield f"claimed by {review.claim.reviewer}, and no entry says so"
    if (review.state == "delivered") != bool(acts["release:deliver"]):
        yield f"is {review.state}, and was delivered {acts['release:deliver']} times on the record"


def _differences(review: Review, entries: Sequence[Entry]) -> Iterator[str]:
    """Compare decisions and versions one by one: who, when, and the digest."""
    ruled = [(each.verdict, each.reviewer, each.digest, each.at) for each in review.decisions]
    on_record = [
        (_RULINGS[each.act], each.actor, each.detail["digest"], each.at) for each in entries if each.act in _RULINGS
    ]
    if ruled != on_record:
        yield f"{len(ruled)} rulings as stored are not the {len(on_record)} on the record"
    worded = [(each.editor, each.draft.digest, each.at) for each in review.versions[1:]]
    said = [(each.actor, each.detail["digest"], each.at) for each in entries if each.act in _WORDINGS]
    if worded != said:
        yield f"{len(worded)} later wordings as stored are not the {len(said)} on the record"
