"""A password that another person gave is changed in the browser before anything else."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from humphrey.accounts.model import Person
from humphrey.ledger import store as ledger_store
from humphrey.web.accounts.sign_in import BROWSER_COOKIE
from humphrey.web.gradio_mount import COOKIE
from tests.web.running_site import Site, running

WORDS, OWN_WORDS = "three random words", "further words entirely"


REFUSED = "another person knows your password; change it first, on the page /account/password"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("first"), demonstration=False, gradio=False) as site:
        site.people.add(Person("sue", ("administrator",)), WORDS)
        yield site


@contextmanager
def visitor(site: Site, name: str, password: str = WORDS) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, headers={"Origin": site.url}, timeout=20) as client:
        assert client.post("/sign-in", data={"name": name, "password": password}).status_code == 303
        yield client


def changed(client: httpx.Client, old: str, new: str) -> httpx.Response:
    return client.post("/account/password", data={"old": old, "new": new})


def test_nothing_is_allowed_before_the_password_is_changed_and_everything_after(site: Site):
    site.people.add(Person("ann", ("reviewer",)), WORDS, "sue")
    with visitor(site, "ann") as ann:
        for path in ("/", "/ask", "/clear", "/guidance", "/account", "/notices", "/figures", "/reviews/x", "/api/docs"):
            answer = ann.get(path)
            if path.startswith("/api/"):
                assert (answer.status_code, answer.json()) == (403, {"error": REFUSED})
            else:
                assert (answer.status_code, answer.headers["location"]) == (303, "/account/password"), path
        for path in ("/api/v1/reviews", "/api/v1/notices", "/api/openapi.json"):
            answer = ann.get(path)
            assert (answer.status_code, answer.json()) == (403, {"error": REFUSED})
        answer = ann.get("/gradio_api/heartbeat/abc")
        assert (answer.status_code, answer.json()) == (403, {"detail": REFUSED})
        assert ann.post("/account/elsewhere").headers["location"] == "/account/password"
        assert "Choose a password of your own" in ann.get("/account/password").text

        done = changed(ann, WORDS, OWN_WORDS)

        assert (done.status_code, done.headers["location"]) == (303, "/")
        assert ann.get("/api/v1/reviews").status_code == 200
        assert ann.get("/account/password").headers["location"] == "/account"
    entry = [each for each in ledger_store.entries(site.database) if each.act == "person:change"][-1]
    assert (entry.actor, entry.subject, entry.detail["changed"]) == ("ann", "ann", "password")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("not it at all", OWN_WORDS, "The current password is wrong"),
        (WORDS, WORDS, "The new password is the one you have"),
        (WORDS, "elevenchars", "The password has 11 characters"),
        (WORDS, "password1234", "one of those that are guessed first"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(site: Site, old: str, new: str, said: str):
    name = f"bob {said.split()[-1]}"
    site.people.add(Person(name, ("official",)), WORDS)
    with visitor(site, name) as bob:
        answer = changed(bob, old, new)

        assert (answer.status_code, said in answer.text) == (400, True)
        assert bob.get("/account").headers["location"] == "/account/password"


def test_a_password_given_anew_is_changed_anew_and_the_person_may_sign_out_instead(site: Site):
    site.people.add(Person("cid", ("official",)), WORDS)
    with visitor(site, "cid") as cid:
        changed(cid, WORDS, OWN_WORDS)
        assert cid.get("/account").status_code == 200
    site.people.set_password("cid", WORDS, "sue")

    with visitor(site, "cid") as cid:
        assert cid.get("/account").headers["location"] == "/account/password"
        assert cid.post("/sign-out").headers["location"] == "/sign-in"
        assert cid.get("/account").headers["location"] == "/sign-in"


def test_acts_in_the_name_of_a_person_at_the_machine_need_no_password(site: Site):
    site.people.add(Person("dee", ("administrator",)), WORDS)

    assert site.people.disable("dee", "sue").disabled


def test_only_strangers_are_told_to_wait_and_a_known_browser_enters_at_once(tmp_path: Path):
    with running(tmp_path, demonstration=False, gradio=False) as site:
        site.people.add(Person("eve", ("official",)), WORDS)
        site.people.add(Person("fay", ("official",)), WORDS)
        with visitor(site, "eve") as known, httpx.Client(base_url=site.url, headers={"Origin": site.url}) as thief:
            assert set(known.cookies) == {COOKIE, BROWSER_COOKIE}
            statuses, began = [], time.monotonic()
            for n in range(200):
                given = {"name": "eve", "password": f"guess number {n}"}
                statuses.append(thief.post("/sign-in", data=given))
            told = {answer.status_code for answer in statuses}
            assert told == {401, 429}
            waits = [int(answer.headers["retry-after"]) for answer in statuses if answer.status_code == 429]
            assert 0 < max(waits) <= 60
            looked_at = sum(answer.status_code == 401 for answer in statuses)
            assert looked_at < 12 + (time.monotonic() - began) / 60

            again = known.post("/sign-in", data={"name": "eve", "password": WORDS})
            colleague = thief.post("/sign-in", data={"name": "fay", "password": WORDS})

        assert (again.status_code, colleague.status_code) == (303, 303)
