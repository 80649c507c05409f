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


def claimed(visitor: Visitor, review: Review) -> Page:
    page = opened(visitor, review)
    page.get_by_role("button", name="Claim it").click()
    expect(page.locator("#standing")).to_contain_text("You have claimed it until")
    return page


def confirmed(page: Page, act: str) -> None:
    page.get_by_role("button", name=act).click()
    expect(page.locator("#confirmation h2")).to_be_focused()
    page.get_by_role("button", name="Yes, do this").click()
    page.locator("#clear-note .notice").wait_for()


def test_a_claim_is_seen_by_another_who_cannot_decide_until_it_is_handed_back(site: Site, sign_in: SignIn) -> None:
    review = sent(site, "Who claims this first?")
    grace, david = sign_in("grace"), sign_in("david")
    ours = opened(grace, review)
    expect(ours.locator("#standing")).to_contain_text("Claim this draft to decide on it.")
    expect(ours.get_by_role("button", name="Approve and release")).to_be_disabled()
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
    page = claimed(grace, review)
    page.get_by_role("button", name="Approve and release").click()
    shown = page.locator("#confirmation")
    expect(shown).to_contain_text("to amina, on their own page")
    expect(shown.locator(".preview")).to_contain_text("What leaves, and where to?")
    expect(shown.locator(".preview")).to_contain_text(f"“{QUOTE}”")
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
    page = claimed(grace, review)
    page.get_by_role("button", name="Return to its author").click()
    page.get_by_role("button", name="Yes, do this").click()
    expect(page.locator("#clear-alert [role=alert]")).to_contain_text("Give the author a reason")
    expect(page.locator("#clear-alert h2")).to_be_focused()
    expect(page.locator("#reasons .field-error")).to_contain_text("Give the author a reason")
    page.locator("#clear-alert a").click()
    expect(page.get_by_label("A fact, figure or date is wrong")).to_be_focused()
    page.get_by_label("Something is said without evidence").check()
    page.get_by_label("In your own words").fill("Say which day <b>counts</b>.")
    page.get_by_role("button", name="Yes, do this").click()
    page.locator("#clear-note .notice").wait_for()

    theirs = amina.open("/ask")
    expect(theirs.locator("header .notices")).to_contain_text("Notices (")
    theirs.get_by_role("button", name="What I sent").click()
    item = theirs.locator("#sent li", has_text="Is this to be returned?")
    expect(item).to_contain_text("Returned to you by grace")
    expect(item).to_contain_text("Something is said without evidence")
    expect(item).to_contain_text("Say which day <b>counts</b>.")
    item.get_by_role("link", name="change it and send it again").click()
    text = theirs.get_by_label("The text", exact=True)
    text.fill(text.input_value().replace("Count working days", "Count only working days"))
    theirs.get_by_role("button", name="Save and send it again").click()
    expect(theirs.get_by_role("status")).to_contain_text("with a reviewer again")

    page = claimed(david, review)
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
    confirmed(claimed(david, review), "Approve and release")
    late.get_by_role("button", name="Claim it").click()
    expect(late.locator("#clear-alert [role=alert]")).to_contain_text(
        re.compile(r"david already approved this draft, \d+ \w+ \d{4}, \d\d:\d\d")
    )
    expect(late.get_by_role("button", name="Approve and release")).to_be_hidden()
    quiet(grace, david)


def test_what_is_confirmed_is_not_another_text_than_the_one_that_was_read(site: Site, sign_in: SignIn) -> None:
    review = sent(site, "Does it change under the eyes?")
    grace = sign_in("grace")
    page = claimed(grace, review)
    page.get_by_role("button", name="Approve and release").click()
    expect(page.locator("#confirmation h2")).to_be_focused()
    site.desk.assignment.hand_back(review.id, "grace")
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
    passage = page.locator("#evidence .passage")
    expect(passage.locator("mark.quote")).to_be_visible()
    lit = page.locator("#shown mark.sentence.lit")
    page.locator("#shown mark.sentence.cited").first.click()
    expect(page.locator("#evidence .passage.lit mark.quote")).to_have_text(QUOTE)
    expect(lit).to_contain_text(QUOTE)
    page.locator("#shown a.marker").focus()
    page.keyboard.press("Enter")
    expect(passage).to_be_focused()
    passage.get_by_role("link", name="sentence 2").click()
    assert QUOTE in page.evaluate("document.querySelector(':target').textContent")
    expect(lit).to_be_in_viewport()

    page.get_by_text("1 suggestion on style").click()
    page.get_by_role("link", name="Show the words").click()
    assert page.evaluate("document.querySelector(':target').textContent") == "You"
    page.locator("#shown .draft a.led").first.click()
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
    expect(theirs.get_by_role("main")).to_contain_text(f"Draft {review.name} was handed to you by grace")
    theirs.get_by_role("listitem").filter(has_text=review.name).get_by_role("link", name="See the draft").first.click()
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
    expect(page.locator("#evidence .passage")).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator("#confirmation h2")).to_be_focused()
    page.keyboard.press("y")
    expect(page.locator("#clear-note")).to_contain_text("You have approved the draft")
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
    page.get_by_role("tab", name="All").focus()
    page.keyboard.press("Home")
    expect(page.get_by_role("tab", name="Mine", selected=True)).to_be_focused()
    expect(page.locator("#queue")).to_contain_text("No draft fits.")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Unclaimed", selected=True)).to_be_focused()
    expect(entry(page, mine)).to_contain_text("tom · answer · OFFICIAL")
    expect(entry(page, mine)).to_contain_text("waiting less than a minute · no due date")
    page.get_by_role("button", name="Show all").click()
    expect(entry(page, others)).to_have_count(1)
    expect(page.locator("#counts")).to_contain_text("overdue")
    site.desk.clearance.decide(mine.id, "refuse", "david", mine.draft.digest, "Not ours.")
    page.get_by_role("tab", name="Done").click()
    expect(entry(page, mine)).to_contain_text("refused")
    expect(entry(page, others)).to_have_count(0)
    quiet(grace)


