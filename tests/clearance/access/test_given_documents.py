"""A draft is shown only to a person who may read everything that its drafter was given, not only what it cites."""

from dataclasses import replace
from functools import partial

import pytest

from humphrey.accounts.model import Person
from humphrey.accounts.passwords import Argon2Passwords
from humphrey.accounts.service import Accounts
from humphrey.clearance.deadlines import ReminderSchedule
from humphrey.clearance.notifications import store as notification_store
from humphrey.clearance.queue import QueueQuery
from humphrey.clearance.reminders import Reminders
from humphrey.documents.audiences import readable
from humphrey.documents.ingest import SourceFile
from humphrey.documents.model import Document, Imprint, split
from humphrey.errors import NotPermitted
from humphrey.guidance import store as document_store
from humphrey.papers.draft import Draft, EarlierTurn, GivenDocument, ModelName
from humphrey.papers.given import turn_of
from tests.support.services import ANSWER, Desk, desk_from, question
from tests.support.signing import sign_entries

OPEN = Document("tides", Imprint("Tide tables", ""), "High water is at noon.")

CLOSED = Document("vault", Imprint("Vault codes", ""), "The vault opens at dusk.")

PASSWORD = "three random words"


def given(document: Document) -> GivenDocument:
    return GivenDocument(document.id, document.version, document.imprint.title)


def drafter(request, _watch) -> Draft:
    found = CLOSED if "vault" in request.commission.text else OPEN
    return Draft(request.commission, "answered", f"{found.text} It is so.", ModelName("t", "f"), given=(given(found),))


@pytest.fixture
def desk(database, clock) -> Desk:
    sign_entries(database, now=clock)
    people = Accounts(database, Argon2Passwords(), demonstration=False, now=clock)
    for person in (
        Person("asker", ("official",), ("harbour",)),
        Person("inside", ("reviewer",), ("harbour",)),
        Person("outside", ("reviewer",), deputies=("inside",)),
        Person("auditor", ("auditor",)),
        Person("sue", ("administrator",)),
    ):
        people.add(person, PASSWORD)
    with database.transaction() as tx:
        for each, audience in ((OPEN, frozenset()), (CLOSED, frozenset({"harbour"}))):
            document_store.save(tx, each, split(each), SourceFile(f"{each.id}.md", "sha256:1"), audience, clock())

    def may_read(document, groups, version=""):
        audience = document_store.audience(database, document, version)
        return audience is not None and readable(audience, groups)

    lookup = partial(document_store.document, database)
    return desk_from(drafter, database, {"answer": ANSWER}, lookup, may_read, people, now=clock)


def about(text: str):
    return question(text, asked_by="asker")


def after_an_answer_about_the_vault(desk: Desk):
    """A review whose words are public, and the conversation before it is not."""
    first = desk.conversations.save(desk.drafting.compose(about("When does the vault open?")), None)
    second = replace(about("And high water?"), conversation=first.conversation, earlier=(turn_of(first.draft),))
    kept = desk.conversations.save(desk.drafting.compose(second), first.conversation)
    return desk.clearance.send(kept.id, "asker")


def after_an_answer_of_which_the_vault_was_removed(desk: Desk):
    """A review that goes on from an answer of before documents given were kept; its document is held no longer."""
    older = replace(desk.drafting.compose(about("When does the vault open?")), given=None)
    older = replace(older, looked_at=(("vault", "Vault codes"),))
    with desk.database.transaction() as tx:
        document_store.remove(tx, "vault")
    return desk.clearance.take(replace(about("And high water?"), earlier=(turn_of(older),)))


@pytest.fixture(params=["given", "earlier"])
def review(request, desk):
    if request.param == "given":
        return desk.clearance.take(about("When does the vault open?"))
    return after_an_answer_about_the_vault(desk)


def test_the_drafts_sources_are_kept_whether_cited_or_not(review):
    assert ("vault", CLOSED.version) in review.sources
    assert review.draft.citations == ()


def test_every_source_is_listed_once_with_its_title_and_one_that_is_only_noted_with_its_id(review):
    noted = replace(review, noted=frozenset({("locks", "sha256:1"), ("vault", CLOSED.version)}))

    assert {(each.id, each.version) for each in noted.documents} == noted.sources
    assert [each.title for each in noted.documents if each.id in {"vault", "locks"}] == ["Vault codes", "locks"]


