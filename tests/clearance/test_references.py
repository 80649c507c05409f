"""Short references of reviews: counted up in the year, never given twice, and as good as the id."""

from datetime import UTC, datetime, timedelta

import pytest

from evals.proofs.scene import asking, drafted
from humphrey.clearance import rules
from humphrey.clearance.store import reviews as review_store
from humphrey.database.engine import open_database
from tests.support.processes import FORKS

NEW_YEAR = datetime(2027, 1, 1, 0, 5, tzinfo=UTC)


def put(database, review_id: str, at: datetime) -> str:
    with database.transaction() as tx:
        return review_store.add(tx, rules.open_review(review_id, drafted(asking("amina")), at)).reference


def test_references_count_up_in_the_year_of_london_and_begin_again_with_the_next(database):
    given = [put(database, f"r{n}", NEW_YEAR - timedelta(hours=3 - n)) for n in range(4)]

    assert given == ["H26-00001", "H26-00002", "H26-00003", "H27-00001"]
    assert [each.reference for each in review_store.find(database)] == given


def _fail(database) -> None:
    with database.transaction() as tx:
        review_store.add(tx, rules.open_review("r2", drafted(asking("amina")), NEW_YEAR))
        raise ZeroDivisionError


def test_a_reference_of_an_act_that_failed_was_never_given(database):
    put(database, "r1", NEW_YEAR)
    with pytest.raises(ZeroDivisionError):
        _fail(database)

    assert put(database, "r3", NEW_YEAR) == "H27-00002"


def test_a_reference_is_found_however_it_is_typed_and_anything_else_stays(database):
    put(database, "r1", NEW_YEAR)

    found = [review_store.id_of(database, named) for named in ("H27-00001", " h27-00001 ", "r1", "H27-00009", "H27-")]

    assert found == ["r1", "r1", "r1", "H27-00009", "H27-"]


def _open_many(address: str, name: str, count: int) -> None:
    database = open_database(address)
    for n in range(count):
        put(database, f"{name}{n}", NEW_YEAR)
    database.close()


def test_processes_that_open_reviews_at_once_are_given_different_references(address):
    open_database(address).close()
    running = [FORKS.Process(target=_open_many, args=(address, name, 12)) for name in "abc"]
    for each in running:
        each.start()
    for each in running:
        each.join()

    database = open_database(address)
    given = sorted(each.reference for each in review_store.find(database))
    database.close()

    assert given == [f"H27-{n:05}" for n in range(1, 37)]


def test_the_record_binds_the_reference_of_a_review(desk):
    review = desk.clearance.open_review(drafted(asking("amina")))

    assert review.reference == "H26-00001"
    assert desk.clearance.history(review.id)[-1].detail["reference"] == "H26-00001"
    assert desk.clearance.id_of("h26-00001") == review.id
