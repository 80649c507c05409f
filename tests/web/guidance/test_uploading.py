"""A reviewer hands in documents through the page, through the real program: its own process, index and drafter."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from humphrey.database.engine import open_database
from humphrey.ledger import store as ledger_store
from tests.support.office_files import pdf
from tests.web.running_program import Program, enter

FACT = "The allowance for a folding bicycle is 73 pounds a year."


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = Program(tmp_path_factory.mktemp("uploading"))
    with program.serving():
        yield program


def files(folder: Path) -> list[Path]:
    lines = [(14, 760, "Bicycles at work"), (11, 720, FACT), (11, 690, "Claim it from the facilities team.")]
    (folder / "bicycles.pdf").write_bytes(pdf([lines]))
    (folder / "scan.pdf").write_bytes(pdf([[], []], picture=(0, 1)))
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 this was a document once")
    return [folder / name for name in ("bicycles.pdf", "scan.pdf", "broken.docx")]


def upload(page: Page, program: Program, chosen: list[Path], said: str) -> None:
    page.goto(f"{program.url}/guidance")
    page.get_by_label("Files").set_input_files(chosen)
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("heading", name="Adding").wait_for()
    expect(page.get_by_role("status")).to_have_text(said, timeout=20_000)


def test_an_uploaded_pdf_answers_what_only_it_can_and_its_citation_opens_at_the_marked_span(
    browser: Browser, program: Program, tmp_path: Path
) -> None:
    grace = enter(browser, program, "grace")
    elsewhere: list[str] = []
    grace.on("request", lambda request: elsewhere.append(request.url))
    upload(grace, program, files(tmp_path), "Done; 2 files refused.")

    refused = grace.locator(".refusals")
    expect(refused).to_contain_text("scan.pdf is a scan: 2 pages of pictures, no text")
    expect(refused).to_contain_text("broken.docx is not a Word file, or is broken")
    grace.get_by_role("link", name="bicycles", exact=True).click()
    expect(grace.locator("article")).to_contain_text(FACT)

    grace.goto(f"{program.url}/ask")
    grace.get_by_label("Your question").fill("What is the allowance for a folding bicycle?")
    grace.get_by_role("button", name="Ask", exact=True).click()
    grace.locator("#latest .byline").wait_for()
    expect(grace.locator("#latest .words").first).to_contain_text("73 pounds")
    whole = grace.locator("#latest .ways a").first.get_attribute("href")
    grace.goto(program.url + (whole or ""))
    expect(grace.locator("mark#quoted")).to_contain_text("73 pounds")
    expect(grace.locator("mark#quoted")).to_be_in_viewport()

    grace.goto(f"{program.url}/guidance")
    expect(grace.get_by_role("heading", name="Files that were refused")).to_be_visible()
    expect(grace.locator("table")).to_contain_text("Bicycles at work")
    assert [url for url in elsewhere if not url.startswith((program.url, "data:", "blob:"))] == []


def test_what_was_uploaded_is_there_after_a_start_and_gone_after_its_removal(
    browser: Browser, program: Program, tmp_path: Path
) -> None:
    grace = enter(browser, program, "grace")
    note = tmp_path / "parking.md"
    note.write_text("# Parking permits\n\nA permit costs 12 pounds a month.\n", encoding="utf-8")
    upload(grace, program, [note], "Done.")
    program.restart()
    grace.goto(f"{program.url}/guidance?words=parking")
    grace.get_by_role("link", name="Parking permits").click()
    grace.get_by_role("link", name="Remove it").click()
    expect(grace.get_by_role("main")).to_contain_text("The file that was handed in is deleted")
    grace.get_by_role("button", name="Remove it").click()
    expect(grace.get_by_role("status")).to_have_text("Done.")

    grace.goto(f"{program.url}/guidance?words=parking")
    expect(grace.locator("#count")).to_contain_text("0 of")
    assert not list((program.data / "uploads").rglob("parking.md"))
    verified = json.loads(program.command("ledger", "verify", "--json").stdout)
    assert verified["ok"] is True


def test_the_page_works_by_keyboard_and_at_four_times_the_size(browser: Browser, program: Program) -> None:
    grace = enter(browser, program, "grace")
    grace.set_viewport_size({"width": 320, "height": 600})
    for path in ("/guidance", "/guidance?words=mileage", "/documents/mileage-rates?passages=1"):
        grace.goto(program.url + path)
        assert grace.evaluate("document.documentElement.scrollWidth") <= 320, path

    grace.goto(f"{program.url}/guidance")
    names = []
    for _ in range(40):
        grace.keyboard.press("Tab")
        names.append(grace.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    wanted = [
        "Skip to the content",
        "words",
        "publisher",
        "state",
        "age",
        "Show",
        "group",
        "files",
        "Add",
        "Index again",
    ]
    assert [name for name in names if name in wanted][: len(wanted)] == wanted


def test_a_job_is_followed_and_stopped_without_scripts(browser: Browser, program: Program, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.request.post(f"{program.url}/sign-in", form={"name": "grace"}, headers={"Origin": program.url})
    page, long = context.new_page(), tmp_path / "long.md"
    long.write_text("\n\n".join(f"## Part {n}\n\nRule {n} on rail travel." for n in range(3000)), encoding="utf-8")
    page.goto(f"{program.url}/guidance")
    page.get_by_label("Files").set_input_files([long])
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("progress")).to_be_visible()
    page.get_by_role("button", name="Stop").click()

    expect(page.get_by_role("status")).to_have_text("Stopped. None of these files was kept.", timeout=20_000)
    page.goto(f"{program.url}/documents/long")
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    context.close()


def test_an_upload_that_was_killed_half_way_is_gone_on_with_at_the_next_start(
    browser: Browser, program: Program, tmp_path: Path
) -> None:
    grace, long = enter(browser, program, "grace"), tmp_path / "tunnels.md"
    long.write_text("\n\n".join(f"## Part {n}\n\nRule {n} on tunnels." for n in range(1500)), encoding="utf-8")
    grace.goto(f"{program.url}/guidance")
    grace.get_by_label("Files").set_input_files([long])
    grace.get_by_role("button", name="Add", exact=True).click()
    expect(grace.locator(".said")).to_contain_text("of 1500 passages", timeout=20_000)
    program.restart(killed=True)

    grace.goto(f"{program.url}/guidance")
    grace.get_by_role("link", name="Adding tunnels.md").click()
    expect(grace.get_by_role("status")).to_have_text("Done.", timeout=20_000)
    database = open_database(f"sqlite:///{program.data / 'humphrey.sqlite3'}")
    added = [entry for entry in ledger_store.entries(database, "tunnels") if entry.act == "document:add"]
    database.close()
    assert [entry.actor for entry in added] == ["grace"]
