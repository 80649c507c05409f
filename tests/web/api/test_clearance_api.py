"""The desk's JSON routes: the same acts as its page, the same refusals, and nothing for the person who may not."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from humphrey.clearance.model import Review
from humphrey.papers.draft import Commission
from tests.web.running_site import Site
from tests.web.test_server import visitor

ROOT = "/api/v1"


ACTS = {
    "claim": None,
    "hand-back": None,
    "undo": None,
    "defer": {"until": "2026-12-31", "reason": "Counsel is asked."},
    "rate": {"digest": "sha256:none", "sentences": {"1": "right"}},
    "hand-over": {"deputy": "david"},
    "comment": {"text": "Look at this."},
    "amend": {"text": "Other words [1].", "digest": "sha256:none"},
    "instruct": {"instruction": "Make it shorter.", "digest": "sha256:none"},
    "decide": {"verdict": "approve", "digest": "sha256:none"},
    "reading": {"wording": 1, "seconds": 1, "opened": []},
}


@pytest.fixture
def review(site: Site) -> Review:
    return site.desk.clearance.take(Commission("answer", "How long, in JSON?", "amina", "web"))


@pytest.fixture
def grace(site: Site) -> Iterator[httpx.Client]:
    with visitor(site, "grace") as client:
        yield client


@pytest.fixture
def david(site: Site) -> Iterator[httpx.Client]:
    with visitor(site, "david") as client:
        yield client


@pytest.fixture
def tom(site: Site) -> Iterator[httpx.Client]:
    with visitor(site, "tom") as client:
        yield client


def state(site: Site, review: Review) -> Review:
    return site.desk.clearance.review(review.id)


def act(client: httpx.Client, review: Review | str, name: str, **given: object) -> httpx.Response:
    review_id = review if isinstance(review, str) else review.id
    return client.post(f"{ROOT}/reviews/{review_id}/{name}", json=given or ACTS[name])


def test_the_queue_is_listed_filtered_and_paged_with_its_counts(site: Site, grace: httpx.Client) -> None:
    ours = [site.desk.clearance.take(Commission("answer", f"Question {n}", "sam", "web")) for n in range(3)]
    page = grace.get(f"{ROOT}/reviews", params={"asked_by": "sam", "limit": 2}).json()
    assert [row["id"] for row in page["reviews"]] == [review.id for review in ours[:2]]
    assert page["total"] == 3
    assert page["counts"]["state"]["open"] >= 3
    row = page["reviews"][0]
    assert (row["title"], row["due_said"], row["marking"]) == ("Question 0", "no due date", "OFFICIAL")
    assert "text" not in row
    rest = grace.get(f"{ROOT}/reviews", params={"asked_by": "sam", "limit": 2, "offset": 2}).json()
    assert [row["id"] for row in rest["reviews"]] == [ours[2].id]
    assert grace.get(f"{ROOT}/reviews", params={"kind": "receipt", "asked_by": "sam"}).json()["total"] == 0


def test_a_review_is_claimed_commented_on_amended_and_approved_by_another(
    site: Site, review: Review, grace: httpx.Client, david: httpx.Client
) -> None:
    assert act(grace, review, "claim").json()["claimed_by"] == "grace"
    busy = act(david, review, "decide", verdict="approve", digest=review.draft.digest)
    assert (busy.status_code, "grace has claimed review" in busy.json()["error"]) == (409, True)
    assert act(grace, review, "comment", text="Look.").json()["remarks"][0]["text"] == "Look."
    amended = act(grace, review, "amend", text="Other words [1].", digest=review.draft.digest).json()
    assert amended["versions"][-1]["origin"] == "person"
    own = act(grace, review, "decide", verdict="approve", digest=amended["digest"])
    assert (own.status_code, "another person must decide" in own.json()["error"]) == (403, True)
    approved = act(david, review, "decide", verdict="approve", digest=amended["digest"])
    assert approved.json()["state"] == "released"
    assert state(site, review).decisions[-1].digest == amended["digest"]


def test_a_decision_that_is_sent_twice_is_made_once(site: Site, review: Review, grace: httpx.Client) -> None:
    given = {"verdict": "return", "digest": review.draft.digest, "reasons": ["facts"]}
    answers = [act(grace, review, "decide", **given) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert "already returned" in answers[1].json()["error"]
    assert len(state(site, review).decisions) == 1


def test_of_two_decisions_at_the_same_moment_one_is_made(
    site: Site, review: Review, grace: httpx.Client, david: httpx.Client
) -> None:
    start, codes = threading.Barrier(2), []

    def decide(client: httpx.Client) -> None:
        start.wait()
        codes.append(act(client, review, "decide", verdict="approve", digest=review.draft.digest).status_code)

    racing = [threading.Thread(target=decide, args=(client,)) for client in (grace, david)]
    for thread in racing:
        thread.start()
    for thread in racing:
        thread.join()
    assert sorted(codes) == [200, 409]
    assert len(state(site, review).decisions) == 1


@pytest.mark.parametrize("name", ACTS)
def test_nobody_and_no_official_can_act_and_it_changes_nothing(
    site: Site, review: Review, tom: httpx.Client, name: str
) -> None:
    before = state(site, review)
    with visitor(site) as nobody:
        answer = act(nobody, review, name)
        assert (answer.status_code, list(answer.json())) == (401, ["error"])
    answer = act(tom, review, name)
    assert answer.status_code in {400, 403}, answer.text
    assert list(answer.json()) == ["error"]
    assert state(site, review) == before


def test_a_review_is_seen_by_its_author_and_its_reviewers_alone(
    site: Site, review: Review, grace: httpx.Client, tom: httpx.Client
) -> None:
    assert grace.get(f"{ROOT}/reviews/{review.id}").json()["text"] == review.draft.text
    with visitor(site, "amina") as amina:
        assert amina.get(f"{ROOT}/reviews/{review.id}/standing").json()["state"] == "open"
    for path in (f"{ROOT}/reviews/{review.id}", f"{ROOT}/reviews/{review.id}/standing", f"{ROOT}/reviews"):
        answer = tom.get(path)
        assert (answer.status_code, review.draft.text in answer.text) == (403, False)


@pytest.mark.parametrize("name", ["claim", "comment", "decide", "reading"])
def test_a_review_that_is_not_there_is_not_found(grace: httpx.Client, name: str) -> None:
    answer = act(grace, "no-such-review", name)
    assert (answer.status_code, "no review 'no-such-review'" in answer.json()["error"]) == (404, True)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("decide", {"verdict": "release", "digest": "sha256:x"}),
        ("decide", {"verdict": "approve"}),
        ("decide", {"verdict": "approve", "digest": ""}),
        ("decide", {"verdict": "approve", "digest": "sha256:x", "reviewer": "david"}),
        ("decide", {"verdict": "return", "digest": "sha256:x", "reasons": ["because"]}),
        ("amend", {"text": "Other words.", "digest": ""}),
        ("amend", {"text": ["Other words."], "digest": "sha256:x"}),
        ("reading", {"wording": 0, "seconds": 1}),
        ("reading", {"wording": 1, "seconds": -1}),
        ("reading", {"wording": 1, "seconds": 1, "opened": ["1"] * 1000}),
    ],
)
def test_what_will_not_do_is_refused_in_one_sentence_without_what_was_sent(
    site: Site, review: Review, grace: httpx.Client, name: str, given: dict
) -> None:
    answer = act(grace, review, name, **given)
    assert answer.status_code == 400, answer.text
    assert list(answer.json()) == ["error"]
    assert "Other words" not in answer.text
    assert state(site, review).state == "open"


@pytest.mark.parametrize("query", ["limit=0", "limit=1000", "offset=-1", "due_within=x", "state=gone", "days_old=-3"])
def test_a_filter_that_means_nothing_is_refused(grace: httpx.Client, query: str) -> None:
    answer = grace.get(f"{ROOT}/reviews?{query}")
    assert (answer.status_code, list(answer.json())) == (400, ["error"])


def test_a_stale_digest_is_a_conflict(site: Site, review: Review, grace: httpx.Client) -> None:
    site.desk.clearance.amend(review.id, "Changed by its author [1].", "amina")
    for name, given in (
        ("decide", {"verdict": "approve", "digest": review.draft.digest}),
        ("amend", {"text": "Again other words [1].", "digest": review.draft.digest}),
        ("instruct", {"instruction": "Make it shorter.", "digest": review.draft.digest}),
    ):
        answer = act(grace, review, name, **given)
        assert (answer.status_code, "changed since" in answer.json()["error"]) == (409, True)


def test_a_post_from_another_place_or_as_a_form_or_too_large_does_nothing(
    site: Site, review: Review, grace: httpx.Client
) -> None:
    address = f"{ROOT}/reviews/{review.id}/decide"
    given = {"verdict": "approve", "digest": review.draft.digest}
    for origin in ("https://evil.example", "null", ""):
        answer = grace.post(address, json=given, headers={"Origin": origin})
        assert (answer.status_code, list(answer.json())) == (403, ["error"])
    assert grace.post(address, data=given).status_code == 400
    assert grace.post(address, content=json.dumps(given), headers={"Content-Type": "text/plain"}).status_code == 400
    large = grace.post(f"{ROOT}/reviews/{review.id}/comment", json={"text": "x" * 1_100_000})
    assert (large.status_code, list(large.json())) == (413, ["error"])
    assert state(site, review).state == "open"


def test_opened_evidence_and_time_are_noted_once_for_the_reader(
    site: Site, review: Review, grace: httpx.Client
) -> None:
    for _ in range(2):
        assert act(grace, review, "reading", wording=1, seconds=2.5, opened=["1", "99"]).json() == {"noted": True}
    assert act(grace, review, "reading", wording=7, seconds=1).status_code == 400


def test_notices_are_read_by_the_person_who_they_are_for(site: Site, review: Review, tom: httpx.Client) -> None:
    site.desk.clearance.decide(review.id, "refuse", "grace", review.draft.digest, "Not ours.")
    with visitor(site, "amina") as amina:
        told = amina.get(f"{ROOT}/notices").json()
        ours = next(notice for notice in told["notices"] if notice["review"] == review.id)
        assert (ours["event"], ours["read"]) == ("refused", False)
        assert f"Draft {review.reference} was refused by grace" in ours["said"]
        assert tom.post(f"{ROOT}/notices/{ours['id']}/read").status_code == 404
        left = amina.post(f"{ROOT}/notices/{ours['id']}/read").json()["unread"]
        assert left == told["unread"] - 1
        assert amina.post(f"{ROOT}/notices/{ours['id']}/read").json()["unread"] == left


def test_the_routes_describe_themselves_without_a_script_of_anybody(grace: httpx.Client, site: Site) -> None:
    described = grace.get("/api/openapi.json").json()
    assert {f"{ROOT}/reviews", f"{ROOT}/reviews/{{review_id}}/decide", f"{ROOT}/notices"} <= set(described["paths"])
    page = grace.get("/api/docs").text
    assert "<script" not in page
    assert all(path in page for path in described["paths"])
    assert "Of the draft that was read" in page
    with visitor(site) as nobody:
        assert nobody.get("/api/openapi.json").status_code == 401
        assert nobody.get("/api/docs").status_code == 303
        assert list(nobody.get("/api/v2/reviews").json()) == ["error"]


def test_a_draft_is_deferred_rated_decided_with_findings_named_and_taken_back(
    site: Site, review: Review, grace: httpx.Client, david: httpx.Client
) -> None:
    digest, until = review.draft.digest, (site.desk.now().date() + timedelta(days=3)).isoformat()
    deferred = act(grace, review, "defer", until=until, reason="Counsel is asked.").json()
    assert (deferred["deferred_until"], deferred["deferrals"][0]["reason"]) == (until, "Counsel is asked.")
    rows = grace.get(f"{ROOT}/reviews", params={"asked_by": review.draft.commission.asked_by, "limit": 200}).json()
    assert [row["deferred_until"] for row in rows["reviews"] if row["id"] == review.id] == [until]
    rated = act(grace, review, "rate", digest=digest, sentences={"1": "partly"}, citations={"1": "good"})
    assert (rated.status_code, rated.json()["sentences"], rated.json()["wording"]) == (200, {"1": "partly"}, 1)
    read = david.get(f"{ROOT}/reviews/{review.id}/ratings").json()
    start, end = read["sentences"][0]
    assert (review.draft.text[start:end][:10], len(read["ratings"]), read["digest"]) == ("You asked:", 1, digest)

    finding = grace.get(f"{ROOT}/reviews/{review.id}").json()["findings"][0]
    unknown = act(grace, review, "decide", verdict="approve", digest=digest, acknowledge=["no_check"])
    assert (unknown.status_code, "has no finding 'no_check'" in unknown.json()["error"]) == (400, True)
    decided = act(grace, review, "decide", verdict="approve", digest=digest, acknowledge=[finding["check"]]).json()
    [decision] = decided["decisions"]
    assert (decision["door"], decision["held_until"]) == ("api", None)
    assert finding["key"] in decision["acknowledged"]
    assert act(david, review, "undo").status_code == 403
    undone = act(grace, review, "undo").json()
    assert (undone["state"], undone["decided_by"]) == ("open", "grace")
    assert act(grace, review, "undo").status_code == 409


def test_a_comment_says_whom_it_told(review: Review, grace: httpx.Client) -> None:
    told = act(grace, review, "comment", text="@david and @nobody.here, look.").json()

    assert (told["mentioned"], told["not_told"]) == (["david"], ["nobody.here"])


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("defer", {"until": "someday", "reason": "x"}),
        ("defer", {"until": "2020-01-01", "reason": "x"}),
        ("rate", {"digest": "DIGEST", "sentences": {"one": "right"}}),
        ("rate", {"digest": "DIGEST", "sentences": {"1": "fine"}}),
        ("rate", {"digest": "DIGEST"}),
    ],
)
def test_an_act_of_what_is_not_there_is_a_bad_request(review: Review, grace: httpx.Client, name, given) -> None:
    sent = {key: review.draft.digest if value == "DIGEST" else value for key, value in given.items()}

    assert act(grace, review, name, **sent).status_code == 400
