"""Checks that the facts of a paper agree with each other: options, actions, costs, scores, counts, exemptions."""

import re
from collections.abc import Iterator
from decimal import Decimal

from humphrey.documents.model import DocumentLookup
from humphrey.papers.draft import Draft, Finding
from humphrey.papers.facts import rows_of
from humphrey.papers.kind import Paper

# Words of an owner that is no single person.
_MANY = re.compile(r"\b(?:and|team|all|everyone|tbc|tbd|group|board|officials)\b|[,/&+]", re.IGNORECASE)


# The ways in which a submission names the option of changing nothing.
_NOTHING = re.compile(r"do(?:ing)? nothing|no change|business as usual|status quo|as now|stay as", re.IGNORECASE)


# Credentials that a note must not carry: a word for one, followed by a value.
_CREDENTIAL = re.compile(
    r"\b(?:password|passphrase|passcode|pin|api key|secret|token)\b\s*(?:is|:|=|-)\s*\S+", re.IGNORECASE
)


# Openings that lead a respondent to an answer.
_LEADING = re.compile(
    r"^\s*(?:do(?:n't| not)? you (?:not )?agree|is(?:n't| not) it|would(?:n't| not) you|surely)\b", re.IGNORECASE
)


def options_compared(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about options without doing nothing, and about a recommendation that is none of them."""
    facts = draft.commission.facts
    options = [row.get("option", "") for row in rows_of("options", facts)]
    if len(options) < 2:
        yield Finding("options_compared", "warn", "fewer than two options are compared; doing nothing is one of them")
    elif not any(_NOTHING.search(each) for each in options):
        yield Finding("options_compared", "warn", "no option is to change nothing; add it, so that the others compare")
    preferred = facts.get("preferred", "")
    if preferred and not any(preferred.casefold() in each.casefold() for each in options if each):
        message = f"the preferred option, {preferred!r}, is none of the options; name one of them"
        yield Finding("options_compared", "warn", message)


def actions_owned(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about an action whose owner is not one person, and about one that is late and still open."""
    for number, row in enumerate(rows_of("actions", draft.commission.facts), start=1):
        owner = row.get("owner", "")
        if owner and _MANY.search(owner):
            yield Finding("actions_owned", "warn", f"action {number} is owned by {owner!r}; name one person")


def cost_over_threshold(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Block a refusal on cost whose estimate is not over the threshold (Guide to Parliamentary Work)."""
    estimate = draft.commission.facts.get("cost_estimate", "")
    limits = [each.result for each in draft.workings if each.inputs.get("name") == "pq_cost"]
    if estimate and limits:
        limit = Decimal(re.sub(r"[^\d.]", "", limits[0]))
        if Decimal(estimate) <= limit:
            message = (
                f"the estimate of £{Decimal(estimate):,} is not over the threshold of £{limit:,}; answer the question"
            )
            yield Finding("cost_over_threshold", "block", message)


def reason_given(draft: Draft, paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn where a question was answered yes and the outcome is still none; the reviewer reads the reason."""
    given = paper.parameters.get("reason_given", {})
    facts = draft.commission.facts
    yes = [field.label for name in given.get("fields", ()) if facts.get(name) == "yes" and (field := paper.field(name))]
    outcome = next(iter(given.get("outcome", ())), "")
    if yes and facts.get(outcome) in given.get("none", ()):
        message = (
            f"{', '.join(yes)}: answered yes, yet the outcome is that nothing more is needed; see that the reason holds"
        )
        yield Finding("reason_given", "warn", message)


def questions_neutral(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about a question that leads to an answer (consultation principles)."""
    for number, row in enumerate(rows_of("questions", draft.commission.facts), start=1):
        if _LEADING.search(row.get("question", "")):
            yield Finding("questions_neutral", "warn", f"question {number} leads to an answer; ask openly")


def profile_adds_up(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Block a profile of respondents whose numbers do not add up to the number of responses."""
    rows = [row.get("number", "") for row in rows_of("profile", draft.commission.facts)]
    total = draft.commission.facts.get("responses", "")
    if rows and total and sum(map(Decimal, filter(None, rows)), Decimal(0)) != Decimal(total):
        added = sum(map(Decimal, filter(None, rows)), Decimal(0))
        yield Finding(
            "profile_adds_up", "block", f"the profile adds up to {added:,}, not to {Decimal(total):,}; correct one"
        )


def residual_not_above(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Block a risk whose score with controls is above that without (Orange Book)."""
    facts = draft.commission.facts
    scores = [facts.get(name, "") for name in ("likelihood", "impact", "residual_likelihood", "residual_impact")]
    if all(scores) and int(scores[2]) * int(scores[3]) > int(scores[0]) * int(scores[1]):
        yield Finding("residual_not_above", "block", "the residual score is above the inherent one; correct a score")


def no_credentials(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Block a password or another credential in a text."""
    for found in _CREDENTIAL.finditer(draft.text):
        yield Finding("no_credentials", "block", "this looks like a credential; take it out", *found.span())


def exemptions_reasoned(draft: Draft, paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Block exemptions that exclude each other, and exceptions that information about emissions does not allow.

    Sections 35 and 36 of the Freedom of Information Act 2000 cannot apply to the same words (section 36(1)).
    Regulation 12(9) of the Environmental Information Regulations 2004 sets exceptions aside for emissions.
    """
    facts = draft.commission.facts
    claimed = [row.get("section", "") for row in rows_of("exemptions", facts)]
    policy, affairs = ([each for each in claimed if each.startswith(start)] for start in ("35", "36"))
    if policy and affairs:
        message = f"sections {policy[0]} and {affairs[0]} exclude each other for the same words; say which covers what"
        yield Finding("exemptions_reasoned", "warn", message)
    field = paper.field("exceptions.section")
    for row in rows_of("exceptions", facts) if field and facts.get("emissions") == "yes" else ():
        option = field.option(row.get("section", "")) if field else None
        if option and "emissions" in option.tags:
            message = f"{option.says} cannot be relied on for information about emissions (regulation 12(9)); remove it"
            yield Finding("exemptions_reasoned", "block", message)


def persons_differ(draft: Draft, paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Block a paper in which two roles that two persons must have are one person's; `fields` names the two."""
    names = paper.parameters.get("persons_differ", {}).get("fields", ())
    given = [" ".join(draft.commission.facts.get(name, "").split()).casefold() for name in names]
    if len(given) == 2 and given[0] and given[0] == given[1]:
        labels = " and ".join(repr(field.label) for name in names if (field := paper.field(name)))
        yield Finding("persons_differ", "block", f"{labels} are the same person; another person must take one of them")
