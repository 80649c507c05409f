"""Taking an approval back and putting a draft off, on the page of a review: by whom, from where, and what is said."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest

from humphrey.clearance.model import Review
from humphrey.delivery.outlets.web import show
from humphrey.papers.draft import Commission
from humphrey.text.dates import local_date, say_day
from tests.web.running_site import Site, running


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("acts"), gradio=False, undo_s=30) as site:
        yield site


@contextmanager
def signed_in(site: Site, name: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, headers={"Origin": site.url}, timeout=30) as client:
        assert client.post("/sign-in", data={"name": name}).status_code == 303
        yield client


def sent(site: Site) -> Review:
    return site.desk.clearance.take(Commission("answer", "How long is it kept?", "amina", "web"))


def approved(site: Site) -> Review:
    """A draft that grace approved on a page, so that its text waits for a moment."""
    review = sent(site)
    site.desk.assignment.claim(review.id, "grace")
    return site.desk.clearance.decide(review.id, "approve", "grace", review.draft.digest, door="web")


def stored(site: Site, review: Review) -> Review:
    return site.desk.clearance.review(review.id)


def form(page: str, act: str) -> str:
    """The address of the form of an act; empty where there is none."""
    found = re.search(rf'<form method="post"\s+action="(/reviews/[^"]+/{act})"', page)
    return found[1] if found else ""


def alert(answer: httpx.Response) -> str:
    found = re.search(r'<div class="alert" role="alert"><p>(.*?)</p>', answer.text)
    return html.unescape(found[1]) if found else ""


def later(site: Site, days: int) -> dict[str, str]:
    return {
        "until": (local_date(site.desk.now()) + timedelta(days=days)).isoformat(),
        "reason": "Counsel <b>looks</b>.",
    }


def test_its_approver_takes_an_approval_back_on_the_page_before_its_text_leaves(site: Site):
    review = approved(site)
    with signed_in(site, "grace") as grace:
        there = form(grace.get(f"/reviews/{review.id}").text, "undo")
        answer = grace.post(there)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/reviews/{review.id}?done=undone")
        page = grace.get(answer.headers["location"]).text
        assert "Your approval is taken back. The draft waits for clearance again." in page
        assert form(page, "undo") == ""
        again = grace.post(there)

    assert (again.status_code, alert(again)) == (
        409, f"Review {review.name} is open; only an approval of a waiting text is taken back.",
    )  # fmt: skip
    assert stored(site, review).state == "open"
    assert review.id not in {row.review for row in site.desk.delivery.outbox_rows()}


def test_an_approval_whose_text_left_is_not_taken_back(site: Site):
    review = sent(site)
    site.desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
    site.desk.deliver("web", show)

    with signed_in(site, "grace") as grace:
        assert form(grace.get(f"/reviews/{review.id}").text, "undo") == ""
        answer = grace.post(f"/reviews/{review.id}/undo")

    assert answer.status_code == 409
    assert alert(answer).endswith("is delivered; only an approval of a waiting text is taken back.")
    assert stored(site, review).state == "delivered"


@pytest.mark.parametrize("name", ["amina", "david", "tom", "iris", "sam"])
def test_nobody_but_its_approver_takes_an_approval_back(site: Site, name: str):
    review = approved(site)
    with signed_in(site, name) as other:
        assert form(other.get(f"/reviews/{review.id}").text, "undo") == ""
        answer = other.post(f"/reviews/{review.id}/undo")

    assert answer.status_code == 403
    assert stored(site, review).state == "released"
    if name in {"amina", "david"}:
        assert alert(answer) == (
            f"{name.capitalize()} did not approve review {review.name}; only its approver takes an approval back."
        )
    if name == "tom":
        assert "How long is it kept" not in answer.text


def test_a_reviewer_puts_a_draft_off_and_its_author_reads_until_when_and_why(site: Site):
    review, given = sent(site), later(site, 3)
    with signed_in(site, "grace") as grace, signed_in(site, "amina") as amina:
        answer = grace.post(form(grace.get(f"/reviews/{review.id}").text, "defer"), data=given)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/reviews/{review.id}?done=deferred")
        assert "The draft is put off." in grace.get(answer.headers["location"]).text
        page = amina.get(f"/reviews/{review.id}").text

    deferred = stored(site, review).deferrals[-1]
    assert (deferred.by, deferred.until.isoformat(), deferred.reason) == ("grace", given["until"], given["reason"])
    assert f"Put off until {say_day(deferred.until)} by grace" in page
    assert "Counsel &lt;b&gt;looks&lt;/b&gt;." in page


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"until": "someday"}, "'someday' is not a date; write it like 23 November 2026 or 2026-11-23."),
        ({"until": ""}, "'' is not a date; write it like 23 November 2026 or 2026-11-23."),
        ({"until": "2020-01-01"}, "1 January 2020 will not do; give a day after today, within a year."),
        ({"reason": " "}, "The reason is empty; write it in words."),
    ],
)
def test_a_day_or_a_reason_that_will_not_do_is_refused_in_a_sentence(site: Site, given: dict[str, str], said: str):
    review = sent(site)
    with signed_in(site, "grace") as grace:
        answer = grace.post(f"/reviews/{review.id}/defer", data=later(site, 3) | given)

    assert (answer.status_code, alert(answer)) == (409, said)
    assert stored(site, review).deferrals == ()


@pytest.mark.parametrize("name", ["amina", "david", "tom", "iris", "sam"])
def test_nobody_but_a_reviewer_who_may_decide_puts_a_draft_off(site: Site, name: str):
    review = sent(site)
    site.desk.assignment.claim(review.id, "grace")
    with signed_in(site, name) as other:
        shown = form(other.get(f"/reviews/{review.id}").text, "defer")
        answer = other.post(f"/reviews/{review.id}/defer", data=later(site, 3))

    assert bool(shown) == (name == "david"), "grace's claim ends, so david may put it off later"
    assert answer.status_code == (409 if name == "david" else 403)
    assert name != "david" or alert(answer).startswith("Grace has claimed")
    assert stored(site, review).deferrals == ()


@pytest.mark.parametrize("act", ["undo", "defer"])
def test_a_form_from_another_place_or_of_nobody_does_nothing(site: Site, act: str):
    review = approved(site) if act == "undo" else sent(site)
    there, given = f"/reviews/{review.id}/{act}", later(site, 3)
    with signed_in(site, "grace") as grace:
        for origin in ("https://evil.example", "null", ""):
            assert grace.post(there, data=given, headers={"Origin": origin}).status_code == 403
    nobody = httpx.post(site.url + there, data=given, headers={"Origin": site.url})

    assert (nobody.status_code, nobody.headers["location"]) == (303, "/sign-in")
    now = stored(site, review)
    assert (now.state, now.deferrals) == (review.state, ())
