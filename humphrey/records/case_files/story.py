"""A case file for readers: one sequence of blocks, which both the HTML and the PDF render."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from humphrey.clearance.model import REASONS, Decision, Version
from humphrey.documents.sources import original_line, source_name
from humphrey.ledger.model import Entry
from humphrey.papers.draft import Citation, Draft, Finding
from humphrey.records.case_files.model import CaseFile, Delivery, SourceText
from humphrey.text.dates import local_date, say, say_time

_CONTEXT = 400
"""How many characters of a source are shown before and after a quoted span."""


_ORIGINS = {
    "model": "written by the model",
    "instruction": "written by the model, as it was told",
    "person": "written by a person",
}


_RULED = {"approve": "Approved", "return": "Returned", "refuse": "Refused"}


_DOORS = {"command": "at the command line", "api": "through the JSON routes", "web": "on the page"}


_ENDED = {"review:undo": "Approval taken back", "release:expire": "Approval ended, because its time was over,"}


_RATED = {"right": "right", "partly": "partly right", "wrong": "wrong", "good": "good", "not_good": "not good"}


@dataclass(frozen=True)
class StoryHeading:
    """A heading; level 1 is a section of the file, 2 a subsection."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class OwnSentence:
    """A sentence that humphrey itself wrote."""

    text: str


@dataclass(frozen=True)
class Verbatim:
    """Words of a person or a model, verbatim."""

    text: str


@dataclass(frozen=True)
class Facts:
    """Pairs of a name and a value."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class QuoteInContext:
    """A cited span with the words around it; `ours` if they are humphrey's summary, and so no quotation."""

    before: str
    quote: str
    after: str
    ours: bool = False


