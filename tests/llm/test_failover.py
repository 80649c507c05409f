"""An endpoint that fails is asked again, or another in its place; what a server lacks it is not sent again."""

import time

import pytest
from langchain_core.messages import HumanMessage

from humphrey.errors import ModelError, ModelUnavailable, WindowExceeded
from humphrey.llm.endpoint import EndpointSettings
from humphrey.llm.failover import CircuitBreaker, FailoverChatModel, build_chat_model, endpoint
from humphrey.llm.usage import Meter, metered, tokens
from tests.support.model_endpoint import Reply, call, counted, endless, half, refuse, say, serving, silence

TOOL = {"type": "function", "function": {"name": "t", "description": "t", "parameters": {"type": "object"}}}


def ask(model: FailoverChatModel, **wanted: object) -> str:
    return "".join(chunk.text for chunk in model.reply([HumanMessage("What is due?")], **wanted))


def used(*replies: Reply, price: float = 0) -> Meter:
    with serving(*replies) as server, metered() as meter:
        ask(build_chat_model(EndpointSettings(server.address, "m", retries=0, price_in=price, price_out=price)))
    return meter


def test_a_wait_that_the_endpoint_asks_for_is_kept():
    with serving(refuse(429, retry_after="0.3"), say("Later.")) as server:
        began = time.monotonic()
        assert ask(endpoint(server.address, "", "m", 5, 1)) == "Later."
        assert time.monotonic() - began >= 0.3


def test_a_longer_wait_than_a_person_has_is_not_waited_for():
    with serving(refuse(503, retry_after="3600"), say("Later.")) as server:
        with pytest.raises(ModelUnavailable, match="failed \\(status 503\\)") as caught:
            ask(endpoint(server.address, "", "m", 5, 3))
        assert caught.value.wait_s == 3600
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [400, 401, 404])
def test_what_will_not_pass_is_not_tried_again_nor_elsewhere(status):
    with serving(refuse(status)) as first, serving(say("Other.")) as second, pytest.raises(ModelError):
        ask(build_chat_model(EndpointSettings(first.address, "m"), EndpointSettings(second.address, "m")))
    assert (len(first.asked), len(second.asked)) == (1, 0)


@pytest.mark.parametrize("failing", [refuse(429), refuse(502), silence(2)], ids=["busy", "failing", "slow"])
def test_a_second_endpoint_writes_while_the_first_cannot(failing):
    with serving(failing, say("First.")) as first, serving(say("Second."), say("Again.")) as second:
        model = build_chat_model(
            EndpointSettings(first.address, "one", "first's key", timeout_s=0.5, retries=0),
            EndpointSettings(second.address, "two", "second's key"),
        )
        with metered() as meter:
            assert ask(model) == "Second."
        assert meter.calls[-1].model.name == "two"
        # The first is left alone for a while.
        assert ask(model) == "Again."
    assert len(first.asked) == 1
    assert set(second.keys) == {"Bearer second's key"}


def test_words_that_were_shown_are_not_asked_for_elsewhere_but_the_next_question_is():
    with serving(half()) as first, serving(say("Second.")) as second:
        model = build_chat_model(EndpointSettings(first.address, "one"), EndpointSettings(second.address, "two"))
        with pytest.raises(ModelUnavailable, match="broke off") as caught:
            ask(model)
        assert caught.value.begun
        assert ask(model) == "Second."


def test_where_all_endpoints_are_resting_they_are_tried_all_the_same():
    with serving(refuse(500), say("First.")) as first, serving(refuse(500)) as second:
        model = build_chat_model(
            EndpointSettings(first.address, "one", retries=0), EndpointSettings(second.address, "two", retries=0)
        )
        with pytest.raises(ModelUnavailable):
            ask(model)
        assert ask(model) == "First."


def test_an_endpoint_rests_longer_each_time_and_one_caller_tries_whether_it_is_back():
    now = [0.0]
    circuit = CircuitBreaker(clock=lambda: now[0])
    assert circuit.ready()
    circuit.failed(0)
    now[0] = 14
    assert not circuit.ready()
    now[0] = 16
    assert [circuit.ready(), circuit.ready()] == [True, False]
    circuit.failed(0)
    now[0] = 16 + 29
    assert not circuit.ready()
    now[0] = 16 + 31
    assert circuit.ready()
    circuit.worked()
    assert [circuit.ready(), circuit.ready()] == [True, True]
    circuit.failed(10_000)
    now[0] += 301
    assert circuit.ready()


