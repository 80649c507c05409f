"""HTML for changing the guidance: the forms, the refused files and the progress of a job."""

from collections.abc import Sequence

from humphrey.accounts.model import Person
from humphrey.documents.ingest import FileRejected
from humphrey.documents.sources import source_name
from humphrey.documents.words import MOST_WORDS
from humphrey.guidance.curation import CurationJob
from humphrey.guidance.store import DocumentRow
from humphrey.web import layout
from humphrey.web.draft_view import alert
from humphrey.web.escaping import safe
from humphrey.web.guidance.document_view import address, readers
from humphrey.web.multipart import MAX_BODY_BYTES, MAX_FILE_BYTES, MAX_FILES

FORMATS = ".pdf,.docx,.odt,.md,.markdown,.html,.htm,.txt,.eml,.json"
"""File types that the file chooser offers first; the readers refuse any unreadable file and say why."""


SCRIPT = '<script src="/static/guidance.js" defer></script>'
"""Script that shows the progress of an upload or a job."""


_REFRESH = '<noscript><meta http-equiv="refresh" content="2"></noscript>'


_THINGS = {"reading": " files", "indexing": " passages"}


_KINDS = {"add": "Adding", "remove": "Removing", "index": "Indexing again"}


def curation_forms(person: Person, refused: Sequence[FileRejected], jobs: Sequence[CurationJob]) -> str:
    """Return the forms and the recent jobs of a person who may change the guidance."""
    return f"{_upload(person)}{_refusals(refused)}{_again()}{_jobs(jobs)}"


def job_page(each: CurationJob, person: Person, said: str = "") -> str:
    """Return the page of one job with its progress."""
    if each.kind == "add":
        title = f"Adding {_count(len(each.names), 'file')} for {readers(each.audience)}"
    else:
        title = "Removing a document" if each.kind == "remove" else "Indexing again"
    head = "" if each.is_over else SCRIPT + _REFRESH
    body = (
        f"<h1>{safe(title)}</h1>{alert(said)}{_progress(each)}{_outcome(each)}"
        '<p><a href="/guidance">All guidance</a></p>'
    )
    return layout.page(title, body, person=person, path="/guidance", head=head)


def removal_page(held: DocumentRow, person: Person, returns: bool) -> str:
    """Return the page that asks for confirmation before a document is removed."""
    after = (
        "Its file stays in the folder it came from, so the next indexing takes it in again. To remove it for good, "
        "ask the humphrey administrator to take the file away too."
        if returns
        else "The file that was handed in is deleted."
    )
    body = (
        f"<h1>Remove this document?</h1><p><strong>{safe(source_name(held.imprint))}</strong>, "
        f"for {safe(readers(held.audience))}</p>"
        f"<p>Nobody will find or cite it any more. Drafts in clearance that cite it will say so. {after}</p>"
        '<form method="post" action="/guidance/remove">'
        f'<input type="hidden" name="document" value="{safe(held.id)}">'
        '<p><button class="go stop">Remove it</button></p></form>'
        f'<p><a href="{address(held.id)}">Keep it</a></p>'
    )
    return layout.page("Remove this document?", body, person=person, path="/guidance")


def progress_sentence(each: CurationJob) -> str:
    """Return the progress of a job as a sentence."""
    if each.state == "waiting":
        return "Waiting: only one job at a time changes the guidance, and another goes first."
    if each.is_over:
        return _over(each)
    if not each.total:
        return "Undoing what was done." if each.what == "undoing" else "Starting."
    said = f"{each.what.capitalize()}: {each.done} of {each.total}{_THINGS.get(each.what, '')}"
    if each.rate and each.left_s is not None:
        said += f", {each.rate:.0f} a second" if each.rate >= 1 else ""
        said += f", about {_count(max(1, round(each.left_s)), 'second')} left" if each.done < each.total else ""
    return said + "."