@dataclass(frozen=True)
class Rows:
    """A table with a header row; `caption` says what it lists."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


StoryBlock = StoryHeading | OwnSentence | Verbatim | Facts | QuoteInContext | Rows
"""One block of the story."""


def title_of(case: CaseFile) -> str:
    """Return the title of a case file."""
    return f"Case file of review {case.review.name}"


def story(case: CaseFile) -> Iterator[StoryBlock]:
    """Yield the blocks of a case file, in an order for readers who know nothing of the case."""
    yield from _summary(case)
    yield from _asked(case.review.draft)
    yield from _last_words(case)
    yield from _decided(case)
    yield from _left(case)
    yield from _sources(case)
    yield from _wordings(case)
    yield from _made(case.review.versions[0].draft)
    yield from _recorded(case)
    yield from _digests(case)


def _summary(case: CaseFile) -> Iterator[StoryBlock]:
    review, asked = case.review, case.review.draft.commission
    if case.disposed_at:
        yield OwnSentence(f"The words of this review were disposed of on {_day(case.disposed_at)}. Their digests stay.")
    yield Facts(
        (
            ("State", review.state),
            ("Kind", asked.kind.replace("_", " ")),
            ("Asked by", asked.asked_by),
            ("Sent for clearance", _moment(review.opened)),
            ("Due", say(review.draft.due) if review.draft.due else "no time limit"),
            *((("Wished by its asker for", say(review.wished)),) if review.wished else ()),
            ("Destination", f"{asked.outlet}, for {asked.recipient}"),
            ("Marking", asked.marking),
            ("Taken out", f"{_moment(case.taken_at)}, by {case.taken_by}"),
        )
    )


def _asked(draft: Draft) -> Iterator[StoryBlock]:
    asked = draft.commission
    yield StoryHeading("What was asked")
    yield Verbatim(asked.text)
    if asked.facts:
        yield Facts(tuple((name.replace("_", " "), value) for name, value in asked.facts.items()))
    for turn in asked.earlier:
        yield OwnSentence("Asked and answered before, in the same conversation:")
        yield Verbatim(turn.question)
        yield Verbatim(turn.answer)


def _last_words(case: CaseFile) -> Iterator[StoryBlock]:
    """Yield the last wording, which is the one that was decided on, if there is a decision."""
    if f"version {len(case.review.versions)}" not in {each.part for each in case.disposed}:
        yield StoryHeading("The text")
        yield Verbatim(case.review.draft.text)


def _wordings(case: CaseFile) -> Iterator[StoryBlock]:
    yield StoryHeading("Every wording")
    gone = {each.part: each for each in case.disposed}
    for n, version in enumerate(case.review.versions, start=1):
        yield StoryHeading(f"Wording {n}", 2)
        yield OwnSentence(f"By {version.editor}, {_moment(version.at)}; {_ORIGINS[version.origin]}.")
        if f"version {n}" in gone:
            disposed = gone[f"version {n}"]
            yield OwnSentence(f"Its words were disposed of on {_day(disposed.at)}.")
            continue
        yield from _wording(version)
        for again in (each for each in case.review.rechecks if each.wording == n):
            yield OwnSentence(f"Checked again on {_moment(again.at)}, because a source had changed.")
            yield from _found(again.findings)


def _wording(version: Version) -> Iterator[StoryBlock]:
    if version.instruction:
        yield OwnSentence("What the model was told:")
        yield Verbatim(version.instruction)
    yield Verbatim(version.draft.text)
    if version.draft.note:
        yield OwnSentence("Internal; it stays in the department and was never released:")
        yield Verbatim(version.draft.note)
    yield from _found(version.draft.findings)


def _found(findings: tuple[Finding, ...]) -> Iterator[StoryBlock]:
    if not findings:
        yield OwnSentence("The checks found nothing to question.")
        return
    rows = tuple((each.level, each.check.replace("_", " "), each.message) for each in findings)
    yield Rows("What the checks found", ("Level", "Check", "Finding"), rows)


def _sources(case: CaseFile) -> Iterator[StoryBlock]:
    citations = list(dict.fromkeys(each for version in case.review.versions for each in version.draft.citations))
    if not citations:
        return
    yield StoryHeading("Passages as they stood")
    held = {(each.document, each.version): each for each in case.sources}
    for citation in citations:
        source = held.get((citation.document, citation.version))
        yield StoryHeading(f"[{citation.marker}] {source_name(citation)}", 2)
        where = (" › ".join(citation.section), original_line(citation), citation.url)
        yield OwnSentence(" · ".join(filter(None, where)))
        yield from _quoted(citation, source)


def _quoted(citation: Citation, source: SourceText | None) -> Iterator[StoryBlock]:
    text, ours = source.text if source else None, citation.summary
    if text is None:
        yield QuoteInContext("", citation.quote, "", ours)
        yield OwnSentence("This version of the document is no longer held; the words above are those that were quoted.")
    elif text[citation.start : citation.end] != citation.quote:
        yield QuoteInContext("", citation.quote, "", ours)
        yield OwnSentence("The stored document does not hold these words at their place.")
    else:
        before = text[max(0, citation.start - _CONTEXT) : citation.start]
        yield QuoteInContext(before, citation.quote, text[citation.end : citation.end + _CONTEXT], ours)


def _decided(case: CaseFile) -> Iterator[StoryBlock]:
    yield StoryHeading("Comments and decisions")
    if not case.review.comments and not case.review.decisions:
        yield OwnSentence("There are none.")
    for comment in case.review.comments:
        yield OwnSentence(f"Comment by {comment.by}, {_moment(comment.at)}:")
        yield Verbatim(comment.text or "Disposed of.")
    for deferral in case.review.deferrals:
        yield OwnSentence(f"Put off until {say(deferral.until)} by {deferral.by}, {_moment(deferral.at)}:")
        yield Verbatim(deferral.reason or "Disposed of.")
    for decision in case.review.decisions:
        yield from _decision(decision)
    for entry in (each for each in case.entries if each.act in _ENDED):
        yield OwnSentence(
            f"{_ENDED[entry.act]} by {entry.actor}, {_moment(entry.at)}: {entry.detail.get('digest', '')}"
        )
    yield from _rated(case)


def _rated(case: CaseFile) -> Iterator[StoryBlock]:
    """Yield each rating as a table; the sentences are numbered in their order in the wording."""
    for rating in case.ratings:
        sentences = ((f"Sentence {n}", _RATED[said]) for n, said in sorted(rating.sentences.items()))
        citations = ((f"Citation [{marker}]", _RATED[said]) for marker, said in sorted(rating.citations.items()))
        caption = f"Wording {rating.wording} as rated by {rating.by}, {_moment(rating.at)}"
        yield Rows(caption, ("What", "Rating"), (*sentences, *citations))


def _decision(decision: Decision) -> Iterator[StoryBlock]:
    yield OwnSentence(f"{_RULED[decision.verdict]} by {decision.reviewer}, {_moment(decision.at)}.")
    if decision.reasons:
        yield OwnSentence("; ".join(REASONS[reason] for reason in decision.reasons) + ".")
    if decision.reason:
        yield Verbatim(decision.reason)
    if decision.door:
        yield OwnSentence(f"Decided {_DOORS[decision.door]}.")
    if decision.acknowledged:
        yield OwnSentence(f"Findings acknowledged: {', '.join(decision.acknowledged)}.")
    if decision.held_until:
        yield OwnSentence(f"The text was not to leave before {_moment(decision.held_until)}.")


def _left(case: CaseFile) -> Iterator[StoryBlock]:
    yield StoryHeading("How it left")
    if not case.deliveries:
        yield OwnSentence("It was not released.")
    for delivery in case.deliveries:
        yield Facts(tuple(_delivery(delivery)))


def _delivery(delivery: Delivery) -> Iterator[tuple[str, str]]:
    yield "Outlet", delivery.outlet
    yield "Queued", _moment(delivery.queued_at)
    yield "Deliveries begun", str(delivery.attempts)
    yield "Delivered", _moment(delivery.delivered_at) if delivery.delivered_at else "not yet"
    for name, value in (
        ("Receipt", delivery.receipt),
        ("Last failure", delivery.failure),
        ("Set aside", _moment(delivery.set_aside_at) if delivery.set_aside_at else ""),
    ):
        if value:
            yield name, value


def _made(draft: Draft) -> Iterator[StoryBlock]:
    yield StoryHeading("How the first wording came about")
    settings = ", ".join(f"{name}: {value}" for name, value in sorted(draft.model.settings.items()))
    yield Facts((("Model", f"{draft.model.name}, {draft.model.provider}"), ("Its settings", settings or "none")))
    if draft.workings:
        rows = tuple((each.tool.replace("_", " "), each.result, each.explanation) for each in draft.workings)
        yield Rows("Worked out, not written by a model", ("What", "Result", "Steps"), rows)
    if draft.steps:
        rows = tuple((each.name, f"{each.seconds:.2f} s", each.outcome) for each in draft.steps)
        yield Rows("Steps", ("Step", "Time", "What came of it"), rows)


def _recorded(case: CaseFile) -> Iterator[StoryBlock]:
    yield StoryHeading("On the record")
    rows = tuple((str(each.n), _moment(each.at), each.actor, each.act) for each in case.entries)
    yield Rows("The ledger's entries about it", ("Entry", "When", "Who", "Act"), rows)
    if case.head:
        yield OwnSentence(f"The head of entry {case.head.n}, published on {_moment(case.head.at)}, covers all of them.")
    else:
        yield OwnSentence("No published head covers all of them yet; heads are published once a day.")
    yield OwnSentence(
        "The JSON form of this file can be verified without humphrey; "
        "the command “humphrey case --verifier” writes the script."
    )


def _digests(case: CaseFile) -> Iterator[StoryBlock]:
    """Yield what a verifier compares: digests, keys and seals. No reader needs them to understand the case."""
    yield StoryHeading("Digests and seals")
    yield OwnSentence("They show whether anything above was changed since. Each is of exactly the words that it names.")
    yield Facts(tuple(_of_words(case)))
    yield OwnSentence("What each entry of the ledger binds, and its seal:")
    yield Facts(tuple((f"Entry {each.n}", _bound(each)) for each in case.entries))
    if case.head:
        yield OwnSentence(f"The seal of the published head is {case.head.seal}, signed with the key {case.head.key}.")


def _of_words(case: CaseFile) -> Iterator[tuple[str, str]]:
    yield "Review", case.review.id
    gone = {each.part: each.digest for each in case.disposed}
    for n, version in enumerate(case.review.versions, start=1):
        yield f"Wording {n}", gone.get(f"version {n}", version.draft.digest)
    for n, decision in enumerate(case.review.decisions, start=1):
        yield f"Decision {n}, of the words", decision.digest
    for n, delivery in enumerate(case.deliveries, start=1):
        yield f"Delivery {n}, its key", delivery.key
        if delivery.sent_digest:
            yield f"Delivery {n}, of what was sent", delivery.sent_digest
    for source in case.sources:
        yield f"Source {source.document}", source.version


def _bound(entry: Entry) -> str:
    return "\n".join([*(f"{name}: {value}" for name, value in sorted(entry.detail.items())), f"seal: {entry.seal}"])


def _moment(at: datetime) -> str:
    return say_time(at, seconds=True)


def _day(at: datetime) -> str:
    return say(local_date(at))
