"""HTML of the confirmation before a decision: what would leave and where to, its marking and its digest."""

from collections.abc import Mapping

from humphrey.clearance.model import Review, Verdict
from humphrey.delivery.export.sheet import SOURCES
from humphrey.documents.sources import source_line
from humphrey.papers.draft import Commission, Draft
from humphrey.web.clearance.review_view import destination
from humphrey.web.escaping import as_html, safe
from humphrey.web.provenance_view import count_of

ACTS: Mapping[Verdict, str] = {
    "approve": "Approve and release",
    "return": "Return to its author",
    "refuse": "Refuse for good",
}
"""Labels of the decision buttons."""


_AFTER: Mapping[Verdict, str] = {
    "approve": "The text leaves as it stands. You can take this back until it is delivered.",
    "return": "Nothing leaves. Its author is told why, and can change it and send it again.",
    "refuse": "Nothing leaves, now or later. Its author is told why.",
}


_FORMS = {
    "odt": "an OpenDocument text",
    "docx": "a Word document",
    "pdf": "a PDF",
    "html": "a web page",
    "md": "a Markdown file",
}


def confirmation(held: Review, verdict: Verdict) -> str:
    """Return the decision with all its details, and an approved text as it would leave, for a last check."""
    draft, key = held.draft, f"c{held.id}"
    rows = {
        "It goes" if verdict == "approve" else "It would have gone": safe(destination(draft.commission)),
        "File": safe(_file(held.id, draft.commission)) if verdict == "approve" else "",
        "Marking": safe(draft.commission.marking),
        "The text": f"Wording {len(held.versions)}, {count_of(len(draft.text.split()), 'word')}",
        "Its digest": f'<span class="digest">{readable(draft.digest)}</span>',
    }
    told = "".join(f"<dt>{name}</dt><dd>{said}</dd>" for name, said in rows.items() if said)
    return (
        f'<section class="confirming" id="{safe(key)}"><h2 tabindex="-1">{ACTS[verdict]}?</h2>'
        f"<p>{_AFTER[verdict]}</p><dl>{told}</dl>{_preview(draft) if verdict == 'approve' else ''}</section>"
    )


def _preview(draft: Draft) -> str:
    sources = "".join(f"<li>{safe(source_line(each))}</li>" for each in draft.citations)
    listed = f'<h4>{SOURCES}</h4><ul class="plain">{sources}</ul>' if sources else ""
    marking = f'<p class="marking">{safe(draft.commission.marking)}</p>'
    return f'<section class="preview" tabindex="0"><h3>What leaves</h3>{marking}{as_html(draft.text)}{listed}</section>'


def _file(review_id: str, asked: Commission) -> str:
    """Return the file that the outlet would write; empty if it writes none."""
    if asked.outlet != "file":
        return ""
    return (
        f"{review_id}.{asked.recipient}, {_FORMS[asked.recipient]}" if asked.recipient in _FORMS else "as set up here"
    )


def readable(digest: str) -> str:
    """Return the whole digest in groups of four characters, for comparison by eye."""
    _, _, figures = digest.partition(":")
    return " ".join(figures[at : at + 4] for at in range(0, len(figures), 4))
