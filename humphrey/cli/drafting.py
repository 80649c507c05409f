"""Commands of drafting: `ask`, `kinds`, `draft`. They write drafts; only `--review --as USER` records anything."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from humphrey.cli.json_shapes import draft_shape, kind_shape
from humphrey.cli.shared import as_json, as_user, complain, emit, note_lines, opened
from humphrey.delivery.outlets import OUTLETS
from humphrey.documents.sources import source_line
from humphrey.errors import CommissionError, ModelError
from humphrey.ledger.model import NOBODY

if TYPE_CHECKING:
    from humphrey.app.container import Humphrey
    from humphrey.papers.draft import Commission, Draft, EarlierTurn


for_review = click.option("--review", "review", is_flag=True, help="Send it for clearance, with --as USER.")


to_outlet = click.option(
    "--outlet",
    type=click.Choice(tuple(OUTLETS)),
    default="file",
    show_default=True,
    help="Where it goes once released.",
)


to_address = click.option(
    "--to", default="", metavar="ADDRESS", help="For email the address; for file the format, such as docx."
)


by_day = click.option(
    "--by", "wished", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="With --review: when you wish to have it."
)


@click.command()
@click.argument("question", required=False)
@click.option("--queries", type=click.Path(dir_okay=False, path_type=Path), help='Lines of {"id", "text"}.')
@click.option("--conversation", default="", help="Earlier turns of this conversation complete the question.")
@click.option(
    "--attach",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Answer from this file too; may be given again. Kept only in a conversation that is named.",
)
@for_review
@by_day
@to_outlet
@to_address
@as_user
@as_json
def ask(
    question: str | None,
    queries: Path | None,
    conversation: str,
    files: tuple[Path, ...],
    review: bool,
    wished: datetime | None,
    outlet: str,
    to: str,
    user: str | None,
    as_json: bool,
) -> None:
    """Answer QUESTION from the guidance, with citations."""
    if (question is None) == (queries is None):
        raise click.UsageError("give one QUESTION, or --queries FILE.jsonl")
    _named(review, user)
    if wished and not review:
        raise click.UsageError("--by needs --review: a draft that is not sent for clearance waits for nobody")
    _placed(files, queries, conversation, review)
    with opened() as humphrey:
        if queries is not None:
            _answer_all(humphrey, query_lines(queries), user, as_json)
            return
        earlier = _earlier(humphrey, conversation, user)
        with _attaching(humphrey, files, conversation, user) as where:
            asked = _question(question or "", user, earlier, where)
            commission = replace(asked, outlet=outlet, reply_to=to.strip())
            _finish(humphrey, commission, review, as_json, wished.date() if wished else None)


@click.command()
@click.argument("kind")
@click.option("--facts", type=click.Path(dir_okay=False, path_type=Path), help="YAML or JSON of the facts.")
@for_review
@to_outlet
@to_address
@as_user
@as_json
def draft(kind: str, facts: Path | None, review: bool, outlet: str, to: str, user: str | None, as_json: bool) -> None:
    """Draft a paper of KIND from its facts. Without facts, print a template of them to fill in."""
    from humphrey.papers.draft import Commission
    from humphrey.papers.template import template

    if facts is None:
        with opened() as humphrey:
            click.echo(template(humphrey.drafting.kind(kind)), nl=False)
        return
    _named(review, user)
    with opened() as humphrey:
        commission = Commission(kind, "", user or NOBODY, outlet, facts=read_facts(facts), reply_to=to.strip())
        _finish(humphrey, commission, review, as_json)


@click.command()
@as_json
def kinds(as_json: bool) -> None:
    """List the kinds of paper, with the facts each needs."""
    with opened() as humphrey:
        for paper in humphrey.drafting.papers.values():
            fields = ", ".join(field.id if field.required else f"[{field.id}]" for field in paper.fields)
            emit(kind_shape(paper), as_json, [f"{paper.kind}\t{paper.title}\t{fields}"])


COMMANDS = (ask, kinds, draft)


@dataclass(frozen=True)
class QueryLine:
    """A line of a file of questions: its id and text, or the reason why it is none; the id is then its number."""

    id: str
    text: str
    unreadable: str = ""


def query_lines(path: Path) -> Iterator[QueryLine]:
    """Yield the lines of a JSON Lines file that are not blank, each with its question or the reason why it is none.

    Raises:
        CommissionError: the file cannot be read.
    """
    try:
        # `splitlines` would also cut a question at U+2028, which JSON allows within a string.
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CommissionError(f"{path}: cannot be read as UTF-8 text ({error}); give a file of JSON lines") from None
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _line(path, number, line)


def read_facts(path: Path) -> Mapping[str, str]:
    """Read the facts of a paper from YAML or JSON: names and values, and lists of such mappings for rows.

    Raises:
        CommissionError: not YAML, or another shape.
    """
    import yaml

    from humphrey.papers.facts import flat_facts

    try:
        # The base loader reads every value as text, so that 007 and 2026-11-23 stay as they were written.
        facts = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise CommissionError(f"{path}: cannot be read as UTF-8 text ({error}); give a YAML file of facts") from None
    except yaml.YAMLError as error:
        raise CommissionError(
            f"{path}: is not YAML ({' '.join(str(error).split())}); write one `field: value` a line"
        ) from None
    if not isinstance(facts, dict):
        raise CommissionError(f"{path}: must hold one `field: value` a line; `humphrey kinds` lists the fields")
    try:
        return flat_facts(facts)
    except CommissionError as error:
        raise CommissionError(f"{path}: {error}") from None


def _line(path: Path, number: int, line: str) -> QueryLine:
    try:
        query = json.loads(line)
        return QueryLine(str(query["id"]), str(query["text"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        reason = f'{path}, line {number}: is not {{"id": …, "text": …}} as JSON; mend that line'
        return QueryLine(f"line {number}", "", reason)


def _named(review: bool, user: str | None) -> None:
    if review and not user:
        raise click.UsageError("--review needs --as USER: a draft is sent for clearance in a person's name")


def _placed(files: tuple[Path, ...], queries: Path | None, conversation: str, review: bool) -> None:
    if files and queries is not None:
        raise click.UsageError("--attach goes with one QUESTION, not with --queries")
    if files and review and not conversation:
        raise click.UsageError(
            "--attach with --review needs --conversation ID: a reviewer must be able to read the file"
        )


@contextmanager
def _attaching(humphrey: "Humphrey", files: tuple[Path, ...], conversation: str, user: str | None) -> Iterator[str]:
    """Yield the conversation to ask in: the named one, or a temporary one if files are attached without a name."""
    if conversation or not files:
        _attach(humphrey, files, conversation, user or NOBODY)
        yield conversation
        return
    with humphrey.attachments.temporary_conversation(user or NOBODY) as lent:
        _attach(humphrey, files, lent, user or NOBODY)
        yield lent


def _attach(humphrey: "Humphrey", files: tuple[Path, ...], conversation: str, owner: str) -> None:
    for path in files:
        try:
            attached = humphrey.attachments.attach(owner, conversation, path.name, path.read_bytes())
        except OSError as error:
            raise CommissionError(f"{path}: cannot be read ({error.strerror}); give a file that may be") from None
        if attached.refused:
            raise CommissionError(f"{path}: {attached.refused}")
        for note in attached.notes:
            complain(f"{path}: {note}")


def _question(
    text: str, user: str | None, earlier: "tuple[EarlierTurn, ...]" = (), conversation: str = ""
) -> "Commission":
    from humphrey.papers.draft import Commission

    return Commission("answer", text, user or NOBODY, "file", earlier=earlier, conversation=conversation)


def _earlier(humphrey: "Humphrey", conversation: str, user: str | None) -> "tuple[EarlierTurn, ...]":
    from humphrey.papers.given import turn_of

    if not conversation:
        return ()
    if not user:
        raise click.UsageError("--conversation needs --as USER: a conversation belongs to one person")
    exchanges = humphrey.conversations.exchanges(conversation, user)
    shown = (exchange for exchange in exchanges if not exchange.replaced)
    return tuple(turn_of(exchange.draft) for exchange in shown)


def _answer_all(humphrey: "Humphrey", asked: Iterable[QueryLine], user: str | None, machine: bool) -> None:
    """Answer questions in order. Each line gets its row: a draft, a refusal with its reason, or the model's failure."""
    failed = []
    for line in asked:
        try:
            draft = _answer_line(humphrey, line, user)
        except ModelError as error:
            failed.append(line.id)
            emit({"id": line.id, "error": str(error)}, machine, [line.id, f"not answered: {error}"])
        else:
            emit(draft_shape(draft, line.id), machine, [line.id, *_lines(draft)])
    if failed:
        raise ModelError(f"{len(failed)} questions were not answered, the first of them {failed[0]}; its line says why")


