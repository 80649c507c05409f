"""The whole walk, through the real program: its own process, index, drafter and database, and two people's browsers."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

CORPUS = Path(__file__).parents[2] / "corpus"
NOTES = ("foi-time-limits.md", "subject-access-requests.md", "mileage-rates.md")
QUESTION = "How long do we have to answer a freedom of information request received on 23 November 2026?"


class Program:
    """A humphrey in a process of its own, with a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        (folder / "corpus").mkdir()
        for note in NOTES:
            (folder / "corpus" / note).write_bytes((CORPUS / note).read_bytes())
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        given = {"DATA_DIR": self.data, "CORPUS": folder / "corpus", "PORT": port}
        self.environment = {**os.environ, **{f"HUMPHREY_{name}": str(value) for name, value in given.items()}}  # noqa: TID251 - a child process inherits the environment

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        whole = [sys.executable, "-m", "humphrey", *words]
        return subprocess.run(whole, env=self.environment, capture_output=True, text=True, check=False, timeout=60)

    def wait(self, serving: subprocess.Popen[str]) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until and serving.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):  # noqa: S310 - our own loopback address
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        pytest.fail("humphrey did not become ready")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = Program(tmp_path_factory.mktemp("walk"))
    log = program.data.parent / "log.txt"
    with log.open("w", encoding="utf-8") as said:
        whole = [sys.executable, "-m", "humphrey", "serve"]
        with subprocess.Popen(whole, env=program.environment, stderr=said, text=True) as serving:
            try:
                program.wait(serving)
                yield program
            finally:
                serving.terminate()
                serving.wait(30)
    assert "Traceback" not in log.read_text(encoding="utf-8")
    assert "freedom of information" not in log.read_text(encoding="utf-8"), "what people write is not logged"


def enter(browser: Browser, program: Program, name: str) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(program.url)
    page.get_by_role("button", name=name.title()).click()
    page.locator("#sent .hint").first.wait_for()
    return page


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
    grace.locator("#queue label", has_text="How long do we have").click()
    expect(grace.locator("#shown")).to_contain_text("22 December 2026")
    expect(grace.locator("#shown mark").first).to_be_visible()
    grace.get_by_role("button", name="Approve and release").click()
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
    david.locator("#queue label", has_text="How long do we have").click()
    expect(david.locator("#shown")).to_contain_text("22 December 2026")
    database = sqlite3.connect(program.data / "humphrey.sqlite3", timeout=10)
    with database:
        changed = "UPDATE versions SET draft = replace(draft, '22 December', '23 December') WHERE editor = 'tom'"
        assert database.execute(changed).rowcount == 1
    database.close()

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
