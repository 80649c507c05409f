"""A server for the pages, and a browser where Chromium is found."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.web.running_site import Site, running, wait_until_ready

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--process-per-site",
    # What Playwright switches off, since this replaces it; and what costs most: two pages behind the address bar of
    # each tab, and a process kept ready for the next page.
    "--disable-features=AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,"
    "AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch,"
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server for the tests of one file: what others put on the queue would push theirs off its first page."""
    with running(tmp_path_factory.mktemp("site")) as site:
        wait_until_ready(site.url)
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one Chromium for each test worker; each file of tests has contexts of its own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        said = f"NO BROWSER: none of {', '.join(names)} is installed, so the pages were not tested"
        # The wish for no silent skips is the continuous integration's, not one of humphrey's settings.
        demanded = os.environ.get("CI") == "true"  # noqa: TID251 - as said above
        pytest.fail(said) if demanded else pytest.skip(said)
    # Room for a machine that is busy with other things; a test that passes does not wait.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


LEFT = ("signal is aborted without reason", "Connection errored out")
"""What Gradio says of requests that were under way when its page was left; no fault of ours."""


class Visitor:
    """A signed-in person in a browser of their own, every request and message of which is remembered."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.site = site
        self.requests: list[str] = []
        self.trouble: list[str] = []
        self.dialogs: list[str] = []
        self._blank = True
        self._page = context.new_page()
        self._page.on("request", lambda request: self.requests.append(request.url))
        self._page.on("pageerror", lambda error: self._note(str(error)))
        self._page.on("console", lambda said: self._note(said.text) if said.type == "error" else None)
        self._page.on("dialog", self._dialog)

    def _note(self, said: str) -> None:
        if not any(words in said for words in LEFT):
            self.trouble.append(said)

    def _dialog(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    @property
    def elsewhere(self) -> list[str]:
        return [url for url in self.requests if not url.startswith((self.site.url, "data:", "blob:"))]

    @property
    def page(self) -> Page:
        """Return the page, at /ask unless another was opened: each load of Gradio costs a second of the processor."""
        if self._blank:
            self.open("/ask").locator("#sent .hint").first.wait_for(state="attached")
        return self._page

    def open(self, path: str) -> Page:
        self._blank = False
        self._page.goto(self.site.url + path)
        return self._page

    def close(self) -> None:
        self._page.close()

    def ask(self, question: str) -> None:
        self.page.get_by_label("Your question").fill(question)
        self.page.get_by_role("button", name="Ask", exact=True).click()
        # An earlier draft stands there until this one does; the box is emptied with it.
        expect(self.page.get_by_label("Your question")).to_have_value("")
        self.page.locator("#latest .byline").wait_for()


@pytest.fixture(scope="module")
def contexts(browser: Browser, site: Site) -> Iterator[dict[str, BrowserContext]]:
    """A browser profile for each person, signed in; one for all tests of a file, since each must load Gradio anew."""
    opened: dict[str, BrowserContext] = {}
    for name in ("amina", "tom", "grace", "david"):
        opened[name] = browser.new_context(viewport={"width": 1280, "height": 900})
        # Without a page: one that is closed while it still loads can keep Chromium waiting for ever.
        opened[name].request.post(f"{site.url}/sign-in", form={"name": name}, headers={"Origin": site.url})
    yield opened
    for context in opened.values():
        context.close()


@pytest.fixture
def sign_in(contexts: dict[str, BrowserContext], site: Site) -> Iterator[Callable[[str], Visitor]]:
    visitors: list[Visitor] = []

    def open_page(name: str) -> Visitor:
        visitors.append(Visitor(contexts[name], site))
        return visitors[-1]

    yield open_page
    for visitor in visitors:
        visitor.close()
