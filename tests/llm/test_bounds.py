"""One draft has one deadline, so many tokens and so many tool calls, whatever its endpoint does."""

import json
import time
from dataclasses import replace
from datetime import date

import pytest

from evals.proofs.endpoints.exhaustion_models import MISBEHAVIOURS, hostile
from humphrey.checks.registry import CHECKS
from humphrey.drafting.agent.drafter import AgentDrafter
from humphrey.drafting.own_texts.drafter import OwnTextsDrafter
from humphrey.drafting.own_texts.in_parts import PartWriter
from humphrey.drafting.revision.by_model import ModelReviser
from humphrey.drafting.revision.by_rule import Revision
from humphrey.errors import BoundReached, ModelError
from humphrey.llm.bounds import Bounds, bounded
from humphrey.llm.endpoint import EndpointSettings
from humphrey.llm.failover import FailoverChatModel, build_chat_model
from humphrey.papers.draft import Commission, Draft, DraftRequest, ModelName, silent
from humphrey.papers.loader import load
from tests.support.draft_requests import written_by
from tests.support.example_guidance import lookup, search
from tests.support.model_endpoint import Answering, Reply, call, counted, drip, refuse, say, serving

PAPER = load(CHECKS)["answer"]


NAME = ModelName("endpoint", "one")


REPLY_S, DRAFT_S = 0.3, 0.6


SLACK_S = 6.0
"""Seconds that a slow machine may add to a limit; without limits each of these takes half a minute."""


def model(*addresses: str, timeout_s: float = REPLY_S, retries: int = 3) -> FailoverChatModel:
    return build_chat_model(
        *(EndpointSettings(address, "one", timeout_s=timeout_s, retries=retries) for address in addresses)
    )


def asked(writer: FailoverChatModel, bounds: Bounds) -> Draft:
    made = AgentDrafter(
        writer, NAME, search, lookup, passages_per_answer=4, today=lambda: date(2026, 11, 23), bounds=bounds
    )
    return written_by(made, Commission("answer", "How long do we have for an FOI request?", "amina", "web"), PAPER)


@pytest.mark.parametrize("name", sorted(MISBEHAVIOURS))
@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
def test_whatever_an_endpoint_does_a_draft_ends_at_its_bound_with_one_sentence(name: str) -> None:
    with hostile(MISBEHAVIOURS[name]) as endpoint:
        began = time.monotonic()
        with pytest.raises(ModelError) as caught:
            asked(model(endpoint.base_url), Bounds(seconds=DRAFT_S))
        took = time.monotonic() - began
    assert took < DRAFT_S + SLACK_S
    assert ";" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_retry_and_endpoint_of_a_draft_shares_its_deadline() -> None:
    began = time.monotonic()
    with serving(*[drip(30)] * 9) as first, serving(*[drip(30)] * 9) as second:
        writer = model(first.address, second.address, timeout_s=0.5)
        with pytest.raises(BoundReached, match=r"no answer within 0\.6 seconds; ask a narrower question"):
            asked(writer, Bounds(seconds=DRAFT_S))
    assert time.monotonic() - began < DRAFT_S + SLACK_S


def test_a_wait_that_an_endpoint_asks_for_does_not_outlast_the_draft() -> None:
    began = time.monotonic()
    with serving(refuse(429, retry_after="15")) as server, pytest.raises(ModelError):
        asked(model(server.address), Bounds(seconds=DRAFT_S))
    assert time.monotonic() - began < DRAFT_S + SLACK_S


def test_a_draft_that_would_take_more_tokens_is_not_sent() -> None:
    replies = (call("search_guidance", query="FOI"), counted("STATUS: answered\nIn 20 working days. [1]", 9000, 10))
    with serving(*replies) as server, pytest.raises(BoundReached, match="more than 1,500 tokens"):
        asked(model(server.address), Bounds(tokens=1500))
    assert len(server.asked) < 2


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ([("search_guidance", {"query": "FOI"})] * 17, "more than 16 tools in one reply"),
        ([("search_guidance", {"query": "x" * 30_000})], "more than 20,000 characters"),
    ],
)
def test_a_reply_that_calls_too_much_is_refused_before_any_tool_runs(
    reply: list[tuple[str, dict[str, str]]], words: str
) -> None:
    searched: list[str] = []

    def noted(query: str, limit: int, groups: object = ()) -> tuple[()]:
        searched.append(query)
        return ()

    with serving(calls(reply)) as server:
        made = AgentDrafter(
            model(server.address), NAME, noted, lookup, passages_per_answer=4, today=lambda: date(2026, 11, 23)
        )
        with pytest.raises(BoundReached, match=words):
            written_by(made, Commission("answer", "How long?", "amina", "web"), PAPER)
    assert searched == []


def test_a_draft_that_goes_on_calling_tools_is_stopped() -> None:
    ten = calls([("search_guidance", {"query": "FOI"})] * 10)
    with serving(*[ten] * 6) as server, pytest.raises(BoundReached, match="more than 48 times for one draft"):
        asked(model(server.address, timeout_s=5), Bounds())


def test_the_parts_of_a_text_that_were_read_in_time_are_kept_and_the_others_are_named() -> None:
    text = "\n\n".join(f"## Part {n}\n\n" + f"The board of part {n} met and agreed the budget. " * 60 for n in range(4))
    commission = Commission("answer", f"Summarise this:\n\n{text}", "amina", "web", task="summary")
    service = EndpointSettings("", "one", timeout_s=5, retries=0, window_tokens=3000)
    with serving(say("The budget was agreed."), *[drip(30)] * 9) as server:
        writer = PartWriter(build_chat_model(replace(service, base_url=server.address)))
        made = OwnTextsDrafter(lambda _id, _version: None, _unused, (writer, NAME), Bounds(seconds=1.5))
        draft = made(DraftRequest(commission, PAPER), silent)
    assert "The budget was agreed." in draft.text
    assert draft.status == "partial"
    assert draft.missing


def test_a_revision_ends_at_its_deadline_too() -> None:
    before = Draft(Commission("answer", "How long?", "amina", "web"), "answered", "In twenty working days.", NAME)
    with serving(*[drip(30)] * 5) as server:
        reviser = ModelReviser(model(server.address, timeout_s=9), NAME, lookup, Bounds(seconds=DRAFT_S))
        with pytest.raises(BoundReached, match=r"0\.6 seconds"):
            reviser(Revision(before, "Make it shorter.", "grace"), PAPER, silent)


def test_outside_a_draft_only_the_limit_of_the_reply_holds() -> None:
    with serving(say("Hello.")) as server:
        assert model(server.address, timeout_s=5).invoke("Hello").text == "Hello."
    with bounded(Bounds(seconds=0)) as left, pytest.raises(BoundReached):
        left.require_time()


def calls(made: list[tuple[str, dict[str, str]]]) -> Reply:
    """A reply that calls several tools at once."""

    def reply(to: Answering) -> None:
        to.begin()
        pieces = [
            {
                "index": n,
                "id": f"call_{n}",
                "type": "function",
                "function": {"name": name, "arguments": json.dumps(args)},
            }
            for n, (name, args) in enumerate(made)
        ]
        to.piece({"role": "assistant", "tool_calls": pieces})
        to.piece({}, "tool_calls")

    return reply


def _unused(_texts: object) -> object:
    raise AssertionError("nothing is embedded where a model writes")
