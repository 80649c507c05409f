"""What an attached file says of itself names nothing: two people attach the same page, and each has their own."""

import json

import pytest

from humphrey.guidance import store as document_store
from tests.conversations.attachment_office import Office

WORDS = "Staff have 99 days of annual leave in their first year."

NAMING = {
    "page.html": f'<html><head><link rel="canonical" href="https://www.gov.uk/leave"></head><body><main><h1>Leave</h1>'
    f"<p>{WORDS}</p></main></body></html>",
    "shared.html": f'<html><head><meta property="og:url" content="https://www.gov.uk/leave"></head><body><main>'
    f"<h1>Leave</h1><p>{WORDS}</p></main></body></html>",
    "page.json": json.dumps({"title": "Leave", "base_path": "/leave", "details": {"body": f"<p>{WORDS}</p>"}}),
    "leave.md": f"---\ntitle: Leave\nid: leave\nsource: https://www.gov.uk/leave\n---\n{WORDS}\n",
    "leave.txt": WORDS,
    "leave.eml": f"From: a@office.example\nSubject: leave\nMessage-ID: <leave@www.gov.uk>\n\n{WORDS}\n",
}
"""Files that name themselves as the guidance `leave`, by format."""


@pytest.mark.parametrize("name", NAMING)
def test_an_attached_file_has_the_id_of_its_conversation_whatever_it_calls_itself(office: Office, name: str):
    before = office.humphrey.library.document("leave")

    file = office.attach(NAMING[name], name)

    assert file.document == f"attached/{file.id}"
    assert office.humphrey.library.document("leave") == before
    assert office.humphrey.library.audience("leave") == frozenset()
    assert office.cites(office.ask("How many days of annual leave do staff have?", by="tom", conversation="")) == {
        "leave"
    }


def test_two_people_attach_the_same_page_and_both_ask_about_it(office: Office):
    toms = office.humphrey.conversations.new_conversation("tom").id
    hers, his = (
        office.attach(NAMING["page.html"], "page.html"),
        office.attach(NAMING["page.html"], "page.html", "tom", toms),
    )

    assert not hers.refused
    assert not his.refused
    assert hers.document in office.cites(office.ask("What does the file say about annual leave?"))
    assert his.document in office.cites(office.ask("What does the file say about annual leave?", "tom", toms))


def test_removing_an_attached_page_removes_neither_anothers_nor_the_guidance_it_names(office: Office):
    toms = office.humphrey.conversations.new_conversation("tom").id
    hers, his = (
        office.attach(NAMING["page.html"], "page.html"),
        office.attach(NAMING["page.html"], "page.html", "tom", toms),
    )

    office.humphrey.attachments.remove(hers.id, "amina")
    office.humphrey.attachments.remove_conversation(office.conversation, "amina")

    assert office.humphrey.library.document(hers.document) is None
    assert WORDS in office.humphrey.library.document(his.document).text
    assert "25 days" in office.humphrey.library.document("leave").text


def test_a_file_whose_document_became_guidance_is_removed_without_it(office: Office):
    """Earlier versions let an attached page have the id of guidance."""
    file = office.attach()
    with office.humphrey.database.transaction() as tx:
        document_store.set_audience(tx, file.document, frozenset({"hr"}))
        document_store.remove(tx, file.document, frozenset({f"attached:{office.conversation}"}))

    assert office.humphrey.library.document(file.document) is not None
