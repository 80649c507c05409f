"""The list of conversations on the Ask page, in a real browser, with two hundred of them."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from humphrey.app.paths import now
from humphrey.conversations import store
from tests.web.conftest import Visitor
from tests.web.running_site import Site

SignIn = Callable[[str], Visitor]


@pytest.fixture
def tom(sign_in: SignIn, site: Site) -> Iterator[Visitor]:
    with site.database.transaction() as tx:
        for n in range(200):
            store.open_conversation(tx, f"{n:016x}", "tom", f"Case {n}", now() - timedelta(hours=5 * n + 1))
    visitor = sign_in("tom")
    yield visitor
    assert visitor.elsewhere == []
    assert visitor.trouble == []


def links(page: Page):
    return page.locator("#history-list a[data-conversation]")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent")


def test_two_hundred_conversations_are_one_tab_stop_and_all_are_reached(tom: Visitor) -> None:
    page = tom.page
    expect(links(page)).to_have_count(60)
    page.get_by_role("link", name="Skip to the content").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.get_by_label("Find a conversation").focus()
    page.keyboard.press("Tab")
    assert focused(page) == "Case 0"
    for key, wanted in (("ArrowDown", "Case 1"), ("ArrowUp", "Case 0"), ("End", "Show 60 more")):
        page.keyboard.press(key)
        assert focused(page) == wanted
    for wanted in (120, 180, 200):
        page.keyboard.press("End")
        page.keyboard.press("Enter")
        expect(links(page)).to_have_count(wanted)
        expect(links(page).nth(wanted - 60 if wanted < 200 else 180)).to_be_focused()
    page.keyboard.press("End")
    assert focused(page) == "Case 199"
    page.keyboard.press("Tab")
    assert not page.evaluate("!!document.activeElement.closest('#history-list')")

    page.get_by_label("Find a conversation").fill("case 199")
    expect(links(page)).to_have_text(["Case 199"])
    links(page).first.click()
    expect(page).to_have_url(re.compile(rf"\?conversation={199:016x}$"))
    expect(links(page).first).to_have_attribute("aria-current", "page")

    page.get_by_role("button", name="Options for Case 199").click()
    page.get_by_label("Title").fill("The last one")
    page.get_by_role("button", name="Rename").click()
    expect(links(page)).to_have_count(0)
    page.get_by_label("Find a conversation").fill("")
    page.get_by_label("Find a conversation").fill("the last")
    expect(links(page)).to_have_text(["The last one"])
    page.get_by_role("button", name="Options for The last one").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_role("button", name="Remove it for good").click()
    expect(page.locator("#history-list")).to_contain_text("No conversation with")
    expect(page).to_have_url(re.compile("/ask$"))
    page.get_by_label("Find a conversation").fill("")
    expect(links(page)).to_have_count(60)


def test_a_question_in_a_new_conversation_never_joins_the_one_whose_answer_is_being_written(
    tom: Visitor, site: Site
) -> None:
    page = tom.page
    for n in range(5):
        page.locator("#question textarea").fill(f"slowly told {n}")
        page.locator("#ask-button:enabled").click()
        expect(page.locator("#latest .growing")).to_be_visible()
        page.locator("#new-conversation").click()
        page.locator("#question textarea").fill(f"Another {n}")
        page.locator("#ask-button:enabled").click()
        expect(page.locator("#latest .asked")).to_have_text(f"Another {n}")
        expect(page.locator("#latest .byline")).to_be_visible()
        page.locator("#new-conversation").click()
        expect(page.locator("#latest .exchange")).to_have_count(0)
    page.wait_for_timeout(3000)
    held = [
        [each.draft.commission.text for each in site.desk.conversations.exchanges(kept.id, "tom")]
        for kept in site.desk.conversations.conversations("tom")
    ]
    assert sorted(each for each in held if each) == sorted(
        [f"{what} {n}"] for n in range(5) for what in ("slowly told", "Another")
    )
