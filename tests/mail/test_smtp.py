"""Letters through a real mail server: what arrives is what was written, and every failure says which server and why."""

import hashlib
import socket
import time
from datetime import UTC, datetime

import pytest

from humphrey.errors import DeliveryError, Undeliverable
from humphrey.mail.model import Attachment, body_of
from humphrey.mail.smtp import Mailer, MailServer
from humphrey.text.validation import address_fault
from tests.support.mail_server import PASSWORD, USER, certificate, free_port, postbox, scripted

TO, FROM = "jo.bloggs@example.org", "humphrey@department.example"


TEXT = "Dear Ms O’Neill,\n\n.A line that begins with a dot\nFrom here on: 25 €, مرحبا, 🙂\n\n" + "long " * 400


def now() -> datetime:
    return datetime(2026, 11, 23, 12, tzinfo=UTC)


def mailer(port: int, **asked: object) -> Mailer:
    known = {"host": "127.0.0.1", "sender": FROM, "tls": "none", "timeout_s": 3, **asked}
    return Mailer(MailServer(port=port, **known), now)


def test_what_arrives_is_what_was_written_to_the_byte():
    notes = Attachment("notes für Jo.pdf", "application/pdf", bytes(range(256)))
    with postbox() as box:
        out = mailer(box.port)
        letter = out.write(TO, "Your request of 3 November", TEXT, "a1.b2", [notes])
        receipt = out.post(letter)

    arrived = box.letters[0]
    assert receipt == f"127.0.0.1:{box.port} took it for {TO}: 250 OK queued as 17"
    assert hashlib.sha256(arrived.content).digest() == hashlib.sha256(letter.content).digest()
    assert arrived.to == TO
    assert (arrived.read["From"], arrived.read["To"]) == (FROM, TO)
    assert arrived.read["Message-ID"] == "<a1.b2@department.example>"
    assert arrived.read["Date"] == "Mon, 23 Nov 2026 12:00:00 +0000"
    assert body_of(arrived.content).strip() == TEXT.strip()
    attached = next(arrived.read.iter_attachments())
    assert (attached.get_filename(), attached.get_content()) == ("notes für Jo.pdf", bytes(range(256)))


def test_a_letter_sent_again_bears_the_same_name():
    with postbox() as box:
        for _ in range(2):
            mailer(box.port).send(TO, "s", "t", "review.digest")

    assert [letter.read["Message-ID"] for letter in box.letters] == ["<review.digest@department.example>"] * 2


@pytest.mark.parametrize(
    "subject", ["Hello\r\nBcc: eve@example.org", "Hello\nBcc: eve@example.org\n\nBody", "a\x00\x1b[1mb"]
)
def test_a_subject_cannot_begin_another_line_of_the_head(subject):
    with postbox() as box:
        mailer(box.port).send(TO, subject, "words", "m", [Attachment("a\r\nBcc: e@e.org", "text/plain", b"x")])

    arrived = box.letters[0].read
    assert arrived["Bcc"] is None
    assert arrived["Subject"].isprintable()
    assert len(list(arrived.iter_attachments())) == 1


@pytest.mark.parametrize(
    "address",
    [
        "", "jo", "@example.org", "jo@", "jo@localhost", "jo@example..org", "jo@-example.org", "jo bloggs@example.org",
        "jo@example.org\r\nBcc: eve@example.org", "jo@example.org\n", "jo@example.org, eve@example.org",
        "Jo <jo@example.org>", '"jo"@example.org', "jo@[127.0.0.1]", ".jo@example.org", "jo.@example.org",
        "jö@example.org", "jo@exämple.org", "jo\x00@example.org", "a" * 65 + "@example.org", "a@" + "b." * 130 + "org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_told_and_nothing_is_sent(address):
    assert "address" in address_fault(address) or "characters" in address_fault(address)
    with postbox() as box, pytest.raises(Undeliverable) as told:
        mailer(box.port).send(address, "s", "t", "m")

    assert box.letters == []
    assert str(told.value).isprintable()


@pytest.mark.parametrize(
    "address", ["jo@example.org", "j.o+foi@x-y.gov.uk", "o'neill_1@xn--exmple-cua.org", "a" * 64 + "@b.uk"]
)
def test_an_ordinary_address_may_stand(address):
    assert address_fault(address) == ""


def test_a_server_is_trusted_only_with_a_certificate_that_the_machine_knows(tmp_path, monkeypatch):
    pem = certificate(tmp_path)
    with postbox(pem, sign_in=True) as box:
        signed = {"host": "localhost", "tls": "starttls", "user": USER, "password": PASSWORD}
        with pytest.raises(DeliveryError, match=rf"localhost:{box.port} is not trusted .*HUMPHREY_SMTP__TLS"):
            mailer(box.port, **signed).send(TO, "s", "t", "m")
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))

        assert "took it" in mailer(box.port, **signed).send(TO, "s", "words", "m")
        with pytest.raises(DeliveryError, match="HUMPHREY_SMTP__PASSWORD") as told:
            mailer(box.port, **signed | {"password": "not the password"}).send(TO, "s", "t", "m")

    assert "not the password" not in str(told.value)
    assert len(box.letters) == 1


def test_a_line_can_be_secret_from_its_first_byte(tmp_path, monkeypatch):
    pem = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with postbox(pem, implicit=True) as box:
        assert "took it" in mailer(box.port, host="localhost", tls="tls").send(TO, "s", "words", "m")