def test_a_reviewer_outside_is_not_offered_it_and_can_do_nothing_with_it(desk, review):
    digest = review.draft.digest

    assert desk.assignment.queue("outside", QueueQuery()).rows == ()
    assert [row.id for row in desk.assignment.queue("inside", QueueQuery()).rows] == [review.id]
    assert [each.name for each in desk.assignment.deputies(review.id, "inside")] == []
    for act in (
        lambda: desk.clearance.review_to_clear(review.id, "outside"),
        lambda: desk.clearance.seen(review.id, "outside"),
        lambda: desk.clearance.amend(review.id, "Other words.", "outside"),
        lambda: desk.clearance.decide(review.id, "approve", "outside", digest),
        lambda: desk.assignment.claim(review.id, "outside"),
        lambda: desk.assignment.comment(review.id, "outside", "A remark."),
        lambda: desk.assignment.hand_over(review.id, "inside", "outside"),
        lambda: desk.instructions.instruct(review.id, "Make it shorter.", "outside"),
    ):
        with pytest.raises(NotPermitted, match=r"may not read; it can be cleared by inside$"):
            act()


def test_the_administrators_are_named_where_nobody_may_clear_it(desk, review):
    desk.people.change("inside", lambda person: replace(person, groups=()))

    with pytest.raises(NotPermitted, match=r"no reviewer may read all of it, .* to its groups: sue$"):
        desk.clearance.review_to_clear(review.id, "outside")


def test_the_persons_who_may_read_it_alone_are_reminded(desk, review, database, clock):
    clock.now += ReminderSchedule().approval * 20
    Reminders(database, desk.people, desk.access._may_read, ReminderSchedule(), clock).remind()

    told = {name: notification_store.notifications_of(database, name, 9) for name in ("inside", "outside")}
    assert {name for name, notices in told.items() if notices} == {"inside"}


def test_an_auditor_outside_sees_the_record_and_the_titles_and_no_word(desk, review):
    with pytest.raises(NotPermitted):
        desk.clearance.seen(review.id, "auditor")
    record = desk.clearance.recorded(review.id, "auditor")

    assert record is not None
    assert "Vault codes" in record.titles
    assert "dusk" not in str(record)
    assert desk.clearance.recorded(review.id, "outside") is None
    desk.people.change("auditor", lambda person: replace(person, groups=("harbour",)))
    assert desk.clearance.seen(review.id, "auditor").id == review.id


def test_a_wording_that_says_nothing_of_it_any_more_leaves_it_a_source(desk, review):
    amended = desk.clearance.amend(review.id, "High water is at noon.", "inside")

    assert ("vault", CLOSED.version) in desk.clearance.review(amended.id).sources
    assert desk.assignment.queue("outside", QueueQuery(states=("open", "returned"))).rows == ()


def test_a_reviewer_who_changed_the_words_and_left_the_group_is_shown_them_no_more(desk, review):
    desk.clearance.amend(review.id, "High water is at noon.", "inside")
    desk.people.change("inside", lambda person: replace(person, groups=()))

    with pytest.raises(NotPermitted, match="rests on a document that inside may not read"):
        desk.clearance.seen(review.id, "inside")
    assert desk.clearance.seen(review.id, "asker").id == review.id


def test_what_an_older_answer_looked_at_and_is_held_no_longer_leaves_the_draft_to_its_asker(desk):
    review = after_an_answer_of_which_the_vault_was_removed(desk)

    assert [each.id for each in review.draft.commission.earlier[0].given or ()] == ["vault"]
    for person in ("inside", "outside"):
        assert desk.assignment.queue(person, QueueQuery()).rows == ()
        # No group would help, so none is asked for.
        with pytest.raises(NotPermitted, match=r"rests on a document that .* stored no longer, so nobody can clear it"):
            desk.clearance.review_to_clear(review.id, person)
    assert desk.clearance.seen(review.id, "asker").id == review.id


def test_an_older_answer_of_which_nothing_is_known_does_not_count_as_one_that_was_given_nothing(desk):
    later = desk.drafting.compose(replace(about("And high water?"), earlier=(EarlierTurn("When?", "At dusk."),)))

    assert later.commission.earlier[0].given is None
