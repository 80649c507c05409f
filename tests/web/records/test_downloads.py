"""Where released texts go from the pages: files to take along, for those they are for, and letters to one address."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import expect

from humphrey.clearance.model import Review
from humphrey.delivery.outlets.email import MailOutlet
from humphrey.mail.smtp import Mailer, MailServer
from humphrey.papers.draft import Commission
from tests.support.mail_server import postbox
from tests.web.conftest import Visitor
from tests.web.running_site import Site

FORMS = {
    "odt": b"PK",
    "docx": b"PK",
    "pdf": b"%PDF-",
    "html": b"<!DOCTYPE html>",
    "md": b"Question: How long",
}


@contextmanager
def visitor(site: Site, name: str = "") -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, headers={"Origin": site.url}, timeout=20) as client:
        if name:
            assert client.post("/sign-in", data={"name": name}).status_code == 303
        yield client


def opened(site: Site) -> Review:
    return site.desk.clearance.take(
        Commission("answer", "How long <script>alert(1)</script> do we have?", "amina", "web")
    )


def approved(site: Site) -> Review:
    review = opened(site)
    return site.desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)


@pytest.mark.parametrize(("form", "begins"), FORMS.items())
def test_a_released_text_is_taken_along_as_an_attachment_that_no_browser_runs(site: Site, form: str, begins: bytes):
    review = approved(site)
    with visitor(site, "amina") as amina:
        answer = amina.get(f"/reviews/{review.id}/export.{form}")

    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    name = f"{review.reference} How long script alert 1 script do we have.{form}"
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="{name}"; filename*=')
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox;")
    assert "no-store" in answer.headers["cache-control"]
    assert b"<script>" not in answer.content if form == "html" else True


@pytest.mark.parametrize(("name", "status"), [("amina", 200), ("grace", 200), ("iris", 200)])
def test_it_is_for_the_person_who_asked_the_person_who_decided_and_auditors(site: Site, name: str, status: int):
    review = approved(site)
    with visitor(site, name) as client:
        assert client.get(f"/reviews/{review.id}/export.md").status_code == status


@pytest.mark.parametrize("name", ["tom", "david", "priya", "sam"])
def test_it_is_for_nobody_else(site: Site, name: str):
    review = approved(site)
    with visitor(site, name) as client:
        answer = client.get(f"/reviews/{review.id}/export.md")

    assert answer.status_code == 403
    assert "You asked" not in answer.text
    entry = site.desk.clearance.history(review.id)[-1]
    assert (entry.actor, entry.act, entry.detail["tried"]) == (name, "act:refused", "release:export")


def test_the_person_who_is_not_signed_in_is_led_to_the_sign_in(site: Site):
    review = approved(site)
    with visitor(site) as nobody:
        answer = nobody.get(f"/reviews/{review.id}/export.md")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def test_what_was_not_released_is_given_to_nobody(site: Site):
    review = opened(site)
    for name in ("amina", "iris"):
        with visitor(site, name) as client:
            answer = client.get(f"/reviews/{review.id}/export.md")
            assert answer.status_code == 409
            assert "only an approved one can leave" in answer.text
            assert client.get(f"/reviews/{review.id}/export.exe").status_code == 404
            assert client.get("/reviews/nothing/export.md").status_code == 409
            assert client.get("/reviews/..%2f..%2fetc/export.md").status_code in {404, 409}


def test_a_paper_goes_to_the_address_that_its_asker_gave_and_the_reviewer_approved(
    sign_in: Callable[[str], Visitor], site: Site
):
    tom = sign_in("tom")
    page = tom.open("/papers")
    page.get_by_role("link", name="Acknowledgement of a letter").click()
    page.get_by_label("Who wrote").fill("Jo Bloggs")
    page.get_by_label("Day of arrival", exact=True).fill("23 November 2026")
    page.get_by_label("What about").fill("A letter; send the reply to the editor")
    page.get_by_role("button", name="Draft it").click()
    expect(page.locator("#paper")).to_contain_text("Dear Jo Bloggs")
    expect(page.get_by_label("E-mail address")).to_be_hidden()
    page.get_by_label("Send it by e-mail").check()
    page.get_by_label("E-mail address").fill("no address")
    page.get_by_role("button", name="Send for clearance").click()
    expect(page.locator("#papers-alert [role=alert]")).to_contain_text("no e-mail address")
    page.get_by_label("E-mail address").fill("jo@example.org")
    page.get_by_role("button", name="Send for clearance").click()
    expect(page.locator("#paper-note")).to_contain_text("Sent for clearance as review")
    expect(page.get_by_role("button", name="Send for clearance")).to_be_hidden()

    review = max(site.desk.clearance.sent_by("tom"), key=lambda each: each.opened)
    asked = review.draft.commission
    assert (asked.outlet, asked.recipient) == ("email", "jo@example.org")
    site.desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
    with postbox() as box:
        server = MailServer("127.0.0.1", box.port, "us@department.example", tls="none")
        done = site.desk.deliver("email", MailOutlet(Mailer(server, lambda: datetime.now(UTC)), {}))
    assert [release.review for release in done.delivered] == [review.id]
    assert [letter.to for letter in box.letters] == ["jo@example.org"]
