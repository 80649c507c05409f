"""The Ask page in a real browser: conversations, questions asked again, files, what is copied and what is kept."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from humphrey.delivery.outlets.web import show
from humphrey.drafting.questions.kinds import classify
from humphrey.web.ask.attachments import TASKS, task_question
from tests.web.conftest import Visitor
from tests.web.running_site import QUOTE, Site

SignIn = Callable[[str], Visitor]


@pytest.fixture
def amina(sign_in: SignIn) -> Iterator[Visitor]:
    visitor = sign_in("amina")
    visitor.page.get_by_role("button", name="New conversation", exact=True).click()
    yield visitor
    assert visitor.elsewhere == []
    assert visitor.trouble == []
    assert visitor.dialogs == []


def box(page: Page) -> Locator:
    return page.get_by_label("Your question")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def start(page: Page, question: str) -> None:
    box(page).fill(question)
    press(page, "Ask")


def listed(page: Page) -> Locator:
    return page.locator("#history-list a[data-conversation]")


def attach(page: Page, *paths: Path) -> None:
    page.get_by_label("Attach files to this conversation").set_input_files(list(paths))


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "a note.txt"
    path.write_text("Jo is to order twelve chairs by 4 March 2027.", encoding="utf-8")
    return path


def test_conversations_are_found_by_the_words_in_them_and_the_open_one_stays_open(amina: Visitor) -> None:
    page = amina.page
    amina.ask("Where do zebras graze?")
    press(page, "New conversation")
    amina.ask("Where do walruses swim?")
    page.get_by_label("Find a conversation").fill("ZEBRAS")
    expect(listed(page)).to_have_count(1)
    expect(listed(page)).to_contain_text("zebras graze")
    box(page).fill("And in winter?")
    press(page, "Ask")
    expect(page.locator("#latest")).to_contain_text("And in winter?")
    expect(page.locator("#earlier")).to_contain_text("walruses")


def test_nobody_finds_what_another_person_asked(amina: Visitor, sign_in: SignIn) -> None:
    amina.ask("What is said of quokkas?")
    tom = sign_in("tom")
    tom.page.get_by_label("Find a conversation").fill("quokkas")
    expect(tom.page.locator("#history-list")).to_contain_text("No conversation with “quokkas”.")
    assert "What is said of quokkas" not in tom.page.content()


def test_a_question_is_asked_anew_and_what_it_replaces_stays_folded_away_where_it_stood(amina: Visitor) -> None:
    page = amina.page
    for question in ("The first question", "The second question", "The third question"):
        amina.ask(question)
        expect(page.locator("#latest")).to_contain_text(question)
    box(page).fill("Half a thought")
    page.get_by_role("button", name="Change the question The second question").click()
    expect(box(page)).to_have_value("The second question")
    expect(box(page)).to_be_focused()
    expect(page.locator("#changing")).to_contain_text("replaces what it was answered")
    start(page, "The second question, changed")
    expect(page.locator("#latest")).to_contain_text("The second question, changed")
    expect(page.locator("#changing .notice")).to_have_count(0)
    expect(box(page)).to_have_value("Half a thought")

    folded = page.locator("#earlier .replaced")
    expect(folded.locator("summary").first).to_have_text(re.compile("^2 exchanges replaced"))
    expect(folded.get_by_role("heading", name="The third question")).to_be_hidden()
    folded.locator("summary").first.click()
    expect(folded.get_by_role("heading", name="The third question")).to_be_visible()
    order = page.locator("#thread h2:visible").all_inner_texts()
    assert order == ["The first question", "The second question", "The third question", "The second question, changed"]
    page.get_by_role("button", name="Ask again", exact=True).click()
    expect(page.locator("#earlier .replaced summary").first).to_have_text(re.compile("^3 exchanges replaced"))
    expect(page.locator("#latest")).to_contain_text("The second question, changed")


def test_a_conversation_is_removed_in_two_steps_and_what_was_sent_stays(amina: Visitor) -> None:
    page = amina.page
    amina.ask("Shall this be forgotten?")
    press(page, "Send for clearance")
    page.locator("#note .notice").wait_for()
    press(page, "Options for Shall this be forgotten?")
    press(page, "Remove")
    press(page, "Remove it for good")
    expect(page.locator("#history-options")).to_be_hidden()
    expect(page.locator("#latest .draft")).to_have_count(0)
    expect(listed(page).filter(has_text="Shall this be forgotten?")).to_have_count(0)
    expect(page.locator("#sent")).to_contain_text("Shall this be forgotten?")


def test_an_earlier_question_may_be_left_as_it_is_after_all(amina: Visitor) -> None:
    page = amina.page
    amina.ask("A question to be left")
    press(page, "Change the question")
    press(page, "Leave it as it is")
    expect(box(page)).to_have_value("")
    amina.page.wait_for_timeout(200)
    start(page, "A further question")
    expect(page.locator("#earlier")).to_contain_text("A question to be left")
    expect(page.locator("#earlier .replaced")).to_have_count(0)


def soon_forgotten(page: Page, *what: str) -> bool:
    """Whether the browser soon keeps nothing of what was written; the page's policy forbids to wait inside it."""
    for _ in range(50):
        if not any(page.evaluate(f"sessionStorage.getItem('humphrey:{each}:amina')") for each in what):
            return True
        page.wait_for_timeout(100)
    return False