def test_each_finding_is_read_and_ticked_before_a_draft_can_be_approved(site: Site, sign_in: SignIn) -> None:
    review = sent(site, "Is there a doubt? " + "Read on. " * 400)
    grace = sign_in("grace")
    # Low enough that the passage is not in view before it is asked for.
    grace.page.set_viewport_size({"width": 1000, "height": 600})
    page = claimed(grace, review)
    page.get_by_role("button", name="Approve and release").click()
    expect(page.locator("#clear-alert [role=alert]")).to_contain_text("Read passage [1], which finding 2 is about.")
    with page.expect_response(re.compile(f"{review.id}/reading")) as told:
        page.locator("#clear-alert a").click()
    assert told.value.request.post_data_json["opened"] == ["1"]
    expect(page.locator("#evidence .passage")).to_be_focused()

    page.get_by_role("button", name="Approve and release").click()
    expect(page.locator("#to-weigh")).to_contain_text("1 finding still to be ticked")
    expect(page.get_by_role("button", name="Yes, do this")).to_be_disabled()
    page.evaluate("document.getElementById('confirm').disabled = false")
    page.get_by_role("button", name="Yes, do this").click(no_wait_after=True)
    expect(page.locator("#clear-alert [role=alert]")).to_contain_text("Tick finding 2 once you have weighed it.")
    assert site.desk.clearance.review(review.id).state == "open", "the server asks for it, and not the page alone"
    page.get_by_label("2. To be weighed: The figure is doubtful; check it. “twenty”").check()
    page.get_by_role("button", name="Yes, do this").click()
    expect(page.locator("#clear-note")).to_contain_text("You have approved the draft")
    quiet(grace)


def test_three_panes_scroll_by_themselves_and_the_decision_stays_in_view(site: Site, sign_in: SignIn) -> None:
    review = sent(site, "Is it long? " + "It goes on and on. " * 300)
    grace = sign_in("grace")
    page = opened(grace, review)
    for width, height in ((1280, 800), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        approve = page.get_by_role("button", name="Approve and release")
        expect(approve).to_be_in_viewport()
        page.locator(".desk .opened").evaluate("pane => pane.scrollTo(0, pane.scrollHeight)")
        expect(approve).to_be_in_viewport()
        expect(page.locator("#queue button").first).to_be_in_viewport()
        expect(page.locator("#evidence .passage")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollHeight") <= height
        words = page.locator("#shown .draft .words p").first
        per_line = words.evaluate(
            "p => p.textContent.length / (p.offsetHeight / parseFloat(getComputedStyle(p).lineHeight))"
        )
        assert 55 <= per_line <= 85, f"{per_line:.0f} characters in a line at {width}"
    for width, height in ((640, 450), (390, 800), (320, 256)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("#queue").is_hidden()
    page.get_by_role("button", name="The queue").click()
    expect(entry(page, review)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="The queue")).to_be_focused()
    quiet(grace)


def test_after_a_gap_in_the_network_the_page_comes_back_with_what_was_typed(site: Site, sign_in: SignIn) -> None:
    review = sent(site, "Does it come back?")
    # Not grace: a clock that another test put into her browser stays there, and hides that a page was reloaded.
    page = opened(sign_in("david"), review)
    page.locator("#commenting").get_by_role("button", name="Comment").click()
    page.get_by_label("Your comment").fill("Half a comm")
    page.context.set_offline(True)
    page.get_by_role("button", name="Say it").click()
    page.get_by_text("Connection to the server was lost").wait_for()
    with page.expect_navigation():
        page.context.set_offline(False)
    # A gap can have gaps: the page is loaded again before anything was put back.
    page.reload(wait_until="domcontentloaded")
    expect(page.get_by_label("Your comment")).to_have_value("Half a comm")
    page.get_by_role("button", name="Say it").click()
    expect(page.locator("#said")).to_contain_text("Half a comm")


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
    expect(page.locator("#meanwhile")).to_contain_text(
        re.compile(r"Meanwhile david decided on this draft, at \d\d:\d\d (GMT|BST): it is refused\.")
    )
    quiet(grace)
