import json
from datetime import date
from typing import Any

import pytest

from humphrey.documents.model import Document, split
from humphrey.documents.readers.base import RawFile
from humphrey.documents.readers.files import read_document
from humphrey.documents.readers.govuk.content import read_govuk_page
from humphrey.errors import DocumentError


def read(schema: str = "detailed_guide", details: dict[str, Any] | None = None, **page: Any) -> Document:
    whole = {"title": "Leave", "base_path": "/leave", "schema_name": schema, "details": details or {}, **page}
    return read_govuk_page(RawFile("file", "file", json.dumps(whole).encode()))


def sections(document: Document) -> list[tuple[tuple[str, ...], str]]:
    return [(passage.section, passage.text) for passage in split(document)]


def test_what_govspeak_marks_keeps_its_words():
    body = (
        "$CTA\nRing 999.\n$CTA\n\n^You need a form.^\n\n%You may be fined.%\n\n$A\nHM Treasury\nLondon\n$A\n\n"
        "## How to ask {#how}\n\ns1. Write.\ns2. Wait.\n\n{::highlight-answer}\nIt is *£20*.\n{:/highlight-answer}\n\n"
        "x[Apply](/apply)x\n\n[embed:attachments:abc]\n\n| Grade | Days |\n|---|---|\n| AO | 25 |\n\n"
        "Ask the FOI team[^1].\n\n[^1]: In writing.\n\n*[FOI]: Freedom of Information\n"
    )

    document = read(details={"body": [{"content_type": "text/govspeak", "content": body}]})

    assert document.text == (
        "Ring 999.\n\nYou need a form.\n\nYou may be fined.\n\nHM Treasury London\n\n"
        "How to ask\n\n- 1. Write.\n- 2. Wait.\n\nIt is £20.\n\nApply\n\n"
        "Grade: AO; Days: 25\n\nAsk the FOI team[1].\n\n- [1] In writing.\n\n"
        "Abbreviations\n\n- FOI: Freedom of Information"
    )


def test_a_call_out_and_a_footnote_in_html_survive():
    body = (
        '<div class="call-to-action"><p>Ring 999.</p></div><div role="note" class="application-notice help-notice">'
        '<p>You may be fined<sup id="fnref:1"><a href="#fn:1">[footnote 1]</a></sup>.</p></div>'
        '<div class="footnotes"><ol><li id="fn:1"><p>From 2026. <a href="#fnref:1">↩</a></p></li></ol></div>'
    )

    assert read(details={"body": body}).text == "Ring 999.\n\nYou may be fined[footnote 1].\n\n- [1] From 2026."


def test_a_page_that_shows_its_description_keeps_it():
    assert read("publication", {"body": "<p>Body.</p>"}, description="In short.").text == "In short.\n\nBody."
    assert read("answer", {"body": "<p>Body.</p>"}, description="In short.").text == "Body."


def test_a_page_for_some_nations_says_which():
    nations = {"england": {"label": "England", "applicable": True}, "wales": {"label": "Wales", "applicable": False}}

    assert read(details={"body": "<p>Body.</p>", "national_applicability": nations}).text == (
        "Applies to England\n\nBody."
    )
    everywhere = {name: {**nation, "applicable": True} for name, nation in nations.items()}
    assert read(details={"body": "<p>Body.</p>", "national_applicability": everywhere}).text == "Body."


@pytest.mark.parametrize(
    ("schema", "details", "expected"),
    [
        (
            "transaction",
            {"introductory_paragraph": "<p>Apply.</p>", "more_information": "<p>You need a form.</p>"},
            [((), "Apply."), (("More information",), "You need a form.")],
        ),
        (
            "travel_advice",
            {"summary": "<p>Take care.</p>", "parts": [{"title": "Safety", "body": "<p>Stay in.</p>"}]},
            [((), "Take care."), (("Safety",), "Stay in.")],
        ),
        (
            "step_by_step_nav",
            {"step_by_step_nav": {"introduction": [{"content_type": "text/html", "content": "<p>How.</p>"}], "steps": [
                {"title": "Check", "contents": [{"type": "paragraph", "text": "You must be 17."}, {"type": "list",
                 "contents": [{"text": "Rules", "href": "/r"}, {"text": "Form", "context": "£34"}]}]}]}},
            [((), "How."), (("Step 1: Check",), "You must be 17.\n\n- Rules\n- Form £34")],
        ),
        (
            "simple_smart_answer",
            {"body": "<p>Find out.</p>", "nodes": [
                {"title": "Are you 17?", "body": "", "options": [{"label": "Yes"}, {"label": "No"}]},
                {"title": "You can", "body": "<p>Apply.</p>"}]},
            [((), "Find out."), (("Are you 17?",), "- Yes\n- No"), (("You can",), "Apply.")],
        ),
        (
            "manual",
            {"body": "<p>About.</p>", "child_section_groups": [{"title": "Pay", "child_sections": [
                {"section_id": "P100", "title": "Rates", "description": "What is paid"}]}]},
            [((), "About."), (("Pay",), "- P100 Rates: What is paid")],
        ),
        (
            "consultation",
            {"body": "<p>We ask.</p>", "opening_date": "2026-03-02T09:30:00Z", "closing_date": "2026-05-25T23:45:00Z",
             "final_outcome_detail": "<p>We will.</p>", "ways_to_respond": {"email": "a@b.uk"}},
            [((), "We ask."), (("Detail of outcome",), "We will."),
             (("Dates",), "Opens: 2 March 2026\n\nCloses: 25 May 2026"), (("Ways to respond",), "- a@b.uk")],
        ),
        (
            "publication",
            {"body": "<p>Body.</p>", "attachments": [{"title": "The rules (PDF)"}, {"title": "Body."}]},
            [((), "Body."), (("Documents",), "- The rules (PDF)")],
        ),
    ],
)  # fmt: skip
def test_every_schema_is_read_in_the_order_of_its_page(schema, details, expected):
    assert sections(read(schema, details)) == expected


