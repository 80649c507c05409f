"""Whatever an endpoint does, the person asking gets words or one sentence, and never the key."""

import logging
import time

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage

from humphrey.errors import ModelError, SettingsError
from humphrey.llm.failover import endpoint
from tests.support.model_endpoint import Reply, call, drip, half, refuse, say, send, serving, silence

KEY = "sk-a-secret-of-the-department"


def model(address: str, timeout_s: float = 5, retries: int = 0) -> BaseChatModel:
    return endpoint(address, KEY, "test-model", timeout_s, retries)


def ask(address: str, timeout_s: float = 5, retries: int = 0) -> str:
    return model(address, timeout_s, retries).invoke([HumanMessage("What is due?")]).text


def test_a_streamed_reply_arrives_whole() -> None:
    with serving(say("It is due on 22 December 2026.")) as server:
        assert ask(server.address) == "It is due on 22 December 2026."
    assert server.asked[0]["model"] == "test-model"
    assert server.keys == [f"Bearer {KEY}"]


def test_a_tool_call_streamed_in_pieces_arrives_whole() -> None:
    with serving(call("search_guidance", query="FOI time limit")) as server:
        message = model(server.address).invoke([HumanMessage("?")])
    assert [(made["name"], made["args"]) for made in message.tool_calls] == [
        ("search_guidance", {"query": "FOI time limit"})
    ]


def test_a_call_that_was_rate_limited_is_tried_again() -> None:
    with serving(refuse(429, retry_after="0"), say("Later.")) as server:
        assert ask(server.address, retries=1) == "Later."
    assert len(server.asked) == 2


def test_an_endpoint_without_tools_is_asked_again_without_them() -> None:
    with serving(refuse(400, "this model does not support tools"), say("Fine."), say("Again.")) as server:
        bound = model(server.address)
        tool = {"type": "function", "function": {"name": "t", "description": "t", "parameters": {"type": "object"}}}
        with_tools = bound.bind(tools=[tool])
        assert with_tools.invoke([HumanMessage("?")]).text == "Fine."
        assert with_tools.invoke([HumanMessage("?")]).text == "Again."
    assert ["tools" in body for body in server.asked] == [True, False, False]


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (refuse(401), "refused the key; set HUMPHREY_MODEL__API_KEY"),
        (refuse(404), "has no model 'test-model' at this address"),
        (refuse(429), "takes no more requests for now"),
        (refuse(400, KEY), "did not accept the request (status 400)"),
        (refuse(500, KEY), "failed (status 500)"),
        (send(b"data: {not json\n\n"), "sent something that is not a chat completion"),
        (send(b'data: {"choices": [{"delta": 7}]}\n\n'), "sent something that is not a chat completion"),
        (send(b'data: {"error": {"message": "sk-a-secret"}}\n\n'), "failed (status 500)"),
        (send(b"\xff\xfe\x00 binary"), "sent something that is not a chat completion"),
        (send(b"<html><body>Sign in</body></html>", "text/html"), "sent something that is not a chat completion"),
        (send(b""), "sent something that is not a chat completion"),
        (half(), "broke off in the middle"),
        (say(""), "sent an empty reply"),
        (say("Cut sh", finish="length"), "reached its length limit"),
        (say("No", finish="content_filter"), "withheld its reply"),
        (silence(1.5), "did not finish its reply within 0.5 seconds"),
        (drip(1.5), "did not finish its reply within 0.5 seconds"),
    ],
)
def test_every_failure_of_an_endpoint_is_one_sentence_with_its_host_and_the_next_step(
    reply: Reply, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(reply) as server:
        with pytest.raises(ModelError) as caught:
            ask(server.address, timeout_s=0.5)
        message = str(caught.value)
        assert words in message
        assert f"127.0.0.1:{server.server_port}" in message
    assert ";" in message
    assert "\n" not in message
    for told in (message, caplog.text):
        assert KEY not in told
        assert "What is due?" not in told


def test_an_endpoint_that_is_not_there_is_named_with_the_setting_to_check() -> None:
    with serving() as server:
        address = server.address
    with pytest.raises(ModelError, match=r"cannot be reached; check HUMPHREY_MODEL__BASE_URL"):
        ask(address.replace("http://", "http://someone:hidden@"))


def test_a_name_and_password_in_the_address_are_not_shown() -> None:
    with serving(refuse(500)) as server, pytest.raises(ModelError) as caught:
        ask(server.address.replace("http://", "http://someone:hidden@"))
    assert "hidden" not in str(caught.value)


def test_an_endless_reply_ends_at_the_time_limit() -> None:
    began = time.monotonic()
    with serving(drip(30)) as server, pytest.raises(ModelError, match="did not finish"):
        ask(server.address, timeout_s=0.3)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("address", "name", "words"),
    [("localhost:8000", "m", "BASE_URL is not an address"), ("http://127.0.0.1:1/v1", "", "MODEL__NAME is empty")],
)
def test_a_mistaken_setting_is_refused_before_anything_is_sent(address: str, name: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        endpoint(address, "", name, 5, 0)
