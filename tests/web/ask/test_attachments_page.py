"""Files in a conversation and questions that outlast their humphrey, through the real program and real browsers."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.model_endpoint import Answering, Endpoint, serving
from tests.support.office_files import pdf
from tests.web.running_program import Program, enter

FACT = "The Harbour Board pays 73 pounds a year for a folding bicycle."


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = Program(tmp_path_factory.mktemp("attaching"))
    with program.serving():
        yield program


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "harbour board.pdf"
    first = [(14, 760, "Harbour Board"), (11, 720, FACT), (11, 690, "Claim it from the facilities team.")]
    second = [(14, 760, "Next meeting"), (11, 720, "Mr Pike will send the report by 4 March 2027.")]
    path.write_bytes(pdf([first, second]))
    return path


def attach(page: Page, path: Path) -> None:
    page.get_by_text("Attach files", exact=True).click()
    page.get_by_label("Attach files to this conversation").set_input_files([path])
    expect(page.locator("#files a")).to_have_text(path.name, timeout=30_000)


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    # An earlier draft stands there until this one does; the box is emptied with it.
    expect(page.get_by_label("Your question")).to_have_value("")
    page.locator("#latest .byline").wait_for()


def test_a_question_about_an_attached_file_cites_it_and_only_its_owner_and_who_clears_it_may_follow(
    browser: Browser, program: Program, paper: Path
) -> None:
    amina, grace, tom = (enter(browser, program, name) for name in ("amina", "grace", "tom"))
    attach(amina, paper)
    expect(amina.locator("#files")).to_contain_text("2 pages")
    ask(amina, "What does the attached file say the Harbour Board pays for a folding bicycle?")
    expect(amina.locator("#latest .words").first).to_contain_text("73 pounds")
    there = program.url + (amina.locator("#latest .ways a").first.get_attribute("href") or "")
    for page in (grace, tom):
        page.goto(there)
        expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
        page.goto(f"{program.url}/guidance")
        expect(page.get_by_role("main")).not_to_contain_text("harbour")

    amina.get_by_role("button", name="Send for clearance").click()
    amina.locator("#note .notice").wait_for()
    grace.goto(f"{program.url}/clear")
    grace.locator("#queue button", has_text="Harbour Board").click()
    grace.locator("#shown a.marker").first.click()
    expect(grace.locator("#evidence mark.quote").first).to_contain_text("73 pounds")
    for page in (amina, grace):
        page.goto(there)
        expect(page.locator("mark#quoted")).to_contain_text("73 pounds")
        expect(page.locator("mark#quoted")).to_be_in_viewport()
    tom.goto(there)
    expect(tom.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_the_actions_of_a_whole_file_come_with_owner_and_date(browser: Browser, program: Program, paper: Path) -> None:
    tom = enter(browser, program, "tom")
    attach(tom, paper)
    tom.get_by_role("button", name="Actions").click()
    tom.locator("#latest .byline").wait_for()
    expect(tom.locator("#latest .words").first).to_contain_text("Mr Pike")
    expect(tom.locator("#latest .words").first).to_contain_text("4 March 2027")


def slow(to: Answering) -> None:
    to.begin()
    to.piece({"role": "assistant", "content": "STATUS: answered\n"})
    for _ in range(600):
        to.piece({"content": "words and more words "})
        time.sleep(0.1)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving(*[slow] * 20) as endpoint:
        yield endpoint


def test_a_question_is_not_lost_when_humphrey_dies_while_it_writes(
    browser: Browser, tmp_path: Path, endpoint: Endpoint
) -> None:
    program = Program(tmp_path)
    program.environment |= {"HUMPHREY_MODEL__BASE_URL": endpoint.address, "HUMPHREY_MODEL__NAME": "a slow one"}
    with program.serving():
        amina = enter(browser, program, "amina")
        amina.get_by_label("Your question").fill("How long is the time limit for an information request?")
        amina.get_by_role("button", name="Ask", exact=True).click()
        expect(amina.locator("#latest .growing")).to_contain_text("words and more")
        expect(amina.get_by_label("Your question")).to_have_value("")
        with amina.expect_navigation(timeout=60_000):
            program.restart(killed=True)
        expect(amina.locator("#note")).to_contain_text("Humphrey was restarted while it wrote")
        expect(amina.get_by_label("Your question")).to_have_value(
            "How long is the time limit for an information request?"
        )
        expect(amina.locator("#history-list a[data-conversation]")).to_have_count(0)
