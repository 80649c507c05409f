"""The whole walk, through the real program: its own process, index, drafter and database, and two people's browsers."""

import json
import sqlite3
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.running_program import Program, enter

QUESTION = "How long do we have to answer a freedom of information request received on 23 November 2026?"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = Program(tmp_path_factory.mktemp("walk"))
    with program.serving():
        yield program


def send(page: Page) -> None:
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator("#latest .byline").wait_for()
    page.get_by_role("button", name="Send for clearance").click()
    page.locator("#note .notice").wait_for()


def test_a_question_becomes_a_cited_draft_a_second_person_clears_it_and_only_then_does_it_leave(
    browser: Browser, program: Program
) -> None:
    amina, grace = enter(browser, program, "amina"), enter(browser, program, "grace")
    send(amina)

    draft = amina.locator("#latest")
    expect(draft).to_contain_text("DRAFT, not cleared")
    expect(draft).to_contain_text("22 December 2026")
    expect(draft).to_contain_text("St Andrew's Day, Scotland")
    draft.locator("details summary").first.click()
    expect(draft.locator("details mark").first).to_contain_text("20")
    expect(amina.locator("#sent li").first).to_contain_text("With a reviewer")

    grace.goto(f"{program.url}/clear")
    grace.locator("#queue button", has_text="How long do we have").click()
    expect(grace.locator("#shown")).to_contain_text("22 December 2026")
    grace.locator("#shown a.marker").first.click()
    expect(grace.locator("#evidence mark.quote").first).to_be_visible()
    grace.get_by_role("button", name="Claim it").click()
    grace.get_by_role("button", name="Approve and release").click()
    grace.get_by_role("button", name="Yes, do this").click()
    grace.locator("#clear-note .notice").wait_for()

    amina.goto(f"{program.url}/ask")
    expect(amina.locator("#sent li").first).to_contain_text("Released")
    expect(amina.locator("#sent li").first).to_contain_text("22 December 2026")
    verified = json.loads(program.command("ledger", "verify", "--json").stdout)
    assert verified["ok"] is True
    assert verified["entries"] >= 6


def test_one_changed_character_in_the_database_and_the_text_does_not_leave(browser: Browser, program: Program) -> None:
    tom, david = enter(browser, program, "tom"), enter(browser, program, "david")
    send(tom)
    david.goto(f"{program.url}/clear")
    david.locator("#queue button", has_text="How long do we have").click()
    expect(david.locator("#shown")).to_contain_text("22 December 2026")
    database = sqlite3.connect(program.data / "humphrey.sqlite3", timeout=10)
    with database:
        changed = "UPDATE versions SET draft = replace(draft, '22 December', '23 December') WHERE editor = 'tom'"
        assert database.execute(changed).rowcount == 1
    database.close()

    david.get_by_role("button", name="Claim it").click()
    david.get_by_role("button", name="Approve and release").click()

    expect(david.locator("#clear-alert [role=alert]")).to_contain_text("changed since")
    tom.goto(f"{program.url}/ask")
    expect(tom.locator("#sent li").first).not_to_contain_text("23 December")


def test_a_second_humphrey_on_the_same_folder_is_told_who_holds_the_index(program: Program) -> None:
    second = program.command("search", "mileage")

    assert second.returncode == 1
    assert "process" in second.stderr
    assert "Traceback" not in second.stderr
    assert program.command("reviews", "--all").returncode == 0
