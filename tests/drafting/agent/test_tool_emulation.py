"""Endpoints without tools, small windows, second endpoints: the draft says how it came about and who wrote it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from humphrey.checks.registry import CHECKS
from humphrey.drafting.agent.drafter import AgentDrafter
from humphrey.errors import LimitReached, ModelError
from humphrey.llm.endpoint import EndpointSettings
from humphrey.llm.failover import build_chat_model
from humphrey.llm.usage import write_metered
from humphrey.papers.draft import Commission, Draft, ModelName, Usage
from humphrey.papers.loader import load
from tests.support.draft_requests import written_by
from tests.support.example_guidance import lookup, search
from tests.support.model_endpoint import Reply, call, counted, half, mistaken, refuse, say, serving

PAPERS = load(CHECKS)


LIMIT = "A department must answer a freedom of information request within 20 working days of receiving it."


ASKED = "A freedom of information request arrived on 23 November 2026. When must we reply?"


ANSWER = json.dumps({"status": "answered", "sentences": [{"text": LIMIT, "passages": [1]}]})


def drafter(*services: EndpointSettings) -> AgentDrafter:
    name = ModelName("openai-compatible", services[0].name)
    return AgentDrafter(
        build_chat_model(*services), name, search, lookup, passages_per_answer=4, today=lambda: date(2026, 11, 23)
    )


def draft_of(made, text: str = ASKED) -> tuple[Draft, list[str]]:
    seen: list[str] = []
    return written_by(made, Commission("answer", text, "amina", "web"), PAPERS["answer"], seen.append), seen


def metered(made, lease):
    """The drafter with what it takes of a model counted, as the application joins it."""
    return lambda request, watch: write_metered(lease, request.commission.asked_by, lambda: made(request, watch))


def written(*replies: Reply, **how: object) -> tuple[Draft, list[str], list[dict]]:
    with serving(*replies) as server:
        draft, seen = draft_of(drafter(EndpointSettings(server.address, "one", retries=0, **how)))
    return draft, seen, server.asked


def told(body: dict) -> str:
    return "\n".join(str(message["content"]) for message in body["messages"])


def test_an_endpoint_without_tools_is_asked_once_with_passages_and_what_was_computed():
    draft, seen, [asked] = written(say(ANSWER), tools=False)
    assert draft.text == f"{LIMIT} [1]"
    assert draft.citations[0].quote == LIMIT
    assert [working.result for working in draft.workings] == ["2026-12-22"]
    assert "tools" not in asked
    assert "[1] Freedom of information: time limits" in told(asked)
    assert "Computed: " in told(asked)
    assert "22 December 2026" in told(asked)
    assert asked["response_format"]["type"] == "json_schema"
    assert seen[-1] == draft.text
    assert sorted(step.name for step in draft.steps[-3:-1]) == ["compute", "search"]
    assert draft.steps[-1].name == "write"


def test_an_answer_that_cites_nothing_and_passes_over_what_was_computed_is_blocked():
    draft, _, _ = written(say("STATUS: answered\nThe response is not yet available."), tools=False)
    assert draft.workings
    assert draft.blocked
    draft, _, _ = written(say("STATUS: answered\nThe reply is due by 22 December 2026."), tools=False)
    assert not draft.blocked


def test_a_server_that_refuses_a_schema_is_asked_in_words_and_not_again_with_one():
    with serving(
        refuse(400, "json_schema is unknown"), *(say(f"STATUS: answered\n{LIMIT} [1]") for _ in "ab")
    ) as server:
        made = drafter(EndpointSettings(server.address, "one", tools=False))
        first, second = draft_of(made)[0], draft_of(made)[0]
    assert first.text == second.text == f"{LIMIT} [1]"
    assert ["response_format" in body for body in server.asked] == [True, False, False]


def test_a_server_that_answers_a_schema_with_json_of_another_shape_is_asked_once_more_in_words():
    draft, _, asked = written(say('{"answer": "30 days"}'), say(f"STATUS: answered\n{LIMIT} [1]"), tools=False)
    assert draft.text == f"{LIMIT} [1]"
    assert "response_format" not in asked[1]


def test_an_answer_of_no_sentence_is_asked_for_in_words_and_the_schema_is_tried_again_next_time():
    nothing = say('{"status": "answered", "sentences": []}')
    with serving(nothing, say(f"STATUS: answered\n{LIMIT} [1]"), say(ANSWER)) as server:
        made = drafter(EndpointSettings(server.address, "one", tools=False))
        first, second = draft_of(made)[0], draft_of(made)[0]
    assert first.text == second.text == f"{LIMIT} [1]"
    assert ["response_format" in body for body in server.asked] == [True, False, True]


def test_fewer_passages_are_given_to_a_small_window_and_the_steps_say_so():
    draft, _, [asked] = written(say(ANSWER), tools=False, window_tokens=100)
    assert "[1] " in told(asked)
    assert "[2] " not in told(asked)
    write = next(step for step in draft.steps if step.name == "write")
    assert "passages left out, which the model's window does not hold" in write.outcome


def test_a_passage_that_was_left_out_cannot_be_cited():
    draft, _, _ = written(say(f"STATUS: answered\n{LIMIT} [1] [2]"), tools=False, window_tokens=100)
    assert [citation.marker for citation in draft.citations] == ["1"]
    assert any(finding.check == "citations_resolve" for finding in draft.findings)


def test_a_window_that_turns_out_too_small_is_given_half():
    too_long = refuse(400, "maximum context length is 512 tokens")
    draft, _, asked = written(too_long, say(ANSWER), tools=False)
    assert draft.citations
    assert ["[2] " in told(body) for body in asked] == [True, False]
    with pytest.raises(ModelError, match="more than 'one' can read at once"):
        written(*(too_long for _ in range(9)), tools=False)


def test_a_model_whose_tools_gave_more_than_its_window_holds_is_led_instead():
    too_long = refuse(400, "maximum context length is 512 tokens")
    draft, _, asked = written(call("search_guidance", query="freedom of information"), too_long, say(ANSWER))
    assert draft.citations
    assert ["tools" in body for body in asked] == [True, True, False]


@pytest.mark.parametrize(
    "lie",
    [
        mistaken("search_guidance", "{not json"),
        mistaken("send_email", '{"to": "x"}'),
        mistaken("open_document", '{"n": 1}'),
    ],
    ids=["arguments that are no JSON", "a tool that is not there", "arguments of another tool"],
)
def test_a_tool_call_that_makes_no_sense_ends_in_a_cited_draft_all_the_same(lie):
    draft, _, _ = written(lie, say("STATUS: answered\nFrom memory."), say(ANSWER))
    assert draft.citations[0].quote == LIMIT


def test_a_reply_that_broke_off_is_written_by_the_second_endpoint_and_the_draft_names_it():
    with (
        serving(call("search_guidance", query="freedom of information"), half()) as first,
        serving(counted(f"STATUS: answered\n{LIMIT} [1]", 900, 40)) as second,
    ):
        spent: list[tuple[str, Usage]] = []

        @contextmanager
        def turn(_person: str) -> Iterator[object]:
            yield lambda name, usage: spent.append((name, usage))

        model = drafter(
            EndpointSettings(first.address, "one"),
            EndpointSettings(second.address, "two", price_in=2, price_out=10, tools=False),
        )
        draft, seen = draft_of(metered(model, turn))
    assert draft.text == f"{LIMIT} [1]"
    assert (draft.model.name, draft.model.settings["temperature"]) == ("two", "0")
    assert draft.usage is not None
    assert draft.usage.calls == 3
    assert draft.usage.estimated
    assert draft.usage.cost == pytest.approx((900 * 2 + 40 * 10) / 1_000_000)
    assert {name for name, _ in spent} == {"one", "two"}
    assert "" in seen, "what had been shown of the first reply is taken back"


def test_the_person_who_may_take_no_more_is_told_before_the_model_is_called():
    @contextmanager
    def turn(_person: str) -> Iterator[object]:
        raise LimitReached("no more today; ask again after midnight")
        yield

    with serving(say(ANSWER)) as server, pytest.raises(LimitReached):
        draft_of(metered(drafter(EndpointSettings(server.address, "one")), turn))
    assert server.asked == []


def test_what_a_failed_draft_took_is_counted():
    spent: list[Usage] = []

    @contextmanager
    def turn(_person: str) -> Iterator[object]:
        yield lambda _name, usage: spent.append(usage)

    with (
        serving(call("search_guidance", query="freedom"), refuse(401)) as server,
        pytest.raises(ModelError, match="refused the key"),
    ):
        draft_of(metered(drafter(EndpointSettings(server.address, "one")), turn))
    assert [usage.calls for usage in spent] == [1]
