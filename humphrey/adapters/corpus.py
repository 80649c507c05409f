"""Files become documents: Markdown with front matter, HTML pages, GOV.UK pages as JSON, plain text.

Every file below a path gives one thing: a document, the news that it is unchanged, or a refusal with its reason. Files
that are not guidance (hidden ones, README.md, sources.yaml, pictures, tables of data) are passed over in a folder,
and refused when they are named themselves; what looks like guidance in a format that cannot be read is always refused.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

import yaml
from selectolax.lexbor import LexborHTMLParser

from humphrey.adapters.markup import Plain, clean, from_html, from_markdown, from_text, in_parts, page_title, spelt_out
from humphrey.core.guidance import Document, Imprint, State
from humphrey.core.intake import Intake, Refused, Source, TakenIn, Unchanged
from humphrey.errors import DocumentError

_READER = b"reader 1\n"
"""Part of every file's digest: change it when files must be read again because this module reads them differently."""

_MOST_BYTES = 20 * 1024 * 1024
_LONGEST_ID = 400
_LOOKS_LIKE_GUIDANCE = frozenset({".pdf", ".doc", ".docx", ".odt", ".rtf", ".pages", ".epub", ".ppt", ".pptx", ".odp"})
_PASSED_OVER = frozenset({"readme.md", "sources.yaml"})
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_OPEN_LICENCE = "Open Government Licence v3.0"
_GOV_UK = "https://www.gov.uk"


@dataclass(frozen=True)
class _File:
    """A file below a root; the root of a file that was named itself is its folder."""

    root: Path
    path: Path

    @property
    def place(self) -> str:
        return f"{self.root.as_posix()}//{self.path.relative_to(self.root).as_posix()}"

    @property
    def id(self) -> str:
        return self.path.relative_to(self.root).with_suffix("").as_posix()


@dataclass(frozen=True)
class Files:
    """Files about to be read, each when it is come to."""

    files: tuple[_File, ...]
    known: Mapping[str, str]
    roots: tuple[Path, ...]

    def __len__(self) -> int:
        """How many files there are."""
        return len(self.files)

    def __iter__(self) -> Iterator[Intake]:
        """What comes of each, in the order of their names."""
        return (_take(file, self.known) for file in self.files)


def read(paths: Sequence[Path], known: Mapping[str, str]) -> Files:
    """The documents below some paths; see `humphrey.core.intake.ReadCorpus`."""
    files: dict[Path, _File] = {}
    asked = [_absolute(path) for path in paths]
    for path in asked:
        for file in _found(path):
            files.setdefault(file.path, file)
    return Files(tuple(files.values()), known, tuple(path for path in asked if path.is_dir()))


def _absolute(path: Path) -> Path:
    """The path from the top, without `..` and without the two slashes that POSIX lets a path begin with."""
    return Path("/" + os.path.abspath(path).lstrip("/"))


def _found(path: Path) -> list[_File]:
    if not path.exists() and not path.is_symlink():
        raise DocumentError(f"{path} does not exist; name a folder of guidance or a file")
    if not path.is_dir():
        return [_File(path.parent, path)]
    below = sorted(each for each in path.rglob("*") if _is_guidance(each, path))
    return [_File(path, each) for each in below]


def _is_guidance(path: Path, root: Path) -> bool:
    """Whether a file in a folder should be read, or refused aloud, rather than passed over."""
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    suffix = path.suffix.lower()
    wanted = suffix in _READERS or suffix in _LOOKS_LIKE_GUIDANCE
    return wanted and not hidden and path.name.lower() not in _PASSED_OVER and not path.is_dir()


def _take(file: _File, known: Mapping[str, str]) -> Intake:
    try:
        content = _content(file.path)
        source = Source(file.place, "sha256:" + hashlib.sha256(_READER + content).hexdigest())
        if known.get(source.place) == source.digest:
            return Unchanged(source)
        return TakenIn(_document(file, content), source)
    except DocumentError as error:
        return Refused(str(file.path), str(error))