def copied(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_a_draft_is_copied_below_its_mark_and_above_its_sources_by_keyboard_alone(amina: Visitor, site: Site) -> None:
    page = amina.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.url)
    amina.ask("What shall be copied?")
    button = page.locator("#latest").get_by_role("button", name="Copy with its mark")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#latest .told")).to_have_text("Copied.")
    lines = copied(page).split("\n")
    assert lines[:3] == ["DRAFT, not cleared", "", "You asked: What shall be copied?"]
    assert lines[-2:] == [
        "Sources",
        "[1] Time limits <b>in short</b>, Time limits, https://guidance.example/limits",
    ]


def test_where_the_clipboard_is_refused_the_text_is_selected(amina: Visitor) -> None:
    page = amina.page
    amina.ask("What if it is refused?")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    page.locator("#latest").get_by_role("button", name="Copy with its mark").click()
    expect(page.locator("#latest .told")).to_contain_text("copy it from there")
    assert str(page.evaluate("getSelection().toString()")).startswith("DRAFT, not cleared\n\nYou asked: What if")


def test_a_released_text_is_copied_with_its_clearance_and_not_as_a_draft(amina: Visitor, site: Site) -> None:
    page = amina.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.url)
    amina.ask("Shall this be released?")
    press(page, "Send for clearance")
    page.locator("#note .notice").wait_for()
    review = max(site.desk.clearance.sent_by("amina"), key=lambda each: each.opened)
    site.desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
    site.desk.deliver("web", show)
    amina.open("/ask")
    press(amina.page, "What I sent")
    item = page.locator("#sent li", has_text="Shall this be released?")
    item.get_by_text("Read the released text").click()
    item.get_by_role("button", name="Copy", exact=True).click()
    expect(item.locator(".told")).to_have_text("Copied.")
    assert re.match(
        r"Approved by grace, \d+ \w+ \d{4}, \d\d:\d\d (?:GMT|BST)\. Marking: OFFICIAL\.\n\nYou asked", copied(page)
    )


def test_every_answer_can_be_judged_and_what_a_person_thinks_of_it_is_kept_with_it(amina: Visitor, site: Site) -> None:
    page = amina.page
    amina.ask("Is this of use?")
    amina.ask("And is this?")
    expect(page.locator("#earlier")).to_contain_text("Is this of use?")
    page.get_by_role("button", name="Not useful Is this of use?").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Not useful Is this of use?")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_label("It leaves something out").check()
    page.get_by_label("In your own words").fill("The <b>appeal</b>.\nAnd its  date.")
    press(page, "Give feedback")
    expect(page.locator("#note")).to_contain_text("Thank you")
    expect(page.locator("#earlier .thought")).to_contain_text("It leaves something out: The <b>appeal</b>.")
    press(page, "Useful")
    expect(page.locator("#latest .thought")).to_contain_text("You found this useful")
    first, second = site.desk.conversations.exchanges(site.desk.conversations.conversations("amina")[0].id, "amina")
    assert first.feedback
    assert second.feedback
    said = "It leaves something out: The <b>appeal</b>.\nAnd its  date."
    assert (first.feedback.good, first.feedback.reason, second.feedback.good) == (False, said, True)


def test_a_partial_answer_says_what_it_lacks_and_how_it_came_about(amina: Visitor) -> None:
    latest = amina.page.locator("#latest")
    amina.ask("partly to be answered")
    expect(latest.locator(".missing")).to_contain_text("Whether <b>weekends</b> count.")
    expect(latest.locator(".label")).to_contain_text("Partly answered")
    expect(latest.locator("mark.condition")).to_have_text("Only if")
    suggestion = latest.locator(".findings li")
    expect(suggestion).to_be_hidden()
    latest.get_by_text("1 suggestion on style").click()
    expect(suggestion).to_have_text("A shorter word would do.")
    latest.get_by_text("How this came about").click()
    expect(latest.locator(".came-about")).to_contain_text("temperature 0")
    expect(latest.locator(".came-about")).to_contain_text("1,200 tokens and wrote 80 tokens in 2 calls")
    expect(latest.locator(".steps")).to_contain_text("3 passages")


