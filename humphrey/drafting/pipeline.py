"""The path from what was asked to a checked draft, step by step, each named, timed and kept with the draft.

A step that fails stops the draft: nothing is waved through, and nothing is recorded here. What may not be asked goes no
further than the first step, and what wants no guidance no further than the second.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date

from humphrey.checks.registry import check
from humphrey.documents.audiences import group_of
from humphrey.documents.model import DocumentLookup
from humphrey.drafting.questions.kinds import ClassifiedQuestion, asks_if_lawful, classify
from humphrey.drafting.questions.prompt_injection import ORDERS, find_prompt_injection
from humphrey.drafting.questions.screening import Highest, QuestionRefused, screen
from humphrey.drafting.questions.standard_replies import refused, replied
from humphrey.drafting.revision.by_rule import Reviser, Revision
from humphrey.drafting.steps import StepTimer
from humphrey.errors import CommissionError, ModelError
from humphrey.papers.draft import Commission, Draft, Drafter, Finding, OnText
from humphrey.papers.kind import Paper, Papers, accepted, due_date
from humphrey.papers.standard_wording import NO_ADVICE
from humphrey.text.validation import validate_text

LONGEST_TEXT = 200_000
"""No draft and no fact is longer, in characters."""


_LONGEST_QUESTION, _LONGEST_PASTED, _LONGEST_NAME = 10_000, 100_000, 60


_LONGEST_INSTRUCTION = 2_000


_TOLD_ORDERS = "what the model was told reads like orders to the system; compare the wordings with care"


def require_taken(draft: Draft) -> None:
    """Let through what was answered; what was refused is neither kept nor reviewed.

    Raises:
        CommissionError: the draft was refused.
    """
    if draft.status == "refused":
        raise CommissionError("a refused question can be neither kept nor sent for clearance; ask again as it says")


class Composer:
    """Writes and checks drafts.

    Args:
        drafter: writes drafts.
        papers: the kinds that can be commissioned.
        lookup: documents as they stood, for the checks.
        groups: those of a person.
        files: the documents that were given to a conversation, told who asks; none where it is not theirs.
        highest: the highest marking that may be held here.
        revise: changes drafts as somebody tells it to.
    """

    def __init__(
        self,
        drafter: Drafter,
        papers: Papers,
        lookup: DocumentLookup,
        groups: Callable[[str], Collection[str]],
        files: Callable[[str, str], Collection[str]],
        highest: Highest,
        revise: Reviser,
    ) -> None:
        self._drafter = drafter
        self._papers = papers
        self._lookup = lookup
        self._groups = groups
        self._files = files
        self._highest = highest
        self._revise = revise

    def __call__(self, commission: Commission, watch: OnText) -> Draft:
        """A checked draft of what was asked for, from the guidance that the asker may read; or a refusal, or a reply.

        Raises:
            CommissionError: there is no such kind, or the question or a fact will not do.
            ModelError: the model did not answer, or not usably.
        """
        taken, paper = StepTimer(), self._asked_for(commission.kind)
        with taken.step("look at what was asked") as outcome:
            fitted = _fit_commission(commission, paper)
            refusal = self._refusal(commission, fitted, paper)
            outcome.append(f"refused: {refusal.why}" if refusal else "taken")
        if refusal:
            return replace(refused(fitted, refusal), steps=tuple(taken.steps))
        wanted = self._reading(fitted)
        with taken.step("sort the question") as outcome:
            sorted_ = (
                ClassifiedQuestion("drafting")
                if paper.fields
                else classify(wanted.text, attached=bool(wanted.attached))
            )
            wanted = replace(wanted, task=sorted_.task)
            outcome.append(sorted_.task or sorted_.kind)
        forgotten = sorted_.task and not sorted_.own_text and not wanted.attached
        ready = replied(wanted, "no_text" if forgotten else sorted_.kind)
        return self._checked(ready or self._written(wanted, paper, watch), taken)

    def _written(self, wanted: Commission, paper: Paper, watch: OnText) -> Draft:
        due = due_date(paper, wanted.facts)
        written = _dated(_usable(self._drafter(wanted, paper, watch)), due)
        guided = not paper.fields and not wanted.task
        if guided and asks_if_lawful(wanted.text) and written.status in {"answered", "partial"}:
            written = replace(written, text=f"{written.text}\n\n{NO_ADVICE}")
            watch(written.text)
        return written

    def _checked(self, written: Draft, taken: StepTimer) -> Draft:
        taken.add(written.steps)
        if written.status == "refused":
            return replace(written, steps=tuple(taken.steps))
        with taken.step("check every sentence") as outcome:
            found = self.found(written)
            outcome.append(f"{len(found)} findings")
        # What the drafter says of the model's own words stands beside what the checks find in them.
        return replace(written, findings=(*written.findings, *found), steps=tuple(taken.steps))

    def _refusal(self, given: Commission, fitted: Commission, paper: Paper) -> QuestionRefused | None:
        """Why this may not be asked, of the question and then of each fact; None when it may."""
        texts: list[tuple[str, str, Collection[str]]] = [("what was asked for", f"{given.marking}\n-", ())]
        if given.text.strip():
            texts.append(("the question" if not paper.fields else "the title", fitted.text, ()))
        texts += [(f"“{field.label}”", fitted.facts[field.id], field.allowed) for field in paper.fields]
        refusals = (screen(text, highest=self._highest, what=what, allowed=holds) for what, text, holds in texts)
        return next((refusal for refusal in refusals if refusal), None)

    def _reading(self, commission: Commission) -> Commission:
        """The commission with what its asker may read: neither groups nor files are believed of whoever hands it in."""
        groups, files = tuple(self._groups(commission.asked_by)), list[str]()
        if commission.conversation:
            files = list(self._files(commission.conversation, commission.asked_by))
        if strange := next((each for each in commission.attached if each not in files), None):
            raise CommissionError(f"no file {strange[:80]!r} is attached to this conversation; open it again")
        if files:
            groups = (*groups, group_of(commission.conversation))
        return replace(commission, groups=groups, attached=commission.attached or tuple(files))

    def paper(self, kind: str) -> Paper:
        """The kind of that name.

        Raises:
            CommissionError: there is none.
        """
        if kind not in self._papers:
            raise CommissionError(f"no kind {kind[:80]!r}; humphrey knows {', '.join(sorted(self._papers))}")
        return self._papers[kind]

    def _asked_for(self, kind: str) -> Paper:
        """A kind that can be asked for.

        Raises:
            CommissionError: there is none of that name, or its papers are made by rule.
        """
        paper = self.paper(kind)
        if not paper.commissioned:
            raise CommissionError(f"no model writes a {kind.replace('_', ' ')}; it is made by rule from the record")
        return paper

    def found(self, draft: Draft) -> tuple[Finding, ...]:
        """What the checks of its kind find in a draft, and whether what was asked tried to give orders."""
        return (*_ordered(draft.commission), *check(draft, self.paper(draft.commission.kind), self._lookup))

    def instruction(self, text: str) -> str:
        """What somebody tells the model about a draft, trimmed; what may not be asked may not be told either.

        Raises:
            CommissionError: it is empty, too long or not text, or holds what may not be held here.
        """
        told = validate_text(text, "the instruction", _LONGEST_INSTRUCTION)
        if refusal := screen(told, highest=self._highest, what="the instruction"):
            raise CommissionError(refusal.message)
        return told

    def revised(self, revision: Revision, watch: OnText) -> Draft:
        """A checked draft for the same commission, in the words that the model was told to find.

        Raises:
            CommissionError: the instruction cannot be followed here; says what can.
            ModelError: the model did not answer, or not usably.
        """
        before = revision.draft
        written = _usable(self._revise(revision, self._asked_for(before.commission.kind), watch))
        if NO_ADVICE in before.text and NO_ADVICE not in written.text:
            written = replace(written, text=f"{written.text}\n\n{NO_ADVICE}")
        # What was asked for, where it goes and when it is due are not the model's to change.
        kept = replace(written, commission=before.commission, workings=before.workings, due=before.due)
        told = Finding(ORDERS, "warn", _TOLD_ORDERS) if find_prompt_injection(revision.instruction) else None
        return replace(kept, findings=(*kept.findings, *([told] if told else []), *self.found(kept)))


def _fit_commission(commission: Commission, paper: Paper) -> Commission:
    """What was asked for, trimmed; a paper asked for by its facts alone is called by its title and the first fact."""
    facts = accepted(paper, commission.facts)
    for name, fact in facts.items():
        if fact:
            validate_text(fact, f"the fact {name}", LONGEST_TEXT)
    text = commission.text
    if paper.fields and not text.strip():
        first = " ".join(facts[paper.fields[0].id].split())[:_LONGEST_NAME]
        text = f"{paper.title}: {first}" if first else paper.title
    return replace(commission, text=validate_text(text, "the question", _longest(text)), facts=facts)


def _longest(text: str) -> int:
    """How many characters may be asked with: a text that is to be worked on may have more than a question."""
    if not _LONGEST_QUESTION < len(text) <= _LONGEST_PASTED:
        return _LONGEST_QUESTION
    return _LONGEST_PASTED if classify(text).own_text else _LONGEST_QUESTION


def _ordered(commission: Commission) -> Iterator[Finding]:
    if any(find_prompt_injection(text) for text in (commission.text, *commission.facts.values())):
        message = "what was asked tries to give orders to the system, and was taken as ordinary text; read with care"
        yield Finding(ORDERS, "warn", message)


def _usable(draft: Draft) -> Draft:
    try:
        validate_text(draft.text, "the draft", LONGEST_TEXT)
    except CommissionError as error:
        raise ModelError(f"the model's text cannot be used: {error}") from error
    return draft


def _dated(draft: Draft, due: date | None) -> Draft:
    """The draft with the computed day; a paper without a time limit keeps what its workings say."""
    if due and draft.due not in {None, due}:
        raise ModelError(f"the draft is dated {draft.due}, but its time limit ends on {due}; ask for it again")
    return replace(draft, due=due) if due else draft
