"""The outlet `email`: a released text is sent to the address that was approved with it.

The e-mail is composed whole and read back from the bytes to be sent. It is sent only if they contain the approved text
and the approved address. A mail server cannot be asked whether it already has an e-mail. Delivery is therefore at least
once, always under the same Message-ID.
"""

from collections.abc import Mapping

from humphrey.clearance.gate import Release
from humphrey.delivery.export.blocks import clean
from humphrey.delivery.export.sheet import SOURCES
from humphrey.delivery.model import Outlet, OutletParts, Receipt, Send
from humphrey.digests import digest_of
from humphrey.documents.sources import source_line
from humphrey.errors import Undeliverable
from humphrey.mail.model import MailTransport, address_of, body_of
from humphrey.text.validation import address_fault

_ID_CHARS = 32
"""Hexadecimal digits of the digest in a Message-ID: 128 bits."""


class MailOutlet:
    """Sends releases by e-mail.

    Args:
        mailer: sends e-mails.
        titles: the title of each kind of paper, used as the subject.
    """

    def __init__(self, mailer: MailTransport, titles: Mapping[str, str]) -> None:
        self._mailer = mailer
        self._titles = titles

    def __call__(self, release: Release) -> Receipt:
        """Send the release; the receipt names the server and says that the e-mail may arrive more than once.

        Raises:
            Undeliverable: the server will never accept it, or the e-mail does not contain what was approved.
            DeliveryError: the server did not accept it now.
        """
        above, below = around(release)
        subject = self._titles.get(release.kind, release.kind.replace("_", " ").capitalize())
        name = f"{release.review}.{release.digest.removeprefix('sha256:')[:_ID_CHARS]}"
        letter = self._mailer.write(release.recipient, subject, above + clean(release.text) + below, name)
        require_approved(letter.content, release)
        taken = self._mailer.post(letter)
        return Receipt(f"{taken}; at least once, as <{name}>", digest_of(letter.content))


def require_approved(content: bytes, release: Release) -> None:
    """Check that an e-mail contains the approved address and text, between its marking and its sources.

    Raises:
        Undeliverable: it contains anything else.
    """
    above, below = around(release)
    body = body_of(content)
    text = body.removeprefix(above).removesuffix(below)
    to = address_of(content)
    if (body, text, to) != (above + text + below, clean(release.text), release.recipient):
        raise Undeliverable(
            f"the letter made of review {release.name} does not bear what was approved; it was not sent; "
            "tell the administrator"
        )


def around(release: Release) -> tuple[str, str]:
    """Return the text above and below the approved text: the marking; then the sources and the marking again."""
    sources = [clean(source_line(each)) for each in release.citations]
    listed = [SOURCES, *sources] if sources else []
    return f"{release.marking}\n\n", "".join(f"\n\n{part}" for part in [*listed, release.marking]) + "\n"


def _connect(parts: OutletParts) -> Send | None:
    return MailOutlet(parts.mail, parts.titles) if parts.mail else None


OUTLET = Outlet(
    name="email",
    label="Send it by e-mail",
    words="by e-mail",
    address_fault=address_fault,
    connect=_connect,
    address_label="E-mail address",
    settings="HUMPHREY_SMTP__HOST and HUMPHREY_SMTP__FROM",
)
