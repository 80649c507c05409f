"""The drafter for the asker's own texts: summary, key points, actions, people, dates, plain English. No guidance.

Actions, people and dates are always found by rule. A summary or a redraft is written by the model at an endpoint if one
is set. Without one it consists of the text's own sentences, or of the text with set phrases made plainer, and says so.
Statements about an attached file cite it.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from humphrey.documents.model import Document, DocumentLookup, split
from humphrey.drafting.agent.sanitising import sanitise
from humphrey.drafting.evidence import NumberedPassage
from humphrey.drafting.extractive.selection import Embed
from humphrey.drafting.own_texts.by_rule import (
    DraftBuilder,
    OwnTexts,
    add_summary,
    begin_summary,
    collect_own_texts,
    draft_in_plain_english,
    draft_list,
    unread_notice,
)
from humphrey.drafting.own_texts.extractive_summary import ExtractiveSummariser
from humphrey.drafting.own_texts.in_parts import PartWriter
from humphrey.drafting.questions.tasks import count_ordered
from humphrey.drafting.steps import StepTimer
from humphrey.errors import CommissionError
from humphrey.llm.bounds import DEFAULT, Bounds, bounded
from humphrey.papers.citations import cite
from humphrey.papers.draft import (
    Citation,
    Commission,
    Draft,
    DraftRequest,
    Finding,
    GivenDocument,
    ModelName,
    OnText,
    Task,
)
from humphrey.papers.standard_wording import IN_PARTS
from humphrey.search.model import Hit

NAME = ModelName("embedded", "own-texts-1")
"""The name in drafts for work done here without a model."""


_RULED: frozenset[Task] = frozenset({"actions", "people", "dates"})
"""Tasks done by rule even if a model is set."""


class OwnTextsDrafter:
    """Writes drafts from the asker's own texts.

    Args:
        lookup: opens attached documents.
        embed: returns unit vectors, one row for each text.
        model: the writer that uses the model at an endpoint, and that model's name; None to work without a model.
        bounds: the time and tokens of one draft. What is not read by then is named in it.
    """

    def __init__(
        self,
        lookup: DocumentLookup,
        embed: Embed,
        model: tuple[PartWriter, ModelName] | None = None,
        bounds: Bounds = DEFAULT,
    ) -> None:
        self._lookup = lookup
        self._extractor = ExtractiveSummariser(embed)
        self._name = model[1] if model else NAME
        self._parts = model[0] if model else None
        self._bounds = bounds

    def __call__(self, request: DraftRequest, watch: OnText) -> Draft:
        """Write the draft of a commission that has a task.

        Raises:
            CommissionError: there is no text to work on.
            ModelError: the model gave no usable reply.
        """
        commission, began, timer = request.commission, time.monotonic(), StepTimer()
        with timer.step("open the text") as outcome:
            own = collect_own_texts(commission, self._lookup)
            outcome.append(f"{len(own.documents)} texts, {sum(len(each.text) for each in own.documents):,} characters")
        if not own.documents:
            raise CommissionError("the attached files are no longer held; attach them again")
        with bounded(self._bounds):
            draft = self._drafted(commission, own, watch, timer)
        watch(draft.text)
        return replace(draft, steps=tuple(timer.steps), seconds=round(time.monotonic() - began, 3))

    def _drafted(self, commission: Commission, own: OwnTexts, watch: OnText, timer: StepTimer) -> Draft:
        if self._parts and commission.task not in _RULED:
            return self._written(self._parts, commission, own, watch, timer)
        with timer.step("find by rule" if commission.task in _RULED else "choose by rule") as outcome:
            lines = self._by_rule(own, commission, watch)
            outcome.append(f"{len(lines.lines)} lines")
        return _made(commission, NAME, lines.text, own, tuple(lines.citations))

    def _by_rule(self, own: OwnTexts, commission: Commission, watch: OnText) -> DraftBuilder:
        task = commission.task
        if task in _RULED:
            return draft_list(own, task)
        if task == "redraft":
            return draft_in_plain_english(own)
        lines = begin_summary()
        for document, wanted in zip(own.documents, _counts(commission, own), strict=True):
            lines.add_source(document, len(own.documents) > 1)
            add_summary(document, self._extractor(document, partial(watch, lines.text), wanted), task, lines)
            watch(lines.text)
        return lines

    def _written(
        self, parts: PartWriter, commission: Commission, own: OwnTexts, watch: OnText, timer: StepTimer
    ) -> Draft:
        passages = _numbered(own.documents)
        written = parts(commission.task, passages, watch, timer)
        known = {each.n: each.hit for each in passages if each.n}
        cited = cite(sanitise(written.text), known, commission.text)
        findings = cited.findings
        if known and not cited.citations:
            message = "nothing here points into the attached file; read it against the file, or ask again"
            findings += (Finding("citations_resolve", "block", message),)
        whole = replace(own, missing=(*own.missing, *written.lost))
        text = f"{IN_PARTS}{written.parts}.\n\n{cited.text}" if written.parts > 1 else cited.text
        # The line in front moves the text, so the positions of findings move with it.
        shift = len(text) - len(cited.text)
        moved = tuple(
            replace(each, start=each.start + shift, end=each.end + shift) if each.end else each for each in findings
        )
        return replace(_made(commission, self._name, text, whole, cited.citations), findings=moved)


def _counts(commission: Commission, own: OwnTexts) -> list[int | None]:
    """Return how many statements of each text were ordered, in all as many as the order says; None if it says none."""
    order = commission.text
    for pasted in (each.text for each in own.documents if not each.id):
        order = order.replace(pasted, "")
    wanted, texts = count_ordered(order), len(own.documents)
    return [None if wanted is None else max(1, wanted // texts + (n < wanted % texts)) for n in range(texts)]


def _made(commission: Commission, name: ModelName, text: str, own: OwnTexts, citations: tuple[Citation, ...]) -> Draft:
    """Build the draft; it names the parts that could not be read."""
    return Draft(
        commission=commission,
        status="partial" if own.missing else "answered",
        text="\n\n".join(filter(None, (text, unread_notice(own.missing) if own.missing else ""))),
        model=name,
        citations=citations,
        looked_at=tuple((each.id, each.imprint.title) for each in own.documents if each.id),
        missing=own.missing,
        given=tuple(map(_given, (each for each in own.documents if each.id))),
    )


def _given(document: Document) -> GivenDocument:
    about = document.imprint
    named = (document.id, document.version, about.title)
    return GivenDocument(*named, attached=True, summary=about.summary, facts_as_of=about.facts_as_of)


def _numbered(documents: Sequence[Document]) -> list[NumberedPassage]:
    """Number the passages of some texts in order; passages of a pasted text get 0 and cannot be cited."""
    numbered: list[NumberedPassage] = []
    for document in documents:
        for passage in split(document):
            n = sum(1 for each in numbered if each.n) + 1 if document.id else 0
            numbered.append(NumberedPassage(n, Hit(passage, document.imprint, 1.0)))
    return numbered
