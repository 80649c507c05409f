"""GOV.UK pages, as the Content API sends them, become documents.

Every schema is read the same way: the text of its fields, in the order of the page. A page that has moved becomes a
document that names its new address. A page that is gone, or has no text of its own, is refused.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from humphrey.documents.model import Document, Imprint
from humphrey.documents.readers.base import OPEN_LICENCE, RawFile, as_text, build_document, date_value, text_value
from humphrey.documents.readers.govuk.govspeak import to_markdown
from humphrey.documents.readers.govuk.sections import Section, lists
from humphrey.documents.readers.markup import from_html, from_markdown
from humphrey.documents.readers.plain_text import PlainText, PlainTextWriter, omit
from humphrey.errors import DocumentError

_GOV_UK = "https://www.gov.uk"


_LEAD = (
    "downtime_message",
    "lead_paragraph",
    "licence_overview",
    "introductory_paragraph",
    "introduction",
    "summary",
    "will_continue_on",
    "roll_call_introduction",
    "body",
)
"""Fields below the title, in the order of the page."""


_HEADED = {
    "need_to_know": "What you need to know",
    "what_you_need_to_know": "What you need to know",
    "more_information": "More information",
    "other_ways_to_apply": "Other ways to apply",
    "final_outcome_detail": "Detail of outcome",
    "outcome_detail": "Detail of outcome",
    "public_feedback_detail": "Detail of feedback received",
    "query_response_time": "Response time",
    "more_info_contact_form": "Contact form",
    "more_info_email_address": "Email",
    "more_info_phone_number": "Phone",
    "more_info_post_address": "Post",
    "how_to_contribute": "How to contribute",
    "location": "Location",
    "speaker_without_profile": "Speaker",
    "speech_type_explanation": "About this speech",
    "read_more": "Read more",
}
"""Fields that have a heading of their own on the page."""


_OTHERWISE_READ = frozenset(
    {"parts", "national_applicability", "opening_date", "closing_date", "government", "political"}
    | {"step_by_step_nav", "nodes", "variants", "collection_groups", "child_section_groups", "casualties"}
    | {"ways_to_respond", "email_addresses", "telephone_numbers", "post_addresses", "attachments"}
)


# What a page says of itself elsewhere: its headings once more, its earlier versions, its files as links.
_ABOUT_THE_PAGE = frozenset({"headers", "change_history", "change_note", "documents", "logo", "metadata", "tags"})


# Schemas whose pages show their description; on all others the field is not part of the page.
_SHOWS_ITS_DESCRIPTION = frozenset(
    {"case_study", "call_for_evidence", "consultation", "detailed_guide", "document_collection", "fatality_notice"}
    | {"manual", "news_article", "publication", "service_manual_guide", "specialist_document", "speech"}
    | {"statistical_data_set", "statistics_announcement"}
)


def read_govuk_page(raw: RawFile) -> Document:
    """Return a page as a document whose id is its path on GOV.UK.

    Raises:
        DocumentError: the content is no page, or the page is gone or has no text.
    """
    page = _json(as_text(raw.content))
    schema = text_value(page, "schema_name") or text_value(page, "document_type")
    details = page.get("details")
    if schema in {"gone", "vanish"}:
        raise DocumentError(_gone(details if isinstance(details, dict) else {}))
    moved = _destination(page)
    if not moved and (not isinstance(page.get("title"), str) or not isinstance(details, dict)):
        raise DocumentError("is not a GOV.UK page: it needs a `title` and `details`; leave it out")
    path = text_value(page, "base_path")
    imprint = _imprint(page, text_value(page, "title") or path.strip("/") or raw.title, moved)
    plain = _page_text(page, imprint.title)
    if moved and not plain.text:
        plain = from_markdown(f"“{imprint.title}” has moved to {moved}", imprint.title)
    if not plain.text.strip():
        raise DocumentError(f"has no text that can be read (schema {schema or 'not named'!r}); leave it out")
    return build_document(path.strip("/") or raw.id, imprint, plain)


def _json(text: str) -> Mapping[str, Any]:
    try:
        page = json.loads(text)
    # JSON that is nested too deep raises a RecursionError.
    except (ValueError, RecursionError):
        raise DocumentError("is not valid JSON; fetch it again") from None
    if not isinstance(page, dict):
        raise DocumentError("is not a GOV.UK page: it is not one JSON object; leave it out")
    return page


def _gone(details: Mapping[str, Any]) -> str:
    why = _piece(details.get("explanation"), "").text.replace("\n", " ")
    instead = text_value(details, "alternative_path")
    return f"is gone from GOV.UK{f' ({why})' if why else ''}; " + (
        f"use {instead} instead" if instead else "leave it out"
    )


def _destination(page: Mapping[str, Any]) -> str:
    """Return the address that a page has moved to; empty if it has not moved."""
    redirects = page.get("redirects")
    if not isinstance(redirects, list):
        return ""
    to = next((text_value(each, "destination") for each in redirects if isinstance(each, dict)), "")
    return _GOV_UK + to if to.startswith("/") else to


def _imprint(page: Mapping[str, Any], title: str, moved: str) -> Imprint:
    links = _mapping(page, "links")
    path = text_value(page, "base_path")
    notice = _mapping(page, "withdrawn_notice")
    withdrawn = bool(notice or page.get("withdrawn"))
    return Imprint(
        title=title,
        url=page.get("web_url") or (_GOV_UK + path if path else ""),
        publisher=", ".join(text_value(each, "title") for each in links.get("organisations") or []),
        updated=date_value(page.get("public_updated_at"), "public_updated_at"),
        state="moved" if moved else "withdrawn" if withdrawn else "current",
        replaced_by=moved,
        licence=OPEN_LICENCE,
        withdrawn_at=date_value(notice.get("withdrawn_at"), "withdrawn_at"),
        reason=" ".join(_piece(notice.get("explanation"), "").text.split()),
        locale=text_value(page, "locale") or "en",
        history=_history(_mapping(page, "details"), links),
    )


def _history(details: Mapping[str, Any], links: Mapping[str, Any]) -> str:
    """Return the former government that a political page was published under; empty otherwise."""
    linked = next((each for each in links.get("government") or [] if isinstance(each, dict)), {})
    government = _mapping(details, "government") or {**linked, **_mapping(linked, "details")}
    former = details.get("political") and government.get("current") is False
    return text_value(government, "title") if former else ""


def _mapping(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = values.get(name)
    return value if isinstance(value, dict) else {}


def _page_text(page: Mapping[str, Any], title: str) -> PlainText:
    """Return all sections of the page in order; the first ones have no heading."""
    writer = PlainTextWriter(title)
    short: dict[str, str] = {}
    _list_unread(_mapping(page, "details"))
    for section in _sections(page):
        piece = _piece(section.body, section.title or title)
        if section.title and (piece.text or section.whole):
            writer.heading(section.level, section.title, repeat=True)
        writer.copy(piece)
        short.update(piece.short)
    return writer.plain(short)


def _list_unread(details: Mapping[str, Any]) -> None:
    """List the pictures of a page, and the fields with words that are not read."""
    for name, value in details.items():
        if name in {"image", "images"}:
            for picture in value if isinstance(value, list) else [value]:
                omit("picture", text_value(picture, "alt_text") if isinstance(picture, dict) else "")
        elif name not in {*_LEAD, *_HEADED, *_OTHERWISE_READ, *_ABOUT_THE_PAGE} and _has_words(value):
            omit("field", name)


def _has_words(value: object) -> bool:
    """Return whether a field has a text of several words; ids, dates and addresses have one."""
    if isinstance(value, list | dict):
        return any(map(_has_words, value.values() if isinstance(value, dict) else value))
    return isinstance(value, str) and len(value.split()) > 1


def _sections(page: Mapping[str, Any]) -> Iterator[Section]:
    details = _mapping(page, "details")
    parts = [each for each in details.get("parts") or [] if isinstance(each, dict)]
    if page.get("schema_name") in _SHOWS_ITS_DESCRIPTION:
        yield Section("", page.get("description"))
    yield Section("", _nations(_mapping(details, "national_applicability")))
    # A page in parts is read from its parts instead of its body.
    yield from (Section("", details.get(name)) for name in _LEAD if not (parts and name == "body"))
    yield from (Section(text_value(part, "title"), part.get("body"), whole=True, level=1) for part in parts)
    yield from (Section(title, details.get(name)) for name, title in _HEADED.items())
    yield Section("Dates", _dates(details))
    yield from lists(details, _mapping(page, "links"))


def _nations(nations: Mapping[str, Any]) -> str:
    named = [(text_value(each, "label"), each.get("applicable")) for each in nations.values() if isinstance(each, dict)]
    # A page that applies to every nation needs no such line.
    applies = [label for label, applicable in named if applicable]
    return f"Applies to {', '.join(applies)}" if applies and len(applies) < len(named) else ""


def _dates(details: Mapping[str, Any]) -> str:
    days = {"Opens": details.get("opening_date"), "Closes": details.get("closing_date")}
    known = {event: date_value(moment, "a date") for event, moment in days.items()}
    return "\n\n".join(f"{event}: {_written(when)}" for event, when in known.items() if when)


def _written(when: date) -> str:
    return f"{when.day} {when:%B %Y}"


def _piece(body: object, title: str) -> PlainText:
    """Read a body as GOV.UK sends it: HTML, govspeak, one body in several formats, or a list of several bodies."""
    if isinstance(body, list):
        given = {each.get("content_type"): each.get("content") for each in body if isinstance(each, dict)}
        words = "\n\n".join(each for each in body if isinstance(each, str))
        body = given.get("text/html") or given.get("text/govspeak") or words
    if not isinstance(body, str):
        return PlainText(title, "")
    # A closing tag tells HTML from govspeak.
    if re.search(r"</[a-zA-Z][a-zA-Z0-9]*>", body):
        return from_html(body, title)
    return from_markdown(to_markdown(body), title)
