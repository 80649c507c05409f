"""What was asked, written and checked is on the record beside what is kept, and says no word of it."""

from dataclasses import asdict

import pytest

from humphrey.digests import canonical, sha256
from humphrey.errors import ReviewError
from humphrey.ledger import store as ledger_store
from humphrey.papers.draft import Commission
from tests.support.ledger_books import WARNING, Books

QUESTION = "How long do we have?"


def test_a_kept_draft_is_on_the_record_as_asked_written_and_checked(books: Books):
    draft = books.desk.drafting.compose(Commission("answer", QUESTION, "amina", "web"))
    assert [entry.act for entry in ledger_store.entries(books.database)] == ["document:add"]

    exchange = books.desk.conversations.save(draft, None)

    asked, written, checked = ledger_store.entries(books.database, exchange.id)
    assert (asked.actor, asked.act, asked.detail) == ("amina", "question:ask", {"kind": "answer"})
    assert (written.actor, written.act) == ("humphrey", "draft:write")
    assert written.detail == {"digest": draft.digest, "model": "test/fixed"}
    assert checked.act == "draft:check"
    assert checked.detail == {"findings": sha256(canonical([asdict(WARNING)])), "blocking": "0"}
    assert "long do we" not in str(list(ledger_store.entries(books.database)))


def test_a_kept_draft_that_is_sent_names_its_exchange_and_is_not_entered_twice(books: Books):
    exchange = books.desk.conversations.save(
        books.desk.drafting.compose(Commission("answer", QUESTION, "amina", "web")), None
    )

    review = books.desk.clearance.send(exchange.id, "amina")

    (opened,) = books.desk.clearance.history(review.id)
    assert (opened.act, opened.detail["exchange"]) == ("review:open", exchange.id)
    assert [entry.act for entry in ledger_store.entries(books.database)].count("question:ask") == 1


def test_a_draft_that_goes_to_review_at_once_is_on_the_record_with_the_review(books: Books):
    review = books.take()

    acts = [entry.act for entry in books.desk.clearance.history(review.id)]
    assert acts == ["question:ask", "draft:write", "draft:check", "review:open"]
    assert books.desk.clearance.history(review.id)[-1].detail["kept"] == review.versions[0].kept


def test_a_finding_taken_out_of_the_database_lets_nothing_leave(books: Books):
    review = books.take()
    books.change('UPDATE versions SET draft = replace(draft, \'"level":"warn"\', \'"level":"suggest"\')')
    assert books.desk.clearance.review(review.id).draft.digest == review.draft.digest

    with pytest.raises(ReviewError, match="is not what the ledger records"):
        books.desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)

    assert books.desk.clearance.review(review.id).state == "open"
