"""What is asked for and what is written: `Commission`, `Draft`, and the digest that an approval binds.

A draft is text that nobody has approved. Its digest covers every word and every circumstance that an approver
approves: what was asked and by whom, text, status, citations with their quoted spans, what was computed, marking,
outlet, recipient and due date.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal, Protocol

from humphrey.calculations.workings import Working
from humphrey.digests import canonical, sha256
from humphrey.documents.model import DocumentState
from humphrey.papers.due import Due
from humphrey.papers.kind import Paper

Task = Literal["", "summary", "key_points", "actions", "people", "dates", "redraft"]
"""What is to be done with a text of the asker's own, pasted or attached; empty: answer from guidance."""


Status = Literal["answered", "partial", "not_in_guidance", "clarify", "refused"]
"""How complete a draft is. A paper whose facts are all there is `answered`."""


Level = Literal["block", "warn", "suggest"]
"""`block`: cannot be approved while it stands. `warn`: the reviewer decides. `suggest`: it might read better."""


@dataclass(frozen=True)
class GivenDocument:
    """A document whose words were given to the drafter, in the version it had then.

    `attached`: the asker attached it to the conversation. `for_group`: only some people might read it. `summary`: its
    words are humphrey's summary, with facts as at the day `facts_as_of`.
    Only a turn from before this was kept has no version.
    """

    id: str
    version: str
    title: str
    attached: bool = False
    for_group: bool = False
    summary: bool = False
    facts_as_of: str = ""


@dataclass(frozen=True)
class EarlierTurn:
    """One earlier question of a conversation and what was answered, oldest first in a commission.

    `given` lists the documents that its answer was written from; None if it was stored before they were kept.
    """

    question: str
    answer: str
    given: tuple[GivenDocument, ...] | None = None


@dataclass(frozen=True)
class Commission:
    """A request for a text. `reply_to` is the address inside the outlet; empty means the asker.

    `groups` are the asker's, and decide which guidance it is written from; the desk looks them up. `task` is what is to
    be done with a text of the asker's own, empty where guidance is asked; `attached` are the ids of the documents that
    the asker gave to the conversation.
    """

    kind: str
    text: str
    asked_by: str
    outlet: str
    facts: Mapping[str, str] = field(default_factory=dict)
    reply_to: str = ""
    marking: str = "OFFICIAL"
    conversation: str = ""
    earlier: tuple[EarlierTurn, ...] = ()
    groups: tuple[str, ...] = ()
    task: Task = ""
    attached: tuple[str, ...] = ()

    @property
    def recipient(self) -> str:
        """Where the released text goes."""
        return self.reply_to or self.asked_by


@dataclass(frozen=True)
class Citation:
    """A span of a stored document that a text points at: `quote == document_text[start:end]` of `version`.

    `marker` is the number between the brackets of `[1]` in the text. `summary`: the words are humphrey's summary, with
    facts as at the day `facts_as_of` (2026-11-23); `original` names what it sums up.
    """

    marker: str
    document: str
    version: str
    title: str
    url: str
    section: tuple[str, ...]
    quote: str
    start: int
    end: int
    state: DocumentState = "current"
    summary: bool = False
    facts_as_of: str = ""
    original: str = ""


@dataclass(frozen=True)
class Finding:
    """One complaint of one check; `start` and `end` point at words of the draft's text, 0 and 0 at all of it."""

    check: str
    level: Level
    message: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class ModelName:
    """Which model wrote the language of a draft, and with which settings."""

    provider: str
    name: str
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Usage:
    """What a draft took of a model: calls made, tokens in and out, and their cost, in the currency of the settings.

    `estimated`: the endpoint did not count for every call, so that some of the tokens are worked out from the words.
    """

    calls: int
    tokens_in: int
    tokens_out: int
    cost: float = 0.0
    estimated: bool = False


@dataclass(frozen=True)
class Step:
    """One step of the path from a question to its draft: its name, how long it took, and what came of it."""

    name: str
    seconds: float
    outcome: str = ""


