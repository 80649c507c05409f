"""The check of the day that a computed date counts from, where the question leaves a choice."""

from collections.abc import Iterator
from datetime import date

from humphrey.calculations.rules import RULES
from humphrey.documents.model import DocumentLookup
from humphrey.papers.draft import Draft, Finding
from humphrey.papers.kind import Paper
from humphrey.text.date_mentions import day_mentions
from humphrey.text.dates import joined, say


def day_of_several(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Point at a time limit that was computed from one of several days that the asker named."""
    asked = " ".join([*(turn.question for turn in draft.commission.earlier), draft.commission.text])
    named = list(dict.fromkeys(mention.words for mention in day_mentions(asked)))
    if len(named) < 2:
        return
    for working in draft.workings:
        rule = RULES.get(working.inputs.get("rule", ""))
        if rule:
            start = say(date.fromisoformat(working.inputs["start"]))
            message = (
                f"the question names {joined(named)}; {start} was taken as the day on which {rule.starts}: check it"
            )
            yield Finding("day_of_several", "warn", message)
