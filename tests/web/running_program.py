"""A humphrey in a process of its own, and people who enter it with a browser."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.processes import Popen, environment, run

CORPUS = Path(__file__).parents[2] / "corpus"


NOTES = ("foi-time-limits.md", "subject-access-requests.md", "mileage-rates.md")


class Program:
    """A humphrey in a process of its own, with a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.log = folder / "log.txt"
        self.profiles: list[BrowserContext] = []
        (folder / "corpus").mkdir()
        for note in NOTES:
            (folder / "corpus" / note).write_bytes((CORPUS / note).read_bytes())
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        given = {"DATA_DIR": self.data, "CORPUS": folder / "corpus", "PORT": port}
        self.environment = environment(**{f"HUMPHREY_{name}": value for name, value in given.items()})

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        whole = [sys.executable, "-m", "humphrey", *words]
        return run(whole, env=self.environment, timeout=60)

    def wait(self, serving: Popen) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until and serving.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):  # noqa: S310 - our own loopback address
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        pytest.fail("humphrey did not become ready")

    @contextmanager
    def serving(self) -> Iterator[None]:
        """The program while it serves; it must neither fail nor say what people wrote."""
        self._begin()
        try:
            yield
        finally:
            # The browser outlives the program, and its pages would go on asking.
            for profile in self.profiles:
                profile.close()
            self._end()
        said = self.log.read_text(encoding="utf-8")
        assert "Traceback" not in said
        assert "freedom of information" not in said, "what people write is not logged"

    def restart(self, *, killed: bool = False) -> None:
        if killed:
            self._process.kill()
        self._end()
        self._begin()

    def _begin(self) -> None:
        whole = [sys.executable, "-m", "humphrey", "serve"]
        with self.log.open("a", encoding="utf-8") as said:
            self._process = Popen(whole, env=self.environment, stderr=said, text=True)
        try:
            self.wait(self._process)
        except BaseException:
            self._end()
            raise

    def _end(self) -> None:
        self._process.terminate()
        self._process.wait(30)


def enter(browser: Browser, program: Program, name: str) -> Page:
    program.profiles.append(browser.new_context(viewport={"width": 1280, "height": 900}))
    page = program.profiles[-1].new_page()
    page.goto(program.url)
    page.get_by_role("button", name=name.title()).click()
    page.locator("#sent .hint").first.wait_for(state="attached")
    return page
