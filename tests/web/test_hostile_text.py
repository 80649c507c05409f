"""Hostile words in a real browser, in everything that comes from outside: nothing runs, nothing is fetched.

They stand in the question, in what the model writes (an endpoint that lies), in a file's name and words, and in the
title, address and passages of a document. The only links that live are our own and those of cited documents.
"""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.model_endpoint import Endpoint, say, serving
from tests.web.running_program import Program, enter

EVIL = "https://evil.example"


PAYLOADS = (
    f"<img src={EVIL}/1.png onerror=alert(1)>",
    f"![kestrel]({EVIL}/2.png) [kestrel]({EVIL}/3) [kestrel](javascript:alert(2)) <{EVIL}/4> {EVIL}/5",
    f"![kestrel][ref]\n\n[ref]: {EVIL}/6.png",
    f"<svg onload=alert(3)><image href={EVIL}/7></svg>",
    f"<iframe src={EVIL}/8 srcdoc='<script>parent.alert(4)</script>'></iframe>",
    f"<style>@import url({EVIL}/9.css); * {{ background: url({EVIL}/10) }}</style>",
    f'"><script src={EVIL}/11.js></script><script>alert(5)</script>',
    f"<video poster={EVIL}/12 src={EVIL}/13></video><audio src={EVIL}/14></audio>",
    f"<picture><source srcset={EVIL}/15><img srcset='{EVIL}/16 2x'></picture>",
    f"<form action={EVIL}/17><input type=image src={EVIL}/18><button>kestrel</button></form>",
    f"<details open ontoggle=alert(6)><summary>kestrel</summary></details><base href={EVIL}/>",
    f"<meta http-equiv=refresh content='0;url={EVIL}/19'><link rel=prefetch href={EVIL}/20>",
    f"<object data={EVIL}/21></object><embed src={EVIL}/22><a href={EVIL}/23 ping={EVIL}/24>kestrel</a>",
    f"$$\\href{{{EVIL}/25}}{{kestrel}}$$ \\includegraphics{{{EVIL}/26}} ```html\n<img src={EVIL}/27>\n```",
    f"<table background={EVIL}/28><tr><td style='background:url({EVIL}/29)'>kestrel</td></tr></table>",
    f"&lt;img src={EVIL}/30&gt; \\x3cimg src={EVIL}/31\\x3e <<img src={EVIL}/32>>",
    f"<button id=edit-kestrel>kestrel</button><pre id=plain-kestrel>kestrel</pre><p class=alert>kestrel {EVIL}</p>",
)


HOSTILE = "\n\n".join(PAYLOADS)


CITED = "https://guidance.example/kestrels"


NOTE = """---
title: "{title}"
url: "{url}"
publisher: "<img src=https://evil.example/40 onerror=alert(7)>"
---
# Kestrels

A kestrel is counted once a year, in spring, before the tenth day of May.

{words}
"""


TITLE = "Kestrels <img src=https://evil.example/41 onerror=alert(8)> ![k](https://evil.example/42)"


FILE = f"kestrel <img src=x onerror=alert(9)> ![k]({EVIL.replace('/', ':')}).txt"


_LIVE = """places => [...document.querySelectorAll("a[href], area[href], form[action], [src], [srcset], [ping]")]
  .filter(one => one.closest(places))
  .flatMap(one => ["href", "action", "src", "srcset", "ping"].map(name => one.getAttribute(name)).filter(Boolean))"""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    lie = say(f"STATUS: answered\nA kestrel is counted once a year [1].\n\n{HOSTILE}\n\nKestrels [1] and [99].")
    with serving(*[lie] * 200) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory, endpoint: Endpoint) -> Iterator[Program]:
    program = Program(tmp_path_factory.mktemp("hostile"))
    corpus = program.log.with_name("corpus")
    for name, url in (("kestrels", CITED), ("kites", "javascript:alert(10)")):
        note = NOTE.format(title=TITLE, url=url, words=HOSTILE)
        (corpus / f"{name}.md").write_text(note, encoding="utf-8")
    program.environment |= {"HUMPHREY_MODEL__BASE_URL": endpoint.address, "HUMPHREY_MODEL__NAME": "a liar"}
    with ExitStack() as stack:
        stack.enter_context(program.serving())
        yield program


