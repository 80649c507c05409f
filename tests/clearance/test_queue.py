"""The queue in the database: exactly what a reviewer may clear, most urgent first, with counts that agree with it."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from humphrey.accounts.model import Person
from humphrey.accounts.roles import may_clear
from humphrey.clearance import claims, rules
from humphrey.clearance.access import open_to
from humphrey.clearance.deadlines import days_left
from humphrey.clearance.model import Decision, Review
from humphrey.clearance.queue import QueueQuery, QueueRow
from humphrey.clearance.store import queue as queue_store
from humphrey.clearance.store import reviews as review_store
from humphrey.database.engine import Database, open_database
from humphrey.documents.audiences import Audience, readable
from humphrey.documents.ingest import SourceFile
from humphrey.documents.model import Document, Imprint, split
from humphrey.errors import CommissionError
from humphrey.guidance import store as document_store
from humphrey.papers.draft import Citation, Commission, Draft, Finding, ModelName

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


TODAY = NOW.date()


BOTH = ("OFFICIAL", "OFFICIAL-SENSITIVE")


GRACE = Person("grace", ("reviewer",), markings=BOTH)


ALL = QueueQuery(limit=200)


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    database = open_database(address)
    yield database
    database.close()


@pytest.fixture
def sqlite(tmp_path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path / 'humphrey.db'}")
    yield database
    database.close()


def hold(database: Database, name: str, audience: Audience = frozenset(), text: str = "Twenty days.") -> Document:
    document = Document(name, Imprint(name, ""), text)
    with database.transaction() as tx:
        document_store.set_audience(tx, name, audience, document.version)
        document_store.save(tx, document, split(document), SourceFile(f"/notes//{name}", "sha256:1"), audience, NOW)
    return document


def draft_of(*cited: Document, due: date | None = None, **asked: object) -> Draft:
    commission = replace(Commission("answer", "How long?", "amina", "web"), **asked)
    citations = tuple(
        Citation(str(n), each.id, each.version, each.id, "", (), "Twenty", 0, 6) for n, each in enumerate(cited, 1)
    )
    return Draft(commission, "answered", "Twenty days.", ModelName("t", "t"), citations, due=due)


def send(database: Database, review_id: str, draft: Draft, at: datetime = NOW) -> Review:
    review = rules.open_review(review_id, draft, at)
    with database.transaction() as tx:
        review_store.add(tx, review)
    return review


def change(database: Database, review_id: str, what) -> Review:
    with database.transaction() as tx:
        changed = what(review_store.load_for_update(tx, review_id))
        review_store.save(tx, changed)
    return changed


def ids(database: Database, query: QueueQuery = ALL, person: Person = GRACE, at: datetime = NOW) -> list[str]:
    page = queue_store.page(database, person, query, at, at.date())
    assert page.total == len(page.rows)
    return [row.id for row in page.rows]


def counts(database: Database, person: Person = GRACE, at: datetime = NOW):
    return queue_store.page(database, person, QueueQuery(limit=1), at, at.date()).counts


def test_what_is_due_first_comes_first_then_the_oldest_and_what_has_no_day_comes_last(database):
    for name, due, minutes in (
        ("undated, later", None, 2),
        ("undated", None, 1),
        ("next week, later", date(2026, 11, 30), 4),
        ("next week", date(2026, 11, 30), 3),
        ("late", date(2026, 11, 2), 9),
        ("today", TODAY, 8),
    ):
        send(database, name, draft_of(due=due), NOW + timedelta(minutes=minutes))

    assert ids(database) == ["late", "today", "next week", "next week, later", "undated", "undated, later"]


def test_a_row_says_what_a_list_shows_and_nothing_of_the_draft(database):
    asked = {"text": "How  long\ndo we have? " * 40, "marking": "OFFICIAL-SENSITIVE - LEGAL", "outlet": "email"}
    found = (Finding("style", "suggest", "x"), Finding("a", "warn", "x"), Finding("b", "block", "x"))
    draft = replace(draft_of(due=date(2026, 11, 25), **asked), findings=found)
    send(database, "r1", draft)
    change(database, "r1", lambda review: claims.hand_over(review, "grace", "david", NOW, NOW + timedelta(minutes=30)))

    [row] = queue_store.page(database, GRACE, ALL, NOW, TODAY).rows

    assert row == QueueRow(
        id="r1",
        reference="H26-00001",
        revision=2,
        title=("How long do we have? " * 40)[:200],
        kind="answer",
        state="open",
        asked_by="amina",
        outlet="email",
        marking="OFFICIAL-SENSITIVE - LEGAL",
        opened=NOW,
        due=date(2026, 11, 25),
        days_left=2,
        claimed_by="david",
        claimed_until=NOW + timedelta(minutes=30),
        handed_to="david",
        blocking=1,
        warnings=1,
        escalated=False,
    )
    later = queue_store.page(database, GRACE, ALL, NOW + timedelta(minutes=30), TODAY).rows[0]
    assert (later.claimed_by, later.claimed_until, later.handed_to) == ("", None, "david")


def test_only_kinds_and_classifications_that_were_granted_are_listed_and_counted(database):
    sensitive = "UK OFFICIAL-SENSITIVE - HMG USE ONLY"
    for n, marking in enumerate(("OFFICIAL", "OFFICIAL - LEGAL", "OFFICIAL-SENSITIVE", sensitive)):
        for kind in ("answer", "foi_acknowledgement"):
            send(database, f"{kind} {n}", draft_of(kind=kind, marking=marking))

    for person in (
        GRACE,
        replace(GRACE, markings=("OFFICIAL",)),
        replace(GRACE, markings=("OFFICIAL-SENSITIVE",), kinds=("answer",)),
        replace(GRACE, markings=()),
    ):
        listed = {row.id for row in queue_store.page(database, person, ALL, NOW, TODAY).rows}
        granted = {each.id: each.draft.commission for each in review_store.find(database)}
        assert listed == {name for name, asked in granted.items() if may_clear(person, asked.kind, asked.marking)}
        assert sum(counts(database, person).kind.values()) == len(listed)


@pytest.mark.parametrize("seed", range(2))
def test_what_is_listed_is_what_the_documents_themselves_allow_whatever_becomes_of_their_audiences(database, seed):
    choose = random.Random(seed)  # noqa: S311 - choices for a test, not secrets
    groups, talks = ("legal", "press", 'field "a"', "café"), ("c1", "c2")
    audiences = [frozenset(), *(frozenset({f"attached:{talk}"}) for talk in talks)]
    audiences += [frozenset(choose.sample(groups, choose.randint(1, 3))) for _ in range(6)]
    people = [replace(GRACE, groups=tuple(choose.sample(groups, n))) for n in range(4)]
    held = [hold(database, f"d{n}", choose.choice(audiences)) for n in range(8)]
    strange = Document("never held", Imprint("", ""), "Elsewhere.")
    for n in range(30):
        talk = choose.choice(("", *talks))
        files = ("d1",) if talk and choose.random() < 0.7 else ()
        cited = choose.sample([*held, strange] if n % 9 == 0 else held, choose.randint(0, 3))
        send(database, f"r{n}", draft_of(*cited, conversation=talk, attached=files))

    for _ in range(5):
        for person in people:
            allowed = {each.id for each in review_store.find(database) if open_to(each, person, _may_read(database))}
            assert set(ids(database, person=person)) == allowed
            assert counts(database, person).state["open"] == len(allowed)
        name = f"d{choose.randrange(8)}"
        match choose.choice(["assign", "renew", "cite", "take in"]):
            case "assign":
                with database.transaction() as tx:
                    document_store.set_audience(tx, name, choose.choice(audiences))
            case "renew":
                hold(database, name, choose.choice(audiences), f"Another text of {name}, {choose.random()}.")
            case "cite":
                other = draft_of(*choose.sample(held, 2))
                which = f"r{choose.randrange(30)}"
                change(database, which, lambda one, to=other: _cites(one, to))
            case "take in":
                hold(database, "never held", choose.choice(audiences), "Elsewhere.")


def _may_read(database: Database):
    def may_read(document: str, groups, version: str = "") -> bool:
        needed = document_store.audiences(database, document, version)
        return bool(needed) and all(readable(audience, groups) for audience in needed)

    return may_read


def _cites(review: Review, other: Draft) -> Review:
    worded = replace(review.draft, text=f"{review.draft.text} More.", citations=other.citations)
    return rules.amend(review, worded, "amina", NOW)


def test_what_a_reviewer_asked_for_or_changed_is_listed_apart_and_counted_once(database):
    send(database, "asked", draft_of(asked_by="grace"))
    send(database, "changed", draft_of())
    send(database, "neither", draft_of())
    change(database, "changed", lambda one: rules.amend(one, replace(one.draft, text="Other words."), "grace", NOW))

    assert ids(database) == ["neither"]
    assert ids(database, replace(ALL, own=True)) == ["asked", "changed"]
    assert (counts(database).state["open"], counts(database).own) == (1, 2)
    assert ids(database, person=replace(GRACE, name="david")) == ["asked", "changed", "neither"]


FILTERS = {
    "kinds": [(), ("answer",), ("foi_acknowledgement", "answer"), ("none such",)],
    "outlets": [(), ("web",), ("email",)],
    "markings": [(), ("OFFICIAL",), ("OFFICIAL-SENSITIVE",)],
    "states": [("open",), ("returned",), ("open", "returned"), ("refused",)],
    "asked_by": ["", "amina", "tom", "nobody"],
    "overdue": [False, True],
    "due_within": [None, 0, 2],
    "due_before": [None, TODAY, date(2026, 11, 28)],
    "days_old": [0, 3, 8],
    "claimed_by": ["", "grace", "david"],
    "unclaimed": [False, True],
}


def fits(review: Review, query: QueueQuery) -> bool:
    """What the query says, asked of the review itself."""
    asked, due, claim = review.draft.commission, review.draft.due, rules.claim_in_force(review, NOW)
    return all(
        (
            review.state in query.states,
            not query.kinds or asked.kind in query.kinds,
            not query.outlets or asked.outlet in query.outlets,
            not query.markings or asked.marking.split(" - ")[0] in query.markings,
            not query.asked_by or asked.asked_by == query.asked_by,
            not query.overdue or (due is not None and due < TODAY),
            query.due_within is None or (due is not None and days_left(due, TODAY) <= query.due_within),
            query.due_before is None or (due is not None and due < query.due_before),
            NOW - review.opened >= timedelta(days=query.days_old),
            not query.claimed_by or (claim is not None and claim.reviewer == query.claimed_by),
            not query.unclaimed or claim is None,
        )
    )


def _varied(database: Database, choose: random.Random, many: int) -> None:
    for n in range(many):
        asked = {
            "kind": choose.choice(("answer", "foi_acknowledgement")),
            "outlet": choose.choice(("web", "email")),
            "marking": choose.choice(("OFFICIAL", "OFFICIAL - LEGAL", "OFFICIAL-SENSITIVE")),
            "asked_by": choose.choice(("amina", "tom")),
        }
        due = choose.choice((None, TODAY + timedelta(days=choose.randint(-6, 9))))
        opened = NOW - timedelta(days=choose.choice((0, 1, 3, 8)), minutes=n)
        review = send(database, f"r{n}", draft_of(due=due, **asked), opened)
        who, until = choose.choice(("grace", "david")), NOW + timedelta(minutes=choose.choice((-30, 0, 30)))
        act = choose.choice(("claim", "claim", "return", "refuse", "leave"))
        if act == "claim":
            change(database, review.id, lambda one, who=who, until=until, at=opened: claims.claim(one, who, at, until))
        elif act != "leave":
            ruling = Decision(act, who, review.draft.digest, "No.", NOW)
            change(database, review.id, lambda one, ruling=ruling: rules.decide(one, ruling))


def test_each_filter_and_every_few_together_list_what_fits_them(database):
    choose = random.Random(4)  # noqa: S311 - as above
    _varied(database, choose, 60)
    everything = review_store.find(database)
    singly = [{name: value} for name, values in FILTERS.items() for value in values]
    together = [{name: choose.choice(FILTERS[name]) for name in choose.sample(list(FILTERS), 3)} for _ in range(20)]

    for given in singly + together:
        query = replace(ALL, **given)
        assert set(ids(database, query)) == {review.id for review in everything if fits(review, query)}, given


def test_pages_follow_one_another_and_miss_nothing(database):
    _varied(database, random.Random(5), 60)  # noqa: S311 - as above
    whole = ids(database)

    paged = [
        row.id
        for offset in range(0, 60, 7)
        for row in queue_store.page(database, GRACE, QueueQuery(limit=7, offset=offset), NOW, TODAY).rows
    ]

    assert paged == whole
    assert queue_store.page(database, GRACE, QueueQuery(limit=7, offset=14), NOW, TODAY).total == len(whole)


def test_counts_are_of_what_is_still_to_be_done_whatever_the_filter(database):
    _varied(database, random.Random(8), 60)  # noqa: S311 - as above
    everything = review_store.find(database)
    waiting = [review for review in everything if review.state == "open"]
    held = [claim for review in waiting if (claim := rules.claim_in_force(review, NOW))]

    for query in (ALL, QueueQuery(states=("refused",), kinds=("none such",), offset=9)):
        counted = queue_store.page(database, GRACE, query, NOW, TODAY).counts
        assert counted.state == {
            state: sum(review.state == state for review in everything) for state in ("open", "returned", "released")
        }
        assert counted.kind == Counter(review.draft.commission.kind for review in waiting)
        assert counted.overdue == sum(review.draft.due is not None and review.draft.due < TODAY for review in waiting)
        assert counted.claimed == len(held)
        assert counted.mine == sum(claim.reviewer == "grace" for claim in held)
        assert counted.mine < counted.claimed < len(waiting)


def test_everything_is_listed_to_the_person_who_runs_humphrey(database):
    _varied(database, random.Random(3), 20)  # noqa: S311 - as above
    send(database, "closed to all", draft_of(Document("never held", Imprint("", ""), "x")))

    page = queue_store.page(database, None, replace(ALL, states=("open", "returned", "refused")), NOW, TODAY)

    assert {row.id for row in page.rows} == {review.id for review in review_store.find(database)}
    assert (page.total, page.counts.own, page.counts.mine) == (21, 0, 0)


@pytest.mark.parametrize("given", [{"limit": 0}, {"limit": 201}, {"offset": -1}, {"due_within": -1}, {"days_old": -1}])
def test_a_number_that_means_nothing_is_refused(given):
    with pytest.raises(CommissionError, match="give a number from"):
        QueueQuery(**given)


def test_counting_and_listing_read_no_draft_and_counting_no_table(sqlite):
    _varied(sqlite, random.Random(1), 30)  # noqa: S311 - as above
    asked: list[tuple[str, object]] = []
    event.listen(
        sqlite.engine, "before_cursor_execute", lambda _c, _cursor, said, given, *_: asked.append((said, given))
    )

    queue_store.page(sqlite, GRACE, QueueQuery(kinds=("answer",), due_within=3, unclaimed=True), NOW, TODAY)

    queries = [(said, given) for said, given in asked if said.startswith("SELECT")]
    assert not any("versions.draft" in said for said, _ in queries)
    counted, own = ((said, given) for said, given in queries if "GROUP BY" in said)
    with sqlite.reading() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {counted[0]}", counted[1])]
    assert plan == ["SEARCH reviews USING COVERING INDEX reviews_counted (state=?)"]
    assert own[0] != counted[0]
