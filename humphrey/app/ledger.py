"""Build the publisher of ledger heads and the verification of the record.

Frameworks are imported inside the functions, when first needed, as elsewhere in `app`.
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
    """Build the publisher, which signs the heads of the ledger and publishes them.

    Args:
        settings: the places to publish to, and the key.
        folder: the folder of the keys that humphrey makes.
        database: the database with the ledger.
        mail: the mail client; None if no mail server is set.

    Raises:
        SettingsError: heads are to be mailed, and no mail server is set.
    """
    from humphrey.ledger.signing import Ed25519Keys

    return Publisher(database, Ed25519Keys(folder, settings.key_file), _places(settings, mail))


def build_verification(
    settings: RecordSettings, database: Database, publishing: Publisher, now: Callable[[], datetime]
) -> Verification:
    """Build the verification of the record, with the public keys that signed it."""
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
