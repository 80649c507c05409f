"""The Clear page with several people at once, in real browsers: claims, returns, changes, and who is too late."""

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from humphrey.clearance.model import Review
from humphrey.papers.draft import Commission
from tests.web.conftest import Visitor
from tests.web.running_site import QUOTE, Site
from tests.web.test_pages import quiet

SignIn = Callable[[str], Visitor]


def sent(site: Site, question: str, asker: str = "amina") -> Review:
    """A draft on the list."""
    return site.desk.clearance.take(Commission("answer", question, asker, "web"))


def opened(visitor: Visitor, review: Review) -> Page:
    page = visitor.open(f"/clear?review={review.id}")
    page.locator(f"#review-{review.id}").wait_for()
    return page


def entry(page: Page, review: Review):
    return page.locator(f"#queue button[value='{review.id}']")


def confirmed(page: Page, act: str) -> None:
    page.get_by_role("button", name=act).click()
    expect(page.locator("#confirmation h2")).to_be_focused()
    page.get_by_role("button", name="Yes, do this").click()
    page.locator("#clear-note .notice").wait_for()


def test_a_claim_is_seen_by_another_who_cannot_decide_until_it_is_handed_back(site: Site, sign_in: SignIn) -> None:
    review = sent(site, "Who claims this first?")
    grace, david = sign_in("grace"), sign_in("david")
    ours = opened(grace, review)
    ours.get_by_role("button", name="Claim it").click()
    expect(ours.locator("#standing")).to_contain_text("You have claimed it until")
    expect(entry(ours, review)).to_contain_text("claimed by you")

    theirs = opened(david, review)
    expect(theirs.locator("#standing")).to_contain_text("grace has claimed it until")
    expect(entry(theirs, review)).to_contain_text("claimed by grace")
    expect(theirs.get_by_role("button", name="Approve and release")).to_be_hidden()

    ours.get_by_role("button", name="Hand it back").click()
    expect(ours.locator("#clear-note")).to_contain_text("handed it back")
    theirs = opened(david, review)
    expect(theirs.get_by_role("button", name="Approve and release")).to_be_visible()
    quiet(grace, david)


def test_a_decision_is_confirmed_on_the_destination_the_marking_and_the_digest_that_are_shown(
    site: Site, sign_in: SignIn
) -> None:
    review = sent(site, "What leaves, and where to?")
    grace = sign_in("grace")
    page = opened(grace, review)
    page.get_by_role("button", name="Approve and release").click()
    shown = page.locator("#confirmation")
    expect(shown).to_contain_text("to amina, on their own page")
    expect(shown).to_contain_text("OFFICIAL")
    assert shown.locator(".digest").inner_text().replace(" ", "") == review.draft.digest.removeprefix("sha256:")
    assert site.desk.clearance.review(review.id).state == "open", "nothing is decided before it is confirmed"

    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Approve and release")).to_be_focused()
    expect(shown).to_be_hidden()
    confirmed(page, "Approve and release")
    expect(page.locator("#clear-note")).to_contain_text("released to amina, on their own page")
    there = page.locator("#clear-note").get_by_role("link", name="what became of it")
    assert there.get_attribute("href") == f"/reviews/{review.id}"
    assert site.desk.clearance.review(review.id).decisions[-1].digest == review.draft.digest
    quiet(grace)


def test_a_returned_draft_is_changed_by_its_author_and_approved_by_another(site: Site, sign_in: SignIn) -> None:
    review = sent(site, "Is this to be returned?")
    amina, grace, david = sign_in("amina"), sign_in("grace"), sign_in("david")
    page = opened(grace, review)
    page.get_by_role("button", name="Return to its author").click()
    expect(page.locator("#clear-alert [role=alert]")).to_contain_text("give the author a reason")
    page.get_by_label("Something is said without evidence").check()
    page.get_by_label("In your own words").fill("Say which day <b>counts</b>.")
    confirmed(page, "Return to its author")

    theirs = amina.open("/ask")
    expect(theirs.locator("header .notices")).to_contain_text("Notices (")
    item = theirs.locator("#sent li", has_text="Is this to be returned?")
    expect(item).to_contain_text("Returned to you by grace")
    expect(item).to_contain_text("Something is said without evidence")
    expect(item).to_contain_text("Say which day <b>counts</b>.")
    item.get_by_role("link", name="change it and send it again").click()
    text = theirs.get_by_label("The text", exact=True)
    text.fill(text.input_value().replace("Count working days", "Count only working days"))
    theirs.get_by_role("button", name="Save and send it again").click()
    expect(theirs.get_by_role("status")).to_contain_text("with a reviewer again")

    page = opened(david, review)
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#compared ins")).to_contain_text("only")
    expect(page.locator("#compared")).to_contain_text("1 word put in.")
    page.get_by_text("Who wrote which words").click()
    expect(page.locator("#shown .hand.by-person")).to_contain_text("only")
    confirmed(page, "Approve and release")
    theirs.goto(f"{site.url}/reviews/{review.id}")
    expect(theirs.get_by_role("main")).to_contain_text("Read the released text")
    assert [made.reviewer for made in site.desk.clearance.review(review.id).decisions] == ["grace", "david"]
    quiet(amina, grace, david)