@dataclass(frozen=True)
class Draft:
    """Text that nobody has approved, with its evidence.

    `looked_at` lists (document id, title) that were searched; `given` lists every document whose words the drafter was
    given, those of earlier turns included, and is None if the draft was stored before they were kept; `missing` says,
    for a partial answer, what it lacks; `note` is the part of a paper that stays in the department and is never
    released, such as a background note; `steps` is the path that led to it, in order. How it came about is not what is
    approved, so none of `given`, `steps`, `usage` and `seconds` is part of the digest.
    """

    commission: Commission
    status: Status
    text: str
    model: ModelName
    citations: tuple[Citation, ...] = ()
    workings: tuple[Working, ...] = ()
    looked_at: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    due: date | None = None
    seconds: float = 0.0
    missing: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    usage: Usage | None = None
    given: tuple[GivenDocument, ...] | None = None
    note: str = ""

    @property
    def blocked(self) -> bool:
        """Whether a finding forbids approval."""
        return any(finding.level == "block" for finding in self.findings)

    @cached_property
    def digest(self) -> str:
        """What an approval binds, as `sha256:<hex>` of `canonical` JSON."""
        asked = self.commission
        bound = {
            "kind": asked.kind,
            "question": asked.text,
            "facts": dict(asked.facts),
            "asked_by": asked.asked_by,
            "status": self.status,
            "text": self.text,
            "citations": [_without_later(asdict(citation)) for citation in self.citations],
            "workings": [asdict(working) for working in self.workings],
            "marking": asked.marking,
            "outlet": asked.outlet,
            "recipient": asked.recipient,
            "due": self.due.isoformat() if self.due else None,
        }
        if self.note:
            bound["note"] = self.note
        return sha256(canonical(bound))


OnText = Callable[[str], None]
"""Told the whole text so far, as a draft grows."""


def silent(_text: str) -> None:
    """Watches nothing."""


@dataclass(frozen=True)
class DraftRequest:
    """A complete commission with its kind of paper.

    Attributes:
        commission: what was asked for.
        paper: its kind.
        due: its due date; None without one.
        values: the values of the places that are not fields, by name.
        workings: the workings of what else was computed.
    """

    commission: Commission
    paper: Paper
    due: Due | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    workings: tuple[Working, ...] = ()


class Drafter(Protocol):
    """Writes drafts. The caller dates them and runs the checks."""

    def __call__(self, request: DraftRequest, watch: OnText) -> Draft:
        """Return the draft of a request, with findings only about the model's own mistakes.

        Raises:
            ModelError: the model did not answer, or not usably.
        """


LONGEST_TITLE = 200
"""The most characters of a draft's title in lists, headings and notices."""


def title_of(draft: Draft) -> str:
    """Return what a draft is about, in one line: the beginning of the question, or of the facts given."""
    asked = draft.commission.text or " ".join(draft.commission.facts.values())
    return " ".join(asked.split())[:LONGEST_TITLE]


def to_json(draft: Draft) -> dict[str, Any]:
    """A draft as plain JSON values; `from_json` gives an equal draft back."""
    plain = asdict(draft)
    plain["due"] = draft.due.isoformat() if draft.due else None
    if not draft.note:
        del plain["note"]
    plain["citations"] = [_without_later(citation) for citation in plain["citations"]]
    for each in (plain, *plain["commission"]["earlier"]):
        if each["given"] is None:
            del each["given"]
        else:
            each["given"] = [_without_later(given) for given in each["given"]]
    return plain


def from_json(plain: Mapping[str, Any]) -> Draft:
    """The draft that `to_json` wrote."""
    asked = dict(plain["commission"])
    asked["earlier"] = tuple(EarlierTurn(**{**turn, "given": _given(turn)}) for turn in asked["earlier"])
    asked["groups"] = tuple(asked.get("groups", ()))
    asked["attached"] = tuple(asked.get("attached", ()))
    return Draft(
        commission=Commission(**asked),
        status=plain["status"],
        text=plain["text"],
        model=ModelName(**plain["model"]),
        citations=tuple(_citation(citation) for citation in plain["citations"]),
        workings=tuple(Working(**working) for working in plain["workings"]),
        looked_at=_pairs(plain["looked_at"]),
        findings=tuple(Finding(**finding) for finding in plain["findings"]),
        due=date.fromisoformat(plain["due"]) if plain["due"] else None,
        seconds=plain["seconds"],
        missing=tuple(plain.get("missing", ())),
        steps=tuple(Step(**step) for step in plain.get("steps", ())),
        usage=Usage(**plain["usage"]) if plain.get("usage") else None,
        given=_given(plain),
        note=plain.get("note", ""),
    )


_LATER = ("for_group", "summary", "facts_as_of", "original")
"""Fields of citations and given documents that older drafts do not have."""


def _without_later(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Return a citation or a given document without its empty later fields; digests are taken of it like that."""
    return {name: value for name, value in plain.items() if value or name not in _LATER}


def _given(plain: Mapping[str, Any]) -> tuple[GivenDocument, ...] | None:
    """Return the documents given for a draft or an earlier turn; None if it was stored before they were kept."""
    return tuple(GivenDocument(**each) for each in plain["given"]) if "given" in plain else None


def _citation(plain: Mapping[str, Any]) -> Citation:
    return Citation(**{**plain, "section": tuple(plain["section"])})


def _pairs(plain: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in plain)
