"""Replies as servers really send them: errors inside a reply, thoughts, halves of characters, ends of every kind."""

import json
import time
from collections.abc import Callable

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from humphrey.errors import ModelError, ModelUnavailable, WindowExceeded
from humphrey.llm.endpoint import EndpointSettings
from humphrey.llm.failover import build_chat_model, endpoint
from humphrey.llm.server_errors import told_in
from humphrey.llm.server_events import ReplyReader
from humphrey.llm.thinking import ThinkingFilter, after_thinking
from tests.support.model_endpoint import Answering, Reply, call, refuse, say, send, serving

WORDS = "The fee is £10 [1]."

TOOL = {"type": "function", "function": {"name": "t", "description": "t", "parameters": {"type": "object"}}}


def event(delta: dict | None = None, finish: object = None, **more: object) -> bytes:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices, **more}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"


def stream(*pieces: object, finish: object = "stop", done: bool = True) -> Reply:
    """A reply in these pieces of content, each as the server writes it."""
    body = b"".join(event({"content": piece}) for piece in pieces) + event({}, finish)
    return send(body + (DONE if done else b""))


def error(told: object, *, after: bytes = b"", name: bytes = b"data: ") -> Reply:
    return send(after + name + json.dumps(told).encode() + b"\n\n" + DONE)


def refused(status: int, **told: object) -> Reply:
    def reply(to: Answering) -> None:
        to.begin(status, "application/json")
        to.wfile.write(json.dumps({"error": told}).encode())

    return reply


def whole(message: dict, finish: object = "stop", kind: str = "application/json") -> Reply:
    """A reply without a stream, as a server gives it that cannot stream, though it was asked to."""
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    body = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    return send(json.dumps(body, indent=1).encode(), kind)


def answered(reply: Reply) -> AIMessage:
    with serving(reply) as server:
        return endpoint(server.address, "", "m", 5, 0).bind(tools=[TOOL]).invoke([HumanMessage("What is the fee?")])


TOO_LONG = "This model's maximum context length is 512 tokens, and 700 were requested."


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (error({"error": {"message": TOO_LONG, "type": "BadRequestError", "code": 400}}), WindowExceeded, "at once"),
        (error({"error": {"message": TOO_LONG, "code": "context_length_exceeded"}}), WindowExceeded, "at once"),
        (error({"error": TOO_LONG}), WindowExceeded, "at once"),
        (error({"object": "error", "message": TOO_LONG, "code": 40303}), WindowExceeded, "at once"),
        (error({"code": 400, "message": TOO_LONG}, name=b"error: "), WindowExceeded, "at once"),
        (error({"message": TOO_LONG}, name=b"event: error\ndata: "), WindowExceeded, "at once"),
        (send(json.dumps({"error": {"message": TOO_LONG, "code": 400}}).encode(), "application/json"),
         WindowExceeded, "at once"),
        (error({"error": {"message": "Slow down", "type": "rate_limit_error"}}), ModelUnavailable, "(status 429)"),
        (error({"error": {"message": "Slow down", "code": "429"}}), ModelUnavailable, "takes no more requests"),
        (error({"choices": [{"index": 0, "error": {"message": "Slow down", "code": 429}}]}), ModelUnavailable, "429"),
        (error({"error": {"message": "Out of memory", "code": 503}}), ModelUnavailable, "failed (status 503)"),
        (error({"error": {"message": "?"}}), ModelUnavailable, "failed (status 500)"),
        (error({"detail": "Could not authenticate"}), ModelError, "refused the key"),
        (error({"error": {"message": "The model `m` does not exist"}}), ModelError, "has no model 'm'"),
        (error({"error": {"message": "no memory", "code": 500}}, after=event({"content": "The fee"})),
         ModelUnavailable, "broke off in the middle of its reply"),
    ],
)  # fmt: skip
def test_an_error_inside_a_reply_is_what_it_would_be_as_a_status(reply: Reply, kind: type, said: str) -> None:
    with pytest.raises(ModelError) as caught:
        answered(reply)

    assert type(caught.value) is kind
    assert said in str(caught.value)


FILTERED = "The response was filtered, because the prompt triggered the content management policy."


@pytest.mark.parametrize(
    "reply",
    [
        refused(400, message=FILTERED, code="content_filter", param="prompt"),
        refused(403, message="Your prompt was flagged by our safety system.", code="moderation"),
        error({"error": {"message": FILTERED, "code": "content_filter", "status": 400}}),
        stream("The fee", finish="content_filter"),
        stream("The fee", finish="SAFETY"),
    ],
)
def test_a_reply_that_a_filter_withheld_is_said_to_be_withheld(reply: Reply) -> None:
    with pytest.raises(ModelError, match="withheld its reply because of its content filter; ask in other words"):
        answered(reply)


