"""A question goes into the conversation that the browser names, whatever an answer under way still changes."""

import asyncio
import threading
from types import SimpleNamespace

import gradio as gr
import pytest

from humphrey.accounts.model import Person
from humphrey.web.ask.components import build_components
from humphrey.web.ask.handlers import AskHandlers
from humphrey.web.ask.places import placed
from tests.web.running_site import Site, running

ROUNDS = 200


class Held:
    """A drafting service whose first answer waits until it is let go."""

    def __init__(self, drafting) -> None:
        self._drafting = drafting
        self.begun, self.go = threading.Event(), threading.Event()

    def compose(self, commission, watch):
        if commission.text.startswith("Old"):
            self.begun.set()
            assert self.go.wait(10)
        return self._drafting.compose(commission, watch)


class Browser:
    """What the script does: it alone makes tokens, and follows no change of another token."""

    def __init__(self, page) -> None:
        self._page = page
        self.token, self.conversation, self.foreign = "old", "", 0

    @property
    def place(self) -> str:
        return f"{self.token} {self.conversation}"

    def take(self, changes) -> None:
        if self._page.shown not in changes:
            return
        if changes[self._page.shown] != self.token:
            self.foreign += 1
        elif self._page.current in changes:
            self.conversation = changes[self._page.current]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("places"), gradio=False) as site:
        yield site


async def built():
    # Outside a running event loop, Gradio opens a new loop for each lock and never closes it.
    with gr.Blocks():
        return build_components()[0]


def test_a_new_conversation_begun_while_an_answer_ends_never_takes_in_the_other_question(site: Site):
    desk, amina = site.desk, Person("amina", ("official",))
    page = asyncio.run(built())
    state = SimpleNamespace(still=lambda: amina)
    request = SimpleNamespace(session_hash="window", request=SimpleNamespace(state=state))
    others = {
        "delivery": SimpleNamespace(released_to=lambda _name: ()),
        "attachments": SimpleNamespace(files=lambda *_given: ()),
    }
    foreign = 0
    for n in range(ROUNDS):
        held = Held(desk.drafting)
        services = SimpleNamespace(
            drafting=held, conversations=desk.conversations, clearance=desk.clearance, access=desk.access, **others
        )
        handlers, browser = AskHandlers(services, page), Browser(page)
        ask, new = placed(page, handlers.ask), placed(page, handlers.new)

        def follow(changes, browser=browser) -> None:
            for each in changes:
                browser.take(each)

        meet = threading.Barrier(2)
        old = threading.Thread(target=follow, args=(ask(f"Old {n}", browser.place, "", request),))
        old.start()
        assert held.begun.wait(10)

        def let_go(meet=meet, held=held) -> None:
            meet.wait(10)
            held.go.set()

        letting = threading.Thread(target=let_go)
        letting.start()
        meet.wait(10)
        browser.token, browser.conversation = "new", ""
        follow(new(browser.place, request))
        follow(ask(f"New {n}", browser.place, "", request))
        old.join(10)
        letting.join(10)

        asked = [each.draft.commission.text for each in desk.conversations.exchanges(browser.conversation, "amina")]
        assert asked == [f"New {n}"]
        foreign += browser.foreign
    kept = desk.conversations.conversations("amina")
    assert len(kept) == 2 * ROUNDS
    assert {each.title for each in kept} == {f"{what} {n}" for n in range(ROUNDS) for what in ("Old", "New")}
