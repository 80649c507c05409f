"""Settings, endpoints, limits and the record of what was taken, joined as the commands join them."""

import sys
from pathlib import Path

import pytest

from humphrey.app import build, container
from humphrey.cli import doctor
from humphrey.errors import LimitReached, ModelError
from humphrey.llm import store as usage_store
from humphrey.papers.draft import Commission
from humphrey.settings import load
from humphrey.text.dates import today
from tests.support.model_endpoint import Endpoint, counted, refuse, serving

LIMIT = "A department must answer a freedom of information request within 20 working days after the day it arrives."


NOTE = f"""---
title: "Freedom of information: time limits"
publisher: Example publisher
source: https://www.example.org/foi
facts_as_of: 2026-11-23
licence: Open Government Licence v3.0
summary: true
---
## How long do we have to answer

{LIMIT}
"""


QUESTION = Commission("answer", "How long do we have to answer a freedom of information request?", "amina", "web")


@pytest.fixture
def joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Joins humphrey over one note, with endpoints set in the environment as anybody would."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "foi.md").write_text(NOTE, encoding="utf-8")
    monkeypatch.setenv("HUMPHREY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HUMPHREY_CORPUS", str(tmp_path / "corpus"))
    made: list[container.Humphrey] = []

    def join(first: Endpoint, second: Endpoint | None = None, **more: str) -> container.Humphrey:
        settings = {"MODEL__BASE_URL": first.address, "MODEL__NAME": "one", "MODEL__TOOLS": "no", **more}
        settings |= {"MODEL__PRICE_IN": "1000", "MODEL__RETRIES": "0"}
        if second:
            settings |= {"FALLBACK_MODEL__BASE_URL": second.address, "FALLBACK_MODEL__NAME": "two"}
        for name, value in settings.items():
            monkeypatch.setenv(f"HUMPHREY_{name}", value)
        made.append(build.start(load()))
        made[-1].library.index([tmp_path / "corpus"])
        return made[-1]

    yield join
    for each in made:
        each.close()


def answer(words: str = LIMIT):
    return counted(f"STATUS: answered\n{words} [1]", 800, 30)


def test_a_draft_says_what_it_took_and_the_doctor_sums_the_day(joined):
    with serving(answer()) as server:
        draft = joined(server).drafting.compose(QUESTION)
    assert draft.usage is not None
    assert (draft.usage.tokens_in, draft.usage.tokens_out, draft.usage.estimated) == (800, 30, False)
    assert draft.usage.cost == pytest.approx(0.8)
    usage = next(check for check in doctor.examine() if check.name == "usage")
    assert usage.message == "1 people today, 1 calls, 830 tokens, cost 0.80"


def test_a_limit_set_in_the_environment_holds_after_a_restart(joined):
    with serving(answer(), answer()) as server:
        first = joined(server, LIMITS__TOKENS_PER_DAY="500")
        first.drafting.compose(QUESTION)
        first.close()
        with pytest.raises(LimitReached, match="830 of the 500 tokens"):
            joined(server, LIMITS__TOKENS_PER_DAY="500").drafting.compose(QUESTION)
    assert len(server.asked) == 1


def test_the_second_endpoint_of_the_settings_writes_while_the_first_fails(joined):
    with serving(refuse(503)) as first, serving(answer()) as second:
        draft = joined(first, second).drafting.compose(QUESTION)
    assert draft.model.name == "two"
    assert draft.citations[0].quote == LIMIT


def test_a_mistake_in_the_second_endpoint_s_settings_names_them(joined):
    named = pytest.raises(ModelError, match="HUMPHREY_FALLBACK_MODEL__API_KEY")
    with serving(refuse(503)) as first, serving(refuse(401)) as second, named:
        joined(first, second).drafting.compose(QUESTION)


def test_the_questions_after_one_that_failed_are_answered(joined, tmp_path, monkeypatch, capsys):
    from humphrey import cli

    (tmp_path / "q.jsonl").write_text(
        '{"id": "a", "text": "How long for an FOI reply?"}\n{"id": "b", "text": "How long for a freedom reply?"}\n'
    )
    with serving(refuse(500), answer()) as server:
        joined(server).close()
        monkeypatch.setattr(sys, "argv", ["humphrey", "ask", "--queries", str(tmp_path / "q.jsonl"), "--json"])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    lines = capsys.readouterr().out.splitlines()
    assert ended.value.code == 1
    assert lines[0].startswith('{"id": "a", "error": "127.0.0.1')
    assert '"id": "b"' in lines[1]
    assert '"status": "answered"' in lines[1]


def test_an_instruction_is_written_at_the_endpoint_and_counts_for_who_gave_it(joined):
    with serving(answer(), counted(f"Twenty working days. {LIMIT} [1]", 900, 40)) as server:
        humphrey = joined(server)
        review = humphrey.clearance.take(QUESTION)
        told = humphrey.instructions.instruct(review.id, "Begin with the number of days.", "grace")

    assert told.draft.text == f"Twenty working days. {LIMIT} [1]"
    assert (told.draft.model.provider, told.draft.model.name) == ("openai-compatible", "one")
    assert told.draft.usage is not None
    assert told.draft.usage.tokens_in == 900
    assert [cited.quote for cited in told.draft.citations] == [LIMIT]
    spent = usage_store.by_person(humphrey.database, today())
    assert {person: taken.tokens_in for person, taken in spent.items()} == {"amina": 800, "grace": 900}


def test_a_limit_of_what_one_person_may_take_holds_for_instructions_too(joined):
    with serving(answer(), answer()) as server:
        humphrey = joined(server, LIMITS__TOKENS_PER_DAY="500")
        review = humphrey.clearance.take(QUESTION)
        with pytest.raises(LimitReached):
            humphrey.instructions.instruct(review.id, "Begin with the number of days.", "amina")
    assert len(server.asked) == 1
    assert humphrey.clearance.review(review.id) == review
