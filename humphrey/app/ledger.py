"""Build the publisher of ledger heads and the verification of the record.

Frameworks are imported inside the functions, when first needed, as elsewhere in `app`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from humphrey.database.engine import Database
from humphrey.errors import SettingsError
from humphrey.ledger.countersigning import Countersigning, heads_in
from humphrey.ledger.entry_keys import EntryKeys
from humphrey.ledger.publishing import PublicationTarget, Publisher
from humphrey.mail.model import Mail
from humphrey.records.verification.service import Verification, read_heads
from humphrey.settings import RecordSettings


def build_entry_keys(settings: RecordSettings, folder: Path, now: Callable[[], datetime]) -> EntryKeys:
    """Build what signs the entries of the ledger and checks their signatures; no key is read or made yet.

    Args:
        settings: the key, if one is set.
        folder: the folder of the keys that humphrey makes, and of the list of those that signed.
        now: the clock.
    """
    from humphrey.ledger.signing import Ed25519Keys, verify

    return EntryKeys(Ed25519Keys(folder, settings.key_file), folder, verify, now)


def build_countersigning(
    settings: RecordSettings, folder: Path, database: Database, keys: EntryKeys, now: Callable[[], datetime]
) -> Countersigning:
    """Build what signs the entries that were made before humphrey signed each."""
    from humphrey.ledger.signing import Ed25519Keys, verify

    signing, published = Ed25519Keys(folder, settings.key_file), heads_in(settings.publish_file, read_heads)
    return Countersigning(database, keys, signing.public_keys, verify, published, now)


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
    settings: RecordSettings,
    database: Database,
    publishing: Publisher,
    entry_keys: EntryKeys,
    now: Callable[[], datetime],
) -> Verification:
    """Build the verification of the record, with the public keys that signed it; a lost key stays in the list."""
    from humphrey.ledger.signing import verify

    def own_keys() -> Sequence[str]:
        return [*publishing.keys.public_keys(), *(each.key for each in entry_keys.signers())]

    return Verification(database, own_keys, verify, settings.publish_file, now)


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
