"""The only way to the mail server (SMTP). An e-mail is composed whole first, as the bytes to be sent.

A server cannot be asked whether it already has an e-mail. If the connection breaks after the last byte and before the
reply, the e-mail may have left. It is then sent again under the same Message-ID: delivery is at least once.

Only a reply of the 200s at the sender, the recipient and the end of the letter is delivery. A 5yz at the recipient or
the letter is for good; a 4yz, a line that was cut and a reply that is none are tried again.
"""

import io
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Literal

from humphrey.errors import DeliveryError, Undeliverable
from humphrey.mail.model import Attachment, ComposedEmail
from humphrey.text.validation import address_fault

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_TIMEOUT_S = 20
"""The longest wait for one reply of the server, in seconds."""


# In characters: a subject line; a server's reply in a message, or a file name.
_LONGEST_SUBJECT, _LONGEST_WORD = 200, 160


# SMTP reply codes (RFC 5321, section 4.2.1): 2yz was done, 4yz may succeed later, 5yz never will; 354 asks for the
# letter.
_DONE, _TEMPORARY, _PERMANENT, _GO_AHEAD = range(200, 300), range(400, 500), range(500, 600), 354


_LARGEST_REPLY = 100_000
"""The most bytes of one reply. RFC 5321 allows 512 a line, and the longest replies, to EHLO, have some twenty lines."""