def test_a_third_reviewer_is_told_that_they_are_too_late(site: Site, sign_in: SignIn) -> None:
    review = sent(site, "Who is first?")
    grace, david = sign_in("grace"), sign_in("david")
    late = opened(grace, review)
    confirmed(opened(david, review), "Approve and release")
    late.get_by_role("button", name="Approve and release").click()
    expect(late.locator("#clear-alert [role=alert]")).to_contain_text("already")
    expect(late.get_by_role("button", name="Approve and release")).to_be_hidden()
    quiet(grace, david)


def test_what_is_confirmed_is_not_another_text_than_the_one_that_was_read(site: Site, sign_in: SignIn) -> None:
    review = sent(site, "Does it change under the eyes?")
    grace = sign_in("grace")
    page = opened(grace, review)
    page.get_by_role("button", name="Approve and release").click()
    expect(page.locator("#confirmation h2")).to_be_focused()
    site.desk.clearance.amend(review.id, "Quite other words [1].", "amina")
    page.get_by_role("button", name="Yes, do this").click()
    expect(page.locator("#clear-alert [role=alert]")).to_contain_text("changed since")
    expect(page.locator("#compared ins").first).to_contain_text("other words")
    expect(page.locator("#shown .words").first).to_contain_text("Quite other words")
    assert site.desk.clearance.review(review.id).state == "open"
    quiet(grace)


def test_the_person_who_changes_the_words_on_the_page_cannot_approve_them(site: Site, sign_in: SignIn) -> None:
    review = sent(site, "Will this be amended?")
    david = sign_in("david")
    page = opened(david, review)
    page.get_by_text("Change the words").click()
    expect(page.get_by_label("The text")).to_have_value(re.compile("Will this be amended"))
    page.get_by_label("The text").fill("Other words [1].")
    page.get_by_role("button", name="Save the new words").click()
    expect(page.locator("#clear-note")).to_contain_text("Another person must decide")
    expect(page.locator("#standing")).to_contain_text("another person must decide")
    expect(page.get_by_role("button", name="Approve and release")).to_be_hidden()
    quiet(david)


def test_a_sentence_leads_to_its_passage_and_back_and_a_finding_to_its_words_and_back(
    site: Site, sign_in: SignIn
) -> None:
    review = sent(site, "Where does it stand?")
    grace = sign_in("grace")
    page = opened(grace, review)
    passage = page.locator("#shown details.passage")
    assert passage.get_attribute("open") is None, "opening a passage is an act of the reader"
    with page.expect_request(re.compile(f"{review.id}/reading")) as told:
        page.locator("#shown a.marker").click()
    assert told.value.post_data_json["opened"] == ["1"]
    expect(page.locator("#shown mark.quote")).to_have_text(QUOTE)
    passage.get_by_role("link", name="sentence 2").click()
    assert QUOTE in page.evaluate("document.querySelector(':target').textContent")

    page.get_by_text("1 suggestion on style").click()
    page.get_by_role("link", name="Show the words").click()
    assert page.evaluate("document.querySelector(':target').textContent") == "You"
    page.locator("#shown a.led").first.click()
    assert "A shorter word" in page.evaluate("document.querySelector(':target').textContent")
    quiet(grace)


def test_a_draft_is_commented_on_and_handed_to_a_deputy_who_is_told(site: Site, sign_in: SignIn) -> None:
    review = sent(site, "Who stands in?")
    grace, david = sign_in("grace"), sign_in("david")
    page = opened(grace, review)
    page.locator("#commenting").get_by_role("button", name="Comment").click()
    page.get_by_label("Your comment").fill("Look at <i>paragraph 2</i>.")
    page.get_by_role("button", name="Say it").click()
    expect(page.locator("#said")).to_contain_text("Look at <i>paragraph 2</i>.")
    page.get_by_role("button", name="Hand it to another reviewer").click()
    page.get_by_label("david").check()
    page.get_by_role("button", name="Hand it over").click()
    expect(page.locator("#standing")).to_contain_text("david has claimed it")

    theirs = david.open("/notices")
    expect(theirs.get_by_role("main")).to_contain_text(f"Draft {review.id} was handed to you by grace")
    theirs.get_by_role("listitem").filter(has_text=review.id).get_by_role("link", name="See the draft").first.click()
    theirs.get_by_role("link", name="Open it on the desk").click()
    expect(theirs.locator("#standing")).to_contain_text("You have claimed it")
    quiet(grace, david)


def test_what_changes_in_the_queue_by_itself_moves_nothing_that_is_read(site: Site, sign_in: SignIn) -> None:
    first = sent(site, "What stands first stays there")
    grace = sign_in("grace")
    page = grace.open("/clear")
    entry(page, first).wait_for()
    page.clock.install()
    page.goto(f"{site.url}/clear")
    entry(page, first).wait_for()
    before = page.locator("#queue button").evaluate_all("all => all.map(one => one.value)")
    site.desk.clearance.decide(first.id, "refuse", "david", first.draft.digest, "Not ours.")
    later = sent(site, "What comes later waits below a button")
    page.clock.fast_forward(15_000)
    expect(entry(page, first)).to_contain_text("no longer in this list")
    assert page.locator("#queue button").evaluate_all("all => all.map(one => one.value)") == before
    page.locator("#fresh").click()
    expect(entry(page, first)).to_have_count(0)
    expect(entry(page, later)).to_have_count(1)
    quiet(grace)