@pytest.mark.parametrize(
    "reply",
    [
        refused(429, message="You exceeded your current quota, check your plan.", code="insufficient_quota"),
        refused(402, message="Your credit balance is too low."),
        error({"error": {"message": "You exceeded your current quota.", "type": "insufficient_quota"}}),
    ],
)
def test_a_quota_that_is_used_up_is_named_and_another_endpoint_is_asked_at_once(reply: Reply) -> None:
    with serving(reply, say("No.")) as first, serving(say("Second.")) as second:
        services = EndpointSettings(first.address, "one", retries=3), EndpointSettings(second.address, "two")
        assert build_chat_model(*services).invoke([HumanMessage("?")]).text == "Second."
    assert len(first.asked) == 1

    with pytest.raises(ModelUnavailable, match=r"the account's quota is used up \(status \d+\); raise it with its"):
        answered(reply)


def test_a_server_that_says_when_to_come_back_is_busy_and_its_quota_is_not_used_up() -> None:
    with serving(refuse(429, "Quota exceeded for requests per minute", retry_after="0"), say("Later.")) as server:
        assert endpoint(server.address, "", "m", 5, 1).invoke([HumanMessage("?")]).text == "Later."


def test_a_parameter_that_is_refused_inside_a_reply_is_left_out() -> None:
    told = {"error": {"message": "stream_options is not supported", "code": 400}}
    with serving(error(told), say("Fine."), say("Again.")) as server:
        model = endpoint(server.address, "", "m", 5, 0)
        assert [model.invoke([HumanMessage("?")]).text for _ in range(2)] == ["Fine.", "Again."]
    assert ["stream_options" in body for body in server.asked] == [True, False, False]


def test_a_refusal_after_words_asks_nothing_again() -> None:
    told = {"error": {"message": "stream_options is not supported", "code": 400}}
    with serving(error(told, after=event({"content": "The fee"})), say("Fine.")) as server, pytest.raises(ModelError):
        endpoint(server.address, "", "m", 5, 0).invoke([HumanMessage("?")])
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "reply",
    [
        stream(WORDS),
        stream(WORDS, finish=""),
        stream(WORDS, finish=None),
        stream(WORDS, finish="eos_token", done=False),
        stream("<think>\nMaybe £99.\n</think>\n", WORDS),
        stream("<thi", "nk>Maybe", " £99.</th", "ink>", WORDS),
        stream("[THINK]Maybe £99.[/THINK]", WORDS, finish=None),
        stream([{"type": "thinking", "thinking": [{"type": "text", "text": "£99?"}]}, {"type": "text", "text": WORDS}]),
        send(event({"reasoning_content": "Maybe £99."}) + event({"content": WORDS}) + event({}, "stop") + DONE),
        send((event({"content": WORDS}) + event({}, "stop") + DONE).replace(b"\n", b"\r\n")),
        whole({"content": WORDS}),
        whole({"content": f"<think>£99?</think>{WORDS}"}, kind="text/event-stream"),
        whole({"content": [{"type": "text", "text": WORDS}]}, finish=None),
    ],
)
def test_a_reply_is_its_words_whatever_way_they_come(reply: Reply) -> None:
    assert answered(reply).text.strip() == WORDS


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        (("Well \ud83d", "\ude00 done"), "Well 😀 done"),
        (("Well \ud83d done",), "Well \ufffd done"),
        (("Well ", "\ude00 done"), "Well \ufffd done"),
        (("Well done\ud83d",), "Well done"),
    ],
)
def test_a_character_in_halves_is_made_whole_or_left_out(pieces: tuple[str, ...], words: str) -> None:
    assert answered(stream(*pieces)).text == words


def test_a_character_in_halves_is_made_whole_in_a_call_too() -> None:
    head = {"index": 0, "id": "c", "type": "function", "function": {"name": "t", "arguments": '{"q": "\ud83d'}}
    tail = {"index": 0, "function": {"arguments": '\ude00"}'}}
    body = event({"tool_calls": [head]}) + event({"tool_calls": [tail]}) + event({}, "tool_calls") + DONE

    assert [made["args"] for made in answered(send(body)).tool_calls] == [{"q": "😀"}]


def called(**function: object) -> dict:
    return {"id": "c1", "type": "function", "function": {"name": "t", **function}}


@pytest.mark.parametrize(
    "reply",
    [
        call("t", q="fee"),
        whole({"content": None, "tool_calls": [called(arguments='{"q": "fee"}')]}, "tool_calls"),
        whole({"content": None, "tool_calls": [called(arguments={"q": "fee"})]}, "stop"),
        whole({"content": None, "function_call": {"name": "t", "arguments": '{"q": "fee"}'}}, "function_call"),
        send(event({"tool_calls": [called(arguments='{"q": "fee"}')]}) + event({}, "") + DONE),
        send(event({"tool_calls": [called(arguments='{"q": ')]})
             + event({"tool_calls": [{"function": {"arguments": '"fee"}'}}]}) + event({}, "tool_calls") + DONE),
    ],
)  # fmt: skip
def test_a_call_is_a_call_whatever_way_it_comes(reply: Reply) -> None:
    assert [(made["name"], made["args"]) for made in answered(reply).tool_calls] == [("t", {"q": "fee"})]


