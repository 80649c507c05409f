"""The registry of checks: every check by its name, and running the checks of a paper on a draft."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from humphrey.checks.citations import citations_resolve, links_known, quotes_verbatim, source_changed, source_current
from humphrey.checks.consistency import (
    actions_owned,
    cost_over_threshold,
    exemptions_reasoned,
    no_credentials,
    options_compared,
    persons_differ,
    profile_adds_up,
    questions_neutral,
    reason_given,
    residual_not_above,
)
from humphrey.checks.days import day_of_several
from humphrey.checks.disguises import nothing_hidden
from humphrey.checks.papers import (
    due_date_stated,
    facts_stated,
    length_kept,
    marking_valid,
    needs_filled,
    no_personal_data,
    no_reasons_asked,
    not_blank,
    not_said,
    origins_known,
    said,
)
from humphrey.checks.redactions import redactions_kept
from humphrey.checks.sentences import (
    AGREEING,
    SENTENCE_CHECKS,
    claim_supported,
    conditions_kept,
    disagreements_found,
    figures_agree,
    limits_agree,
    names_agree,
    negation_agrees,
    roles_agree,
    sentences_cited,
    strength_agrees,
)
from humphrey.checks.sources import orders_quoted, sources_agree
from humphrey.checks.style import style
from humphrey.checks.titles import no_group_titles
from humphrey.checks.verdicts import verdict_supported
from humphrey.documents.model import Document, DocumentLookup
from humphrey.papers.draft import Draft, Finding
from humphrey.papers.kind import Paper

__all__ = ["CHECKS", "SENTENCE_CHECKS", "Check", "check", "check_sources"]


Check = Callable[[Draft, Paper, DocumentLookup], Iterator[Finding]]
"""Complaints about a draft, each pointing at words of its text; none when it passes."""


_ALWAYS = ("nothing_hidden", "no_group_titles", "needs_filled")
"""Checks of every kind of paper, whether it lists them or not."""


_OF_SOURCES = frozenset({"source_current", "source_changed"})


def check(draft: Draft, paper: Paper, lookup: DocumentLookup) -> tuple[Finding, ...]:
    """Return the findings of the checks of every paper, then of this paper's in the order in which it lists them."""
    once = _Once(lookup)
    names = dict.fromkeys((*_ALWAYS, *paper.checks))
    return tuple(finding for name in names for finding in _found(name, draft, paper, once))


class _Once:
    """A lookup that opens each document once for all checks of a draft, and compares its sentences once.

    The current version of a document is looked up first, because most drafts cite it.
    """

    def __init__(self, lookup: DocumentLookup) -> None:
        self._open = cache(lookup)
        self.disagreements: Mapping[str, Sequence[Finding]] | None = None

    def __call__(self, document: str, version: str) -> Document | None:
        today = self._open(document, "")
        return today if today and version in {"", today.version} else self._open(document, version) if version else None


def _found(name: str, draft: Draft, paper: Paper, once: _Once) -> Iterable[Finding]:
    if name not in AGREEING:
        return CHECKS[name](draft, paper, once)
    if once.disagreements is None:
        once.disagreements = disagreements_found(draft, once)
    return once.disagreements[name]


def check_sources(draft: Draft, paper: Paper, lookup: DocumentLookup) -> tuple[Finding, ...]:
    """Return the draft's findings, with those about its sources and of the checks of every paper computed again.

    The text and the cited versions have not changed, so every other check would return the same findings.
    """
    stay = [finding for finding in draft.findings if finding.check not in {*_OF_SOURCES, *_ALWAYS}]
    again = replace(paper, checks=tuple(name for name in paper.checks if name in _OF_SOURCES))
    return (*stay, *check(draft, again, lookup))


CHECKS: Mapping[str, Check] = {
    "nothing_hidden": nothing_hidden,
    "no_group_titles": no_group_titles,
    "citations_resolve": citations_resolve,
    "quotes_verbatim": quotes_verbatim,
    "sentences_cited": sentences_cited,
    "figures_agree": figures_agree,
    "names_agree": names_agree,
    "negation_agrees": negation_agrees,
    "strength_agrees": strength_agrees,
    "roles_agree": roles_agree,
    "claim_supported": claim_supported,
    "limits_agree": limits_agree,
    "conditions_kept": conditions_kept,
    "orders_quoted": orders_quoted,
    "sources_agree": sources_agree,
    "verdict_supported": verdict_supported,
    "links_known": links_known,
    "source_current": source_current,
    "source_changed": source_changed,
    "marking_valid": marking_valid,
    "not_blank": not_blank,
    "due_date_stated": due_date_stated,
    "day_of_several": day_of_several,
    "needs_filled": needs_filled,
    "facts_stated": facts_stated,
    "origins_known": origins_known,
    "said": said,
    "not_said": not_said,
    "actions_owned": actions_owned,
    "cost_over_threshold": cost_over_threshold,
    "exemptions_reasoned": exemptions_reasoned,
    "no_credentials": no_credentials,
    "options_compared": options_compared,
    "persons_differ": persons_differ,
    "profile_adds_up": profile_adds_up,
    "questions_neutral": questions_neutral,
    "reason_given": reason_given,
    "residual_not_above": residual_not_above,
    "no_reasons_asked": no_reasons_asked,
    "length_kept": length_kept,
    "no_personal_data": no_personal_data,
    "redactions_kept": redactions_kept,
    "style": style,
}
"""Every check, by the name that a paper lists it with."""
