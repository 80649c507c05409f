"""Sync of published guidance: the pages wanted, the possible results of fetching one, and the report of a run.

The content of a page is data. Only a path is ever taken from it for a further request, and a path can neither leave its
folder nor name another host.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, get_args
from urllib.parse import urlsplit

from humphrey.digests import canonical, sha256
from humphrey.errors import SyncError

Outcome = Literal["added", "changed", "unchanged", "moved", "withdrawn", "gone", "removed", "failed"]
"""The outcome of one page in a run. `gone`: not found at its publisher; `removed`: not listed any more, so deleted."""


OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


# A step of the path becomes a folder or file name, for which most file systems allow 255 bytes.
_LONGEST_PATH, _LONGEST_STEP = 450, 200


# No step begins with a dot or a hyphen, so ".." is not a step and no file is hidden or looks like an option.
_PATH = re.compile(r"(?:/[A-Za-z0-9_~][A-Za-z0-9._~-]*)+")


# A bound on the requests that one listed page can cause.
_MOST_CHILDREN = 200


@dataclass(frozen=True)
class SourcePage:
    """A page that should be stored: its path on GOV.UK, and its id and title in the list of sources."""

    id: str
    title: str
    path: str


@dataclass(frozen=True)
class UnfetchedSource:
    """A source that cannot be fetched, and the reason; a person has to look at it."""

    id: str
    title: str
    url: str
    why: str


@dataclass(frozen=True)
class Sources:
    """The list of sources: the pages to fetch, and those that cannot be fetched."""

    wanted: tuple[SourcePage, ...]
    elsewhere: tuple[UnfetchedSource, ...] = ()


@dataclass(frozen=True)
class Validators:
    """The HTTP validators of a page, sent with the next request so that an unchanged page is not sent again."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True)
class FetchedPage:
    """A fetched page: its bytes, the parsed JSON, and its validators."""

    content: bytes
    item: Mapping[str, Any]
    validators: Validators


@dataclass(frozen=True)
class Unchanged:
    """The page has not changed since its validators were received."""


@dataclass(frozen=True)
class Moved:
    """The page has moved; `to` is its new path, or an address outside GOV.UK."""

    to: str


@dataclass(frozen=True)
class PageMissing:
    """There is no page at the path; `for_good` is True if the publisher says that it was removed."""

    for_good: bool


Fetched = FetchedPage | Unchanged | Moved | PageMissing


class Fetch(Protocol):
    """Fetches one page."""

    def __call__(self, path: str, known: Validators) -> Fetched:
        """Return the result of fetching a path.

        Raises:
            Unreachable: the server did not answer or was still busy after all retries.
            SyncError: its answer is not a page.
        """


@dataclass(frozen=True)
class PageState:
    """The state of a page that is kept between runs; `digest` is of its content, empty if the page is not stored."""

    path: str
    title: str
    outcome: Outcome
    detail: str
    validators: Validators
    digest: str
    checked_at: datetime


@dataclass(frozen=True)
class OfferedFile:
    """A file that a page offers in addition to its text; it is not fetched."""

    page: str
    title: str
    url: str


@dataclass(frozen=True)
class SyncReport:
    """The result of one run, with the pages in the order in which they were fetched."""

    base: str
    began: datetime
    resumed: bool
    pages: tuple[PageState, ...]
    attached: tuple[OfferedFile, ...] = ()
    elsewhere: tuple[UnfetchedSource, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Return the number of pages for every outcome, 0 included."""
        found = Counter(page.outcome for page in self.pages)
        return {outcome: found[outcome] for outcome in OUTCOMES}


def validate_path(path: object) -> str:
    """Return a path that is safe to request and to store as a file below a folder.

    Raises:
        SyncError: it is not a plain absolute path, or too long.
    """
    plain = isinstance(path, str) and _PATH.fullmatch(path)
    # A step that ends with ".json" is refused: the folder `a.json` and the file of the page `/a` would have one name.
    if not plain or len(str(path)) > _LONGEST_PATH or any(_unfit(step) for step in str(path).split("/")):
        raise SyncError(f"{str(path)[:80]!r} is not a path of GOV.UK; write it like /guidance/the-aqua-book")
    return str(path)


def _unfit(step: str) -> bool:
    return len(step) > _LONGEST_STEP or step.endswith(".json")


def content_digest(item: Mapping[str, Any]) -> str:
    """Return the digest of what a page says to its reader, without parts that change when linking pages change."""
    told = ("title", "description", "details", "withdrawn_notice", "public_updated_at", "phase", "locale")
    return sha256(canonical({name: item.get(name) for name in told}))


def is_withdrawn(item: Mapping[str, Any]) -> bool:
    """Return whether the publisher has withdrawn the page; an empty notice means that it has not."""
    return bool(_mapping(item.get("withdrawn_notice")).get("withdrawn_at"))


def is_gone(item: Mapping[str, Any]) -> bool:
    """Return whether the page only says that a page was removed."""
    return item.get("schema_name") == "gone"


def destination(item: Mapping[str, Any]) -> str | None:
    """Return where a redirect leads: a path, or an address outside GOV.UK; None if the page is not a redirect.

    Raises:
        SyncError: the redirect has no destination.
    """
    if item.get("schema_name") != "redirect":
        return None
    own = item.get("base_path")
    found = [each for each in _mappings(item.get("redirects")) if each.get("path") in {own, None}]
    to = str(found[0].get("destination") or "") if found else ""
    if not to:
        raise SyncError(f"{own} redirects and does not say where to; look at it and change the list of sources")
    parts = urlsplit(to)
    return to if parts.netloc not in {"", "www.gov.uk"} else validate_path(parts.path)


def child_paths(item: Mapping[str, Any]) -> list[str]:
    """Return the paths of the pages with a publication's text, without duplicates and in order.

    They are below the publication's path and in its language; at most `_MOST_CHILDREN` are returned.
    """
    above, own = f"{item.get('base_path')}/", item.get("locale")
    linked = [(each, each.get("base_path")) for each in _mappings(_mapping(item.get("links")).get("children"))]
    attached = [(each, each.get("url")) for each in _attachments(item) if each.get("attachment_type") == "html"]
    spoken = [_path_of(where) for each, where in (*linked, *attached) if each.get("locale", own) == own]
    below = [path for path in spoken if path.startswith(above)]
    return list(dict.fromkeys(below))[:_MOST_CHILDREN]


def offered_files(item: Mapping[str, Any]) -> Iterator[OfferedFile]:
    """Yield the files that a page offers, with their titles and addresses."""
    for each in _attachments(item):
        url = each.get("url")
        if each.get("attachment_type") != "html" and isinstance(url, str) and url:
            yield OfferedFile(str(item.get("base_path")), str(each.get("title") or url), url)


def _attachments(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return _mappings(_mapping(item.get("details")).get("attachments"))


def _path_of(address: object) -> str:
    """Return the path of an address on GOV.UK; empty for any other address."""
    try:
        parts = urlsplit(address if isinstance(address, str) else "")
        return validate_path(parts.path) if parts.netloc in {"", "www.gov.uk"} else ""
    except (SyncError, ValueError):
        return ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, Sequence) else []
