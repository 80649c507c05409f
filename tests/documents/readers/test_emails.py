from datetime import date
from email.message import EmailMessage

import pytest

from humphrey.documents.readers.base import RawFile
from humphrey.documents.readers.emails import read_email
from humphrey.errors import DocumentError


def message(**headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in {"From": "Ann <ann@example.gov.uk>", "To": "bob@example.gov.uk", **headers}.items():
        made[name] = value
    return made


def test_an_e_mail_keeps_who_when_what_and_the_names_of_what_was_attached():
    mail = message(Subject="Leave over Easter", Date="Mon, 02 Mar 2026 10:00:00 +0000")
    mail.set_content("You get two days more.\n\nAsk first.")
    mail.add_alternative("<p>Another body.</p>", subtype="html")
    mail.add_attachment(b"x", maintype="application", subtype="pdf", filename="leave.pdf")

    document = read_email(RawFile("mail", "mail", mail.as_bytes()))

    assert (document.imprint.title, document.imprint.updated) == ("Leave over Easter", date(2026, 3, 2))
    assert document.text == (
        "From: Ann <ann@example.gov.uk>\nTo: bob@example.gov.uk\nDate: Mon, 02 Mar 2026 10:00:00 +0000\n"
        "Subject: Leave over Easter\n\nYou get two days more.\n\nAsk first.\n\nAttachments: leave.pdf"
    )


def test_an_e_mail_in_html_alone_is_read_as_a_page():
    mail = message(Subject="Leave")
    mail.set_content("<h2>Easter</h2><p>Two days <b>more</b>.</p><script>x()</script>", subtype="html")

    document = read_email(RawFile("mail", "mail", mail.as_bytes()))

    assert document.text.endswith("Easter\n\nTwo days more.")
    assert [heading.title for heading in document.headings] == ["Easter"]


def test_letters_that_the_mail_program_named_wrongly_do_not_stop_it():
    raw = (
        b"From: a@b.uk\nSubject: =?x-nobody?q?Leave?=\nContent-Type: text/plain; charset=x-nobody\n\nTwo days \xc2\xa3."
    )

    document = read_email(RawFile("mail", "mail", raw))

    assert "Two days £." in document.text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Just some words.", "is not an e-mail: it has neither sender, date nor subject"),
        (b"From: a@b.uk\nSubject: x\n\n", "is an e-mail without words; leave it out"),
    ],
)
def test_what_is_no_e_mail_is_refused(content, reason):
    with pytest.raises(DocumentError, match=reason):
        read_email(RawFile("mail", "mail", content))
