"""Each of the 38 kinds of routine paper is drafted whole from its facts, and says what it lacks without them."""

import time

import pytest

from humphrey.checks.registry import CHECKS, check
from humphrey.papers.assembly.sections import NEEDS, assemble, joined
from humphrey.papers.draft import Commission, Draft, ModelName
from humphrey.papers.facts import accept_facts
from humphrey.papers.kind import Paper
from humphrey.papers.loader import load
from tests.papers.kind_examples import example_facts
from tests.support.draft_requests import TODAY, request_for

PAPERS = load(CHECKS)


KINDS = [paper for paper in PAPERS.values() if paper.worded]


def drafted(paper: Paper, facts: dict[str, str]) -> Draft:
    request = request_for(
        Commission(paper.kind, paper.title, "amina", "web", facts=facts, marking=paper.marking), paper
    )
    parts = assemble(paper, request.commission.facts, request.values)
    text, note = joined(parts), joined(parts, internal=True)
    due = request.due.day if request.due else None
    return Draft(
        request.commission, "answered", text, ModelName("x", "y"), workings=request.workings, due=due, note=note
    )


def nothing(_document: str, _version: str) -> None:
    return None


def test_there_are_38_kinds_of_routine_paper() -> None:
    assert len(KINDS) == 38
    assert len([paper for paper in KINDS if not paper.leaves_department]) >= 16


@pytest.mark.parametrize("paper", KINDS, ids=lambda paper: paper.kind)
def test_a_paper_with_all_its_facts_is_whole_and_passes_what_blocks(paper: Paper) -> None:
    began = time.process_time()
    draft = drafted(paper, example_facts(paper))
    assert not NEEDS.search(draft.text + draft.note)
    assert "{{" not in draft.text + draft.note
    assert "[[" not in draft.text + draft.note
    assert [each.message for each in check(draft, paper, nothing) if each.level == "block"] == []
    assert time.process_time() - began < 1


@pytest.mark.parametrize("paper", KINDS, ids=lambda paper: paper.kind)
def test_a_paper_with_one_fact_says_what_it_needs_and_cannot_be_approved(paper: Paper) -> None:
    first = next(field for field in paper.fields if field.type in {"text", "person", "date", "long_text"})
    draft = drafted(paper, {first.id: example_facts(paper)[first.id]})
    assert "needs_filled" in {each.check for each in check(draft, paper, nothing) if each.level == "block"}


@pytest.mark.parametrize("paper", KINDS, ids=lambda paper: paper.kind)
def test_every_fact_is_said_in_the_paper_or_kept_for_the_department(paper: Paper) -> None:
    facts = accept_facts(paper, example_facts(paper), TODAY)
    draft = drafted(paper, facts)
    texts = " ".join((draft.text + draft.note).split())
    unsaid = [
        name
        for name, value in facts.items()
        if value
        and paper.field(name.split(".")[0] + ("." + name.split(".")[2] if "." in name else "")).type
        in {"text", "long_text"}  # type: ignore[union-attr]
        and value not in texts
    ]
    assert [name for name in unsaid if not _conditional(paper, name)] == []


def _conditional(paper: Paper, name: str) -> bool:
    """Whether a fact is only asked for where another has a value that the example does not give it."""
    field = paper.field(name.split(".")[0])
    inner = next((each for each in field.fields if each.id == name.split(".")[-1]), field) if field else None
    return bool((inner and inner.when) or (field and field.when)) or name in _WORKED_WITH


_WORKED_WITH = {"pattern", "incoming", "transcript", "recipients"}
"""Facts that are worked with, or travel beside the text."""