def _upload(person: Person) -> str:
    groups = "".join(
        f'<option value="{safe(group)}">Only group {safe(group)}</option>' for group in sorted(set(person.groups))
    )
    formats = "PDF, Word (.docx), OpenDocument (.odt), Markdown, HTML, text or e-mail (.eml)"
    limits = (
        f"Up to {MAX_FILES} files of {MAX_FILE_BYTES // 1_000_000} MB and {MOST_WORDS:,} words, "
        f"{MAX_BODY_BYTES // 1_000_000} MB together"
    )
    return (
        '<section><h2 id="add">Add documents</h2>'
        '<form method="post" action="/guidance/upload" enctype="multipart/form-data" id="upload">'
        '<p><label for="group">Who may read them</label><select id="group" name="group">'
        f'<option value="">Everyone</option>{groups}</select></p>'
        f'<p><label for="files">Files</label><span class="hint" id="limits">{formats}. {limits}. '
        "A file with the name of an earlier one takes its place.</span>"
        f'<input id="files" name="files" type="file" multiple required aria-describedby="limits" '
        f'accept="{FORMATS}"></p>'
        '<div id="sending"></div><p><button class="go">Add</button></p></form></section>'
    )


def _refusals(refused: Sequence[FileRejected]) -> str:
    if not refused:
        return ""
    return f"<section><h2>Files that were refused</h2>{_refused(refused)}</section>"


def _refused(refused: Sequence[FileRejected]) -> str:
    items = "".join(f"<li><strong>{safe(_file(each))}</strong> {safe(each.reason)}.</li>" for each in refused)
    return f'<ul class="refusals">{items}</ul>'


def _file(each: FileRejected) -> str:
    return each.path.rpartition("/")[2]


def _again() -> str:
    return (
        "<section><h2>Index again</h2><p>Reads what is new or changed in every folder of guidance.</p>"
        '<form method="post" action="/guidance/index"><p><button class="go quiet">Index again</button></p></form>'
        "</section>"
    )


def _jobs(jobs: Sequence[CurationJob]) -> str:
    if not jobs:
        return ""
    items = "".join(
        f'<li><a href="/guidance/jobs/{safe(each.id)}">{_KINDS[each.kind]} {safe(", ".join(each.names))}</a>, '
        f"{safe(each.by)}: {safe(progress_sentence(each))}</li>"
        for each in jobs[:10]
    )
    return f"<section><h2>What is going on</h2><ul>{items}</ul></section>"


def _progress(each: CurationJob) -> str:
    if each.is_over:
        return alert(_over(each)) if each.state == "failed" else f'<p role="status">{safe(_over(each))}</p>'
    size = f' value="{each.done}" max="{each.total}"' if each.total else ""
    return (
        f'<div id="job" data-job="{safe(each.id)}"><progress{size} aria-label="How far it is"></progress>'
        f'<p class="said">{safe(progress_sentence(each))}</p></div>'
        f'<form method="post" action="/guidance/jobs/{safe(each.id)}/stop">'
        '<p><button class="go quiet">Stop</button></p></form>'
    )


def _outcome(each: CurationJob) -> str:
    taken = "".join(f'<li><a href="{address(document)}">{safe(document)}</a></li>' for document in each.taken_in)
    held = f"<h2>Taken in</h2><ul>{taken}</ul>" if taken else ""
    notes = "".join(f"<li><strong>{safe(one.path)}</strong>: {safe(one.note)}.</li>" for one in each.notes)
    noted = f"<h2>Notes</h2><ul>{notes}</ul>" if notes else ""
    return held + noted + (f"<h2>Refused</h2>{_refused(each.refused)}" if each.refused else "")


def _over(each: CurationJob) -> str:
    if each.state == "failed":
        later = " It is tried again when humphrey next starts." if each.kind == "add" else ""
        return f"This did not work: {each.trouble}.{later}"
    if each.state == "stopped":
        return "Stopped. " + ("None of these files was kept." if each.kind == "add" else "What was done stays.")
    return f"Done; {_count(len(each.refused), 'file')} refused." if each.refused else "Done."


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
