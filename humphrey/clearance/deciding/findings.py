"""What a person must have done before a decision on a page: claimed the draft, opened passages, acknowledged findings.

An approval with one click is easy to give without reading. So the page asks for the passages that findings are about,
and for each finding one by one.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime

from humphrey.checks.sentences import cited_in
from humphrey.clearance.model import Review
from humphrey.clearance.rules import claim_in_force
from humphrey.digests import canonical, sha256
from humphrey.errors import NotYetRead, ReviewError
from humphrey.papers.draft import Draft, Finding
from humphrey.text.sentences import sentences


def finding_key(finding: Finding) -> str:
    """Return the key of a finding, such as `figures_agree:3f2a9c1b7d10`: its check, and a digest of what it says."""
    return f"{finding.check}:{sha256(canonical(asdict(finding))).removeprefix('sha256:')[:12]}"


def to_acknowledge(draft: Draft) -> tuple[Finding, ...]:
    """Return the findings that a reviewer must weigh, whatever they decide; a suggestion on style asks for nothing."""
    return tuple(finding for finding in draft.findings if finding.level != "suggest")


def passages_of(draft: Draft, finding: Finding) -> tuple[str, ...]:
    """Return the markers of the passages that a finding is about: those cited in the sentence it points at."""
    if not finding.end:
        return ()
    here = (span for span in sentences(draft.text) if span.start < finding.end and finding.start < span.end)
    return tuple(dict.fromkeys(marker for span in here for marker in cited_in(draft, span)))


def acknowledged_keys(draft: Draft, named: Sequence[str]) -> tuple[str, ...]:
    """Return the keys of the findings that a person names, by key or by check; a check means all its findings.

    Raises:
        ReviewError: the draft has no such finding.
    """
    keys = {finding_key(finding): finding.check for finding in draft.findings}
    for name in named:
        if name not in {*keys, *keys.values()}:
            known = ", ".join(sorted(set(keys.values()))) or "none"
            raise ReviewError(f"the draft has no finding {name[:80]!r}; it has findings of: {known}")
    return tuple(key for key, check in keys.items() if {key, check} & set(named))


def require_read(
    review: Review, reviewer: str, *, claimed: bool, opened: Collection[str], keys: Collection[str]
) -> None:
    """Require what a decision on a page needs: a claim, and the passages and findings seen to.

    Args:
        review: the review, open.
        reviewer: the person who decides.
        claimed: whether they have claimed it.
        opened: markers of the passages that they opened.
        keys: keys of the findings that they acknowledged.

    Raises:
        NotYetRead: something is missing; the message says all of it.
    """
    missing = [*([] if claimed else ["claim it"]), *_unread(review.draft, opened, keys)]
    if missing:
        raise NotYetRead(f"before {reviewer} decides on review {review.name}: {'; '.join(missing)}")


def has_claimed(review: Review, reviewer: str, at: datetime) -> bool:
    """Return whether a reviewer holds the claim on a review at a moment."""
    claim = claim_in_force(review, at)
    return claim is not None and claim.reviewer == reviewer


def _unread(draft: Draft, opened: Collection[str], keys: Collection[str]) -> Iterator[str]:
    weighed = to_acknowledge(draft)
    closed = dict.fromkeys(n for finding in weighed for n in passages_of(draft, finding) if n not in opened)
    if closed:
        yield f"open {'passage' if len(closed) == 1 else 'passages'} {', '.join(f'[{n}]' for n in closed)}"
    for finding in weighed:
        if finding_key(finding) not in keys:
            yield f"acknowledge “{finding.message}”"
