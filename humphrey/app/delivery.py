"""Builds the outlets, the exporter and the mailer. Frameworks are imported when first needed."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from humphrey.clearance.gate import Release
from humphrey.delivery.model import Export, Outlet, OutletParts
from humphrey.delivery.outlets import OUTLETS
from humphrey.papers.destinations import Destination, Format
from humphrey.papers.kind import Papers
from humphrey.settings import Settings

if TYPE_CHECKING:
    from humphrey.mail.smtp import Mailer


def build_mailer(settings: Settings) -> "Mailer | None":
    """Return the mailer; None without a mail server. It connects only to send a letter."""
    if not settings.smtp.host:
        return None
    from humphrey.mail.smtp import Mailer, MailServer

    asked = settings.smtp.model_dump(exclude={"password"})
    return Mailer(MailServer(**asked, password=settings.smtp.password.get_secret_value()), lambda: datetime.now(UTC))


def build_outlets(settings: Settings, papers: Papers, folder: Path) -> Mapping[str, Outlet]:
    """Return all outlets by name, each connected if its settings are there.

    Args:
        settings: the settings of the mail server, the default file format and the letterhead.
        papers: the kinds of paper, for their titles.
        folder: the folder for released files.

    Raises:
        SettingsError: the letterhead cannot be used.
    """
    titles, letterhead = _titles(papers), _letterhead(settings.department.letterhead)

    def exporter() -> Export:
        from humphrey.delivery.export.exporter import Exporter

        return Exporter(titles, letterhead)

    parts = OutletParts(folder, settings.file_format, titles, exporter, build_mailer(settings))
    return {name: outlet.connected(parts) for name, outlet in OUTLETS.items()}


def destinations(available: Collection[str]) -> Mapping[str, Destination]:
    """Return every outlet as commissions know it, given the names of those that texts can leave by."""
    return {name: outlet.destination(available=name in available) for name, outlet in OUTLETS.items()}


def build_exporter(papers: Papers, letterhead: Path | None = None) -> Callable[[Release, Format], bytes]:
    """Return the function that makes a file of a release and checks its bytes.

    Args:
        papers: the kinds of paper, for their titles.
        letterhead: the folder of the department's letterhead, if it has one.
    """

    def export(release: Release, form: Format) -> bytes:
        from humphrey.delivery.export.exporter import Exporter

        return Exporter(_titles(papers), _letterhead(letterhead))(release, form)

    return export


@cache
def _letterhead(folder: Path | None) -> Mapping[Format, bytes]:
    """Return the letterhead of a folder, read and tried out once."""
    if folder is None:
        return {}
    from humphrey.delivery.export.letterhead import read_letterhead

    return read_letterhead(folder)


def _titles(papers: Papers) -> Mapping[str, str]:
    return {kind: paper.title for kind, paper in papers.items()}
