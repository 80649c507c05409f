"""Scores of answers about the starter notes: status, cited notes and facts, against the expected ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.scenarios.asking import notes_cited
from humphrey.papers.draft import Draft

Fact = Sequence[Sequence[str]]
"""Ways to say a fact; of one way, every phrase must stand in the answer."""


@dataclass(frozen=True)
class Expected:
    """The expected answer to a question: its status, the notes of which it cites one, and its facts."""

    status: str
    notes: frozenset[str]
    facts: tuple[Fact, ...]

    @classmethod
    def read(cls, row: Mapping[str, Any], key: str) -> "Expected":
        """Read an expectation from a row of a file; `key` is the name of its note, and with `_also` of others."""
        named = (row.get(key), *row.get(f"{key}_also", ()))
        notes = frozenset(name.removesuffix(".md") for name in named if name)
        return cls(row["status"], notes, tuple(each["any"] for each in row.get("facts", ())))


@dataclass(frozen=True)
class Outcome:
    """What a question got: the status, whether it and the notes are right, and how many of the facts its text has."""

    id: str
    question: str
    expected: Expected
    status: str
    cited: tuple[str, ...]
    held: int

    @property
    def right(self) -> bool:
        """Whether the status is right; where nothing answers, a refusal by rule is right too."""
        wanted = {"not_in_guidance", "refused"} if self.expected.status == "not_in_guidance" else {self.expected.status}
        return self.status in wanted

    @property
    def found(self) -> bool:
        """Whether one of the right notes is cited."""
        return bool(self.expected.notes & set(self.cited))

    @property
    def strayed(self) -> bool:
        """Whether notes are cited and none of them is right."""
        return bool(self.cited) and not self.found

    @property
    def whole(self) -> bool:
        """Whether all of it is right: the status, the note and every fact."""
        return self.right and (not self.expected.notes or self.found) and self.held == len(self.expected.facts)


def outcome(each: str, question: str, expected: Expected, draft: Draft) -> Outcome:
    """Return what a question got."""
    text = " ".join(draft.text.lower().replace("’", "'").split())
    held = sum(any(all(phrase.lower() in text for phrase in way) for way in fact) for fact in expected.facts)
    return Outcome(each, question, expected, draft.status, tuple(notes_cited(draft)), held)


def shown(outcomes: Sequence[Outcome]) -> str:
    """Return the counts as lines."""
    answerable = [each for each in outcomes if each.expected.notes]
    others = [each for each in outcomes if not each.expected.notes]
    facts = sum(len(each.expected.facts) for each in outcomes)
    lines = (
        _line("status right", [each.right for each in outcomes]),
        _line("the note is cited", [each.found for each in answerable]),
        f"facts held\t{sum(each.held for each in outcomes)} of {facts}",
        _line("all of it right", [each.whole for each in outcomes]),
        _line("refused though a note answers", [each.status in _NONE for each in answerable]),
        _line("only other notes cited", [each.strayed for each in answerable]),
        _line("answered though no note does", [each.status == "answered" for each in others]),
    )
    return "\n".join(lines)


def listed(outcomes: Iterable[Outcome]) -> str:
    """Return a line for each question of which not all is right."""
    return "\n".join(
        f"{each.id}\t{each.status} for {each.expected.status}\t{each.held}/{len(each.expected.facts)} facts"
        f"\t{', '.join(each.cited) or '-'} for {', '.join(sorted(each.expected.notes)) or '-'}\t{each.question}"
        for each in outcomes
        if not each.whole
    )


_NONE = {"not_in_guidance", "refused"}


def _line(name: str, those: Sequence[bool]) -> str:
    return f"{name}\t{sum(those)} of {len(those)}"
