"""Every name, number and date of a paper leads back to what it came from; what came from nowhere is found."""

from dataclasses import replace
from itertools import pairwise

import pytest

from humphrey.checks.registry import check
from humphrey.papers.assembly.department import UNNAMED, Department
from humphrey.papers.draft import Citation, Draft
from humphrey.papers.kind import Paper
from humphrey.papers.origins import CHECK, knowing, origins_of
from tests.papers.kind_examples import example_facts
from tests.papers.test_kinds import KINDS, PAPERS, drafted, nothing

PAPER = PAPERS["foi_acknowledgement"]


def acknowledgement(more: str = "") -> Draft:
    facts = {**example_facts(PAPER), "case_reference": "FOI2026/00123", "letter_date": "2026-12-01"}
    draft = drafted(PAPER, facts)
    return replace(draft, text=f"{draft.text}\n\n{more}")


def foreign(draft: Draft, paper: Paper = PAPER) -> list[str]:
    return [draft.text[each.start : each.end] for each in check(draft, paper, nothing) if each.check == CHECK]


@pytest.mark.parametrize("paper", KINDS, ids=lambda paper: paper.kind)
def test_a_paper_put_together_from_its_facts_has_no_word_without_an_origin(paper: Paper) -> None:
    assert CHECK in paper.checks
    assert foreign(drafted(paper, example_facts(paper)), paper) == []
    assert foreign(drafted(paper, {paper.fields[0].id: example_facts(paper).get(paper.fields[0].id, "2")}), paper) == []


def test_a_fact_leads_to_its_field_and_a_computed_value_to_its_working() -> None:
    draft = acknowledgement()
    found = {draft.text[each.start : each.end]: (each.source, each.fact) for each in origins_of(PAPER, draft)}

    assert found["FOI2026/00123"] == ("Case reference", "case_reference")
    assert found["23 November 2026"] == ("Date received", "date_received")
    assert found["1 December 2026"] == ("Date of the letter", "letter_date")
    assert found["Dear Ms Smith"] == ("worked out: the form of address for Ms Jane Smith", "")
    assert found["22 December 2026"][0].startswith("worked out: ")
    spans = [(each.start, each.end) for each in origins_of(PAPER, draft)]
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("We spoke to Dame Agatha Crumb about it.", ["Dame Agatha Crumb"]),
        ("It came on 24 November 2026.", ["24 November 2026"]),
        ("It holds 47 pages and cost £310.", ["47", "£310"]),
        ("We received it on 23 November 2026, Ms Smith.", []),
        ("This sentence has no name in it.", []),
    ],
)
def test_words_that_come_from_nowhere_are_found(said: str, found: list[str]) -> None:
    assert foreign(acknowledgement(said)) == found


def test_a_cited_passage_and_the_department_vouch_for_names() -> None:
    draft = acknowledgement("The Office of Lamps is in Crumb Street [1].")
    cited = Citation("1", "a", "v", "Lamps", "", (), "It moved to Crumb Street.", 0, 25)
    known = knowing(PAPERS, Department(name="Office of Lamps"))["foi_acknowledgement"]

    assert foreign(draft) == ["Office", "Lamps", "Crumb Street"]
    assert foreign(replace(draft, citations=(cited,)), known) == []
    assert knowing(PAPERS, UNNAMED) is PAPERS
