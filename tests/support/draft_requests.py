"""Drafts as the pipeline has them written: with the facts accepted and the time limit computed."""

from dataclasses import replace
from datetime import date

from humphrey.drafting.pipeline import write
from humphrey.papers.assembly.computed import computed_for
from humphrey.papers.assembly.sections import values_for
from humphrey.papers.draft import Commission, Draft, Drafter, DraftRequest, OnText, silent
from humphrey.papers.due import due_of
from humphrey.papers.facts import accept_facts
from humphrey.papers.kind import Paper

TODAY = date(2026, 12, 1)


def request_for(commission: Commission, paper: Paper) -> DraftRequest:
    """The request that the pipeline makes of a commission, on 1 December 2026."""
    facts = accept_facts(paper, commission.facts, TODAY)
    due = due_of(paper, facts)
    values = values_for(paper, facts, {}, TODAY, due.day if due else None, due.safe if due else None)
    computed = computed_for(paper.computed, facts, TODAY)
    asked = replace(commission, facts=facts)
    return DraftRequest(asked, paper, due, {**values, **computed.values}, computed.workings)


def written_by(drafter: Drafter, commission: Commission, paper: Paper, watch: OnText = silent) -> Draft:
    """The draft of a drafter, dated and not yet checked."""
    return write(request_for(commission, paper), drafter, watch)