def test_a_collection_names_its_documents():
    document = read(
        "document_collection",
        {"collection_groups": [{"title": "Forms", "body": "<p>All of them.</p>", "documents": ["1", "2", "9"]}]},
        links={"documents": [{"content_id": "1", "title": "Form A"}, {"content_id": "2", "title": "Form B"}]},
    )

    assert sections(document) == [(("Forms",), "All of them.\n\n- Form A\n- Form B")]


def test_a_withdrawn_page_says_when_and_why():
    notice = {"explanation": "<p>Use <a href='/x'>the new one</a>.</p>", "withdrawn_at": "2024-08-22T10:29:02+01:00"}

    imprint = read(details={"body": "<p>x</p>"}, withdrawn_notice=notice).imprint

    assert (imprint.state, imprint.withdrawn_at, imprint.reason) == (
        "withdrawn",
        date(2024, 8, 22),
        "Use the new one.",
    )


def test_a_page_that_moved_says_where_to():
    redirects = [{"path": "/leave", "destination": "/guidance/leave", "type": "exact"}]
    page = {"base_path": "/leave", "schema_name": "redirect", "title": None, "redirects": redirects}

    document = read_govuk_page(RawFile("file", "file", json.dumps(page).encode()))

    assert (document.id, document.imprint.state) == ("leave", "moved")
    assert document.imprint.replaced_by == "https://www.gov.uk/guidance/leave"
    assert document.text == "“leave” has moved to https://www.gov.uk/guidance/leave"


@pytest.mark.parametrize(
    ("political", "current", "history"),
    [(True, False, "The former government"), (True, True, ""), (False, False, "")],
)
def test_a_political_page_of_a_former_government_names_it(political, current, history):
    government = {"title": "The former government", "current": current}
    details = {"body": "<p>x</p>", "political": political}

    assert read(details={**details, "government": government}).imprint.history == history
    linked = {"title": "The former government", "details": {"current": current}}
    assert read(details=details, links={"government": [linked]}).imprint.history == history


def test_the_language_of_a_page_is_kept():
    assert read(details={"body": "<p>Gwyliau</p>"}, locale="cy").imprint.locale == "cy"
    assert read(details={"body": "<p>Leave</p>"}).imprint.locale == "en"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ({"schema_name": "gone", "details": {"explanation": "<p>Old.</p>", "alternative_path": "/new"}},
         r"is gone from GOV.UK \(Old\.\); use /new instead"),
        ({"schema_name": "gone"}, "is gone from GOV.UK; leave it out"),
        ({"title": "x", "schema_name": "finder", "details": {"facets": []}},
         r"has no text that can be read \(schema 'finder'\); leave it out"),
    ],
)  # fmt: skip
def test_a_page_without_text_is_refused_with_its_reason(page, reason):
    with pytest.raises(DocumentError, match=reason):
        read_govuk_page(RawFile("file", "file", json.dumps(page).encode()))


def test_fields_that_are_not_read_are_listed_by_name_and_pictures_by_their_words():
    details = {
        "body": "<p>Words.</p>",
        "location": "Hull Town Hall",
        "images": [{"alt_text": "A ship", "url": "https://example.org/a.png"}],
        "ordered_featured_links": [{"title": "Apply for leave", "href": "/leave"}],
        "change_history": [{"note": "First published long ago"}],
    }

    content = json.dumps(
        {"title": "Leave", "base_path": "/leave", "schema_name": "speech", "details": details}
    ).encode()
    document = read_document("leave.json", content, "leave")

    assert document.text == "Words.\n\nLocation\n\nHull Town Hall"
    assert [(part.kind, part.words) for part in document.omissions] == [
        ("picture", "A ship"),
        ("field", "ordered_featured_links"),
    ]
