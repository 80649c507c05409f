"""Revision of a draft by a chat model: it follows an instruction and uses only the passages that the draft cites.

Nothing new is retrieved, so a person who may read the draft may also read everything that its revision rests on. The
reply is data like any other model output: markup, invented citation marks and invented addresses are removed, and every
citation mark is matched to words of its passage again.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.resources import files

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage
from langsmith import tracing_context

from humphrey.documents.model import DocumentLookup, Passage, split
from humphrey.drafting.agent.replies import StreamedReply
from humphrey.drafting.agent.sanitising import sanitise
from humphrey.drafting.evidence import NumberedPassage, fence, render_passages
from humphrey.drafting.revision.by_rule import Revision
from humphrey.drafting.revision.citations import keep_markers, lost
from humphrey.drafting.steps import StepTimer
from humphrey.errors import ModelError
from humphrey.llm.bounds import DEFAULT, Allowance, Bounds, bounded
from humphrey.papers.citations import cite, imprint_of
from humphrey.papers.draft import Citation, Draft, Finding, ModelName, OnText
from humphrey.papers.kind import Paper
from humphrey.search.model import Hit
from humphrey.text.links import address_checker, invented, remove_invented

_LONGEST_CHARS = 40_000
"""No draft is longer; a model that writes more has lost its way and is stopped."""


class ModelReviser:
    """Revises drafts with a chat model.

    Args:
        model: any chat model.
        name: the name of the model in drafts.
        lookup: opens the cited documents in the cited version.
        bounds: the time and tokens of one revision.
    """

    def __init__(self, model: BaseChatModel, name: ModelName, lookup: DocumentLookup, bounds: Bounds = DEFAULT) -> None:
        self._model = model
        self._name = name
        self._lookup = lookup
        self._bounds = bounds
        self._prompt = files("humphrey.drafting.revision").joinpath("revise.md").read_text(encoding="utf-8")

    def __call__(self, revision: Revision, paper: Paper, watch: OnText) -> Draft:  # noqa: ARG002 - as a Reviser's
        """Return the revised draft.

        Raises:
            ModelError: the model gave no usable reply.
        """
        began, timer, draft = time.monotonic(), StepTimer(), revision.draft
        passages = {int(each.marker): self._passage(each) for each in draft.citations}
        asked = _asked(revision, passages)
        with timer.step("write anew") as outcome, bounded(self._bounds) as left:
            reply = self._reply(asked, tuple(draft.commission.facts.values()), watch, left)
            outcome.append(f"{len(reply):,} characters")
        made = _made(draft, reply, passages)
        watch(made.text)
        return replace(
            made, model=self._name, steps=tuple(timer.steps), seconds=round(time.monotonic() - began, 3), usage=None
        )

    def _passage(self, cited: Citation) -> Hit:
        """Return the passages around a quotation as one; the quotation alone if its document is not stored."""
        document = self._lookup(cited.document, cited.version)
        start, end, text = cited.start, cited.end, cited.quote
        if document:
            around = [each for each in split(document) if each.start < end and start < each.end]
            start, end = min((start, *(each.start for each in around))), max((end, *(each.end for each in around)))
            text = document.text[start:end]
        return Hit(Passage(cited.document, 0, cited.version, text, start, end, cited.section), imprint_of(cited), 1.0)

    def _reply(self, asked: str, keep: tuple[str, ...], watch: OnText, left: Allowance) -> str:
        growing = StreamedReply(watch, keep=keep, titled=False, prompt=self._prompt, given=asked)
        with tracing_context(enabled=False):
            for chunk in self._model.stream([SystemMessage(self._prompt), HumanMessage(asked)]):
                left.require_time()
                growing.add("revised", chunk.text)
                _require_bounded(growing.text("revised"))
        reply = growing.finished("revised")
        if not reply.strip():
            raise ModelError("the model returned no words; tell it again, or use another model")
        return reply


def _require_bounded(reply: str) -> None:
    if len(reply) > _LONGEST_CHARS:
        raise ModelError(f"the model wrote more than {_LONGEST_CHARS:,} characters, as no draft has; tell it again")


def _asked(revision: Revision, passages: Mapping[int, Hit]) -> str:
    """Return everything the model is given, each part delimited and named; the instruction comes last."""
    draft = revision.draft
    commission = draft.commission
    facts = "\n".join(f"{name}: {fact}" for name, fact in commission.facts.items())
    computed = "\n".join(working.explanation for working in draft.workings)
    parts = [fence("question", commission.text)]
    parts += [fence(name, text) for name, text in (("facts", facts), ("computed", computed)) if text]
    if passages:
        parts.append(render_passages([NumberedPassage(n, hit) for n, hit in passages.items()]))
    return "\n\n".join([*parts, fence("draft", draft.text), fence("instruction", revision.instruction)])


def _made(draft: Draft, reply: str, passages: Mapping[int, Hit]) -> Draft:
    """Return the draft with the model's words as far as they are valid, and the findings about the rest."""
    commission, facts = draft.commission, tuple(draft.commission.facts.values())
    given = address_checker(_sources(draft, passages))
    text = keep_markers(draft, sanitise(remove_invented(reply, given), facts), reworded=True)
    cited = cite(text, passages, "\n".join((commission.text, *facts)))
    findings = cited.findings
    if invented(reply, given):
        message = (
            "the model gave an address that no source has, and it was taken out; read the text against its sources"
        )
        findings += (Finding("links_known", "warn", message),)
    made = replace(draft, text=cited.text, citations=cited.citations, findings=findings)
    return replace(made, findings=(*findings, *lost(draft, made)))


def _sources(draft: Draft, passages: Mapping[int, Hit]) -> Iterable[str]:
    """Yield the texts from which an address may be taken: the draft, its citations, the question and the facts."""
    yield draft.text
    yield draft.commission.text
    yield from draft.commission.facts.values()
    for hit in passages.values():
        yield hit.passage.text
        yield hit.imprint.url
