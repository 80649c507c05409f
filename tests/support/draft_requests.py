"""Drafts as the pipeline has them written: with the facts accepted and the time limit computed."""

from dataclasses import replace

from humphrey.drafting.pipeline import write
from humphrey.papers.draft import Commission, Draft, Drafter, DraftRequest, OnText, silent
from humphrey.papers.kind import Paper, accept_facts, limit_of


def written_by(drafter: Drafter, commission: Commission, paper: Paper, watch: OnText = silent) -> Draft:
    """The draft of a drafter, dated and not yet checked."""
    facts = accept_facts(paper, commission.facts)
    return write(DraftRequest(replace(commission, facts=facts), paper, limit_of(paper, facts)), drafter, watch)
