"""Published guidance brought up to date: what is wanted, what asking for one page can give, and what a run found.

What a page says is data. The only thing taken from it to go on with is a path, and a path can neither climb nor name
another host.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, get_args
from urllib.parse import urlsplit

from humphrey.core.drafts import canonical, sha256
from humphrey.errors import SyncError

Outcome = Literal["added", "changed", "unchanged", "moved", "withdrawn", "gone", "removed", "failed"]
"""What became of one page in a run. `gone`: not found at its publisher; `removed`: no longer wanted, so let go here."""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

_LONGEST_PATH, _LONGEST_STEP = 450, 200
_PATH = re.compile(r"(?:/[A-Za-z0-9_~][A-Za-z0-9._~-]*)+")
_MOST_CHILDREN = 200


@dataclass(frozen=True)
class Wanted:
    """A page that should be held: where it is on GOV.UK, and what it is called in the list of sources."""

    id: str
    title: str
    path: str


@dataclass(frozen=True)
class Elsewhere:
    """A source that cannot be fetched, and why: a person has to look at it."""

    id: str
    title: str
    url: str
    why: str


@dataclass(frozen=True)
class Sources:
    """The list of sources: what is to be fetched, and what cannot be."""

    wanted: tuple[Wanted, ...]
    elsewhere: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True)
class Validators:
    """What a server gave with a page, to be given back so that an unchanged page is not sent again."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True)
class Page:
    """A page as it was sent, and what it says."""

    content: bytes
    item: Mapping[str, Any]
    validators: Validators


@dataclass(frozen=True)
class Same:
    """The page is as it was when the validators were given."""


@dataclass(frozen=True)
class Moved:
    """The path belongs to another page: its path, or an address outside GOV.UK."""

    to: str


@dataclass(frozen=True)
class Missing:
    """There is no such page; `for_good` where its publisher says that there was one."""

    for_good: bool


Fetched = Page | Same | Moved | Missing


class Fetch(Protocol):
    """Asks for one page."""

    def __call__(self, path: str, known: Validators) -> Fetched:
        """What there is at a path.

        Raises:
            Unreachable: the server did not answer, or too busily, however often it was asked.
            SyncError: it answered something that is not a page.
        """


@dataclass(frozen=True)
class Remembered:
    """What is remembered of a page between runs: `digest` is of what it said, empty where no page is held."""

    path: str
    title: str
    outcome: Outcome
    detail: str
    validators: Validators
    digest: str
    checked_at: datetime


@dataclass(frozen=True)
class Attached:
    """A file that a page offers beside its text, which is not fetched."""

    page: str
    title: str
    url: str


@dataclass(frozen=True)
class SyncReport:
    """What one run found, page by page in the order they were come to."""

    base: str
    began: datetime
    resumed: bool
    pages: tuple[Remembered, ...]
    attached: tuple[Attached, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many pages had each outcome; every outcome is named."""
        found = Counter(page.outcome for page in self.pages)
        return {outcome: found[outcome] for outcome in OUTCOMES}


def fit_path(path: object) -> str:
    """A path that can be asked for, and kept as a file below a folder.

    Raises:
        SyncError: it is not a plain path from the top, or too long.
    """
    plain = isinstance(path, str) and _PATH.fullmatch(path)
    # A folder `a.json` and the file of the page `/a` would be in each other's place.
    if not plain or len(str(path)) > _LONGEST_PATH or any(_unfit(step) for step in str(path).split("/")):
        raise SyncError(f"{str(path)[:80]!r} is not a path of GOV.UK; write it like /guidance/the-aqua-book")
    return str(path)


def _unfit(step: str) -> bool:
    return len(step) > _LONGEST_STEP or step.endswith(".json")


def said(item: Mapping[str, Any]) -> str:
    """Digest of what a page says to its reader; what only changes with pages that link to it is left out."""
    told = ("title", "description", "details", "withdrawn_notice", "public_updated_at", "phase", "locale")
    return sha256(canonical({name: item.get(name) for name in told}))


def is_withdrawn(item: Mapping[str, Any]) -> bool:
    """Whether its publisher has withdrawn the page; an empty notice means that it has not."""
    return bool(_mapping(item.get("withdrawn_notice")).get("withdrawn_at"))


def is_gone(item: Mapping[str, Any]) -> bool:
    """Whether the page only says that there was one."""
    return item.get("schema_name") == "gone"


def destination(item: Mapping[str, Any]) -> str | None:
    """Where a page that only redirects leads: a path, or an address outside GOV.UK; None where it is not one.

    Raises:
        SyncError: it redirects and does not say where to.
    """
    if item.get("schema_name") != "redirect":
        return None
    own = item.get("base_path")
    found = [each for each in _mappings(item.get("redirects")) if each.get("path") in {own, None}]
    to = str(found[0].get("destination") or "") if found else ""
    if not to:
        raise SyncError(f"{own} redirects and does not say where to; look at it and change the list of sources")
    parts = urlsplit(to)
    return to if parts.netloc not in {"", "www.gov.uk"} else fit_path(parts.path)


def children(item: Mapping[str, Any]) -> list[str]:
    """Paths of the pages that hold a publication's text: below its path, in its language, each once, in order."""
    above, own = f"{item.get('base_path')}/", item.get("locale")
    linked = [(each, each.get("base_path")) for each in _mappings(_mapping(item.get("links")).get("children"))]
    attached = [(each, each.get("url")) for each in _attachments(item) if each.get("attachment_type") == "html"]
    spoken = [_path_of(where) for each, where in (*linked, *attached) if each.get("locale", own) == own]
    below = [path for path in spoken if path.startswith(above)]
    return list(dict.fromkeys(below))[:_MOST_CHILDREN]


def files(item: Mapping[str, Any]) -> Iterator[Attached]:
    """What a page offers as files, by its title and address."""
    for each in _attachments(item):
        url = each.get("url")
        if each.get("attachment_type") != "html" and isinstance(url, str) and url:
            yield Attached(str(item.get("base_path")), str(each.get("title") or url), url)


def _attachments(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return _mappings(_mapping(item.get("details")).get("attachments"))


def _path_of(address: object) -> str:
    """The path of an address on GOV.UK; empty where it is anything else."""
    try:
        parts = urlsplit(address if isinstance(address, str) else "")
        return fit_path(parts.path) if parts.netloc in {"", "www.gov.uk"} else ""
    except (SyncError, ValueError):
        return ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, Sequence) else []
