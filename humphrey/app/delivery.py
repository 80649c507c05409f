"""What hands over what was approved, joined with what it needs: the outlets, the files, the mail server.

Like the application it is one of the places that know the adapters; frameworks are imported when first needed.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from humphrey.clearance.gate import Release
from humphrey.delivery.model import Send
from humphrey.papers.destinations import Format
from humphrey.papers.kind import Papers
from humphrey.settings import Settings

if TYPE_CHECKING:
    from humphrey.mail.smtp import Mailer
from humphrey.delivery.outlets.web import shown


def join_mail(settings: Settings) -> "Mailer | None":
    """What sends letters, None where no mail server is named; it is not asked anything before there is a letter."""
    if not settings.smtp.host:
        return None
    from humphrey.mail.smtp import Mailer, MailServer

    asked = settings.smtp.model_dump(exclude={"password"})
    return Mailer(MailServer(**asked, password=settings.smtp.password.get_secret_value()), lambda: datetime.now(UTC))


def join_outlets(settings: Settings, papers: Papers, folder: Path) -> Mapping[str, Send]:
    """What hands over, by outlet; no e-mail where no mail server is named.

    Args:
        settings: which mail server, and what files are written as.
        papers: the kinds, for what they are called.
        folder: where files go.
    """
    from humphrey.delivery.outlets import outlets

    return {"web": shown, **outlets(folder, settings.file_format, _titles(papers), join_mail(settings))}


def join_export(papers: Papers) -> Callable[[Release, Format], bytes]:
    """What makes a file of a release, and looks at its bytes before it gives them out."""

    def export(release: Release, form: Format) -> bytes:
        from humphrey.delivery.export.exporter import Exporter

        return Exporter(_titles(papers))(release, form)

    return export


def _titles(papers: Papers) -> Mapping[str, str]:
    return {kind: paper.title for kind, paper in papers.items()}
