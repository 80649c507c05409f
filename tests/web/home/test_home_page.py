"""The home page: each role sees what needs it, and nothing that it may not read."""

from collections.abc import Iterator, Mapping

import httpx
import pytest

from humphrey.accounts.model import Person
from humphrey.papers.draft import Commission
from tests.support.own_passwords import add_with_own_passwords
from tests.support.roles import PEOPLE, WORDS
from tests.web.running_site import Site, running

HEADINGS = {
    "reviewer": {"Drafts to clear"},
    "narrow": {"Drafts to clear"},
    "guidance_owner": {"Guidance"},
    "auditor": {"The record"},
    "disclosure_officer": {"The record"},
    "administrator": {"Health"},
    "several": {"Drafts to clear", "Guidance", "The record", "Health"},
}

OWN = "Your drafts and questions"

QUESTION = "How long may <i>this</i> wait?"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("home"), demonstration=False, gradio=False) as site:
        everybody = ("reviewer", "guidance_owner", "auditor", "administrator")
        add_with_own_passwords(site.people, site.database, (*PEOPLE.values(), Person("several", everybody)), WORDS)
        for text in (QUESTION, "And what was returned?"):
            kept = site.desk.conversations.save(
                site.desk.drafting.compose(Commission("answer", text, "asker", "web")), None
            )
            review = site.desk.clearance.send(kept.id, "asker")
        digest = site.desk.clearance.review(review.id).draft.digest
        site.desk.clearance.decide(review.id, "return", "reviewer", digest, "Say when.", ("unclear",))
        yield site


@pytest.fixture(scope="module")
def clients(site: Site) -> Iterator[Mapping[str, httpx.Client]]:
    names = ("asker", "official", *HEADINGS)
    made = {name: httpx.Client(base_url=site.url, headers={"Origin": site.url}, timeout=30) for name in names}
    for name, client in made.items():
        assert client.post("/sign-in", data={"name": name, "password": WORDS}).headers["location"] == "/"
    yield made
    for client in made.values():
        client.close()


def test_an_official_sees_what_was_returned_what_waits_and_the_latest_conversations(clients):
    page = clients["asker"].get("/home").text

    returned, waiting = page.index("Returned to you (1)"), page.index("With a reviewer (1)")
    recent = page.index("Latest conversations")
    assert page.index("And what was returned?", returned) < waiting
    assert page.index("How long may &lt;i&gt;this&lt;/i&gt; wait?", waiting) < recent
    assert page.count('href="/ask?conversation=') == 2
    assert {heading for each in HEADINGS.values() for heading in each} & _headings(page) == set()


@pytest.mark.parametrize("name", HEADINGS)
def test_each_role_sees_its_sections_and_only_the_drafts_that_it_may_clear(clients, name):
    page = clients[name].get("/home").text

    assert _headings(page) == {OWN, *HEADINGS[name]}
    assert ("How long may" in page) == (name in {"reviewer", "several"})
    assert "And what was returned?" not in page


def test_another_official_sees_nothing_of_it(clients):
    page = clients["official"].get("/home").text

    assert "How long may" not in page
    assert "No draft was returned to you." in page


def test_everybody_lands_where_their_role_begins(clients):
    for name, client in clients.items():
        wanted = "/ask" if name in {"asker", "official"} else "/home"
        assert client.get("/").headers["location"] == wanted
        assert 'href="/home"' in client.get("/account").text
    with httpx.Client(base_url=str(clients["asker"].base_url)) as nobody:
        assert nobody.get("/").headers["location"] == "/sign-in"
        assert nobody.get("/home").headers["location"] == "/sign-in?next=/home"


def _headings(page: str) -> set[str]:
    return {part.partition("</h2>")[0] for part in page.split("<h2>")[1:]}
