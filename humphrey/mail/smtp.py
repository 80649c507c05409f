"""The only way to the mail server (SMTP). An e-mail is composed whole first, as the bytes to be sent.

A server cannot be asked whether it already has an e-mail. If the connection breaks after the last byte and before the
reply, the e-mail may have left. It is then sent again under the same Message-ID: delivery is at least once.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from humphrey.errors import DeliveryError, Undeliverable
from humphrey.mail.model import Attachment, ComposedEmail
from humphrey.text.validation import address_fault

_TIMEOUT_S = 20
"""The longest wait for one reply of the server, in seconds."""


# In characters: a subject line; a server's reply in a message, or a file name.
_LONGEST_SUBJECT, _LONGEST_WORD = 200, 160


# SMTP reply codes (RFC 5321, section 4.2.1): 4yz may succeed later, 5yz never will.
_TEMPORARY, _PERMANENT = 400, 500


@dataclass(frozen=True)
class MailServer:
    """The mail server and the sender. `tls`: none, negotiated after the greeting, or from the first byte."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: Literal["none", "starttls", "tls"] = "starttls"
    timeout_s: float = _TIMEOUT_S

    def __str__(self) -> str:
        """Return the name used in messages."""
        return f"{self.host}:{self.port}"


class Mailer:
    """Composes and sends e-mails.

    Args:
        server: the mail server.
        now: the clock for the date header.
    """

    def __init__(self, server: MailServer, now: Callable[[], datetime]) -> None:
        self._server = server
        self._now = now

    def send(self, to: str, subject: str, text: str, message_id: str, attachments: Sequence[Attachment] = ()) -> str:
        """Send one e-mail to one address, as `Mail` defines; return the server's reply as the receipt.

        Raises:
            Undeliverable: the address or the e-mail will never be accepted.
            DeliveryError: the server cannot be reached, or did not accept it now.
        """
        return self.post(self.write(to, subject, text, message_id, attachments))

    def write(
        self, to: str, subject: str, text: str, message_id: str, attachments: Sequence[Attachment] = ()
    ) -> ComposedEmail:
        """Compose an e-mail as it will be sent.

        Raises:
            Undeliverable: the address is invalid.
        """
        if fault := address_fault(to):
            raise Undeliverable(fault)
        letter = EmailMessage(policy=SMTP)
        letter["From"], letter["To"] = self._server.sender, to
        letter["Subject"] = one_line(subject, _LONGEST_SUBJECT)
        letter["Date"] = format_datetime(self._now())
        letter["Message-ID"] = f"<{message_id}@{self._server.sender.rpartition('@')[2]}>"
        # Keeps absence notes and other programs from answering (RFC 3834).
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text, cte="quoted-printable")
        for each in attachments:
            main, _, sub = each.kind.partition("/")
            letter.add_attachment(each.content, main, sub, cte="base64", filename=one_line(each.name, _LONGEST_WORD))
        return ComposedEmail(to, letter.as_bytes())

    def post(self, written: ComposedEmail) -> str:
        """Send a composed e-mail and return the receipt.

        Raises:
            Undeliverable: the server will never accept it.
            DeliveryError: the server cannot be reached, or did not accept it now.
        """
        with self._explained(written.to), self._connected() as server:
            return f"{self._server} took it for {written.to}: {self._handed_over(server, written)}"

    def _handed_over(self, server: smtplib.SMTP, written: ComposedEmail) -> str:
        server.ehlo_or_helo_if_needed()
        # The steps of `smtplib.SMTP.sendmail` one by one, so that a break after the last byte can be told from one
        # before.
        code, reply = server.mail(self._server.sender)
        if code >= _TEMPORARY:
            raise smtplib.SMTPSenderRefused(code, reply, self._server.sender)
        code, reply = server.rcpt(written.to)
        if code >= _TEMPORARY:
            raise smtplib.SMTPRecipientsRefused({written.to: (code, reply)})
        try:
            code, reply = server.data(written.content)
        except (OSError, smtplib.SMTPServerDisconnected):
            raise DeliveryError(
                f"{self._server} broke off after the letter; it may have left, and is sent again under the same name"
            ) from None
        if code >= _TEMPORARY:
            raise smtplib.SMTPDataError(code, reply)
        return _reply_line(code, reply)

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        at, secure = self._server, ssl.create_default_context()
        wait = at.timeout_s
        server = (
            smtplib.SMTP_SSL(at.host, at.port, timeout=wait, context=secure)
            if at.tls == "tls"
            else smtplib.SMTP(at.host, at.port, timeout=wait)
        )
        try:
            if at.tls == "starttls":
                server.starttls(context=secure)
            if at.user:
                server.login(at.user, at.password)
            yield server
        finally:
            # An accepted e-mail stays accepted even if the connection then fails.
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    @contextmanager
    def _explained(self, to: str) -> Iterator[None]:
        """Turn SMTP errors into a sentence that names the server and the next step, and contains no secret."""
        try:
            yield
        except smtplib.SMTPRecipientsRefused as error:
            code, reply = error.recipients[to]
            raise self._refusal(f"take letters for {to}", code, reply) from None
        except smtplib.SMTPDataError as error:
            raise self._refusal("take the letter", error.smtp_code, error.smtp_error) from None
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryError(f"{self._server} {self._trouble(error)}") from None

    def _refusal(self, what: str, code: int, reply: bytes | str) -> DeliveryError:
        sentence = f"{self._server} does not {what} ({_reply_line(code, reply)})"
        if code >= _PERMANENT:
            return Undeliverable(f"{sentence}; look at the address and the letter")
        return DeliveryError(f"{sentence}; it is tried again later")

    def _trouble(self, error: Exception) -> str:
        """Describe what is wrong with the server or the connection, and which setting to check."""
        if isinstance(error, smtplib.SMTPSenderRefused):
            answer = _reply_line(error.smtp_code, error.smtp_error)
            return f"does not send for {self._server.sender} ({answer}); see HUMPHREY_SMTP__FROM"
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return "does not know the user or the password; see HUMPHREY_SMTP__USER and HUMPHREY_SMTP__PASSWORD"
        if isinstance(error, ssl.SSLError):
            return f"is not trusted ({_cause(error)}); see HUMPHREY_SMTP__TLS"
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return "offers no STARTTLS or no sign-in; see HUMPHREY_SMTP__TLS"
        if isinstance(error, smtplib.SMTPServerDisconnected):
            return "broke off or did not answer; it is tried again later"
        return f"cannot be reached ({_cause(error)}); see HUMPHREY_SMTP__HOST and HUMPHREY_SMTP__PORT"


def one_line(words: str, longest: int) -> str:
    """Reduce text to one header line: characters that are not printable, line ends among them, become blanks."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())[:longest]


def _reply_line(code: int, reply: bytes | str) -> str:
    words = reply.decode("ascii", "replace") if isinstance(reply, bytes) else reply
    return one_line(f"{code} {words}", _LONGEST_WORD)


def _cause(error: Exception) -> str:
    cause = getattr(error, "verify_message", "") or getattr(error, "strerror", "") or type(error).__name__
    return one_line(str(cause), _LONGEST_WORD).lower()
