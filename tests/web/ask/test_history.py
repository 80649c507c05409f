"""A person's conversations: listed by day, found, renamed, pinned, removed and taken as files, by the owner alone."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from humphrey.conversations.model import Conversation
from humphrey.papers.draft import Commission, from_json
from humphrey.text.hidden_characters import made_visible
from humphrey.web.ask.history_view import STEP, listed
from tests.web.running_site import Site, running

TODAY = date(2026, 7, 2)


def kept(n: int, at: datetime, *, pinned: bool = False) -> Conversation:
    return Conversation(f"c{n}", "amina", f"Title {n} <b>", at, pinned)


def groups(html: str) -> dict[str, list[str]]:
    sections = LexborHTMLParser(html).css("section")
    return {each.css_first("h3").text(): [link.text() for link in each.css("a")] for each in sections}


def test_the_list_is_grouped_by_days_of_london_with_pinned_ones_on_top():
    # 23:30 UTC on 1 July is half past midnight on 2 July in London.
    moments = [datetime(2026, 7, 1, hour, 30, tzinfo=UTC) for hour in (23, 22)] + [datetime(2026, 6, 3, 9, tzinfo=UTC)]
    found = [*(kept(n, at) for n, at in enumerate(moments)), kept(9, moments[2], pinned=True)]

    assert groups(listed(found, "", STEP, TODAY)) == {
        "Pinned": ["Title 9 <b>"],
        "Today": ["Title 0 <b>"],
        "Yesterday": ["Title 1 <b>"],
        "3 June 2026": ["Title 2 <b>"],
    }


def test_all_of_two_hundred_are_reached_step_by_step_and_the_list_is_one_tab_stop_at_most():
    found = [kept(n, datetime(2026, 7, 1, tzinfo=UTC) - timedelta(days=n)) for n in range(200)]
    pages = [listed(found, "", shown, TODAY) for shown in range(STEP, 300, STEP)]

    assert [page.count("<a ") for page in pages] == [60, 120, 180, 200]
    assert ["Show 60 more" in page for page in pages] == [True, True, False, False]
    assert "Show 20 more" in pages[2]
    assert "history-more" not in pages[3]
    assert all(each.attributes["tabindex"] == "-1" for each in LexborHTMLParser(pages[0]).css("a, button"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("history"), gradio=False) as site:
        yield site


@pytest.fixture(scope="module")
def clients(site: Site) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    with ExitStack() as stack:
        made = [stack.enter_context(httpx.Client(base_url=site.url, headers={"Origin": site.url})) for _ in range(2)]
        for client, name in zip(made, ("amina", "tom"), strict=True):
            assert client.post("/sign-in", data={"name": name}).status_code == 303
        yield made[0], made[1]


def asked(site: Site, text: str) -> str:
    draft = site.desk.drafting.compose(Commission("answer", text, "amina", "web"))
    draft = replace(draft, text=f"{draft.text}\u202e")
    return site.desk.conversations.save(draft, None).conversation


def test_the_owner_finds_renames_pins_and_removes_and_another_person_does_nothing_of_it(site, clients):
    amina, tom = clients
    one = f"/ask/history/{asked(site, 'How many quokkas?')}"

    for act, given in {"/title": {"title": "Mine"}, "/pin": {"pinned": "yes"}, "/remove": {}}.items():
        assert tom.post(one + act, data=given).status_code == 400
    assert "quokkas" not in tom.get("/ask/history").text
    assert list(groups(amina.get("/ask/history", params={"words": "QUOKKAS"}).text).values()) == [["How many quokkas?"]]
    assert "No conversation with “&lt;i&gt;”." in amina.get("/ask/history", params={"words": "<i>"}).text

    assert amina.post(one + "/title", data={"title": ""}).json()["detail"].startswith("the title is empty")
    assert amina.post(one + "/title", data={"title": "Small marsupials"}).status_code == 200
    assert amina.post(one + "/pin", data={"pinned": "yes"}).status_code == 200
    assert groups(amina.get("/ask/history").text)["Pinned"] == ["Small marsupials"]
    assert amina.post(one + "/pin", data={"pinned": ""}).status_code == 200
    assert "Pinned" not in groups(amina.get("/ask/history").text)
    assert amina.post(one + "/remove").status_code == 200
    assert "marsupials" not in amina.get("/ask/history").text


def test_a_conversation_is_taken_as_a_file_that_says_what_it_is(site, clients):
    amina, tom = clients
    conversation = asked(site, "Is café <script>x</script> open?")
    files = {form: amina.get(f"/ask/history/{conversation}/export.{form}") for form in ("html", "md", "json")}

    day = site.desk.conversations.conversations("amina")[0].latest.date()
    for form, answer in files.items():
        name = f"conversation-is-cafe-script-x-script-open-{day}.{form}"
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert "DRAFT, not cleared" in answer.text
        assert "\u202e" not in answer.text
        assert tom.get(f"/ask/history/{conversation}/export.{form}").status_code == 400
    assert "<script" not in files["html"].text
    assert "<script" not in files["md"].text
    draft = from_json(json.loads(files["json"].text)["exchanges"][0]["draft"])
    stored = site.desk.conversations.exchanges(conversation, "amina")[0].draft
    assert draft.text == made_visible(stored.text)
    assert draft.citations == stored.citations != ()
    for citation in stored.citations:
        assert citation.quote in files["md"].text
    assert amina.get(f"/ask/history/{conversation}/export.pdf").status_code == 404