def test_two_calls_without_places_are_two() -> None:
    calls = [called(arguments='{"q": "fee"}'), {**called(arguments='{"q": "date"}'), "id": "c2"}]

    made = answered(whole({"content": "", "tool_calls": calls}, "tool_calls")).tool_calls

    assert [each["args"] for each in made] == [{"q": "fee"}, {"q": "date"}]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (stream(WORDS, finish="", done=False), "broke off in the middle of its reply"),
        (stream(WORDS, finish="error"), "broke off in the middle of its reply"),
        (stream(WORDS, finish="MAX_TOKENS"), "reached its length limit"),
        (stream("<think>Maybe £99, or else"), "sent an empty reply"),
        (send(event({"refusal": "I cannot help with that."}) + event({}, "stop") + DONE), "refused to answer this"),
        (send(DONE), "sent something that is not a chat completion"),
        (
            send(b'{"message": {"content": "hello"}, "done": true}\n', "application/x-ndjson"),
            "is not a chat completion",
        ),
        (send(b'{"models": []}', "application/json"), "sent something that is not a chat completion"),
    ],
)
def test_a_reply_that_is_none_says_why(reply: Reply, said: str) -> None:
    with pytest.raises(ModelError) as caught:
        answered(reply)

    assert said in str(caught.value)


@pytest.mark.parametrize("cut", range(1, 40))
def test_thoughts_are_left_out_wherever_the_pieces_are_cut(cut: int) -> None:
    text, filtered = "A [1] <b <think>no</think>and < B [", ThinkingFilter()

    said = filtered.add(text[:cut]) + filtered.add(text[cut:]) + filtered.rest()

    assert said == "A [1] <b and < B ["


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("I think so.\n</think>\nYes.", "\nYes."),
        ("One</think>two</thinking>Yes.", "Yes."),
        ("<|start|>assistant<|channel|>final<|message|>Yes.<|return|>", "Yes."),
        ("Yes, a < b and [1].", "Yes, a < b and [1]."),
        # A tag behind the beginning of the answer is quoted.
        ("STATUS: answered\nIt says “</think>” here.", "STATUS: answered\nIt says “</think>” here."),
        ("Pay by May [2]. The note ends with [/THINK] and a stamp.",) * 2,
        (
            "Hm.</think>\nSTATUS: partial\nIt says </think>\nSTATUS: none",
            "\nSTATUS: partial\nIt says </think>\nSTATUS: none",
        ),
        # Thoughts may name passages and try out an answer.
        ("First [1].\nSTATUS: partial\nMaybe.</think>\nSTATUS: answered\nYes.", "\nSTATUS: answered\nYes."),
        ("By [1] it is May.\n</think>\nYes [1].", "\nYes [1]."),
    ],
)
def test_what_follows_the_thoughts_is_the_reply(reply: str, words: str) -> None:
    assert after_thinking(reply) == words


@pytest.mark.parametrize("reply", [f"</think>{' ' * 50_000}x", f"STATUS:{' ' * 50_000}\n</think>x"])
def test_many_blanks_around_a_status_line_take_no_time(reply: str) -> None:
    began = time.monotonic()

    after_thinking(reply)

    assert time.monotonic() - began < 2


@pytest.mark.parametrize("body", [[], "error", None, {"choices": []}, {"choices": [], "error": None}, {"usage": {}}])
def test_what_tells_no_error_is_no_error(body: object) -> None:
    assert told_in(body) is None


def test_no_message_repeats_what_a_server_said() -> None:
    replies: list[Callable[..., Reply]] = [
        lambda told: error({"error": {"message": told}}),
        lambda told: refuse(400, told),
    ]
    for reply in replies:
        with pytest.raises(ModelError) as caught:
            answered(reply("secret-key-1 What is the fee?"))
        assert "secret" not in str(caught.value)
        assert "fee" not in str(caught.value)


@pytest.mark.parametrize("before", [b"data: ", b" {"], ids=["a line", "a body"])
def test_a_long_reply_in_single_bytes_is_read_at_once(before):
    reader, began = ReplyReader(), time.process_time()

    for byte in before + b"a" * 300_000 + b"\n":
        reader.read(bytes([byte]))
    reader.rest()

    assert time.process_time() - began < 2


def test_many_lines_and_thoughts_in_one_piece_are_read_at_once():
    reader, thoughts, began = ReplyReader(), ThinkingFilter(), time.process_time()

    assert reader.read(b": kept\n" * 200_000) == b": kept\n" * 200_000
    assert thoughts.add("<think></think>" * 60_000 + "Yes.") == "Yes."

    assert time.process_time() - began < 2
