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


HEAD = b"From: a@b.uk\nSubject: Leave\nMIME-Version: 1.0\n"


def mail(kind: str, *parts: str, head: bytes = HEAD) -> bytes:
    """An e-mail of several parts, each with its own headers."""
    inside = "".join(f"--mark\n{part}\n" for part in parts)
    return head + f'Content-Type: multipart/{kind}; boundary="mark"\n\n{inside}--mark--\n'.encode()


def part(kind: str, *parts: str) -> str:
    """A part that has parts of its own."""
    inside = "".join(f"--{kind}\n{each}\n" for each in parts)
    return f'Content-Type: multipart/{kind}; boundary="{kind}"\n\n{inside}--{kind}--\n'


def plain(words: str, more: str = "") -> str:
    return f"Content-Type: text/plain; charset=utf-8{more}\n\n{words}"


def page(words: str) -> str:
    return f"Content-Type: text/html; charset=utf-8\n\n<p>{words}</p>"


PICTURE = "Content-Type: image/png; name=t.png\nContent-Disposition: inline; filename=t.png\n\nx"


def below_subject(content: bytes) -> str:
    return read_email(RawFile("mail", "mail", content)).text.partition("Subject: Leave")[2].strip()


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (
            mail("mixed", plain("Ask first."), PICTURE, plain("Nobody may\u00a0swap.")),
            "Ask first.\n\nNobody may swap.\n\nAttachments: t.png",
        ),
        (
            mail("mixed", part("alternative", plain("Ask first."), page("Ask first.")), plain("Nobody may swap.")),
            "Ask first.\n\nNobody may swap.",
        ),
        (
            mail("alternative", plain("Ask first."), part("mixed", page("Ask first."), PICTURE, page("Never swap."))),
            "Ask first.\n\nNever swap.\n\nAttachments: t.png",
        ),
        (
            mail("alternative", plain("Ask first."), part("related", page("Ask first."), PICTURE)),
            "Ask first.\n\nAttachments: t.png",
        ),
        (mail("alternative", page("Ask first."), plain("Ask first.")), "Ask first."),
        (mail("alternative", plain("No HTML."), page("Ask first. " * 40)), ("Ask first. " * 40).strip()),
        (
            mail("mixed", plain("Ask first.", "\nContent-Disposition: attachment; filename=a.txt"), page("Yes.")),
            "Yes.\n\nAttachments: a.txt",
        ),
        (mail("mixed", plain("Ask first."), "Content-Type: text/calendar\n\nBEGIN"),
         "Ask first.\n\nAttachments: text/calendar"),
        (mail("signed", plain("Ask first."), "Content-Type: application/pgp-signature\n\nx"),
         "Ask first.\n\nAttachments: application/pgp-signature"),
        (HEAD + b"Content-Type: multipart/mixed\n\nAsk first.\n", "Ask first."),
    ],
)  # fmt: skip
def test_every_text_is_read_in_its_order_and_everything_else_is_named(content, text):
    assert below_subject(content) == text


def test_what_was_forwarded_is_read_with_who_when_and_what():
    inner = "From: Bo <bo@b.uk>\nDate: Mon, 02 Mar 2026 10:00:00 +0000\nSubject: First\n\nMay I swap?\n"
    forwarded = f"Content-Type: message/rfc822\nContent-Disposition: attachment\n\n{inner}"

    assert below_subject(mail("mixed", plain(""), forwarded)) == (
        "Forwarded e-mail:\n\nFrom: Bo <bo@b.uk>\nDate: Mon, 02 Mar 2026 10:00:00 +0000\nSubject: First\n\nMay I swap?"
    )


def test_e_mails_in_e_mails_without_end_are_read_to_a_depth_and_named():
    inner = "Subject: Deep\n\nDeepest words.\n"
    for _ in range(300):
        inner = f"Subject: Deep\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n{inner}"

    document = read_email(RawFile("mail", "mail", inner.encode()))

    assert 5 < document.text.count("Forwarded e-mail:") < 20
    assert "Attachments: Deep" in document.text


@pytest.mark.parametrize(
    ("more", "sent", "text"),
    [
        ("; format=flowed", "The desk is not \nopen on\nMonday.", "The desk is not open on\nMonday."),
        ("; format=flowed; delsp=yes", "The ca \nnteen.", "The canteen."),
        ("; format=flowed", "> Is it \n> open?\n>> Once \n>> more.\nNo.", "> Is it open?\n>> Once more.\nNo."),
        ("; format=flowed", " From May it \n is open.", "From May it is open."),
        ("; format=flowed", "It is open.\n-- \nAnn", "It is open.\n--\nAnn"),
        ("; format=flowed", "It is \n> open", "It is\n> open"),
    ],
)
def test_line_ends_that_only_wrap_are_taken_away_where_the_e_mail_says_which(more, sent, text):
    content = HEAD + plain(sent, more).encode()

    assert below_subject(content) == text


SAID = "The board’s limit is £10–20m, or €600."


@pytest.mark.parametrize("charset", ["iso-8859-1", "us-ascii", "windows-1252", "latin1", "", "x-nobody"])
@pytest.mark.parametrize("kind", ["plain", "html"])
def test_windows_1252_is_read_by_whatever_name(charset, kind):
    named = f"; charset={charset}" if charset else ""
    head = f"Content-Type: text/{kind}{named}\nContent-Transfer-Encoding: 8bit\n\n".encode()

    assert below_subject(HEAD + head + SAID.encode("cp1252")) == SAID


@pytest.mark.parametrize("charset", ["us-ascii", "", "utf-8", "x-nobody"])
def test_utf_8_is_read_where_the_name_does_not_forbid_it(charset):
    named = f"; charset={charset}" if charset else ""

    assert below_subject(HEAD + f"Content-Type: text/plain{named}\n\n{SAID}".encode()) == SAID


def test_bytes_that_are_not_the_utf_8_they_are_called_are_windows_1252():
    mixed = HEAD + b"Content-Type: text/plain; charset=utf-8\n\nCaf\xc3\xa9 \x96 \xa310"

    assert below_subject(mixed) == "Café – £10"


@pytest.mark.parametrize(
    "subject",
    [
        b"=?iso-8859-1?Q?The_board=92s_=A310=9620m?=",
        "The board’s £10–20m".encode(),
        "The board’s £10–20m".encode("cp1252"),
    ],
)
def test_a_subject_keeps_its_signs(subject):
    document = read_email(RawFile("mail", "mail", b"From: a@b.uk\nSubject: " + subject + b"\n\nWords."))

    assert document.imprint.title == "The board’s £10–20m"


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
