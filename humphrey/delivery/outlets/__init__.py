"""The outlets that hand over releases: files in a folder, and e-mail if a mail server is set."""

from collections.abc import Mapping
from pathlib import Path

from humphrey.delivery.export.exporter import Exporter
from humphrey.delivery.model import Send
from humphrey.delivery.outlets.email import MailOutlet
from humphrey.delivery.outlets.file import FileOutlet
from humphrey.mail.smtp import Mailer
from humphrey.papers.destinations import Format


def outlets(folder: Path, form: Format, titles: Mapping[str, str], mailer: Mailer | None) -> Mapping[str, Send]:
    """Return the function that hands over for each outlet; no e-mail without a mail server.

    Args:
        folder: the folder for released files.
        form: the file format if the commission names none.
        titles: the title of each kind of paper.
        mailer: sends e-mails; None without a mail server.
    """
    file: dict[str, Send] = {"file": FileOutlet(folder, Exporter(titles), form)}
    return {**file, "email": MailOutlet(mailer, titles)} if mailer else file
