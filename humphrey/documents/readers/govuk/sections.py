"""Sections made from the lists of a GOV.UK page: steps, document groups, questions, contacts and attachments."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from humphrey.documents.readers.base import text_value

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Section:
    """A section of a page: its heading, empty for none, and its body in GOV.UK's form.

    A `whole` section keeps its heading even if its body is empty.
    """

    title: str
    body: object
    whole: bool = False
    level: int = 2


def lists(details: Values, links: Values) -> Iterator[Section]:
    """Yield the lists of a page as sections, in the page's order."""
    yield from _steps(details.get("step_by_step_nav"))
    yield from _nodes(details)
    yield from _variants(details)
    yield from _collected(details, links)
    yield from _manual(details)
    yield Section("Casualties", _items(str(each) for each in details.get("casualties") or []))
    yield Section("Ways to respond", _response(details.get("ways_to_respond")))
    yield from _contacts(details)
    yield Section("Documents", _items(_attachments(details)))


def _each(values: object, name: str) -> Iterator[Values]:
    listed = values.get(name) if isinstance(values, dict) else None
    return (each for each in (listed if isinstance(listed, list) else []) if isinstance(each, dict))


def _items(lines: Iterable[str]) -> str:
    """Return lines as a list, without repeats and empty ones."""
    return "\n".join(f"- {line}" for line in dict.fromkeys(lines) if line)


def _steps(nav: object) -> Iterator[Section]:
    if not isinstance(nav, dict):
        return
    yield Section("", nav.get("introduction"))
    for n, step in enumerate(_each(nav, "steps"), start=1):
        title = f"Step {n}: {text_value(step, 'title')}"
        yield Section(title, "\n\n".join(map(_block, _each(step, "contents"))), whole=True)


def _block(block: Values) -> str:
    """Return a paragraph of a step, or its list of links with their cost."""
    if block.get("type") != "list":
        return text_value(block, "text")
    return _items(
        " ".join(filter(None, [text_value(each, "text"), text_value(each, "context")]))
        for each in _each(block, "contents")
    )


def _nodes(details: Values) -> Iterator[Section]:
    """Yield the questions and outcomes of a simple smart answer."""
    for node in _each(details, "nodes"):
        options = _items(text_value(each, "label") for each in _each(node, "options"))
        yield Section(text_value(node, "title"), node.get("body"), whole=bool(options))
        yield Section("", options)


def _variants(details: Values) -> Iterator[Section]:
    for variant in _each(details, "variants"):
        yield Section(text_value(variant, "title"), variant.get("introductory_paragraph"), whole=True)
        yield Section("", variant.get("more_information"))


def _collected(details: Values, links: Values) -> Iterator[Section]:
    """Yield the groups of a collection with the titles of their documents."""
    titles = {text_value(each, "content_id"): text_value(each, "title") for each in _each(links, "documents")}
    for group in _each(details, "collection_groups"):
        held = [titles.get(str(each), "") for each in group.get("documents") or []]
        yield Section(text_value(group, "title"), group.get("body"), whole=any(held))
        yield Section("", _items(held))


def _manual(details: Values) -> Iterator[Section]:
    """Yield the contents of a manual."""
    for group in _each(details, "child_section_groups"):
        yield Section(text_value(group, "title") or "Contents", _items(map(_entry, _each(group, "child_sections"))))


def _entry(section: Values) -> str:
    title = f"{text_value(section, 'section_id')} {text_value(section, 'title')}".strip()
    said = text_value(section, "description")
    return f"{title}: {said}" if said else title


def _response(ways: object) -> str:
    return "" if not isinstance(ways, dict) else _items(_words_of(ways, ("email", "link_url", "postal_address")))


def _contacts(details: Values) -> Iterator[Section]:
    for name, title in (("email_addresses", "Email"), ("telephone_numbers", "Phone"), ("post_addresses", "Post")):
        yield Section(title, _items("; ".join(_words_of(each, tuple(each))) for each in _each(details, name)))


def _words_of(values: Values, names: tuple[str, ...]) -> list[str]:
    return [
        text_value(values, name) for name in names if isinstance(values.get(name), str) and text_value(values, name)
    ]


def _attachments(details: Values) -> Iterator[str]:
    """Yield the titles of attachments that the body does not name already."""
    body = str(details.get("body") or "")
    return (
        title for each in _each(details, "attachments") if (title := text_value(each, "title")) and title not in body
    )
