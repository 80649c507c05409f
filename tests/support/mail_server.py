"""A real mail server on this machine, for tests: it keeps what it is sent, or behaves as it is told."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as POLICY
from pathlib import Path
from typing import BinaryIO

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "humphrey", "a very secret password"


@dataclass
class Letter:
    """What the server was handed: the address, and the bytes."""

    to: str
    content: bytes

    @property
    def read(self) -> EmailMessage:
        message = BytesParser(policy=POLICY).parsebytes(self.content)
        assert isinstance(message, EmailMessage)
        return message


@dataclass
class Postbox:
    """The server's memory, and its moods: addresses it does not take, what it answers, whether it hangs up.

    `hang_up`: after so many letters were taken to the last byte, the line is cut before a word is said.
    """

    port: int = 0
    letters: list[Letter] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    answer: str = "250 OK queued as 17"
    hang_up: int = 0

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.letters.append(Letter(envelope.rcpt_tos[0], envelope.content))
        if self.hang_up:
            self.hang_up -= 1
            server.transport.abort()
        return self.answer


@contextmanager
def postbox(certificate: Path | None = None, *, implicit: bool = False, sign_in: bool = False) -> Iterator[Postbox]:
    """A mail server on loopback; with a certificate it speaks TLS, after STARTTLS or from the first byte."""
    box = Postbox(free_port())
    secure = _context(certificate) if certificate else None
    asked = {"authenticator": _known, "auth_required": True} if sign_in else {}
    server = Controller(
        box,
        hostname="127.0.0.1",
        port=box.port,
        ssl_context=secure if implicit else None,
        tls_context=None if implicit else secure,
        require_starttls=bool(secure) and not implicit,
        **asked,
    )
    server.start()
    try:
        yield box
    finally:
        server.stop()


# What is sent again and again, and the pause in between in seconds, until the other side hangs up.
_ENDLESS = {"FLOOD": (b"250-more\r\n" * 1000, 0), "DRIP": (b"2", 0.1)}


_USUAL = {"": "220 hello", "EHLO": "250-here\r\n250 STARTTLS", "DATA": "354 go on", ".": "250 OK", "QUIT": "221 bye"}


@contextmanager
def scripted(**answers: str) -> Iterator[int]:
    """The port of a mail server that answers each verb as it is told, and as usual what it is not told.

    `CUT` hangs up, `FLOOD` sends lines without end, and `DRIP` a byte now and then.

    `greeting` is its first word and `end` its answer to the end of the letter.
    """
    said = {**_USUAL, **answers, "": answers.get("greeting", _USUAL[""]), ".": answers.get("end", _USUAL["."])}
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = threading.Thread(target=_converse, args=(listening, said), daemon=True)
        serving.start()
        yield listening.getsockname()[1]
        serving.join(5)


def _converse(listening: socket.socket, said: dict[str, str]) -> None:
    line, _ = listening.accept()
    with line, line.makefile("rb") as heard:
        verb, letter = "", False
        while (answer := said.get(verb, "250 OK")) != "CUT":
            if answer in _ENDLESS:
                return _go_on(line, *_ENDLESS[answer])
            line.sendall(answer.encode() + b"\r\n")
            letter = verb == "DATA" and answer.startswith("354")
            verb = _verb(heard, letter)
            if verb == "GONE":
                return


def _go_on(line: socket.socket, what: bytes, pause_s: float) -> None:
    ends = time.monotonic() + 10
    with suppress(OSError):
        while time.monotonic() < ends:
            line.sendall(what)
            time.sleep(pause_s)


def _verb(heard: BinaryIO, letter: bool) -> str:
    for got in iter(heard.readline, b""):
        if not letter:
            return got[:8].split()[0].decode().upper()
        if got == b".\r\n":
            return "."
    return "GONE"


def certificate(folder: Path) -> Path:
    """A certificate for this machine, made by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    kept = folder / "server.pem"
    plain = serialization.NoEncryption()
    kept.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return kept


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _known(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object) -> AuthResult:
    known = (getattr(given, "login", b""), getattr(given, "password", b"")) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


def _context(pem: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    return context
