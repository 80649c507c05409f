"""Pages and JSON routes say why a reviewer may not decide, and which accounts the operator changed."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from humphrey.accounts.model import Person
from humphrey.clearance.independence import Independence
from humphrey.web.clearance.standing_view import accounts
from tests.support.own_passwords import add_with_own_passwords
from tests.support.services import question
from tests.web.running_site import Site, running

WORDS = "three random words"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("apart"), demonstration=False, gradio=False) as site:
        people = (
            Person("sue", ("administrator",)),
            Person("amina", ("official",)),
            Person("david", ("reviewer",)),
            Person("iris", ("auditor",)),
        )
        add_with_own_passwords(site.people, site.database, people, WORDS)
        site.people.add(Person("grace", ("reviewer",)), WORDS, "sue")
        with site.database.writing() as connection:
            connection.exec_driver_sql("UPDATE people SET password_given_by = ''")
        yield site


@contextmanager
def visitor(site: Site, name: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, headers={"Origin": site.url}, timeout=20) as client:
        assert client.post("/sign-in", data={"name": name, "password": WORDS}).status_code == 303
        yield client


def test_the_json_of_a_review_says_what_stands_against_a_decision_and_a_decision_is_refused(site: Site):
    review = site.desk.clearance.take(question(asked_by="sue"))
    with visitor(site, "grace") as grace, visitor(site, "david") as david, visitor(site, "iris") as iris:
        told = grace.get(f"/api/v1/reviews/{review.id}").json()
        given = {"verdict": "approve", "digest": review.draft.digest}
        refused = grace.post(f"/api/v1/reviews/{review.id}/decide", json=given)
        done = david.post(f"/api/v1/reviews/{review.id}/decide", json=given)
        noticed = iris.get("/api/v1/notices").json()

    assert len(told["not_independent"]) == 1
    assert told["not_independent"][0].startswith("sue added the account grace at ")
    assert refused.status_code == 403
    assert "sue added the account grace" in refused.json()["error"]
    assert done.status_code == 200
    assert f"A decision on draft {review.id} by grace was refused" in noticed["notices"][0]["said"]


def test_what_the_operator_did_is_named_and_stands_against_nothing(site: Site):
    review = site.desk.clearance.take(question(asked_by="amina"))
    with visitor(site, "david") as david:
        told = david.get(f"/api/v1/reviews/{review.id}").json()

    assert told["not_independent"] == []
    assert [said.split(" at ")[1] for said in told["account_changes"]] == [
        "the machine added the account amina",
        "the machine added the account david",
    ]


def test_the_page_says_both():
    shown = accounts(Independence(("sue added <the> account",), ("the operator changed it",)))

    assert "You cannot decide on this draft: sue added &lt;the&gt; account. Another reviewer must." in shown
    assert "Before you decide: the operator changed it." in shown
    assert accounts(Independence()) == ""
