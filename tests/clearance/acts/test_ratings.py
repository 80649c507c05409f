"""Reviewers rate sentences and citations where they want to; the ratings stay with the review."""

import pytest

from humphrey.clearance.ratings.model import rated_sentences
from humphrey.errors import CommissionError, NotPermitted, StaleDigest
from humphrey.ledger import store as ledger_store
from tests.support.services import question


def test_a_rating_stays_with_its_wording_and_the_latest_of_each_reviewer_counts(desk, clock):
    review = desk.clearance.take(question())
    digest = review.draft.digest
    [sentence] = [span.of(review.draft.text) for span in rated_sentences(review.draft)]
    assert sentence == "It says “twenty working days” [1]."

    desk.ratings.rate(review.id, "grace", digest, {1: "wrong"}, {})
    last = desk.ratings.rate(review.id, "grace", digest, {1: "partly"}, {"1": "not_good"})
    other = desk.ratings.rate(review.id, "david", digest, {}, {"1": "good"})

    assert desk.ratings.of(review.id, "david") == {"grace": last, "david": other}
    entries = [each for each in ledger_store.entries(desk.database, review.id) if each.act == "review:rate"]
    assert [(each.actor, each.detail["wording"]) for each in entries] == [("grace", "1")] * 2 + [("david", "1")]
    desk.clearance.decide(review.id, "approve", "grace", digest)
    assert desk.ratings.rate(review.id, "grace", digest, {1: "right"}, {}).wording == 1
    newer = desk.clearance.take(question())
    amended = desk.clearance.amend(newer.id, "One [1]. Two.", "amina")
    desk.ratings.rate(newer.id, "grace", amended.draft.digest, {2: "wrong"}, {})
    desk.clearance.amend(newer.id, "One [1]. Three.", "amina")
    assert desk.ratings.of(newer.id, "grace") == {}


@pytest.mark.parametrize(
    ("sentences", "citations", "said"),
    [
        ({}, {}, "is empty"),
        ({0: "right"}, {}, "no sentence '0'"),
        ({2: "right"}, {}, "no sentence '2'"),
        ({1: "fine"}, {}, "no rating 'fine' of a sentence; it is one of right, partly, wrong"),
        ({}, {"2": "good"}, "no citation '2'"),
        ({}, {"1": "right"}, "no rating 'right' of a citation"),
    ],
)
def test_a_rating_of_what_is_not_there_is_refused(desk, sentences, citations, said):
    review = desk.clearance.take(question())

    with pytest.raises(CommissionError, match=said):
        desk.ratings.rate(review.id, "grace", review.draft.digest, sentences, citations)

    assert desk.ratings.of(review.id, "grace") == {}


def test_only_reviewers_rate_and_only_the_words_that_they_were_shown(desk):
    review = desk.clearance.take(question())
    desk.clearance.amend(review.id, "Other words [1].", "amina")

    with pytest.raises(NotPermitted):
        desk.ratings.rate(review.id, "amina", review.draft.digest, {1: "right"}, {})
    with pytest.raises(NotPermitted):
        desk.ratings.of(review.id, "amina")
    with pytest.raises(StaleDigest):
        desk.ratings.rate(review.id, "grace", review.draft.digest, {1: "right"}, {})
