"""The path of a question: named stages that lead from a commission to a checked draft.

Each stage takes one frozen value and returns the next one:

    accept    Commission   -> Accepted      the kind is known, the text and the facts are valid
    screen    Accepted     -> Screened      refused, if it contains what may not be asked
    complete  Screened     -> DraftRequest  the asker's groups and files, the title and the time limit
    sort      DraftRequest -> Sorted        the kind of question, and the standard reply if it has one
    write     Sorted       -> Draft         by the drafter, with its due date
    check     Draft        -> Draft         with the findings of the checks

A refused commission ends after `screen`; a question with a standard reply is not written by a model. A stage that
fails ends the draft. Nothing is recorded here.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from humphrey.calculations.workings import STANDARD, Office
from humphrey.checks.registry import check
from humphrey.documents.audiences import group_of
from humphrey.documents.model import Document, DocumentLookup
from humphrey.drafting.questions import screening
from humphrey.drafting.questions.kinds import ClassifiedQuestion, QuestionKind, asks_if_lawful, classify
from humphrey.drafting.questions.prompt_injection import ORDERS, find_prompt_injection
from humphrey.drafting.questions.screening import Highest, QuestionRefused
from humphrey.drafting.questions.standard_replies import refusal_draft, standard_reply
from humphrey.drafting.steps import StepTimer
from humphrey.errors import CommissionError, ModelError
from humphrey.papers.assembly.computed import computed_for
from humphrey.papers.assembly.department import UNNAMED, Department
from humphrey.papers.assembly.sections import values_for
from humphrey.papers.draft import Commission, Draft, Drafter, DraftRequest, EarlierTurn, Finding, OnText
from humphrey.papers.due import due_of
from humphrey.papers.facts import accept_facts, facts_of
from humphrey.papers.given import rests_on
from humphrey.papers.kind import Paper, Papers
from humphrey.papers.standard_wording import NO_ADVICE
from humphrey.text.dates import today
from humphrey.text.validation import validate_text

LONGEST_TEXT = 200_000
"""The most characters of a draft or a fact."""


# The most characters of a question, of a text pasted to be worked on, and of the fact that gives a paper its title. A
# pasted text may be longer, because it is read in parts.
_LONGEST_QUESTION, _LONGEST_PASTED, _LONGEST_NAME = 10_000, 100_000, 60


_NEVER_STORED = "not held"
"""The version of a document that is held no longer and whose version was not kept; no stored document has it."""


_SOFT_HYPHEN = re.compile(r"(?<=[^\W\d_])\u00ad(?=[^\W\d_])")


@dataclass(frozen=True)
class Accepted:
    """A commission with a known kind, valid facts and a valid text; the text may be empty if the paper has fields."""

    commission: Commission
    paper: Paper


@dataclass(frozen=True)
class Screened:
    """An accepted commission, and its refusal; None if it may be asked."""

    commission: Commission
    paper: Paper
    refusal: QuestionRefused | None


@dataclass(frozen=True)
class Sorted:
    """A request with its task, the kind of its question, and the standard reply; None if a drafter must write."""

    request: DraftRequest
    kind: QuestionKind
    reply: Draft | None


@dataclass(frozen=True)
class Pipeline:
    """The stages with the parts that they use.

    Args:
        drafter: writes drafts.
        papers: the kinds of paper.
        lookup: returns documents as they stood, for the checks.
        groups: returns the groups of a person.
        files: returns the ids of the files of a conversation, given the conversation and its owner; empty for others.
        highest: the highest marking that may be held here.
        today: returns the day in London.
        office: the calendar of the department.
        department: what letters say of the department.
    """

    drafter: Drafter
    papers: Papers
    lookup: DocumentLookup
    groups: Callable[[str], Collection[str]]
    files: Callable[[str, str], Collection[str]]
    highest: Highest
    today: Callable[[], date] = today
    office: Office = STANDARD
    department: Department = UNNAMED

    def run(self, commission: Commission, watch: OnText) -> Draft:
        """Return the checked draft of a commission, or a refusal, or a standard reply; its steps are timed and named.

        Raises:
            CommissionError: the kind is unknown, or the question or a fact is not accepted.
            ModelError: the model gave no answer or an unusable one.
        """
        timer = StepTimer()
        with timer.step("look at what was asked") as outcome:
            screened = self.screen(self.accept(commission))
            outcome.append(f"refused: {screened.refusal.why}" if screened.refusal else "taken")
        if screened.refusal:
            return replace(refusal_draft(screened.commission, screened.refusal), steps=tuple(timer.steps))
        request = self.complete(screened)
        with timer.step("sort the question") as outcome:
            result = sort(request)
            outcome.append(result.request.commission.task or result.kind)
        draft = result.reply or write(result.request, self.drafter, watch)
        draft = replace(draft, given=rests_on(draft))
        timer.add(draft.steps)
        if draft.status != "refused":
            with timer.step("check every sentence") as outcome:
                findings = findings_of(draft, request.paper, self.lookup)
                outcome.append(f"{len(findings)} findings")
            # The drafter's own findings come first, followed by those of the checks.
            draft = replace(draft, findings=(*draft.findings, *findings))
        return replace(draft, steps=tuple(timer.steps))

    def accept(self, commission: Commission) -> Accepted:
        """Validate the kind, the facts and the text of a commission.

        Raises:
            CommissionError: the kind is unknown or made by rule, or a fact or the text is not accepted.
        """
        paper = commissioned_paper(self.papers, commission.kind)
        given = {name: _unhyphenated(fact) for name, fact in commission.facts.items()}
        facts = accept_facts(paper, given, self.today())
        for fact in facts_of(paper, facts):
            if fact.value:
                validate_text(fact.value, f"{fact.label!r}", LONGEST_TEXT, checked_later=True)
        text = _unhyphenated(commission.text)
        untitled = paper.fields and not text.strip()
        text = "" if untitled else validate_text(text, "the question", _longest(text), checked_later=True)
        return Accepted(replace(commission, text=text, facts=facts), paper)

    def screen(self, accepted: Accepted) -> Screened:
        """Screen the marking, then the text, then each fact; the first refusal counts."""
        commission, paper = accepted.commission, accepted.paper
        # The dash is there because a marking with nothing else counts as a term that the asker looks up.
        texts: list[tuple[str, str, Collection[str]]] = [("what was asked for", f"{commission.marking}\n-", ())]
        if commission.text:
            texts.append(("the question" if not paper.fields else "the title", commission.text, ()))
        facts = facts_of(paper, commission.facts)
        texts += [(f"“{fact.label}”", fact.value, fact.field.allowed) for fact in facts if fact.value]
        refusals = (
            screening.screen(text, highest=self.highest, what=what, allowed=allowed) for what, text, allowed in texts
        )
        return Screened(commission, paper, next((refusal for refusal in refusals if refusal), None))

    def complete(self, screened: Screened) -> DraftRequest:
        """Add the asker's groups and files, the title of a paper without one, and the time limit.

        Groups and files are looked up here; those in the commission are never trusted.

        Raises:
            CommissionError: a file is not attached to the conversation, or the time limit cannot be computed.
        """
        commission, paper = screened.commission, screened.paper
        groups, files = tuple(self.groups(commission.asked_by)), list[str]()
        if commission.conversation:
            files = list(self.files(commission.conversation, commission.asked_by))
        if strange := next((each for each in commission.attached if each not in files), None):
            raise CommissionError(f"no file {strange[:80]!r} is attached to this conversation; open it again")
        if files:
            groups = (*groups, group_of(commission.conversation))
        commission = replace(
            commission,
            text=commission.text or _title(paper, commission),
            groups=groups,
            attached=commission.attached or tuple(files),
            earlier=tuple(map(self._dated_turn, commission.earlier)),
        )
        due = due_of(paper, commission.facts, self.office)
        days = (due.day, due.safe) if due else (None, None)
        values = values_for(paper, commission.facts, self.department.values, self.today(), *days)
        computed = computed_for(paper.computed, commission.facts, self.today())
        return DraftRequest(commission, paper, due, {**values, **computed.values}, computed.workings)

    def _dated_turn(self, turn: EarlierTurn) -> EarlierTurn:
        """Return an earlier turn whose documents all have a version, unless it is unknown what was given for it."""
        if turn.given is None:
            return turn
        versions = (each.version or _version(self.lookup(each.id, "")) for each in turn.given)
        dated = (replace(each, version=version) for each, version in zip(turn.given, versions, strict=True))
        return replace(turn, given=tuple(dated))


def sort(request: DraftRequest) -> Sorted:
    """Classify the question, and find its standard reply if it needs no guidance."""
    commission = request.commission
    if request.paper.fields:
        classified = ClassifiedQuestion("drafting")
    else:
        classified = classify(commission.text, attached=bool(commission.attached))
    commission = replace(commission, task=classified.task)
    without_text = classified.task and not classified.own_text and not commission.attached
    reply = standard_reply(commission, "no_text" if without_text else classified.kind)
    return Sorted(replace(request, commission=commission), classified.kind, reply)


def write(request: DraftRequest, drafter: Drafter, watch: OnText) -> Draft:
    """Return the draft that a drafter writes, with its due date and, if the question asks if it is lawful, a notice.

    Raises:
        ModelError: the drafter gave no text or an unusable one, or another date than its time limit.
    """
    commission = request.commission
    draft = _dated(usable(drafter(request, watch)), request)
    from_guidance = not request.paper.fields and not commission.task
    if from_guidance and asks_if_lawful(commission.text) and draft.status in {"answered", "partial"}:
        draft = replace(draft, text=f"{draft.text}\n\n{NO_ADVICE}")
        watch(draft.text)
    return draft


def findings_of(draft: Draft, paper: Paper, lookup: DocumentLookup) -> tuple[Finding, ...]:
    """Return what the checks of a kind find in a draft, and a finding if the commission contains a prompt injection."""
    return (*_injected(draft.commission), *check(draft, paper, lookup))


def paper_of(papers: Papers, kind: str) -> Paper:
    """Return the kind of that name.

    Raises:
        CommissionError: it is unknown.
    """
    if kind not in papers:
        raise CommissionError(f"no kind {kind[:80]!r}; humphrey knows {', '.join(sorted(papers))}")
    return papers[kind]


def commissioned_paper(papers: Papers, kind: str) -> Paper:
    """Return the kind of that name, if it can be commissioned.

    Raises:
        CommissionError: it is unknown, or its papers are made by rule.
    """
    paper = paper_of(papers, kind)
    if not paper.commissioned:
        raise CommissionError(f"no model writes a {kind.replace('_', ' ')}; it is made by rule from the record")
    return paper


def require_not_refused(draft: Draft) -> None:
    """Require a draft that is no refusal; a refused question is neither kept nor reviewed.

    Raises:
        CommissionError: the question was refused.
    """
    if draft.status == "refused":
        raise CommissionError("a refused question can be neither kept nor sent for clearance; ask again as it says")


def usable(draft: Draft) -> Draft:
    """Return the draft unchanged if its text is valid.

    Raises:
        ModelError: the text is empty, too long or not text.
    """
    try:
        validate_text(draft.text, "the draft", LONGEST_TEXT, checked_later=True)
    except CommissionError as error:
        raise ModelError(f"the model's text cannot be used: {error}") from error
    return draft


def _unhyphenated(text: str) -> str:
    """Return a text without soft hyphens inside words, which come along with words copied from a page or a file."""
    return _SOFT_HYPHEN.sub("", text.removeprefix("\ufeff"))


def _title(paper: Paper, commission: Commission) -> str:
    """Return the title of a paper that was commissioned by its facts alone: its kind and its first fact."""
    first = " ".join(commission.facts[paper.fields[0].id].split())[:_LONGEST_NAME]
    return f"{paper.title}: {first}".strip() if first else paper.title


def _version(document: Document | None) -> str:
    """Return the version of a document that is held; otherwise one that nobody may read, because nobody knows whose."""
    return document.version if document else _NEVER_STORED


def _longest(text: str) -> int:
    """Return the most characters that a commission may have; a text to be worked on may be longer than a question."""
    # Only a text between the two limits needs to be classified.
    if not _LONGEST_QUESTION < len(text) <= _LONGEST_PASTED:
        return _LONGEST_QUESTION
    return _LONGEST_PASTED if classify(text).own_text else _LONGEST_QUESTION


def _injected(commission: Commission) -> Iterator[Finding]:
    if any(find_prompt_injection(text) for text in (commission.text, *commission.facts.values())):
        message = "what was asked tries to give orders to the system, and was taken as ordinary text; read with care"
        yield Finding(ORDERS, "warn", message)


def _dated(draft: Draft, request: DraftRequest) -> Draft:
    """Return the draft with its due date and the workings of it and of what else was computed for its paper."""
    due, workings = request.due, request.workings
    if due is None:
        return replace(draft, workings=(*draft.workings, *workings)) if workings else draft
    if draft.due not in {None, due.day}:
        raise ModelError(f"the draft is dated {draft.due}, but its time limit ends on {due.day}; ask for it again")
    return replace(draft, due=due.day, workings=(due.working, *workings))