class Watched:
    """A page, and whatever it asked for or complained of."""

    def __init__(self, browser: Browser, program: Program, name: str) -> None:
        self.program = program
        self.page: Page = enter(browser, program, name)
        self.said: list[str] = []
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("console", lambda told: self._told(told.text) if told.type in {"error", "warning"} else None)
        self.page.context.on("page", lambda page: self.said.append(f"opened {page.url}"))

    def _asked(self, url: str) -> None:
        if not url.startswith((self.program.url, "data:", "blob:")):
            self.said.append(url)

    def _told(self, text: str) -> None:
        # A page that is left while it loads complains of that.
        if "evil" in text or "Security Policy" in text:
            self.said.append(text)

    def live(self, places: str) -> set[str]:
        """What could be followed or fetched inside some places, but for our own addresses."""
        found = self.page.evaluate(_LIVE, places)
        return {each for each in found if not (each.startswith(("#", "/")) and not each.startswith("//"))}

    def quiet(self) -> None:
        self.page.wait_for_timeout(400)
        assert self.said == []


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    # An earlier draft stands there until this one does; the box is emptied with it.
    expect(page.get_by_label("Your question")).to_have_value("")
    page.locator("#latest .byline").wait_for()


def test_neither_a_model_nor_a_passage_nor_a_title_runs_or_fetches_anything(browser: Browser, program: Program) -> None:
    amina = Watched(browser, program, "amina")
    ask(amina.page, "When is a kestrel counted?")
    for summary in amina.page.locator("#latest summary").all():
        summary.click()
    assert "kestrel" in amina.page.locator("#latest .words").first.inner_text().casefold()
    assert amina.live("#latest") <= {CITED}
    assert amina.page.locator("#latest").locator("img, svg, iframe, script, style, form, video, object").count() == 0
    amina.quiet()

    amina.page.get_by_role("button", name="Send for clearance").click()
    amina.page.locator("#note .notice").wait_for()
    grace = Watched(browser, program, "grace")
    grace.page.goto(f"{program.url}/clear")
    grace.page.locator("#queue button").first.click()
    grace.page.locator("#shown .review").wait_for()
    assert grace.live("#shown, #evidence") <= {CITED}
    grace.quiet()


def test_a_hostile_question_stays_text_in_the_draft_the_list_and_what_is_copied(
    browser: Browser, program: Program
) -> None:
    tom = Watched(browser, program, "tom")
    for payload in (PAYLOADS[0], HOSTILE):
        ask(tom.page, f"When is a kestrel counted? {payload}")
    tom.page.get_by_role("button", name="Change the question").last.click()
    tom.page.locator("#changing .notice").wait_for()
    tom.page.locator("#history-list a[data-conversation]").first.click()
    assert tom.live("#latest, #earlier, #history-list, #sent") <= {CITED}
    assert "<img src=" in tom.page.locator("#history-list").inner_text()
    tom.quiet()


def test_a_hostile_file_stays_text_under_a_hostile_name(browser: Browser, program: Program) -> None:
    david = Watched(browser, program, "david")
    words = f"Kestrels\n\nThe kestrel of the attached file is counted in June.\n\n{HOSTILE}"
    files = [{"name": FILE, "mimeType": "text/plain", "buffer": words.encode()}]
    files.append({"name": f"<svg onload=alert(11)> {FILE}", "mimeType": "text/plain", "buffer": b"\x00\xff\xfe\x00"})
    david.page.get_by_label("Attach files to this conversation").set_input_files(files)
    david.page.locator("#files a").wait_for()
    david.page.locator("#attaching .alert").wait_for()
    assert "onerror=alert(9)" in david.page.locator("#files").inner_text()
    ask(david.page, "What does the attached file say of the kestrel?")
    assert david.live("#files, #attaching, #latest") <= {CITED}
    there = david.page.locator("#files a").get_attribute("href") or ""
    david.page.goto(program.url + there)
    assert "counted in June" in david.page.get_by_role("main").inner_text()
    assert david.live("main") == set()
    david.quiet()


def test_a_hostile_document_is_read_in_one_piece_and_in_passages_without_harm(
    browser: Browser, program: Program
) -> None:
    grace = Watched(browser, program, "grace")
    for path in ("/guidance", "/documents/kestrels", "/documents/kites", "/documents/kites?passages=1"):
        grace.page.goto(program.url + path)
        assert "<img src=" in grace.page.get_by_role("main").inner_text()
        assert grace.live("main") <= {CITED}
    grace.quiet()
