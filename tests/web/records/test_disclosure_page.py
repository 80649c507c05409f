"""The Disclosure page and the route of case files: what auditors do there, and that nobody else gets in."""

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from humphrey.clearance.model import Review
from humphrey.clearance.notifications import store as notification_store
from humphrey.ledger import store as ledger_store
from humphrey.papers.draft import Commission
from humphrey.records.disclosure import store as disclosure_store
from tests.web.running_site import Site, running


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("disclosure")
    with running(folder, gradio=False) as site:
        yield site


class Browser:
    """A person at the pages, with the cookie of their own session."""

    def __init__(self, site: Site, name: str = "") -> None:
        self.site = site
        self._client = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        if name:
            self.post("/sign-in", name=name, next="/guidance")

    def get(self, path: str) -> tuple[int, str, dict[str, str]]:
        return self._ask(urllib.request.Request(self.site.url + path))  # noqa: S310 - loopback

    def post(self, path: str, **fields: str) -> tuple[int, str, dict[str, str]]:
        form = urllib.parse.urlencode(fields).encode()
        return self._ask(urllib.request.Request(self.site.url + path, form, {"Origin": self.site.url}))  # noqa: S310 - loopback

    def _ask(self, request: urllib.request.Request) -> tuple[int, str, dict[str, str]]:
        try:
            with self._client.open(request) as answer:
                self.url = answer.url
                return (
                    answer.status,
                    answer.read().decode(errors="replace"),
                    {name.lower(): value for name, value in answer.headers.items()},
                )
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace"), {}


def returned(site: Site, reason: str) -> Review:
    review = site.desk.clearance.take(Commission("answer", "How long?", "amina", "web"))
    return site.desk.clearance.decide(review.id, "return", "grace", review.draft.digest, reason)


def test_an_auditor_searches_decides_and_sends_a_pack_for_clearance(site):
    returned(site, "Dr Verity <b>Quillfeather</b> rang on 020 7946 0018.")
    iris = Browser(site, "iris")

    status, html, _ = iris.post("/disclosures/search", person="quillfeather")
    assert status == 200
    assert "one text of" in html.lower() or "1 text of" in html
    assert "&lt;b&gt;Quillfeather" in html
    status, html, _ = iris.post("/disclosures", person="quillfeather", regime="sar", reference="SAR/9")
    assert status == 200
    pack = iris.url.rpartition("/")[2]
    marks = re.findall(r'name="(mark-\d+)" value="confirmed"', html)
    assert len(marks) == 2
    assert "Send it for clearance" not in html
    status, html, _ = iris.post(f"/disclosures/{pack}/decide", **dict.fromkeys(marks, "confirmed"))
    assert "All decided." in html
    status, html, _ = iris.post(f"/disclosures/{pack}/send")
    sent = re.search(r"Sent for clearance as review (\w+)", html)
    assert sent
    text = site.desk.clearance.review(sent[1]).draft.text
    assert "0018" not in text
    assert "[REDACTED: a telephone number]" in text


def test_a_person_redacts_words_of_their_own_and_leaves_a_text_out(site):
    returned(site, "The plover agreement is not for them.")
    returned(site, "Another plover.")
    iris = Browser(site, "iris")
    iris.post("/disclosures", words="plover", regime="foi", reference="F/1")
    pack = iris.url.rpartition("/")[2]

    _, html, _ = iris.post(f"/disclosures/{pack}/add", words="plover agreement", reason="commercial interests")
    assert html.count('class="redaction confirmed"') == 1
    _, html, _ = iris.post(f"/disclosures/{pack}/leave-out", item="2", why="it says the same")
    assert "Left out: it says the same" in html
    status, html, _ = iris.post(f"/disclosures/{pack}/add", words="nowhere", reason="x")
    assert (status, "pack has no place with these words" in html) == (400, True)
    _, html, _ = iris.post(f"/disclosures/{pack}/drop")
    assert "Given up." in html


@pytest.mark.parametrize("name", ["amina", "grace", "priya", "sam"])
def test_the_person_who_is_no_auditor_gets_in_nowhere(site, name):
    returned(site, "The dotterel.")
    iris, other = Browser(site, "iris"), Browser(site, name)
    iris.post("/disclosures", words="dotterel", regime="foi", reference="F/2")
    pack = iris.url.rpartition("/")[2]

    assert other.get("/disclosures")[0] == other.get(f"/disclosures/{pack}")[0] == 403
    for act in (
        "",
        "/search",
        f"/{pack}/decide",
        f"/{pack}/add",
        f"/{pack}/leave-out",
        f"/{pack}/send",
        f"/{pack}/drop",
    ):
        status, html, _ = other.post(f"/disclosures{act}", words="dotterel", regime="foi", reference="x", item="1")
        assert status == 403, act
        assert "dotterel" not in html
    assert disclosure_store.pack(site.database, pack).items


def test_nobody_is_sent_to_sign_in(site):
    nobody = Browser(site)
    for path in ("/disclosures", "/disclosures/x", "/reviews/x/case.html"):
        assert nobody.get(path)[0] == 200
        assert "/sign-in" in nobody.url


@pytest.mark.parametrize(
    ("name", "status"), [("amina", 200), ("grace", 200), ("iris", 200), ("david", 403), ("sam", 403)]
)
def test_the_case_file_of_a_released_text_is_given_to_whom_it_is_for(site, name, status):
    review = site.desk.clearance.take(Commission("answer", "How long?", "amina", "web"))
    site.desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)

    got, html, headers = Browser(site, name).get(f"/reviews/{review.id}/case.html")

    assert got == status
    if status == 200:
        assert f"Case file of review {review.reference}" in html
        assert "sandbox" in headers["content-security-policy"]
        assert "<script" not in html
        assert headers["cache-control"] == "private, no-store"
        assert list(ledger_store.entries(site.database))[-1].act == "case:export"


def test_a_case_file_of_nothing_and_of_no_form_is_not_there(site):
    iris = Browser(site, "iris")

    assert iris.get("/reviews/r9/case.html")[0] == 404
    assert iris.get("/reviews/r9/case.exe")[0] == 404


def test_a_notice_of_words_that_fall_due_leads_to_no_draft(site):
    with site.database.transaction() as tx:
        notification_store.add(tx, ["sam"], "disposal_due", "", datetime.now(UTC), "3 March 2027: 3 texts")

    _, html, _ = Browser(site, "sam").get("/notices")

    assert "Words fall due for disposal on 3 March 2027: 3 texts." in html
    assert "See the draft" not in html
