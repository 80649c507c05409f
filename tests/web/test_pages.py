"""The pages in a real browser: one whole walk, nothing from elsewhere, nothing shared, nothing run."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.web.conftest import Visitor
from tests.web.running_site import QUOTE, WATCHED, Site

SignIn = Callable[[str], Visitor]


def choose_review(visitor: Visitor, question: str) -> None:
    visitor.open("/clear").locator("#queue button", has_text=question).click()
    visitor.page.locator("#shown .review", has_text=question).wait_for()


def quiet(*visitors: Visitor) -> None:
    for visitor in visitors:
        assert visitor.elsewhere == []
        assert visitor.trouble == []
        assert visitor.dialogs == []


def test_a_demonstration_person_signs_in_and_out_with_a_button_below_a_warning(browser: Browser, site: Site) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.url)
    expect(page.get_by_role("main")).to_contain_text("Anyone on this computer can be any of them")
    page.get_by_role("button", name="Tom, official").click()
    expect(page.get_by_label("Your question")).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text("tom, official")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(f"{site.url}/ask")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    context.close()


def test_a_question_is_drafted_cited_sent_approved_by_another_and_released(sign_in: SignIn) -> None:
    amina, grace = sign_in("amina"), sign_in("grace")
    amina.ask("When must we answer?")
    latest = amina.page.locator("#latest")
    expect(latest).to_contain_text("DRAFT, not cleared")
    expect(latest).to_contain_text("Answered from the guidance")
    expect(latest).to_contain_text("22 December 2026")
    expect(latest).to_contain_text("Written by parrot (test)")
    latest.get_by_role("link", name="[1]").click()
    sources = amina.page.locator("#sources")
    expect(sources.locator("mark.quote")).to_have_text(QUOTE)
    expect(sources.locator("mark.quote")).to_be_in_viewport()
    expect(sources.get_by_role("link", name="The original")).to_have_attribute("rel", "noopener noreferrer")

    amina.page.get_by_role("button", name="Send for clearance").click()
    expect(amina.page.locator("#sent li").first).to_contain_text("With a reviewer")
    expect(amina.page.get_by_role("button", name="Send for clearance")).to_be_hidden()

    choose_review(grace, "When must we answer?")
    grace.page.locator("#shown").get_by_role("link", name="[1]").click()
    expect(grace.page.locator("#evidence mark.quote")).to_have_text(QUOTE)
    grace.page.get_by_role("button", name="Claim it").click()
    grace.page.get_by_role("button", name="Approve and release").click()
    grace.page.get_by_role("button", name="Yes, do this").click()
    expect(grace.page.locator("#clear-note")).to_contain_text("It is released to amina")

    amina.open("/ask")
    expect(amina.page.locator("#sent li").first).to_contain_text("Released")
    amina.page.get_by_role("button", name="What I sent").click()
    amina.page.get_by_text("Read the released text").first.click()
    expect(amina.page.locator("#sent .released").first).to_contain_text("Approved by grace")
    quiet(amina, grace)


def test_the_citation_opens_the_whole_document_at_the_marked_span(sign_in: SignIn) -> None:
    tom = sign_in("tom")
    tom.ask("Where is it written?")
    whole = tom.page.locator("#latest .ways a").first.get_attribute("href")
    tom.open(whole or "")
    expect(tom.page.locator("mark#quoted")).to_have_text(QUOTE)
    expect(tom.page.locator("mark#quoted")).to_be_in_viewport()
    quiet(tom)


def test_a_paper_is_drafted_from_its_form_and_a_missing_fact_is_named(sign_in: SignIn) -> None:
    tom = sign_in("tom")
    page = tom.open("/papers")
    page.get_by_role("link", name="Acknowledgement of a letter").click()
    page.get_by_label("Who wrote").fill("Jo <i>Bloggs</i>")
    page.get_by_role("button", name="Draft it").click()
    expect(page.locator("#paper .missing")).to_contain_text("Day of arrival")
    expect(page.get_by_label("Who wrote")).to_have_value("Jo <i>Bloggs</i>")
    page.get_by_label("Day of arrival", exact=True).fill("23 November 2026")
    page.get_by_label("What about").fill("A letter")
    page.get_by_role("button", name="Draft it").click()
    expect(page.locator("#paper .findings")).not_to_contain_text("is missing")
    expect(page.locator("#paper")).to_contain_text("Dear Jo <i>Bloggs</i>")
    page.get_by_role("button", name="Send for clearance").click()
    expect(page.locator("#paper-note")).to_contain_text("Sent for clearance as review")
    expect(page.locator("#papers-sent li").first).to_contain_text("With a reviewer")
    tom.open("/papers")
    expect(page.locator("#papers-sent li")).to_have_count(1)
    quiet(tom)


@pytest.mark.parametrize("path", ["/ask", "/papers", "/clear", "/documents/notes/time-limits", "/sign-in"])
def test_no_page_fetches_anything_from_another_host(sign_in: SignIn, path: str) -> None:
    grace = sign_in("grace")
    grace.open(path)
    grace.page.wait_for_load_state("networkidle")
    assert len(grace.requests) > 1
    quiet(grace)


def test_two_signed_in_people_share_nothing(sign_in: SignIn) -> None:
    amina, tom = sign_in("amina"), sign_in("tom")
    amina.page.get_by_label("Your question").fill("slowly Amina's own question")
    tom.page.get_by_label("Your question").fill("slowly Tom's own question")
    amina.page.get_by_role("button", name="Ask", exact=True).click()
    tom.page.get_by_role("button", name="Ask", exact=True).click()
    for visitor, own, other in ((amina, "Amina's own", "Tom's own"), (tom, "Tom's own", "Amina's own")):
        visitor.page.locator("#latest .byline").wait_for()
        expect(visitor.page.locator("#latest")).to_contain_text(own)
        expect(visitor.page.locator("#history-list")).to_contain_text(own)
        assert other not in visitor.page.content()
        visitor.page.reload()
        visitor.page.locator("#history-list a", has_text=own).click()
        expect(visitor.page.locator("#latest")).to_contain_text(own)
        assert other not in visitor.page.content()
    quiet(amina, tom)


def test_a_follow_up_stays_in_its_conversation_and_a_new_one_starts_empty(sign_in: SignIn) -> None:
    tom = sign_in("tom")
    tom.ask("The first of two")
    tom.page.get_by_label("Your question").fill("The second of two")
    tom.page.get_by_role("button", name="Ask", exact=True).click()
    expect(tom.page.locator("#latest")).to_contain_text("The second of two")
    expect(tom.page.locator("#earlier")).to_contain_text("The first of two")
    tom.page.get_by_role("button", name="New conversation").click()
    expect(tom.page.locator("#latest .draft")).to_have_count(0)
    expect(tom.page.locator("#earlier .draft")).to_have_count(0)
    quiet(tom)


HOSTILE = (
    "<img src=https://evil.example/a.png onerror=alert(1)> <script>alert(2)</script>",
    "![x](https://evil.example/b.png) [click](javascript:alert(3)) <https://evil.example/c>",
    "\n\n<svg onload=alert(4)>\n\n<iframe src=https://evil.example/d>\n\n# heading\n\n$$\\href{https://evil.example}{x}$$",
)


@pytest.mark.parametrize("question", HOSTILE)
def test_a_hostile_question_is_shown_as_text_to_its_author_and_to_the_reviewer(sign_in: SignIn, question: str) -> None:
    amina, grace = sign_in("amina"), sign_in("grace")
    amina.ask(question)
    amina.page.get_by_role("button", name="Send for clearance").click()
    amina.page.locator("#note .notice").wait_for()
    grace.open("/clear").locator("#queue button").last.click()
    grace.page.locator("#shown .review").wait_for()
    for visitor, place in ((amina, "#latest"), (grace, "#shown")):
        inside = visitor.page.locator(place)
        expect(inside).to_contain_text(question.split()[0])
        assert inside.locator("img, script, svg, iframe, .katex, h1, a[href*=evil], a[href^=javascript]").count() == 0
    quiet(amina, grace)


@pytest.mark.parametrize(
    ("question", "said"),
    [("", "empty"), ("   \n ", "empty"), ("\u200b\u200d\ufeff", "empty"), ("x" * 100_000, "10,000")],
    ids=["empty", "blank", "zero-width", "100,000 characters"],
)
def test_a_question_that_will_not_do_is_refused_in_one_sentence_and_stays_in_its_box(
    sign_in: SignIn, question: str, said: str
) -> None:
    tom = sign_in("tom")
    box = tom.page.get_by_label("Your question")
    box.fill(question)
    tom.page.get_by_role("button", name="Ask", exact=True).click()
    expect(tom.page.locator("#ask-alert [role=alert]")).to_contain_text(said)
    assert "Traceback" not in tom.page.content()
    expect(box).to_have_value(question)
    expect(tom.page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()
    quiet(tom)


def test_an_error_and_a_half_written_question_outlast_the_refreshing_of_the_page(sign_in: SignIn) -> None:
    tom = sign_in("tom")
    tom.page.clock.install()
    tom.open("/ask").locator("#sent .hint").first.wait_for(state="attached")
    tom.page.get_by_role("button", name="Ask", exact=True).click()
    tom.page.locator("#ask-alert [role=alert]").wait_for()
    tom.page.get_by_label("Your question").fill("Half a quest")
    with tom.page.expect_response(re.compile("queue/data"), timeout=30_000):
        tom.page.clock.fast_forward(20_000)
    tom.page.wait_for_timeout(1_000)
    expect(tom.page.locator("#ask-alert [role=alert]")).to_be_visible()
    expect(tom.page.get_by_label("Your question")).to_have_value("Half a quest")
    quiet(tom)


def test_a_right_to_left_question_is_answered_and_does_not_turn_the_page_round(sign_in: SignIn) -> None:
    tom = sign_in("tom")
    tom.ask("كم يوما لدينا للرد؟")
    expect(tom.page.locator("#latest .asked")).to_have_text("كم يوما لدينا للرد؟")
    label = tom.page.locator("#latest .label")
    assert label.evaluate("element => getComputedStyle(element).direction") == "ltr"
    assert tom.page.locator("#latest .asked").evaluate("element => getComputedStyle(element).direction") == "rtl"
    quiet(tom)


def test_a_growing_draft_is_shown_at_most_five_times_a_second(sign_in: SignIn) -> None:
    tom = sign_in("tom")
    tom.page.evaluate(
        "() => { window.seen = 0; new MutationObserver(() => window.seen++)"
        ".observe(document.querySelector('#latest'), {childList: true, subtree: true}); }"
    )
    started = time.monotonic()
    tom.ask("steadily " + "one two three four five six seven eight nine ten " * 30)
    took = time.monotonic() - started
    assert 3 <= tom.page.evaluate("window.seen") <= 5 * took + 5


def test_a_draft_that_is_stopped_is_not_written_on(sign_in: SignIn) -> None:
    tom = sign_in("tom")
    long = "slowly " + "words and more words " * 60
    tom.page.get_by_label("Your question").fill(long)
    tom.page.get_by_role("button", name="Ask", exact=True).click()
    tom.page.get_by_role("button", name="Stop").click()
    expect(tom.page.locator("#note")).to_contain_text("You stopped this draft")
    expect(tom.page.get_by_label("Your question")).to_have_value(long)
    expect(tom.page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()
    assert still()


def still(limit_s: float = 20) -> bool:
    """Whether the drafter stops writing within a few seconds."""
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        before = WATCHED[0]
        time.sleep(0.8)
        if WATCHED[0] == before:
            return True
    return False


def test_every_page_can_be_walked_with_the_keyboard_and_has_one_heading_and_labels(sign_in: SignIn) -> None:
    grace = sign_in("grace")
    for path in ("/ask", "/papers", "/clear"):
        page = grace.open(path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page.get_by_role("main")).to_have_count(1)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        nameless = page.locator("input:visible, textarea:visible").evaluate_all(
            "all => all.filter(one => !one.labels?.length && !one.getAttribute('aria-label')).length"
        )
        assert nameless == 0
    page = grace.open("/ask")
    page.get_by_label("Your question").focus()
    page.keyboard.type("By keyboard alone?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#latest .byline")).to_be_visible()
    assert re.search("By keyboard alone", page.locator("#latest").inner_text())
    quiet(grace)