def test_a_refused_question_is_not_kept_and_its_words_stay_in_the_box_but_not_in_the_browser(
    amina: Visitor, site: Site
) -> None:
    page = amina.page
    amina.ask("What was asked before?")
    before = len(site.desk.conversations.conversations("amina"))
    start(page, "never to be answered")
    expect(page.locator("#ask-alert [role=alert]")).to_contain_text("You asked: never to be answered")
    expect(box(page)).to_have_value("never to be answered")
    expect(page.locator("#latest")).to_contain_text("What was asked before?")
    expect(page.locator("#latest")).not_to_contain_text("never to be answered")
    expect(box(page)).to_have_attribute("aria-invalid", "")
    expect(page.get_by_role("button", name="Send for clearance")).to_be_visible()
    assert len(site.desk.conversations.conversations("amina")) == before
    assert soon_forgotten(page, "question", "asked")


def test_a_draft_that_fails_says_why_and_leaves_the_question_and_what_was_there_before(amina: Visitor) -> None:
    page = amina.page
    amina.ask("What came before the failure?")
    start(page, "failing to be answered")
    expect(page.locator("#ask-alert [role=alert]")).to_contain_text("the model did not answer; ask again")
    expect(box(page)).to_have_value("failing to be answered")
    expect(page.locator("#latest")).to_contain_text("What came before the failure?")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()


def test_a_question_back_is_shown_and_the_box_waits_for_the_answer(amina: Visitor) -> None:
    amina.ask("unclear what is meant")
    expect(amina.page.locator("#latest .label")).to_contain_text("needs to know more")
    expect(box(amina.page)).to_be_focused()
    expect(box(amina.page)).to_have_value("")


def test_a_question_outlasts_a_reload_until_it_is_taken_and_nobody_else_sees_it(amina: Visitor) -> None:
    page = amina.page
    box(page).fill("Half a secret")
    page.evaluate("sessionStorage.setItem('humphrey:question:tom', 'left behind')")
    page.reload()
    expect(box(page)).to_have_value("Half a secret")
    assert page.evaluate("Object.keys(sessionStorage)") == ["humphrey:question:amina"]
    amina.ask("A quick one instead")
    assert soon_forgotten(page, "question", "asked")


def test_files_are_attached_one_by_one_asked_about_as_a_whole_and_removed(
    amina: Visitor, site: Site, note: Path, tmp_path: Path
) -> None:
    page, broken = amina.page, tmp_path / "broken <i>.txt"
    broken.write_bytes(b"\xff\xfe\xff")
    attach(page, note, broken)
    held = page.locator("#files li")
    expect(held).to_have_count(1)
    expect(held).to_contain_text("a note.txt")
    expect(held).to_contain_text("10 words")
    expect(page.locator("#attaching [role=alert]")).to_contain_text(
        "Not attached: broken i.txt is no text; save it as one."
    )
    box(page).fill("Half a question")
    press(page, "Actions")
    page.locator("#latest .byline").wait_for()
    expect(page.locator("#latest .asked")).to_contain_text("List the actions in the attached file")
    expect(box(page)).to_have_value("Half a question")
    kept = site.desk.conversations.exchanges(site.desk.conversations.conversations("amina")[0].id, "amina")[
        -1
    ].draft.commission
    assert (kept.task, len(kept.attached)) == ("actions", 1)

    press(page, "New conversation")
    expect(held).to_have_count(0)
    expect(page.locator("#attaching *")).to_have_count(0)
    page.reload()
    expect(page.locator("#latest")).to_have_text("")
    listed(page).first.click()
    expect(held).to_have_count(1)
    page.get_by_role("button", name="Remove a note.txt").click()
    expect(held).to_have_count(0)
    expect(page.locator("#tasks")).to_be_hidden()


def test_only_its_owner_opens_an_attached_file(amina: Visitor, sign_in: SignIn, note: Path) -> None:
    attach(amina.page, note)
    there = amina.page.locator("#files a").get_attribute("href") or ""
    for name, seen in (
        ("amina", "twelve chairs"),
        ("tom", "There is nothing here"),
        ("grace", "There is nothing here"),
    ):
        visitor = amina if name == "amina" else sign_in(name)
        expect(visitor.open(there).get_by_role("main")).to_contain_text(seen)
        visitor.trouble.clear()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("task", TASKS)
def test_a_tasks_button_asks_for_that_task(task: str, count: int) -> None:
    assert classify(task_question(task, count), attached=True).task == task


def test_a_cited_passage_still_opens_from_a_draft_that_is_shown_again(amina: Visitor) -> None:
    amina.ask("Once more?")
    page = amina.page
    page.locator("#latest").get_by_role("link", name="[1]").click()
    expect(page.locator("#sources mark.quote")).to_have_text(QUOTE)