def test_a_draft_is_claimed_approved_and_the_next_one_opened_with_keys_alone(site: Site, sign_in: SignIn) -> None:
    review, _ = sent(site, "By keyboard alone, at the desk?"), sent(site, "And what is next?")
    grace = sign_in("grace")
    page = opened(grace, review)
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    expect(page.locator("#confirmation")).to_be_hidden()
    page.locator("#keyboard summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Use single keys")).to_be_checked()
    page.keyboard.press("c")
    expect(page.locator("#standing")).to_contain_text("You have claimed it")
    page.keyboard.press("e")
    expect(page.locator("#shown mark.quote")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator("#confirmation h2")).to_be_focused()
    page.keyboard.press("y")
    expect(page.locator("#clear-note")).to_contain_text("is approved")
    assert site.desk.clearance.review(review.id).state == "delivered"
    # The list has the focus now: arrows move in it, and Enter opens.
    expect(page.locator("#queue button:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    page.locator("#shown .review").wait_for()
    page.get_by_label("Use single keys").uncheck()
    quiet(grace)


def test_the_queue_is_filtered_and_counted(site: Site, sign_in: SignIn) -> None:
    mine = sent(site, "Asked by tom alone", "tom")
    others = sent(site, "Asked by amina as ever")
    grace = sign_in("grace")
    page = grace.open("/clear")
    page.get_by_text("Filter the queue").click()
    page.get_by_label("Asked by").fill("tom")
    expect(entry(page, others)).to_have_count(0)
    expect(entry(page, mine)).to_have_count(1)
    page.get_by_label("Claimed by").select_option("Me")
    expect(page.locator("#queue")).to_contain_text("No draft fits.")
    page.get_by_role("button", name="Show all").click()
    expect(entry(page, others)).to_have_count(1)
    expect(page.locator("#counts")).to_contain_text("overdue")
    quiet(grace)


@pytest.mark.parametrize("path", ["/clear", "/notices", "/api/docs"])
def test_the_pages_of_the_desk_fit_a_telephone(site: Site, sign_in: SignIn, path: str) -> None:
    review = sent(site, "x" * 300 + " does this fit?")
    grace = sign_in("grace")
    grace.page.set_viewport_size({"width": 390, "height": 800})
    for each in (path, f"/clear?review={review.id}") if path == "/clear" else (path,):
        page = grace.open(each)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        if each != path:
            page.locator("#shown .review").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, each


def test_a_page_of_one_review_is_for_its_author_and_its_reviewers_alone(site: Site) -> None:
    review = sent(site, "Whose is this?")
    answers = {}
    for name in ("amina", "tom", "grace", "iris"):
        with httpx.Client(base_url=site.url, headers={"Origin": site.url}, timeout=20) as client:
            client.post("/sign-in", data={"name": name})
            answers[name] = client.get(f"/reviews/{review.id}")
            assert client.get("/reviews/none").status_code == 404 if name != "nobody" else True
    assert {name: answer.status_code for name, answer in answers.items()} == {
        "amina": 200, "tom": 403, "grace": 200, "iris": 200,
    }  # fmt: skip
    assert "Whose is this?" not in answers["tom"].text
    assert f'action="/reviews/{review.id}/amend"' in answers["amina"].text
    assert f'action="/reviews/{review.id}/amend"' not in answers["grace"].text


def test_the_person_who_reads_is_told_what_others_do_meanwhile_and_nothing_is_taken_from_them(
    site: Site, sign_in: SignIn
) -> None:
    review, other = sent(site, "What happens meanwhile?"), sent(site, "What else happens meanwhile?")
    grace = sign_in("grace")
    grace.page.clock.install()
    page = opened(grace, review)
    site.desk.clearance.amend(review.id, "Changed by its author [1].", "amina")
    page.clock.fast_forward(11_000)
    expect(page.locator("#meanwhile [role=status]")).to_contain_text("Meanwhile amina changed the words")
    expect(page.locator("#shown .words").first).to_contain_text("What happens meanwhile?")
    page.get_by_role("button", name="Open it again").click()
    expect(page.locator("#shown .words").first).to_contain_text("Changed by its author")
    expect(page.locator("#meanwhile")).to_have_text("")

    page = opened(grace, other)
    site.desk.assignment.claim(other.id, "david")
    page.clock.fast_forward(11_000)
    expect(page.locator("#meanwhile")).to_contain_text("david has claimed this draft until")
    site.desk.clearance.decide(other.id, "refuse", "david", other.draft.digest, "Not ours.")
    page.clock.fast_forward(11_000)
    expect(page.locator("#meanwhile")).to_contain_text("Meanwhile david decided on this draft: it is refused.")
    quiet(grace)
