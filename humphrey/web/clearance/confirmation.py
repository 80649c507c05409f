"""HTML of the confirmation before a decision: the text's destination, marking and digest."""

from collections.abc import Mapping, Sequence

from humphrey.clearance.model import REASONS, Reason, Review, Verdict
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
    "approve": "The text leaves as it stands. This cannot be taken back.",
    "return": "Nothing leaves. Its author is told why, and can change it and send it again.",
    "refuse": "Nothing leaves, now or later. Its author is told why.",
}


def confirmation(held: Review, verdict: Verdict, reasons: Sequence[Reason], words: str) -> str:
    """Return the decision with all its details, for a last check before it is made."""
    draft, key = held.draft, f"c{held.id}"
    why = "".join(f"<li>{safe(REASONS[each])}</li>" for each in reasons if each in REASONS)
    rows = {
        "It goes" if verdict == "approve" else "It would have gone": safe(destination(draft.commission)),
        "Marking": safe(draft.commission.marking),
        "The text": f"Wording {len(held.versions)}, {count_of(len(draft.text.split()), 'word')}",
        "Its digest": f'<span class="digest">{readable(draft.digest)}</span>',
        "Reasons": f"<ul>{why}</ul>" if why else "",
        "In your words": as_html(words),
    }
    told = "".join(f"<dt>{name}</dt><dd>{said}</dd>" for name, said in rows.items() if said)
    return (
        f'<section class="confirming" id="{safe(key)}"><h2 tabindex="-1">{ACTS[verdict]}?</h2>'
        f"<p>{_AFTER[verdict]}</p><dl>{told}</dl></section>"
    )


def readable(digest: str) -> str:
    """Return the whole digest in groups of four characters, for comparison by eye."""
    _, _, figures = digest.partition(":")
    return " ".join(figures[at : at + 4] for at in range(0, len(figures), 4))