def _answer_line(humphrey: "Humphrey", line: QueryLine, user: str | None) -> "Draft":
    from humphrey.drafting.questions.screening import QuestionRefused
    from humphrey.drafting.questions.standard_replies import refusal_draft

    try:
        if line.unreadable:
            raise CommissionError(line.unreadable)
        return humphrey.drafting.compose(_question(line.text, user))
    except CommissionError as error:
        return refusal_draft(_question("", user), QuestionRefused("not_a_question", str(error)))


def _finish(
    humphrey: "Humphrey", commission: "Commission", review: bool, machine: bool, wished: date | None = None
) -> None:
    composed = humphrey.drafting.compose(commission)
    if composed.status == "refused" and not machine:
        raise CommissionError(composed.text)
    if composed.status == "not_in_guidance" and not review:
        _require_guidance(humphrey)
    opened = humphrey.clearance.open_review(composed, wished=wished) if review else None
    shape = draft_shape(composed, opened.id if opened else "") | ({"reference": opened.reference} if opened else {})
    emit(shape, machine, [*([f"review {opened.id} ({opened.reference})"] if opened else []), *_lines(composed)])


def _require_guidance(humphrey: "Humphrey") -> None:
    """Require that any guidance is held, where a question found none."""
    from humphrey.guidance import store as document_store

    if not document_store.list_stored(humphrey.database):
        raise CommissionError("no guidance is indexed, so nothing can be answered; `humphrey index` indexes it")


def _lines(draft: "Draft") -> list[str]:
    lines = ["DRAFT, not cleared", "", draft.text, "", *note_lines(draft.note)]
    lines += [source_line(citation, address_first=False) for citation in draft.citations]
    lines += [f"{finding.level}: {finding.message}" for finding in draft.findings]
    if draft.due:
        lines.append(f"due\t{draft.due.isoformat()}")
    return [*lines, f"status\t{draft.status}", f"model\t{draft.model.provider} {draft.model.name}"]
