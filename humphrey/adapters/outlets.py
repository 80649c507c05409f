"""The outlets that hand something over, joined: files in a folder, and letters where there is a mail server."""

from collections.abc import Mapping
from pathlib import Path

from humphrey.adapters.export import Exporter
from humphrey.adapters.files import FileOutlet
from humphrey.adapters.posting import MailOutlet
from humphrey.adapters.smtp import Mailer
from humphrey.core.delivery import Send
from humphrey.core.sheets import Format


def outlets(folder: Path, form: Format, titles: Mapping[str, str], mailer: Mailer | None) -> Mapping[str, Send]:
    """What hands over to each outlet; no e-mail without a mail server.

    Args:
        folder: where files go.
        form: what a file is where whoever asked named no form.
        titles: what each kind of paper is called.
        mailer: sends letters.
    """
    file: dict[str, Send] = {"file": FileOutlet(folder, Exporter(titles), form)}
    return {**file, "email": MailOutlet(mailer, titles)} if mailer else file
