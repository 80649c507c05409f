"""Pictures of every page, in the light and the dark scheme, wide and on a phone, as `docs/images/` holds them.

Run `python -m evals.bench.screenshots`. It fills a humphrey of its own with made-up drafts, serves it on this machine's
own address, and takes it away again. `--only NAME` takes the pictures of one page; `--server URL` looks at a humphrey
that runs already, as its demonstration people.
"""

import argparse
import io
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from evals.bench.startup import answers, served
from humphrey.app import build
from humphrey.papers.draft import Commission
from humphrey.settings import Settings

CORPUS = Path(__file__).parents[2] / "corpus"


IMAGES = Path(__file__).parents[2] / "docs" / "images"


WIDTHS = {"wide": (1280, 800), "phone": (390, 780)}
"""Sizes of the window in CSS pixels."""


COLOURS = 64
"""Colours of a picture: text stays legible, and a picture takes about 40 kB."""


SETTLES_MS = 700
"""Milliseconds for a page to settle after its content is there. Pages hold a connection, so they are never idle."""


QUESTIONS = (
    "Can I accept a gift from a supplier?",
    "How long do we have to answer a freedom of information request?",
    "What must an accounting officer assessment cover?",
)


@dataclass(frozen=True)
class Shot:
    """A page to photograph: its name, its person (empty before sign-in), its path, and a question to ask first.

    `waits_for` is a selector that appears once the page shows what it is to show.
    """

    name: str
    person: str
    path: str
    waits_for: str = "main, gradio-app"
    asks: str = ""


SHOTS = (
    Shot("sign-in", "", "/sign-in"),
    Shot("ask", "amina", "/ask", "textarea:visible", QUESTIONS[0]),
    Shot("papers", "amina", "/papers", "gradio-app label"),
    Shot("clear", "grace", "/clear?review=H26-00002", "#queue button"),
    Shot("review", "amina", "/reviews/H26-00001"),
    Shot("notices", "amina", "/notices"),
    Shot("guidance", "grace", "/guidance"),
    Shot("figures", "priya", "/figures"),
    Shot("record", "iris", "/record"),
    Shot("disclosure", "iris", "/disclosures"),
    Shot("people", "sam", "/people"),
    Shot("account", "amina", "/account"),
)


def main() -> None:
    """Take the pictures and print each file's name and size."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--out", type=Path, default=IMAGES)
    given.add_argument("--only", default="", choices=["", *(shot.name for shot in SHOTS)])
    given.add_argument("--server", default="")
    options = given.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with _server(options.server) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        for shot in (each for each in SHOTS if options.only in {"", each.name}):
            for file in _pictures(browser, address, shot, options.out):
                print(file.name, file.stat().st_size, sep="\t")


@contextmanager
def _server(given: str) -> Iterator[str]:
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        _fill(Path(folder))
        with served(Path(folder)) as (process, address):
            answers(process, f"{address}/readyz")
            yield address


def _fill(folder: Path) -> None:
    """Index the corpus, and put drafts to review: one is approved, one returned, one waits."""
    humphrey = build.start(Settings(data_dir=folder))
    humphrey.library.index([CORPUS])
    for number, question in enumerate(QUESTIONS):
        review = humphrey.clearance.take(Commission("answer", question, ("amina", "tom")[number % 2], "web"))
        if number == 0:
            humphrey.clearance.decide(review.id, "approve", "grace", review.draft.digest)
        elif number == 2:
            humphrey.clearance.decide(review.id, "return", "grace", review.draft.digest, "Name the deadline.")
    humphrey.close()


def _pictures(browser: Browser, address: str, shot: Shot, out: Path) -> Iterator[Path]:
    for wide, (width, height) in WIDTHS.items():
        for scheme in ("light", "dark"):
            page = _opened(browser, address, shot, (width, height), "dark" if scheme == "dark" else "light")
            file = out / f"{shot.name}-{wide}-{scheme}.png"
            _save(page.screenshot(), file)
            page.context.close()
            yield file


def _opened(
    browser: Browser, address: str, shot: Shot, size: tuple[int, int], scheme: Literal["light", "dark"]
) -> Page:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    page = context.new_page()
    if shot.person:
        signed = context.request.post(
            f"{address}/sign-in", form={"name": shot.person}, headers={"Origin": address}, max_redirects=0
        )
        if signed.status != HTTPStatus.SEE_OTHER:
            raise SystemExit(f"{shot.person} cannot sign in at {address}")
    page.goto(address + shot.path)
    page.locator(shot.waits_for).first.wait_for()
    if shot.asks:
        page.get_by_label("Your question").fill(shot.asks)
        page.get_by_role("button", name=re.compile("^(Ask|Send)$")).first.click()
        page.locator("article.draft:not(.growing)").first.wait_for()
    page.wait_for_timeout(SETTLES_MS)
    return page


def _save(png: bytes, file: Path) -> None:
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").quantize(COLOURS).save(file, optimize=True)


def _chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


if __name__ == "__main__":
    main()
