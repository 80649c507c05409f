"""The pages of people and accounts, through the real server: who may see them, and what they change."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from humphrey.accounts import store as session_store
from humphrey.accounts.model import Person
from humphrey.database.engine import open_database
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken
from humphrey.web.gradio_mount import AUTOMATIC_HEADER, COOKIE
from tests.support.own_passwords import add_with_own_passwords
from tests.web.running_site import WATCHED, Site, running, wait_until_ready
from tests.web.test_access_matrix import handlers

WORDS = "three random words"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("people"), demonstration=False) as site:
        people = [Person(name, ("administrator",)) for name in ("sue", "sam")]
        people += [Person(name, ("official",)) for name in ("ann", "bob", "cid", "dee", "eve")]
        add_with_own_passwords(site.people, site.database, people, WORDS)
        yield site


@contextmanager
def visitor(site: Site, name: str, password: str = WORDS) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, headers={"Origin": site.url}, timeout=20) as client:
        assert client.post("/sign-in", data={"name": name, "password": password}).status_code == 303
        yield client


@pytest.fixture
def sue(house: Site) -> Iterator[httpx.Client]:
    with visitor(house, "sue") as client:
        yield client


def acts(site: Site, act: str) -> list[tuple[str, str]]:
    assert first_broken(ledger_store.entries(site.database)) is None
    return [(entry.actor, entry.subject) for entry in ledger_store.entries(site.database) if entry.act == act]


def test_an_administrator_adds_a_person_who_signs_in_at_once(house: Site, sue: httpx.Client):
    given = {
        "name": "zoe <b>",
        "password": WORDS,
        "roles": ["official", "reviewer"],
        "groups": "hr\r\nlegal\r\n\r\n",
        "kinds": ["answer"],
        "markings": ["OFFICIAL"],
        "email": "zoe@example.org",
        "deputies": "ann",
    }
    done = sue.post("/people/add", data=given)

    assert done.status_code == 303
    shown = sue.get(done.headers["location"]).text
    assert "Added." in shown
    assert "zoe &lt;b&gt;" in shown
    assert "<b>" not in shown
    zoe = house.people.person("zoe <b>")
    assert (zoe.roles, zoe.groups, zoe.kinds) == (("official", "reviewer"), ("hr", "legal"), ("answer",))
    assert (zoe.email, zoe.deputies) == ("zoe@example.org", ("ann",))
    assert ("sue", "zoe <b>") in acts(house, "person:add")
    with visitor(house, "zoe <b>") as client:
        assert client.get("/account").headers["location"] == "/account/password"
        client.post("/account/password", data={"old": WORDS, "new": "words of their own"})
        assert "You may clear" in client.get("/account").text
        assert "People</a>" not in client.get("/account").text


def test_what_will_not_do_is_said_and_what_was_typed_stays(house: Site, sue: httpx.Client):
    answer = sue.post("/people/add", data={"name": "yan", "password": "short", "roles": "official", "groups": "hr"})

    assert answer.status_code == 400
    assert answer.text.count("The password has 5 characters") == 2, "at the top, and beside its field"
    assert 'href="#password"' in answer.text
    assert 'aria-describedby="password-hint password-wrong" aria-invalid="true"' in answer.text
    assert 'value="yan"' in answer.text
    assert ">hr</textarea>" in answer.text
    assert "short" not in answer.text
    assert "yan" not in {person.name for person in house.people.everyone()}


def test_own_names_stand_beside_names(house: Site, sue: httpx.Client):
    given = {"name": "kit", "own_name": " Kit  Marlowe ", "password": WORDS, "roles": "official"}
    assert sue.post("/people/add", data=given).status_code == 303
    assert "Kit Marlowe (kit)" in sue.get("/people").text
    hidden = sue.post("/people/change", data={"name": "kit", "own_name": "Kit\u202eMarlowe", "roles": "official"})

    assert (hidden.status_code, 'href="#own_name"' in hidden.text) == (400, True)
    assert house.people.person("kit").own_name == "Kit Marlowe"


def test_a_new_role_counts_at_the_next_click_of_the_person_who_was_given_it(house: Site, sue: httpx.Client):
    with visitor(house, "ann") as ann:
        assert ann.get("/guidance/remove").status_code == 403
        saved = sue.post("/people/change", data={"name": "ann", "roles": "guidance_owner", "markings": "OFFICIAL"})
        assert saved.status_code == 303
        assert ann.get("/guidance/remove").status_code == 404
    assert ("sue", "ann") in acts(house, "person:change")


def test_a_disabled_person_is_out_at_once_and_comes_back_when_enabled(house: Site, sue: httpx.Client):
    with visitor(house, "bob") as bob:
        assert bob.get("/account").status_code == 200
        assert sue.post("/people/disable", data={"name": "bob"}).status_code == 303
        assert bob.get("/account").status_code == 303
        assert "disabled" in sue.get("/people").text
        assert sue.post("/people/enable", data={"name": "bob"}).status_code == 303
        assert bob.get("/account").status_code == 303, "what was ended stays ended"
    with visitor(house, "bob"):
        pass


def test_an_administrator_changes_their_own_address_but_not_what_they_may_do(house: Site, sue: httpx.Client):
    own = {"name": "sue", "roles": "administrator", "markings": "OFFICIAL", "email": "sue@example.org"}

    assert sue.post("/people/change", data=own).status_code == 303
    refused = sue.post("/people/change", data={**own, "roles": ["administrator", "reviewer"]})

    assert (refused.status_code, "another administrator can change sue" in refused.text) == (403, True)
    assert house.people.person("sue").roles == ("administrator",)
    assert house.people.person("sue").email == "sue@example.org"
    assert sue.post("/people/disable", data={"name": "sue"}).status_code == 403


def test_nobody_but_an_administrator_sees_or_changes_people(house: Site):
    before = house.people.everyone()
    with visitor(house, "cid") as cid:
        for path in ("/people", "/people/new", "/people/one?name=cid"):
            assert cid.get(path).status_code == 403
        for path in ("add", "change", "disable", "enable", "password"):
            sent = {"name": "cid", "password": "other random words", "roles": "administrator", "markings": "OFFICIAL"}
            assert cid.post(f"/people/{path}", data=sent).status_code == 403
    assert house.people.everyone() == before
    assert acts(house, "act:refused")[-5:] == [("cid", "cid")] * 5


def test_a_person_sees_where_they_are_signed_in_and_signs_out_everywhere_else(house: Site):
    with visitor(house, "dee") as here, visitor(house, "dee") as there:
        assert here.get("/account").text.count("this one") == 1
        assert here.get("/account").text.count("End<span") == 1
        done = here.post("/account/elsewhere")
        assert done.headers["location"] == "/account?said=elsewhere"
        assert there.get("/account").status_code == 303
        assert "signed out everywhere but here" in here.get(done.headers["location"]).text
        assert COOKIE in here.cookies
        assert here.cookies[COOKIE] not in here.get("/account").text


def test_nobody_ends_a_sign_in_of_another_person_by_its_number(house: Site):
    with visitor(house, "dee") as dee, visitor(house, "cid") as cid:
        number = next(each.id for each in house.people.sessions("dee"))
        assert cid.post("/account/revoke", data={"session": number}).status_code == 403
        assert dee.get("/account").status_code == 200
        assert dee.post("/account/revoke", data={"session": number}).status_code == 303


def test_a_person_changes_their_password(house: Site):
    with visitor(house, "eve") as eve:
        wrong = eve.post("/account/password", data={"old": "wrong", "new": "other random words"})
        assert (wrong.status_code, "The current password is wrong" in wrong.text) == (400, True)
        done = eve.post("/account/password", data={"old": WORDS, "new": "other random words"})
        assert done.headers["location"] == "/account?said=password"
        assert eve.get("/account").status_code == 200
    with visitor(house, "eve", "other random words"):
        pass


def test_a_running_stream_ends_when_its_sign_in_is_revoked(house: Site):
    wait_until_ready(house.url)
    with visitor(house, "ann") as ann:
        session = house.people.sessions("ann")[0].id
        revoked_at: list[float] = []

        def revoke() -> None:
            time.sleep(0.5)
            house.people.revoke(session)
            revoked_at.append(time.monotonic())

        threading.Thread(target=revoke).start()
        with ann.stream("GET", "/gradio_api/heartbeat/annstream") as answer:
            assert answer.status_code == 200
            for _ in answer.iter_raw():
                pass
        assert time.monotonic() - revoked_at[0] < 8
        assert ann.get("/gradio_api/queue/data?session_hash=annstream").status_code == 401
        body = {"data": [], "fn_index": 0, "session_hash": "annstream"}
        assert ann.post("/gradio_api/queue/join", json=body).status_code == 401


def test_an_answer_that_is_being_written_stops_when_its_sign_in_is_revoked_and_nothing_is_kept(house: Site):
    wait_until_ready(house.url)
    with visitor(house, "dee") as dee:
        number = handlers(house)["ask: click Ask"]
        asked = {"data": ["slowly " + "word " * 1000, "", ""], "fn_index": number, "session_hash": "deewrites"}
        assert dee.post("/gradio_api/queue/join", json=asked).status_code == 200
        said, revoked = "", 0.0
        with dee.stream("GET", "/gradio_api/queue/data?session_hash=deewrites") as answer:
            for line in answer.iter_lines():
                said += line
                if "process_generating" in line and not revoked:
                    house.people.revoke(house.people.sessions("dee")[0].id)
                    revoked = time.monotonic()
        assert revoked
        assert time.monotonic() - revoked < 8
        assert "process_completed" not in said
    written = WATCHED[0]
    time.sleep(1)
    assert WATCHED[0] <= written + 1, "the drafter stopped"
    assert house.desk.conversations.conversations("dee") == []


def test_what_a_script_asks_by_itself_does_not_keep_a_sign_in_open(house: Site):
    with visitor(house, "ann") as ann:
        digest = house.people.sessions("ann")[0].digest
        with house.database.writing() as connection:
            connection.exec_driver_sql(
                "UPDATE sessions SET seen_at = datetime(seen_at, '-5 minutes') WHERE token_digest = ?", (digest,)
            )
        before = session_store.session(house.database, digest).seen
        ann.get("/account", headers={AUTOMATIC_HEADER: "1"})
        assert session_store.session(house.database, digest).seen == before
        ann.get("/account")
        assert session_store.session(house.database, digest).seen > before


def test_refused_requests_are_on_the_record_and_do_not_fill_it(tmp_path: Path):
    with running(tmp_path, demonstration=False, gradio=False) as site:
        site.people.add(Person("sue", ("administrator",)), WORDS)
        with httpx.Client(base_url=site.url, timeout=20) as client:
            for n in range(300):
                headers = {"Origin": f"https://evil{n}.example"}
                assert client.post("/sign-out", headers=headers).status_code == 403
            assert client.get("/", headers={"Host": "evil.example"}).status_code == 421
            large = client.post("/sign-in", headers={"Origin": site.url}, content=b"x" * 1_000_001)
            assert large.status_code == 413
            for n in range(60):
                client.post("/sign-in", headers={"Origin": site.url}, data={"name": f"x{n}", "password": "y"})
        refused = [
            (e.subject, dict(e.detail)) for e in ledger_store.entries(site.database) if e.act == "request:refuse"
        ]
        tried = [e for e in ledger_store.entries(site.database) if e.act == "session:refused"]
    with_rest = {(subject, said["reason"]) for subject, said in refused}
    assert with_rest == {("127.0.0.1", reason) for reason in ("origin", "host", "size", "sign-in")}
    assert len(refused) == 4
    assert len(tried) == 30


def test_what_was_counted_is_entered_when_the_server_stops(tmp_path: Path):

    with running(tmp_path, gradio=False) as site, httpx.Client(base_url=site.url) as client:
        for _ in range(50):
            client.post("/sign-out")
    database = open_database(f"sqlite:///{tmp_path / 'humphrey.db'}")
    counted = [int(entry.detail["count"]) for entry in ledger_store.entries(database) if entry.act == "request:refuse"]
    database.close()
    assert counted == [1, 49]


def test_an_administrator_looks_after_people_in_a_browser(browser: Browser, house: Site):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{house.url}/sign-in?next=/people")
    page.get_by_label("Name", exact=True).fill("sam")
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Name", exact=True).fill("una")
    page.get_by_label("reviewer: clears").check()
    page.get_by_label("First password").fill(WORDS)
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("status")).to_contain_text("Added.")
    page.get_by_label("Groups").fill("legal")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Changed.")
    page.get_by_role("button", name="Disable una").click()
    expect(page.get_by_role("status")).to_contain_text("Disabled.")
    page.get_by_role("link", name="People").first.click()
    expect(page.get_by_role("row", name="una")).to_contain_text("disabled")
    page.get_by_role("link", name="sam, administrator").click()
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
