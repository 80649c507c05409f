"""The page of one review: its author sees its state, changes it and sends it again.

The page needs no script. Reviewers and auditors see it without the forms; reviewers clear open drafts on the Clear
page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from humphrey.accounts.model import Person
from humphrey.clearance.gate import Release
from humphrey.clearance.model import Review
from humphrey.clearance.source_changes import SourceChange
from humphrey.documents.model import DocumentLookup
from humphrey.papers.draft import title_of
from humphrey.text.dates import say_day
from humphrey.web import draft_view, layout
from humphrey.web.clearance import evidence_view, review_view, versions_view
from humphrey.web.escaping import safe

DONE = {
    "amended": "Your words are saved, and it is with a reviewer again.",
    "commented": "Your comment is below.",
    "undone": "Your approval is taken back. The draft waits for clearance again.",
    "deferred": "The draft is put off. The queue lists it last until then.",
    "nobody": "Your comment is below. A name after @ in it is of nobody who may read this draft, so nobody was told.",
}
"""Confirmation shown after an action, by the name of the action in the address."""


FORMATS = {"odt": "OpenDocument", "docx": "Word", "pdf": "PDF", "html": "web page", "md": "Markdown"}
"""Export formats of a released text."""


_CASES = {"html": "to read", "pdf": "to print", "json": "to verify"}


_COPY = '<script src="/static/copy.js" defer></script>'


@dataclass(frozen=True)
class ReviewView:
    """What the page shows in addition to the review.

    Args:
        compare: numbers of two versions to compare; empty for none.
        said: confirmation at the top, as a sentence.
        trouble: error at the top, as a sentence.
        text: text that was rejected, kept in the form; empty for the stored text.
        permit: the release, if the person may read the released text.
        case: whether the person may have the case file.
        export: whether the person may export the released text.
        changes: the changes of the guidance that it cites.
        clears: whether the person may clear it.
    """

    compare: tuple[int, ...] = ()
    said: str = ""
    trouble: str = ""
    text: str = ""
    permit: Release | None = None
    case: bool = False
    export: bool = False
    changes: Sequence[SourceChange] = ()
    clears: bool = False


def page(held: Review, person: Person, lookup: DocumentLookup, now: datetime, shown: ReviewView) -> str:
    """Return the page of a review as HTML."""
    mine, amendable = person.name in held.authors, held.state in {"open", "returned"}
    done = draft_view.notice(shown.said) if shown.said else ""
    body = (
        f"{_heading(held)}{draft_view.alert(shown.trouble)}{done}<p>{_state(held, mine)}</p>"
        f"{_way(held, mine)}{_ruled(held)}{_undoing(held, person)}{_deferring(held, shown)}{_taken_along(held, shown)}"
        f"{review_view.released(shown.permit, lookup) if shown.permit else ''}"
        f"{_amending(held, shown) if mine and amendable else ''}{_compared(held, shown.compare)}"
        f"{evidence_view.review(held, lookup, now, shown.changes)}{evidence_view.comments(held.comments)}"
        f"{_commenting(held) if mine and amendable else ''}"
    )
    head = _COPY if shown.permit else ""
    return layout.page(f"{held.name} {title_of(held.draft)}", body, person=person, head=head, wide=True)


def _heading(held: Review) -> str:
    named = f'<span class="reference">{safe(held.name)}</span>'
    return f'<h1>{named} <span dir="auto">{safe(title_of(held.draft))}</span></h1>'


def _state(held: Review, mine: bool) -> str:
    said = review_view.STATES[held.state] if mine else held.state.capitalize()
    return f'<strong class="tag {held.state}">{said}</strong>'


def _way(held: Review, mine: bool) -> str:
    if mine or held.state != "open":
        return ""
    return f'<p><a href="/clear?review={safe(held.id)}">Open it on the desk</a></p>'


def _ruled(held: Review) -> str:
    if not held.decisions or held.state == "open":
        return ""
    made = held.decisions[-1]
    by = f"{review_view.DECIDED[made.verdict]} by {safe(made.reviewer)}, {draft_view.format_time(made.at)}"
    return f'<section class="ruled"><h2>{by}</h2>{review_view.decision_reasons(made)}</section>'


def _undoing(held: Review, person: Person) -> str:
    """Return the form that takes an approval back, for its approver while the text waits."""
    if held.state != "released" or not held.decisions or held.decisions[-1].reviewer != person.name:
        return ""
    return (
        f'<form method="post" action="{review_view.address(held.id)}/undo">'
        '<p><button class="go quiet">Take the approval back</button> '
        '<span class="hint">It can be taken back until it is delivered.</span></p></form>'
    )


def _deferring(held: Review, shown: ReviewView) -> str:
    """Return until when a draft is put off, and the form that puts it off, for a reviewer who may clear it."""
    if held.state != "open":
        return ""
    put_off = f"<p>Put off until {say_day(held.deferred_until)}.</p>" if held.deferred_until else ""
    if not shown.clears:
        return put_off
    return (
        f'{put_off}<details><summary>Put it off</summary><form method="post" '
        f'action="{review_view.address(held.id)}/defer">'
        '<p><label for="until">Until</label><input id="until" name="until" type="date" required></p>'
        '<p><label for="why-later">Reason</label><input id="why-later" name="reason" required maxlength="500"></p>'
        '<p><button class="go quiet">Put it off</button></p></form></details>'
    )


def _taken_along(held: Review, shown: ReviewView) -> str:
    here = review_view.address(held.id)
    exports = _links([(f"{here}/export.{name}", said) for name, said in FORMATS.items()] if shown.export else [])
    text = f"<p>Take the released text along: {exports}</p>" if exports else ""
    return text + (case_file(held.id) if shown.case else "")


def case_file(review_id: str) -> str:
    """Return the links to the case file of a review."""
    here = review_view.address(review_id)
    cases = _links([(f"{here}/case.{name}", said) for name, said in _CASES.items()])
    return f"<p>The case file, with everything that led to it: {cases}</p>"


def _links(ways: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f'<a href="{to}">{said}</a>' for to, said in ways)


def _amending(held: Review, shown: ReviewView) -> str:
    again = held.state == "returned"
    said = "Save and send it again" if again else "Save the new words"
    return (
        f"<section><h2>{'Change it and send it again' if again else 'Change the words'}</h2>"
        f'<form method="post" action="{review_view.address(held.id)}/amend">'
        f'<input type="hidden" name="digest" value="{safe(held.draft.digest)}">'
        '<p><label for="text">The text</label><span class="hint" id="about-text">Keep a number such as [1] where its '
        "passage still says so. The checks run again, and a reviewer decides.</span>"
        f'<textarea id="text" name="text" rows="14" aria-describedby="about-text" dir="auto">'
        f"&#10;{safe(shown.text or held.draft.text)}</textarea></p>"
        f'<p><button class="go">{said}</button></p></form></section>'
    )


def _commenting(held: Review) -> str:
    return (
        "<section><h2>Say something to its reviewers</h2>"
        f'<form method="post" action="{review_view.address(held.id)}/comment">'
        '<p><label for="comment">Your comment</label><textarea id="comment" name="text" rows="3"></textarea></p>'
        '<p><button class="go quiet">Say it</button></p></form></section>'
    )


def _compared(held: Review, numbers: Sequence[int]) -> str:
    last = len(held.versions)
    fit = len(numbers) == 2 and all(1 <= number <= last for number in numbers)
    return versions_view.comparison(held, *numbers) if fit else ""