def test_a_server_without_starttls_is_given_nothing():
    with postbox() as box, pytest.raises(DeliveryError, match="offers no STARTTLS"):
        mailer(box.port, tls="starttls").send(TO, "s", "t", "m")

    assert box.letters == []


@pytest.mark.parametrize(
    ("said", "kind"), [("550 No such user here", Undeliverable), ("451 Try again later", DeliveryError)]
)
def test_an_address_that_is_refused_for_good_is_told_from_one_that_is_refused_for_now(said, kind):
    with postbox() as box:
        box.refused[TO] = said
        with pytest.raises(DeliveryError) as told:
            mailer(box.port).send(TO, "s", "t", "m")

    assert type(told.value) is kind
    assert f"127.0.0.1:{box.port} does not take letters for {TO} ({said})" in str(told.value)


@pytest.mark.parametrize(("said", "kind"), [("554 Too large", Undeliverable), ("452 Disk full", DeliveryError)])
def test_a_letter_that_is_refused_for_good_is_told_from_one_that_is_refused_for_now(said, kind):
    with postbox() as box:
        box.answer = said
        with pytest.raises(DeliveryError) as told:
            mailer(box.port).send(TO, "s", "t", "m")

    assert type(told.value) is kind
    assert said in str(told.value)


def test_a_server_that_hangs_up_after_the_last_byte_may_have_the_letter_and_that_is_said():
    with postbox() as box:
        box.hang_up = 1
        with pytest.raises(DeliveryError, match="may have left") as told:
            mailer(box.port).send(TO, "s", "t", "m")

    assert not isinstance(told.value, Undeliverable)
    assert len(box.letters) == 1


def test_a_server_that_is_not_there_is_named():
    port = free_port()

    with pytest.raises(DeliveryError, match=rf"127\.0\.0\.1:{port} cannot be reached \(connection refused\)"):
        mailer(port).send(TO, "s", "t", "m")


def test_a_server_that_says_nothing_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(DeliveryError, match="did not answer"):
        mailer(silent.getsockname()[1], timeout_s=0.2).send(TO, "s", "t", "m")


@pytest.mark.parametrize("step", ["greeting", "EHLO", "RCPT", "DATA", "end"])
@pytest.mark.parametrize("endless", ["FLOOD", "DRIP"])
def test_a_reply_that_never_ends_is_given_up_in_the_time_of_one_reply(endless, step):
    began = time.monotonic()
    with scripted(**{step: endless}) as port, pytest.raises(DeliveryError, match="broke off") as told:
        mailer(port, timeout_s=0.5).send(TO, "s", "t", "m")

    assert time.monotonic() - began < 3
    assert ("may have left" in str(told.value)) == (step == "end")


NO_REPLIES = {
    "<html>proxy error</html>": "proxy",
    "HTTP/1.1 400 Bad Request": "400 Bad",
    "": "an empty line",
    "2": "(2)",
}


def refused(**answers: str) -> DeliveryError:
    with scripted(**answers) as port, pytest.raises(DeliveryError) as told:
        mailer(port).send(TO, "s", "t", "m")
    return told.value


@pytest.mark.parametrize("said", [*NO_REPLIES, "354 go on", "199 wait"])
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "end"])
def test_only_a_reply_of_the_200s_says_that_a_step_was_taken(step, said):
    told = refused(**{step: said})

    assert not isinstance(told, Undeliverable)
    assert NO_REPLIES.get(said, said[:3]) in str(told)
    assert ("may have left" in str(told)) == (step == "end")


def test_a_letter_refused_before_its_first_byte_is_not_said_to_have_left():
    never, later, cut = (refused(DATA=said) for said in ("554 5.5.1 no valid recipients", "451 not now", "CUT"))

    assert isinstance(never, Undeliverable)
    assert "554 5.5.1 no valid recipients" in str(never)
    assert not isinstance(later, Undeliverable)
    assert "451 not now" in str(later)
    assert "broke off before the letter" in str(cut)
    assert not any("may have left" in str(each) for each in (never, later, cut))


@pytest.mark.parametrize(
    ("step", "said"),
    [("greeting", "421 too busy"), ("greeting", "554 no service"), ("EHLO", "421 too busy"), ("MAIL", "452 no room")],
)
def test_a_busy_server_is_said_to_be_busy_and_no_setting_is_blamed(step, said):
    told = refused(**{step: said}) if step != "EHLO" else refused(EHLO=said, HELO=said)

    assert not isinstance(told, Undeliverable)
    assert said in str(told)
    assert "tried again" in str(told)
    assert "HUMPHREY_" not in str(told)


def test_a_server_that_cannot_begin_tls_or_a_sign_in_now_is_tried_again_in_its_words():
    with scripted(STARTTLS="454 TLS not available") as port, pytest.raises(DeliveryError, match="454 TLS not") as told:
        mailer(port, tls="starttls").send(TO, "s", "t", "m")
    assert "HUMPHREY_" not in str(told.value)

    hello = "250-here\r\n250 AUTH PLAIN"
    with scripted(EHLO=hello, AUTH="454 later") as port, pytest.raises(DeliveryError, match="454 later") as told:
        mailer(port, user="u", password="p").send(TO, "s", "t", "m")
    assert "HUMPHREY_" not in str(told.value)


def test_a_server_that_speaks_another_language_points_to_the_host_and_the_port():
    told = refused(greeting="HTTP/1.1 400 Bad Request")

    assert "does not answer as a mail server does" in str(told)
    assert "HUMPHREY_SMTP__PORT" in str(told)
