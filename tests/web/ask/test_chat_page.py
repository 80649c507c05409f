"""The Ask page as a chat in a real browser: the composer, the stages, sources beside the text, reloads and gaps."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import Visitor
from tests.web.running_site import QUOTE, Site

SignIn = Callable[[str], Visitor]

SIZES = {"wide": (1280, 900), "phone": (390, 844), "200%": (640, 450), "400%": (320, 225)}


@pytest.fixture
def tom(sign_in: SignIn) -> Iterator[Visitor]:
    visitor = sign_in("tom")
    yield visitor
    if not visitor.page.is_closed():
        visitor.page.set_viewport_size({"width": 1280, "height": 900})
    assert visitor.elsewhere == []
    assert visitor.trouble == []


def box(page: Page) -> Locator:
    return page.get_by_label("Your question")


def spoken(page: Page) -> Locator:
    return page.locator("body > [role=status]")


def growing(page: Page, question: str) -> None:
    expect(page.locator("#latest .growing")).to_be_visible()
    expect(page.locator("#latest .asked")).to_contain_text(question)


def test_enter_sends_shift_and_enter_breaks_the_line_and_an_input_method_is_left_alone(tom: Visitor) -> None:
    page = tom.page
    box(page).focus()
    page.keyboard.type("One line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("and another")
    expect(box(page)).to_have_value("One line\nand another")
    composing = "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true})"
    assert box(page).evaluate(f"box => box.dispatchEvent({composing})"), "the input method has its Enter"
    expect(page.locator("#latest .exchange")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#latest .byline")).to_be_visible()
    expect(page.locator("#latest .asked")).to_have_text("One line and another")
    expect(box(page)).to_have_value("")
    expect(box(page)).to_be_focused()
    expect(spoken(page)).to_have_text("The draft is here. Answered from the guidance.")


def test_the_stages_are_named_as_they_come_and_the_question_leaves_the_box_once_it_is_taken(tom: Visitor) -> None:
    page = tom.page
    box(page).fill("slowly told")
    page.evaluate(
        "() => { window.told = []; new MutationObserver(() => window.told.push(document.querySelector("
        "'body > [role=status]').textContent)).observe(document.body, {childList: true, subtree: true}); }"
    )
    page.keyboard.press("Enter")
    growing(page, "slowly told")
    expect(box(page)).to_have_value("")
    page.locator("#latest .byline").wait_for()
    expect(spoken(page)).to_contain_text("The draft is here.")
    told = list(dict.fromkeys(page.evaluate("window.told")))
    stages = [each for each in told if each in {"Searching", "Reading 3 passages", "Writing"}]
    assert stages == ["Searching", "Reading 3 passages", "Writing"]


def test_a_thread_reads_from_the_oldest_down_and_the_composer_is_in_view_at_every_size(tom: Visitor) -> None:
    page = tom.page
    questions = [f"Question {n} {'of many words ' * 9}" for n in range(4)]
    for question in questions:
        tom.ask(question)
    for width, height in SIZES.values():
        page.set_viewport_size({"width": width, "height": height})
        for where in ("0", "document.body.scrollHeight"):
            page.evaluate(f"scrollTo(0, {where})")
            if where == "0" and height < 300:
                continue
            expect(box(page)).to_be_in_viewport(ratio=0.9)
            expect(page.get_by_role("button", name="Ask", exact=True)).to_be_in_viewport(ratio=0.9)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        left, right = page.locator("#thread").evaluate(
            "thread => [thread.getBoundingClientRect().left, innerWidth - thread.getBoundingClientRect().right]"
        )
        assert min(left, right) >= 12, f"the text touches the edge at {width} pixels"
    tops = [
        page.locator("#thread h2", has_text=f"Question {n}").evaluate("heading => heading.getBoundingClientRect().top")
        for n in range(4)
    ]
    assert tops == sorted(tops)


def test_a_mark_opens_its_passage_beside_the_answer_and_in_a_sheet_on_a_phone(tom: Visitor) -> None:
    page = tom.page
    tom.ask("Where does it say so?")
    sources, mark = page.locator("#sources"), page.locator("#latest a.marker")
    for name in ("wide", "phone"):
        width, height = SIZES[name]
        page.set_viewport_size({"width": width, "height": height})
        mark.click()
        expect(sources.locator("mark.quote")).to_have_text(QUOTE)
        expect(sources.locator("mark.quote")).to_be_in_viewport()
        expect(sources.locator("summary").first).to_be_focused()
        beside = sources.evaluate("pane => !pane.matches(':modal')")
        assert beside == (name == "wide")
        if beside:
            expect(mark).to_be_in_viewport()
            expect(box(page)).to_be_in_viewport()
        for _ in range(8 if not beside else 0):
            page.keyboard.press("Tab")
            assert page.evaluate(
                "document.activeElement === document.body || !!document.activeElement.closest('#sources')"
            )
        page.keyboard.press("Escape")
        expect(sources).to_be_hidden()
        expect(mark).to_be_focused()


def test_an_answer_under_way_outlasts_the_reload_and_the_closing_of_its_page(
    tom: Visitor, sign_in: SignIn, site: Site
) -> None:
    page = tom.page
    asked = "slowly and through a reload" + " and on" * 30
    box(page).fill(asked)
    page.keyboard.press("Enter")
    growing(page, "through a reload")
    expect(box(page)).to_have_value("")
    box(page).fill("Half the next")
    page.reload()
    growing(page, "through a reload")
    expect(spoken(page)).to_have_text("Writing")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    tom.close()
    second = sign_in("tom").open("/ask")
    growing(second, "through a reload")
    expect(second.locator("#latest .byline")).to_be_visible()
    expect(second.locator("#latest .asked")).to_have_text(asked)
    kept = site.desk.conversations.find_conversations("tom", "through a reload")
    assert [len(site.desk.conversations.exchanges(each.id, "tom")) for each in kept] == [1]
    second.reload()
    expect(second.locator("#latest .asked")).to_have_text(asked)


def test_escape_stops_an_answer_and_gives_the_question_back_beside_what_was_typed_meanwhile(tom: Visitor) -> None:
    page = tom.page
    box(page).fill("slowly to be stopped " + "and on " * 20)
    page.keyboard.press("Enter")
    growing(page, "to be stopped")
    expect(box(page)).to_have_value("")
    page.keyboard.type("And then?")
    page.keyboard.press("Escape")
    expect(page.locator("#note")).to_contain_text("nothing of it was kept")
    expect(box(page)).to_have_value(re.compile(r"^slowly to be stopped[\s\S]*\n\nAnd then\?$"))
    expect(page.locator("#latest .exchange")).to_have_count(0)


def test_a_new_conversation_stays_empty_and_the_answer_under_way_lands_in_its_own(tom: Visitor, site: Site) -> None:
    page = tom.page
    box(page).fill("slowly in one conversation")
    page.keyboard.press("Enter")
    growing(page, "in one conversation")
    page.get_by_role("button", name="New conversation", exact=True).click()
    expect(page.locator("#latest .exchange")).to_have_count(0)
    tom.ask("Quickly in another")
    page.wait_for_timeout(2500)
    expect(page.locator("#latest .asked")).to_have_text("Quickly in another")
    expect(page.locator("#earlier .exchange")).to_have_count(0)
    wanted = {"slowly in one conversation", "Quickly in another"}
    until = time.monotonic() + 20
    # The slow answer is kept once it is written, whenever that is on a busy machine.
    while wanted - (held := {each.title for each in site.desk.conversations.conversations("tom")[:2]}):
        assert time.monotonic() < until, held
        page.wait_for_timeout(200)


def test_the_page_comes_back_by_itself_after_a_gap_and_nothing_typed_is_lost(tom: Visitor) -> None:
    page = tom.page
    tom.ask("Before the gap")
    box(page).fill("Into the gap")
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    page.get_by_text("Connection to the server was lost").first.wait_for()
    with page.expect_navigation(timeout=30_000):
        page.context.set_offline(False)
    expect(page.locator("#latest .asked")).to_have_text("Before the gap")
    expect(box(page)).to_have_value("Into the gap")
    box(page).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#latest .asked")).to_have_text("Into the gap")
    expect(page.locator("#earlier .asked")).to_have_text("Before the gap")
    tom.trouble.clear()


def test_files_are_dropped_onto_the_page_and_a_refused_one_says_why(tom: Visitor) -> None:
    page = tom.page
    page.evaluate(
        """() => {
            const carried = new DataTransfer();
            carried.items.add(new File(["Order twelve chairs."], "chairs.txt"));
            carried.items.add(new File([new Uint8Array([255, 254, 255])], "broken.txt"));
            const options = { dataTransfer: carried, bubbles: true, cancelable: true };
            document.querySelector("#thread").dispatchEvent(new DragEvent("drop", options));
        }"""
    )
    expect(page.locator("#files li")).to_contain_text("chairs.txt")
    expect(page.locator("#files li")).to_contain_text("3 words")
    expect(page.locator("#attaching [role=alert]")).to_contain_text(
        "Not attached: broken.txt is no text; save it as one."
    )


def test_a_long_question_is_counted_as_it_is_typed_and_shown_whole(tom: Visitor) -> None:
    page = tom.page
    box(page).fill("x" * 9_000)
    expect(page.locator("#count")).to_have_count(0)
    box(page).fill("word " * 2_001)
    expect(page.locator("#count")).to_contain_text("10,005 of 10,000 characters. 5 too many for a question")
    long = "Is it so? " * 900
    box(page).fill(long)
    page.keyboard.press("Enter")
    expect(page.locator("#latest .asked")).to_have_text(long.strip())
    expect(page.locator("#count")).to_be_hidden()
