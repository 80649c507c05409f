"""The source list in YAML: `documents`, each with an id, a title and a `base_path`, or `fetch: false` and `why`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from humphrey.errors import SyncError
from humphrey.guidance.sync.model import SourcePage, Sources, UnfetchedSource, validate_path


def load(file: Path) -> Sources:
    """Read the source list from a file.

    Raises:
        SyncError: it cannot be read, or an entry is invalid; the message names the entry.
    """
    entries = list(_entries(file))
    wanted = tuple(_wanted(file, each) for each in entries if each.get("fetch") is not False)
    elsewhere = tuple(_elsewhere(file, each) for each in entries if each.get("fetch") is False)
    if not wanted:
        raise SyncError(f"{file} lists nothing to fetch; give `documents` with a `base_path` each")
    return Sources(wanted, elsewhere)


def _entries(file: Path) -> Iterator[Mapping[str, Any]]:
    try:
        listed = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise SyncError(f"{file} cannot be read ({type(error).__name__}); give a list of sources as YAML") from error
    documents = listed.get("documents") if isinstance(listed, dict) else None
    if not isinstance(documents, list):
        raise SyncError(f"{file} has no list `documents`; see corpus/sources.yaml for its form")
    seen = set()
    for n, entry in enumerate(documents, start=1):
        if not isinstance(entry, dict) or not entry.get("id") or not entry.get("title"):
            raise SyncError(f"{file}: entry {n} needs an `id` and a `title`; add them")
        if entry["id"] in seen:
            raise SyncError(f"{file}: the id {entry['id']!r} is given twice; rename one of the two")
        seen.add(entry["id"])
        yield entry


def _wanted(file: Path, entry: Mapping[str, Any]) -> SourcePage:
    try:
        return SourcePage(str(entry["id"]), str(entry["title"]), validate_path(entry.get("base_path")))
    except SyncError as error:
        raise SyncError(f"{file}: {entry['id']}: {error}") from None


def _elsewhere(file: Path, entry: Mapping[str, Any]) -> UnfetchedSource:
    if not entry.get("url") or not entry.get("why"):
        raise SyncError(f"{file}: {entry['id']} is not fetched; give its `url` and `why`")
    return UnfetchedSource(str(entry["id"]), str(entry["title"]), str(entry["url"]), str(entry["why"]))