def _content(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise DocumentError("is not an ordinary file; give a file of text")
        if path.suffix.lower() not in _READERS:
            formats = ", ".join(sorted(_READERS))
            raise DocumentError(f"has the unknown format {path.suffix or '(none)'!r}; save it as one of {formats}")
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise DocumentError(f"has {size} bytes, more than {_MOST_BYTES}; split it")
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(f"cannot be read ({error.strerror}); check that it exists and may be read") from None


def _document(file: _File, content: bytes) -> Document:
    if b"\0" in content:
        raise DocumentError("is binary, not text; export it as text")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    if not text.strip():
        raise DocumentError("is empty; there is nothing to index")
    document = _READERS[file.path.suffix.lower()](file, text)
    if not document.text.strip():
        raise DocumentError("has no text that can be read; check what it contains")
    if len(document.id) > _LONGEST_ID:
        raise DocumentError(f"has an id of {len(document.id)} characters, more than {_LONGEST_ID}; shorten its path")
    return document


def _made(document_id: str, imprint: Imprint, plain: Plain) -> Document:
    page = spelt_out(plain)
    return Document(clean(document_id), imprint, page.text, page.headings)


def _name(file: _File) -> str:
    """A title for a file that gives none."""
    return clean(file.path.stem.replace("-", " ").replace("_", " ")).strip().capitalize() or file.id


def _text(file: _File, text: str) -> Document:
    return _made(file.id, Imprint(_name(file), ""), from_text(text))


def _markdown(file: _File, text: str) -> Document:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT_MATTER.match(text)
    matter = _front_matter(front.group(1)) if front else {}
    plain = from_markdown(text[front.end() :] if front else text, _word(matter, "title"))
    imprint = Imprint(
        title=plain.title or _name(file),
        url=_word(matter, "source"),
        publisher=_word(matter, "publisher"),
        updated=_day(matter.get("facts_as_of"), "facts_as_of"),
        state=_state(_word(matter, "state") or "current"),
        replaced_by=_word(matter, "superseded_by"),
        licence=_word(matter, "licence"),
    )
    if imprint.replaced_by and imprint.state == "current":
        imprint = replace(imprint, state="superseded")
    return _made(file.id, imprint, plain)


def _front_matter(text: str) -> Mapping[str, Any]:
    try:
        matter = yaml.safe_load(text)
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 2
        raise DocumentError(f"has front matter that is not YAML (line {line}); mend it") from None
    if not isinstance(matter, dict):
        raise DocumentError("has front matter that is not a list of `name: value` lines; mend it")
    return matter


def _word(matter: Mapping[str, Any], name: str) -> str:
    value = matter.get(name)
    return "" if value is None else " ".join(clean(str(value)).split())


def _state(word: str) -> State:
    for state in get_args(State):
        if word == state:
            return state  # type: ignore[no-any-return]  # get_args does not know what it takes apart
    raise DocumentError(f"has the unknown state {word!r}; it may be {', '.join(get_args(State))}")


def _day(value: object, name: str) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError:
        raise DocumentError(f"has {name} {str(value)!r}, which is no date; write it as 2026-11-23") from None


def _html(file: _File, text: str) -> Document:
    tree = LexborHTMLParser(text)
    url = _attribute(tree, 'link[rel="canonical"]', "href") or _attribute(tree, 'meta[property="og:url"]', "content")
    updated = _attribute(tree, 'meta[name="govuk:updated-at"]', "content")
    withdrawn = _attribute(tree, 'meta[name="govuk:withdrawn"]', "content")
    plain = from_html(text, page_title(tree))
    imprint = Imprint(
        title=plain.title or _name(file),
        url=url,
        publisher=_attribute(tree, 'meta[name="govuk:primary-publishing-organisation"]', "content"),
        updated=_day(updated, "an update"),
        state="withdrawn" if withdrawn else "current",
        licence=_OPEN_LICENCE if urlsplit(url).netloc == "www.gov.uk" else "",
    )
    return _made(urlsplit(url).path.strip("/") or file.id, imprint, plain)


def _attribute(tree: LexborHTMLParser, selector: str, name: str) -> str:
    node = tree.css_first(selector)
    return clean(node.attributes.get(name) or "").strip() if node is not None else ""


def _gov_uk(file: _File, text: str) -> Document:
    page = _json(text)
    details = page.get("details")
    if not isinstance(page.get("title"), str) or not isinstance(details, dict):
        raise DocumentError("is not a GOV.UK page: it needs a `title` and `details`; leave it out")
    path = page.get("base_path") or ""
    organisations = (page.get("links") or {}).get("organisations") or []
    imprint = Imprint(
        title=_word(page, "title"),
        url=page.get("web_url") or (_GOV_UK + path if path else ""),
        publisher=", ".join(_word(each, "title") for each in organisations),
        updated=_day(page.get("public_updated_at"), "public_updated_at"),
        state="withdrawn" if page.get("withdrawn_notice") or page.get("withdrawn") else "current",
        licence=_OPEN_LICENCE,
    )
    return _made(path.strip("/") or file.id, imprint, _page_text(details, imprint.title))


def _json(text: str) -> Mapping[str, Any]:
    try:
        page = json.loads(text)
    except (ValueError, RecursionError):
        raise DocumentError("is not valid JSON; fetch it again") from None
    if not isinstance(page, dict):
        raise DocumentError("is not a GOV.UK page: it is not one JSON object; leave it out")
    return page


def _page_text(details: Mapping[str, Any], title: str) -> Plain:
    """The page's parts, each below its title, where it has parts; else its body."""
    parts = details.get("parts")
    if parts:
        return in_parts(title, [_piece(part.get("body"), _word(part, "title")) for part in parts])
    return _piece(details.get("body"), title)


def _piece(body: object, title: str) -> Plain:
    """A body as GOV.UK gives it: HTML or Markdown, or a list of the same body in several formats."""
    if isinstance(body, list):
        given = {each.get("content_type"): each.get("content") for each in body if isinstance(each, dict)}
        body = given.get("text/html") or given.get("text/govspeak")
    if not isinstance(body, str):
        return Plain(title, "")
    return from_html(body, title) if re.search(r"</[a-zA-Z][a-zA-Z0-9]*>", body) else from_markdown(body, title)


_READERS: dict[str, Callable[[_File, str], Document]] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".html": _html,
    ".htm": _html,
    ".json": _gov_uk,
    ".txt": _text,
}