@pytest.mark.parametrize(
    ("message", "left_out"),
    [
        ("Unknown parameter: 'stream_options'", "stream_options"),
        ("temperature does not support 0 with this model", "temperature"),
        ("body: extra field response_format is not permitted", "response_format"),
        ("this model does not support tools", "tools"),
    ],
)
def test_a_parameter_that_a_server_refuses_is_left_out_from_then_on(message, left_out):
    with serving(refuse(400, message), say("Fine."), say("Again.")) as server:
        model = endpoint(server.address, "", "m", 5, 0)
        assert ask(model, tools=[TOOL], passages=[1]) == "Fine."
        assert ask(model, tools=[TOOL], passages=[1]) == "Again."
    assert [left_out in body for body in server.asked] == [True, False, False]
    others = {"stream_options", "temperature", "tools"} - {left_out}
    assert others <= set(server.asked[1])


def test_a_server_that_knows_the_longest_reply_by_its_newer_name_is_told_it_so():
    refusal = refuse(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
    with serving(refusal, say("Fine.")) as server, metered() as meter:
        assert ask(build_chat_model(EndpointSettings(server.address, "m", max_tokens=300))) == "Fine."
    assert [(body.get("max_tokens"), body.get("max_completion_tokens")) for body in server.asked] == [
        (300, None),
        (None, 300),
    ]
    assert meter.calls[0].model.settings["max_completion_tokens"] == "300"


def test_a_server_that_never_calls_a_tool_is_after_a_while_not_offered_any():
    with serving(*(say(f"{n}.") for n in range(4))) as server:
        model = endpoint(server.address, "", "m", 5, 0)
        for _ in range(4):
            ask(model, tools=[TOOL])
        assert not model.calls_tools
    assert ["tools" in body for body in server.asked] == [True, True, True, False]


def test_a_server_that_called_a_tool_once_is_offered_them_for_good():
    with serving(call("t"), *(say(f"{n}.") for n in range(5))) as server:
        model = endpoint(server.address, "", "m", 5, 0)
        for _ in range(6):
            ask(model, tools=[TOOL])
        assert model.calls_tools


def test_more_than_the_window_holds_is_an_error_of_its_own():
    told = "the request exceeds the available context size (2048); reduce max_tokens"
    with serving(refuse(400, told)) as server, pytest.raises(WindowExceeded, match="more than 'm' can read at once"):
        ask(build_chat_model(EndpointSettings(server.address, "m", max_tokens=100)))
    assert len(server.asked) == 1


def test_words_without_an_end_are_not_waited_for():
    with serving(endless()) as server, pytest.raises(ModelError, match="more than 60,000 characters"):
        ask(endpoint(server.address, "", "m", 30, 0))


def test_tokens_are_the_endpoint_s_count_and_cost_what_the_settings_say():
    usage = used(counted("It is due on 22 December 2026.", 400, 60), price=2.5).usage
    assert usage is not None
    assert (usage.calls, usage.tokens_in, usage.tokens_out, usage.estimated) == (1, 400, 60, False)
    assert usage.cost == pytest.approx(460 * 2.5 / 1_000_000)


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
@pytest.mark.parametrize(
    ("read", "written"), [("many", 1), (-4, 1), (None, None), (True, True), (10**9, 8), (0, 0), ({}, [])]
)
def test_a_count_that_cannot_be_true_is_not_believed_and_the_words_arrive(read, written):
    text = "It is due on 22 December 2026. " * 4
    usage = used(counted(text, read, written)).usage
    assert usage is not None
    assert usage.estimated
    assert (usage.tokens_in, usage.tokens_out) == (tokens("What is due?"), tokens(text))


def test_a_reply_that_broke_off_is_counted():
    with serving(half()) as server, metered() as meter, pytest.raises(ModelUnavailable, match="broke off"):
        ask(endpoint(server.address, "", "m", 5, 0))
    [broken] = meter.calls
    assert broken.tokens_out == tokens("STATUS: answered\nHalf of")


def test_a_key_is_in_no_text_about_an_endpoint():
    assert "sk-secret" not in repr(EndpointSettings("http://127.0.0.1:1", "m", "sk-secret"))