_AGAIN = "it is tried again later"


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
        with self._explained(), self._connected() as server:
            return f"{self._server} took it for {written.to}: {self._handed_over(server, written)}"

    def _handed_over(self, server: smtplib.SMTP, written: ComposedEmail) -> str:
        """Hand an e-mail over step by step, as `smtplib.SMTP.sendmail` does, so that each step has its own outcome."""
        sender = self._server.sender
        server.ehlo_or_helo_if_needed()
        code, reply = server.mail(sender)
        if not _done(code):
            raise smtplib.SMTPSenderRefused(code, reply, sender)
        self._require(_done, server.rcpt(written.to), f"take letters for {written.to}")
        self._require(_GO_AHEAD.__eq__, self._before_the_letter(server), "take the letter")
        answer = self._after_the_letter(server, written.content)
        self._require(_done, answer, "take the letter", "; it may have left, and is sent again under the same name")
        return _reply_line(*answer)

    def _before_the_letter(self, server: smtplib.SMTP) -> tuple[int, bytes]:
        try:
            return server.docmd("DATA")
        except (OSError, smtplib.SMTPServerDisconnected):
            raise DeliveryError(f"{self._server} broke off before the letter; {_AGAIN}") from None

    def _after_the_letter(self, server: smtplib.SMTP, content: bytes) -> tuple[int, bytes]:
        try:
            server.send(_with_end(content))
            return server.getreply()
        except (OSError, smtplib.SMTPException):
            raise DeliveryError(
                f"{self._server} broke off after the letter; it may have left, and is sent again under the same name"
            ) from None

    def _require(
        self, wanted: Callable[[int], bool], answer: tuple[int, bytes], what: str, unclear: str = f"; {_AGAIN}"
    ) -> None:
        """Go on only after the wanted reply.

        Args:
            wanted: whether a reply code says that the step was taken.
            answer: the reply code and the words of the server.
            what: the step, for the message.
            unclear: what follows from a reply that says neither yes nor no.

        Raises:
            Undeliverable: the reply refuses the step for good.
            DeliveryError: it refuses the step for now, or is no reply to it.
        """
        code, reply = answer
        if wanted(code):
            return
        sentence = f"{self._server} does not {what} ({_reply_line(code, reply)})"
        if code in _PERMANENT:
            raise Undeliverable(f"{sentence}; look at the address and the letter")
        if code in _TEMPORARY:
            raise DeliveryError(f"{sentence}; {_AGAIN}")
        raise DeliveryError(f"{self._server} gave no answer that can be understood ({_words(code, reply)}){unclear}")

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        at, secure = self._server, ssl.create_default_context()
        wait = at.timeout_s
        server = (
            _TlsConversation(at.host, at.port, timeout=wait, context=secure)
            if at.tls == "tls"
            else _Conversation(at.host, at.port, timeout=wait)
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
    def _explained(self) -> Iterator[None]:
        """Turn SMTP errors into a sentence that names the server and the next step, and contains no secret."""
        try:
            yield
        except smtplib.SMTPResponseException as error:
            raise DeliveryError(f"{self._server} {self._refusal(error)}") from None
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryError(f"{self._server} {_trouble(error)}") from None

    def _refusal(self, error: smtplib.SMTPResponseException) -> str:
        """Describe a reply that stopped the conversation before the recipient was named, and the next step.

        A setting is named only for a refusal that lasts; a server that is busy is not a wrong setting.
        """
        code, lasting = error.smtp_code, error.smtp_code in _PERMANENT
        answer = _words(code, error.smtp_error)
        if code not in _TEMPORARY and not lasting:
            return f"does not answer as a mail server does ({answer}); see HUMPHREY_SMTP__HOST and HUMPHREY_SMTP__PORT"
        if isinstance(error, smtplib.SMTPAuthenticationError):
            wrong = "does not know the user or the password; see HUMPHREY_SMTP__USER and HUMPHREY_SMTP__PASSWORD"
            return wrong if lasting else f"cannot sign in anybody now ({answer}); {_AGAIN}"
        if isinstance(error, smtplib.SMTPSenderRefused):
            next_step = "see HUMPHREY_SMTP__FROM" if lasting else _AGAIN
            return f"does not send for {self._server.sender} ({answer}); {next_step}"
        return f"does not take letters now ({answer}); {_AGAIN}"


class _ReplyBytes(socket.SocketIO):
    """The bytes that a mail server sends, bounded for each reply in time and number.

    The time-out of a socket begins anew with every byte, and a reply may have any number of lines.
    """

    def __init__(self, line: socket.socket) -> None:
        super().__init__(line, "r")
        self._line = line

    def begin_reply(self, limit_s: float) -> None:
        """Set the deadline of the next reply, in seconds from now."""
        self._ends, self._read = time.monotonic() + limit_s, 0

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        left = self._ends - time.monotonic()
        if left <= 0 or self._read > _LARGEST_REPLY:
            raise TimeoutError("the reply does not end")
        self._line.settimeout(left)
        size = super().readinto(buffer)
        self._read += size or 0
        return size


class _BoundedReplies:
    """Bounds the replies of an SMTP conversation; it stands before the class of smtplib."""

    timeout: float
    sock: socket.socket | None
    file: Any

    def getreply(self) -> tuple[int, bytes]:
        """Read one reply within the time-out of the conversation, as smtplib defines it.

        Raises:
            smtplib.SMTPServerDisconnected: the server broke off, or its reply is too long or too slow.
        """
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the server broke off")
        if self.file is None:
            self.file = io.BufferedReader(_ReplyBytes(self.sock))
        self.file.raw.begin_reply(self.timeout)
        reply: tuple[int, bytes] = super().getreply()  # type: ignore[misc]
        self.sock.settimeout(self.timeout)
        return reply


class _Conversation(_BoundedReplies, smtplib.SMTP):
    """A conversation in the clear, or with TLS after the greeting."""


class _TlsConversation(_BoundedReplies, smtplib.SMTP_SSL):
    """A conversation with TLS from the first byte."""


def _done(code: int) -> bool:
    return code in _DONE


def _with_end(content: bytes) -> bytes:
    """Return a letter as it is sent after `DATA`: lines that begin with a dot get a second one (RFC 5321, 4.5.2)."""
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _trouble(error: Exception) -> str:
    """Describe what is wrong with the connection, and which setting to check."""
    if isinstance(error, ssl.SSLError):
        return f"is not trusted ({_cause(error)}); see HUMPHREY_SMTP__TLS"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "offers no STARTTLS or no sign-in; see HUMPHREY_SMTP__TLS"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return f"broke off or did not answer; {_AGAIN}"
    if type(error) is smtplib.SMTPException:
        return "offers no way to sign in that humphrey knows; see HUMPHREY_SMTP__USER"
    return f"cannot be reached ({_cause(error)}); see HUMPHREY_SMTP__HOST and HUMPHREY_SMTP__PORT"


def one_line(words: str, longest: int) -> str:
    """Reduce text to one header line: characters that are not printable, line ends among them, become blanks."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())[:longest]


def _reply_line(code: int, reply: bytes | str) -> str:
    words = reply.decode("ascii", "replace") if isinstance(reply, bytes) else reply
    return one_line(f"{code} {words}", _LONGEST_WORD)


def _words(code: int, reply: bytes | str) -> str:
    """Return a reply as the server wrote it; smtplib gives the code -1 to a line without one."""
    if code >= 0:
        return _reply_line(code, reply)
    words = reply.decode("ascii", "replace") if isinstance(reply, bytes) else reply
    return one_line(words, _LONGEST_WORD) or "an empty line"


def _cause(error: Exception) -> str:
    cause = getattr(error, "verify_message", "") or getattr(error, "strerror", "") or type(error).__name__
    return one_line(str(cause), _LONGEST_WORD).lower()
