"""What signs, publishes and checks the record, joined with its keys and its places.

Like the application it is one of the places that know the adapters; frameworks are imported when first needed.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from humphrey.database.engine import Database
from humphrey.errors import SettingsError
from humphrey.ledger.publishing import PublicationTarget, Publisher
from humphrey.mail.model import Mail
from humphrey.records.verification.service import Verification
from humphrey.settings import RecordSettings


def build_publisher(settings: RecordSettings, folder: Path, database: Database, mail: Mail | None) -> Publisher:
    """What signs the heads of the ledger and publishes them.

    Args:
        settings: where to, and with which key.
        folder: where keys are kept that humphrey makes.
        database: where the ledger is.
        mail: what sends letters; None where no mail server is set.

    Raises:
        SettingsError: heads are to be mailed, and there is no mail server.
    """
    from humphrey.ledger.signing import Ed25519Keys

    return Publisher(database, Ed25519Keys(folder, settings.key_file), _places(settings, mail))


def build_verification(
    settings: RecordSettings, database: Database, publishing: Publisher, now: Callable[[], datetime]
) -> Verification:
    """What checks the record, with the keys that it was signed with."""
    from humphrey.ledger.signing import verify

    return Verification(database, publishing.keys.public_keys, verify, settings.publish_file, now)


def _places(settings: RecordSettings, mail: Mail | None) -> Mapping[str, PublicationTarget]:
    from humphrey.ledger.publication_targets import append_to, mail_to

    places: dict[str, PublicationTarget] = {}
    if settings.publish_file is not None:
        places["file"] = append_to(settings.publish_file)
    if settings.publish_to:
        if mail is None:
            raise SettingsError("HUMPHREY_RECORD__PUBLISH_TO: heads cannot be mailed yet; set HUMPHREY_SMTP__HOST too")
        places["email"] = mail_to(mail, settings.publish_to)
    return places
