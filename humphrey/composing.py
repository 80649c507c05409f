"""The path from what was asked to a checked draft, step by step, each named, timed and kept with the draft.

A step that fails stops the draft: nothing is waved through, and nothing is recorded here.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date

from humphrey.core.asking import asked
from humphrey.core.attaching import group_of
from humphrey.core.checks import check
from humphrey.core.drafts import Commission, Draft, Drafter, Finding, Watch
from humphrey.core.guidance import Lookup
from humphrey.core.papers import Paper, Papers, accepted, due_date
from humphrey.core.steps import Taken
from humphrey.core.words import fit
from humphrey.errors import CommissionError, ModelError

LONGEST_TEXT = 200_000
"""No draft and no fact is longer, in characters."""

_LONGEST_QUESTION, _LONGEST_NAME = 10_000, 60


class Composer:
    """Writes and checks drafts.

    Args:
        drafter: writes drafts.
        papers: the kinds that can be commissioned.
        lookup: documents as they stood, for the checks.
        groups: those of a person.
        files: the documents that were given to a conversation, told who asks; none where it is not theirs.
    """

    def __init__(
        self,
        drafter: Drafter,
        papers: Papers,
        lookup: Lookup,
        groups: Callable[[str], Collection[str]],
        files: Callable[[str, str], Collection[str]],
    ) -> None:
        self._drafter = drafter
        self._papers = papers
        self._lookup = lookup
        self._groups = groups
        self._files = files

    def __call__(self, commission: Commission, watch: Watch) -> Draft:
        """A checked draft of what was asked for, from the guidance that the asker may read.

        Raises:
            CommissionError: there is no such kind, or the question or a fact will not do.
            ModelError: the model did not answer, or not usably.
        """
        taken, paper = Taken(), self.paper(commission.kind)
        with taken.step("look at what was asked"):
            fitted = _fit_commission(commission, paper)
            wanted = self._reading(fitted)
        with taken.step("sort the question") as outcome:
            sorted_ = asked(wanted.text, attached=bool(wanted.attached))
            wanted = replace(wanted, task=sorted_.task)
            outcome.append(sorted_.kind)
        due = due_date(paper, wanted.facts)
        written = _dated(_usable(self._drafter(wanted, paper, watch)), due)
        taken.add(written.steps)
        with taken.step("check every sentence") as outcome:
            found = self.found(written)
            outcome.append(f"{len(found)} findings")
        # What the drafter says of the model's own words stands beside what the checks find in them.
        return replace(written, findings=(*written.findings, *found), steps=tuple(taken.steps))

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

    def found(self, draft: Draft) -> tuple[Finding, ...]:
        """What the checks of its kind find in a draft."""
        return check(draft, self.paper(draft.commission.kind), self._lookup)


def _fit_commission(commission: Commission, paper: Paper) -> Commission:
    """What was asked for, trimmed; a paper asked for by its facts alone is called by its title and the first fact."""
    facts = accepted(paper, commission.facts)
    for name, fact in facts.items():
        if fact:
            fit(fact, f"the fact {name}", LONGEST_TEXT)
    text = commission.text
    if paper.fields and not text.strip():
        first = " ".join(facts[paper.fields[0].id].split())[:_LONGEST_NAME]
        text = f"{paper.title}: {first}" if first else paper.title
    return replace(commission, text=fit(text, "the question", _LONGEST_QUESTION), facts=facts)


def _usable(draft: Draft) -> Draft:
    try:
        fit(draft.text, "the draft", LONGEST_TEXT)
    except CommissionError as error:
        raise ModelError(f"the model's text cannot be used: {error}") from error
    return draft


def _dated(draft: Draft, due: date | None) -> Draft:
    """The draft with the computed day; a paper without a time limit keeps what its workings say."""
    if due and draft.due not in {None, due}:
        raise ModelError(f"the draft is dated {draft.due}, but its time limit ends on {due}; ask for it again")
    return replace(draft, due=due) if due else draft
