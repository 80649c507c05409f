"""The outbox on a page: what waits and why, for administrators and for the reviewers who may clear it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest

from humphrey.errors import DeliveryError, Undeliverable
from humphrey.ledger import store as ledger_store
from humphrey.papers.draft import Commission
from tests.web.running_site import Site, running


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("outbox"), gradio=False) as site:
        yield site


@contextmanager
def signed_in(site: Site, name: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, headers={"Origin": site.url}, timeout=30) as client:
        assert client.post("/sign-in", data={"name": name}).status_code == 303
        yield client


def approved(site: Site, marking: str = "OFFICIAL", outlet: str = "file") -> str:
    review = site.desk.clearance.take(Commission("answer", "How <b>long</b>?", "amina", outlet, marking=marking))
    site.desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
    return review.id


def row(page: str, review: str) -> str:
    found = re.search(rf"<tr><th scope=\"row\">[^/]*(?:/reviews/)?{review}.*?</tr>", page)
    assert found, f"{review} is not listed"
    return re.sub("<[^>]+>", " ", found[0])


def test_what_waits_failed_was_set_aside_or_taken_back_is_listed_with_its_reason_and_retried(site: Site):
    waits, failed, gone, undone = (approved(site) for _ in range(4))

    def fails(release):
        if release.review == failed:
            raise DeliveryError("the <i>mail</i> server is busy")
        if release.review == gone:
            raise Undeliverable("there is no such address")
        pytest.fail("nothing else is sent")

    site.desk.clearance.undo(undone, "grace")
    site.desk.clearance.undo(waits, "grace")
    site.desk.deliver("file", fails)
    again = site.desk.clearance.review(waits)
    site.desk.clearance.decide(waits, "approve", "grace", again.draft.digest)

    with signed_in(site, "sam") as administrator:
        page = administrator.get("/outbox").text
        assert "Waits for its outlet" in row(page, waits)
        assert "Failed; tried again" in row(page, failed)
        assert "the &lt;i&gt;mail&lt;/i&gt; server is busy" in page
        assert "Set aside" in row(page, gone)
        assert "there is no such address" in row(page, gone)
        assert f'<a href="/reviews/{undone}">' not in page, "an administrator may not open the draft"
        assert "grace" in row(page.split("Taken back in the last week")[1], undone)
        assert "How" not in page, "no words of a draft"
        for review in (failed, gone):
            assert administrator.post("/outbox/retry", data={"review": review}).headers["location"] == "/outbox"
            entry = list(ledger_store.entries(site.database, review))[-1]
            assert (entry.actor, entry.act) == ("sam", "release:retry")
        refused = administrator.post("/outbox/retry", data={"review": waits})
        assert (refused.status_code, "failed or is set aside" in refused.text) == (409, True)
    assert len(site.desk.deliver("file", lambda _: (_ for _ in ()).throw(DeliveryError("busy"))).failed) == 3


def test_a_reviewer_sees_what_they_may_clear_and_has_no_retry(site: Site):
    mine = approved(site)

    with signed_in(site, "grace") as grace, signed_in(site, "amina") as amina:
        page = grace.get("/outbox").text
        assert f'<a href="/reviews/{mine}">' in page
        assert "/outbox/retry" not in page
        assert '<a href="/outbox"' in page, "it is in the navigation"
        assert grace.post("/outbox/retry", data={"review": mine}).status_code == 403
        refused = amina.get("/outbox")
        assert (refused.status_code, mine in refused.text) == (403, False)
        assert '<a href="/outbox"' not in amina.get("/notices").text
    listing = site.desk.delivery.listing("grace", lambda review, _person: review.id != mine)
    assert mine not in {each.row.review for each in listing.waiting}


def test_a_moment_is_shown_until_it_has_passed(site: Site):
    review = site.desk.clearance.take(Commission("answer", "How long?", "amina", "web"))
    site.desk.assignment.claim(review.id, "grace")
    decided = site.desk.clearance.decide(review.id, "approve", "grace", review.draft.digest, door="web")
    assert decided.decisions[-1].held_until == decided.decisions[-1].at + timedelta(seconds=30)

    with signed_in(site, "grace") as grace:
        assert "Can be taken back at leisure until" in row(grace.get("/outbox").text, review.id)
