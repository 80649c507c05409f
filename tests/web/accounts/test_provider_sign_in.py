"""Signing in through the department's identity provider: a real one on loopback, through the real server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from playwright.sync_api import Browser, expect

from humphrey.accounts.identity_provider import AuthenticationRequest, ClaimMapping, ProviderClaims
from humphrey.accounts.model import Person
from humphrey.accounts.oidc.client import OpenIdProvider
from humphrey.accounts.oidc.sign_in import OidcSignIn
from humphrey.accounts.service import Accounts
from humphrey.database.engine import Database
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken
from humphrey.web.accounts.sign_in import CALLBACK, PROVIDER_COOKIE
from humphrey.web.gradio_mount import COOKIE
from tests.web.identity_provider import CLIENT, SECRET, Claims, Office, nobody_listens, provider
from tests.web.running_site import Site, running

ANN: Claims = {"preferred_username": "ann.smith", "email": "ann@example.org", "email_verified": True}


ANN_HERE = Person("ann", ("reviewer",), identity="1234")


@dataclass(frozen=True)
class House:
    """A provider and a humphrey that asks it."""

    office: Office
    site: Site
    rules: list[ClaimMapping]
    before: int = 0

    def entries(self, act: str) -> list[tuple[str, str, dict[str, str]]]:
        """What was entered since the test began."""
        assert first_broken(ledger_store.entries(self.site.database)) is None
        new = (entry for entry in ledger_store.entries(self.site.database) if entry.n > self.before)
        return [(entry.actor, entry.subject, dict(entry.detail)) for entry in new if entry.act == act]


@contextmanager
def house(folder: Path, issuer: Callable[[Office], str] = lambda office: office.url) -> Iterator[House]:
    rules = [ClaimMapping()]

    class Read(ClaimMapping):
        """The rules that a test sets meanwhile."""

        def read(self, claims: Claims) -> ProviderClaims:
            return rules[0].read(claims)

    class Asking:
        """A provider that knows nothing of the test before; it is told by setting the rules anew."""

        def __init__(self) -> None:
            self._told: ClaimMapping | None = None
            self._asked = OpenIdProvider("", CLIENT, SECRET)

        def _ask(self) -> OpenIdProvider:
            if self._told is not rules[0]:
                self._told, self._asked = rules[0], OpenIdProvider(issuer(office), CLIENT, SECRET)
            return self._asked

        def address(self, asked: AuthenticationRequest) -> str:
            return self._ask().address(asked)

        def claims(self, code: str, asked: AuthenticationRequest) -> Claims:
            return self._ask().claims(code, asked)

    with provider() as office:
        office.people["1234"] = dict(ANN)
        office.signed_in = "1234"

        def vouching(people: Accounts, database: Database) -> OidcSignIn:
            return OidcSignIn(people, database, Asking(), Read(), "Example Login")

        with running(folder, demonstration=False, vouching=vouching) as site:
            site.people.add(Person("sue", ("administrator",)), "three random words")
            yield House(office, site, rules)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("provider")) as standing:
        standing.site.people.add(ANN_HERE)
        yield standing


@pytest.fixture
def there(standing: House) -> House:
    """The one house of all tests, as it was at first."""
    fresh = Office(standing.office.url, {"1234": dict(ANN)}, "1234", standing.office.key)
    vars(standing.office).update(vars(fresh))
    standing.rules[0] = ClaimMapping()
    standing.site.people.change("ann", lambda _ann: ANN_HERE)
    with standing.site.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM sign_ins")
    return replace(standing, before=max(entry.n for entry in ledger_store.entries(standing.site.database)))


@contextmanager
def browser_of(there: House) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=there.site.url, timeout=20) as client:
        yield client


def asked(there: House, client: httpx.Client, onwards: str = "/ask") -> str:
    """Begin, and be sent back by the provider: the address of ours that it sends the browser to."""
    begun = client.get("/sign-in/provider", params={"next": onwards})
    assert begun.status_code == 303
    assert begun.headers["location"].startswith(f"{there.office.url}/authorize?")
    back = httpx.get(begun.headers["location"])
    assert back.status_code == 302
    return back.headers["location"]


def test_the_person_who_the_provider_vouches_for_is_signed_in_where_they_wanted_to_go(there: House):
    with browser_of(there) as client:
        assert "Sign in with Example Login" in client.get("/sign-in").text
        done = client.get(asked(there, client, "/guidance"))

        assert (done.status_code, done.headers["location"]) == (303, "/guidance")
        assert set(client.cookies) == {COOKIE}
        assert len(client.cookies[COOKIE]) == 43, "a random value and nothing else"
        cookie = next(each for each in done.headers.get_list("set-cookie") if each.startswith(COOKIE))
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "ann, reviewer" in client.get("/guidance").text
    opened = there.entries("session:open")
    assert [(actor, said["way_in"]) for actor, _, said in opened] == [("ann", "provider")]


def test_what_is_asked_of_the_provider_carries_pkce_state_and_nonce_anew_each_time(there: House):
    sent = []
    with browser_of(there) as client:
        for _ in range(2):
            where = client.get("/sign-in/provider").headers["location"]
            sent.append({name: values[0] for name, values in parse_qs(urlsplit(where).query).items()})

    assert sent[0]["redirect_uri"] == there.site.url + CALLBACK
    assert (sent[0]["response_type"], sent[0]["code_challenge_method"]) == ("code", "S256")
    for name in ("state", "nonce", "code_challenge"):
        assert len(sent[0][name]) >= 43
        assert sent[0][name] != sent[1][name]


def refused(there: House, client: httpx.Client, where: str, said: str) -> None:
    answer = client.get(where)
    assert answer.status_code == 401
    assert said in answer.text
    assert 'role="alert"' in answer.text
    assert COOKIE not in client.cookies
    assert client.get("/guidance").status_code == 303


@pytest.mark.parametrize(
    ("change", "why", "said"),
    [
        ({"nonce": "another"}, "nonce", "its nonce"),
        ({"nonce": None}, "nonce", "its nonce"),
        ({"aud": "another client"}, "audience", "its audience"),
        ({"aud": ["another client", "a third"], "azp": CLIENT}, "audience", "its audience"),
        ({"aud": [CLIENT, "a third"]}, "audience", "its audience"),
        ({"iss": "https://elsewhere.example"}, "issuer", "its issuer"),
        ({"exp": 1}, "expired", "has expired"),
        ({"exp": None}, "time", "its time"),
        ({"sub": None}, "claims", "its claims"),
    ],
)
def test_what_was_signed_for_something_else_is_a_sentence_and_on_the_record(there: House, change, why, said):
    there.office.spoil = lambda claims: {k: v for k, v in {**claims, **change}.items() if v is not None}

    with browser_of(there) as client:
        refused(there, client, asked(there, client), said)

    assert there.entries("session:refused") == [("unknown", "identity provider", {"why": why})]


def test_what_another_person_signed_is_not_believed(there: House):
    other = RSAKey.generate_key(2048, {"kid": "one"})
    public = there.office.key.as_pem(private=False)

    def unsigned(claims: Claims) -> str:
        head, body = (jwt.encode({"alg": "RS256"}, part, other).split(".")[1] for part in ({"alg": "none"}, claims))
        return f"{head}.{body}."

    forgeries: list[Callable[[Claims], str]] = [
        lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, other),
        # A public key used as if it were a shared secret.
        lambda claims: jwt.encode({"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(public.hex())),
        unsigned,
        lambda _claims: "no token at all",
    ]
    for forged in forgeries:
        there.office.signing = forged
        with browser_of(there) as client:
            refused(there, client, asked(there, client), "its signature")
    assert [said["why"] for _, _, said in there.entries("session:refused")] == ["signature"] * 4


def test_a_provider_that_changes_its_keys_is_believed_again_at_once(there: House):
    with browser_of(there) as client:
        assert client.get(asked(there, client)).status_code == 303
    there.office.key = RSAKey.generate_key(2048, {"kid": "two", "use": "sig", "alg": "RS256"})

    with browser_of(there) as client:
        assert client.get(asked(there, client)).status_code == 303


def test_a_state_counts_once_in_the_browser_that_asked_and_forging_it_is_on_the_record(there: House):
    with browser_of(there) as client, browser_of(there) as thief:
        back = asked(there, client)
        refused(there, thief, back, "was not begun in this browser")
        refused(there, client, back, "is used already")

        again = asked(there, client)
        kept = client.cookies[PROVIDER_COOKIE]
        assert client.get(again).status_code == 303
        client.cookies.clear()
        client.cookies.set(PROVIDER_COOKIE, kept, path="/sign-in")
        refused(there, client, again, "is used already")
        refused(there, client, f"{CALLBACK}?state=forged&code=x", "was not begun in this browser")
        refused(there, client, CALLBACK, "was not begun in this browser")
    assert there.entries("session:refused") == []
    assert {said["reason"] for _, _, said in there.entries("request:refuse")} == {"state"}


def test_a_sign_in_that_took_longer_than_ten_minutes_is_begun_again(there: House):
    with browser_of(there) as client:
        back = asked(there, client)
        with there.site.database.writing() as connection:
            connection.exec_driver_sql("UPDATE sign_ins SET at = datetime(at, '-11 minutes')")
        refused(there, client, back, "older than ten minutes")


def test_a_code_that_the_provider_does_not_know_signs_nobody_in(there: House):
    with browser_of(there) as client:
        back = asked(there, client)
        state = parse_qs(urlsplit(back).query)["state"][0]
        refused(there, client, f"{CALLBACK}?state={state}&code=stolen", "did not take the code")
    assert [said["why"] for _, _, said in there.entries("session:refused")] == ["code"]


def test_the_person_who_does_not_sign_in_there_is_told_so(there: House):
    there.office.signed_in = ""

    with browser_of(there) as client:
        refused(there, client, asked(there, client), "you did not sign in there")
    assert [said["why"] for _, _, said in there.entries("session:refused")] == ["declined"]


def test_user_info_of_another_person_is_not_believed(there: House):
    there.office.spoil_info = lambda said: {**said, "sub": "4321"}

    with browser_of(there) as client:
        refused(there, client, asked(there, client), "its subject")


def test_a_provider_that_is_down_or_not_what_was_set_is_a_page_with_a_sentence(there: House, tmp_path: Path):
    there.office.ill = True
    with browser_of(there) as client:
        answer = client.get("/sign-in/provider")
        assert (answer.status_code, "does not answer as it should" in answer.text) == (503, True)
        there.office.ill = False
        back = asked(there, client)
        there.office.ill = True
        refused(there, client, back, "does not answer as it should")

    (tmp_path / "down").mkdir()
    with house(tmp_path / "down", lambda _office: nobody_listens()) as down, browser_of(down) as client:
        answer = client.get("/sign-in/provider")
        assert (answer.status_code, "does not answer as it should" in answer.text) == (503, True)
        assert "With a password" in answer.text, "whoever has a password still gets in"
    (tmp_path / "other").mkdir()
    with house(tmp_path / "other", lambda office: office.url + "/") as other, browser_of(other) as client:
        assert "calls itself" in client.get("/sign-in/provider").text


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"])
def test_no_browser_or_secret_is_sent_to_an_address_that_is_no_web_address(there: House, name):
    there.office.spoil_metadata = lambda said: {**said, name: "javascript:alert(1)"}

    with browser_of(there) as client:
        begun = client.get("/sign-in/provider")
        if name != "userinfo_endpoint":
            assert begun.status_code == 503
            assert "javascript" not in begun.text + begun.headers.get("location", "")
        else:
            back = httpx.get(begun.headers["location"]).headers["location"]
            refused(there, client, back, "publishes an address")


def test_a_person_nobody_here_knows_is_refused_with_what_to_do(there: House):
    there.office.people["77"] = {"preferred_username": "bob"}
    there.office.signed_in = "77"

    with browser_of(there) as client:
        refused(there, client, asked(there, client), "ask an administrator to add you with that identity")
    assert [said["why"] for _, _, said in there.entries("session:refused")] == ["unknown"]


def test_a_disabled_person_is_refused_whatever_the_provider_says(there: House):
    there.site.people.disable("ann")

    with browser_of(there) as client:
        refused(there, client, asked(there, client), "ann is disabled")


def test_groups_of_the_provider_give_roles_and_groups_from_the_first_sign_in_and_take_them_away(tmp_path: Path):
    with house(tmp_path) as there:
        there.rules[0] = ClaimMapping(roles={"clearers": "reviewer", "all": "official"}, groups={"hr-all": "hr"})
        there.office.people["1234"] = {**ANN, "groups": ["all", "hr-all", "choir"]}
        with browser_of(there) as client:
            assert client.get(asked(there, client)).status_code == 303
            added = there.site.people.person("ann.smith")
            assert (added.roles, added.groups, added.identity) == (("official",), ("hr",), "1234")
            assert (added.markings, added.email) == (("OFFICIAL",), "ann@example.org")

            there.office.people["1234"]["groups"] = ["clearers"]
            assert client.get(asked(there, client)).status_code == 303
            changed = there.site.people.person("ann.smith")
            assert (changed.roles, changed.groups) == (("reviewer",), ())

            there.office.people["1234"]["groups"] = ["choir"]
            answer = client.get(asked(there, client))
            assert (answer.status_code, "gives you a role here" in answer.text) == (401, True)
            assert client.get("/guidance").status_code == 303, "what they had open is ended"
    added, changed = there.entries("person:add")[-1], there.entries("person:change")[-1]
    assert (added[0], added[2]["roles"]) == ("identity provider", "official")
    assert (changed[0], changed[2]["changed"]) == ("identity provider", "roles groups")


def test_the_provider_cannot_make_a_newcomer_a_person_who_is_here_already(tmp_path: Path):
    with house(tmp_path) as there:
        there.rules[0] = ClaimMapping(roles={"all": "official"})
        there.office.people["1234"] = {"preferred_username": "sue", "groups": ["all"]}
        with browser_of(there) as client:
            refused(there, client, asked(there, client), "the name sue is taken")


def test_an_address_that_nobody_verified_is_nobodys_identity(there: House):
    there.rules[0] = ClaimMapping(identity="email")
    there.site.people.change("ann", lambda ann: replace(ann, identity="ann@example.org"))

    there.office.people["1234"] = {**ANN, "email_verified": False}
    with browser_of(there) as client:
        refused(there, client, asked(there, client), "is not verified")
    there.office.people["1234"] = ANN
    with browser_of(there) as client:
        assert client.get(asked(there, client)).status_code == 303


def test_a_page_of_another_site_cannot_begin_a_sign_in(there: House):
    with browser_of(there) as client:
        begun = client.get("/sign-in/provider", headers={"Sec-Fetch-Site": "cross-site"})
    assert begun.status_code == 403
    assert there.office.asked == []


def test_sign_ins_that_are_begun_and_never_ended_are_limited(there: House):
    with browser_of(there) as client:
        for _ in range(300):
            assert client.get("/sign-in/provider").status_code == 303
        answer = client.get("/sign-in/provider")
    assert (answer.status_code, "too many sign-ins were begun" in answer.text) == (503, True)
    assert {said["reason"] for _, _, said in there.entries("request:refuse")} == {"sign-in"}


def test_a_person_signs_in_and_out_with_a_browser(browser: Browser, there: House):
    context = browser.new_context()
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    page.goto(f"{there.site.url}/sign-in?next=/guidance")
    page.get_by_role("link", name="Sign in with Example Login").click()

    page.wait_for_url(f"{there.site.url}/guidance")
    expect(page.get_by_text("ann, reviewer")).to_be_visible()
    assert [cookie["name"] for cookie in context.cookies()] == [COOKIE]
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{there.site.url}/sign-in")
    assert context.cookies() == []
    assert trouble == []
    context.close()
