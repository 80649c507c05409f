"""The checks of `humphrey doctor`: each looks at one part of the installation and says what to do."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from humphrey.accounts import store as account_store
from humphrey.accounts.roles import may
from humphrey.accounts.service import Accounts
from humphrey.accounts.validation import account_faults
from humphrey.app import build, container, file_modes, paths
from humphrey.database.engine import Database
from humphrey.database.integrity import check_integrity
from humphrey.errors import HumphreyError, IndexHeld, SettingsError
from humphrey.guidance import store as document_store
from humphrey.guidance.library import Library
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import EntryFilter
from humphrey.llm import store as usage_store
from humphrey.settings import Settings, load
from humphrey.text.dates import today


@dataclass(frozen=True)
class Check:
    """The result of one check; the message says what was found, or what to do."""

    name: str
    ok: bool
    message: str


def examine() -> list[Check]:
    """Check the installation part by part; return a part that cannot be opened as a failed check, not as an error.

    Without usable settings or a database no further check can run, so the list ends there.
    """
    try:
        settings = load()
    except SettingsError as error:
        return [Check("settings", ok=False, message=str(error))]
    checks = [Check("settings", ok=True, message=f"data folder {settings.data_dir}")]
    try:
        humphrey = build.start(settings)
    except HumphreyError as error:
        return [*checks, Check("database", ok=False, message=str(error))]
    try:
        looks = (
            partial(_database, humphrey.database),
            partial(_integrity, humphrey.database),
            partial(_modes, settings),
            partial(_record, humphrey),
            partial(_keys, humphrey),
            partial(_published, humphrey),
            partial(_people, humphrey.accounts, settings),
            partial(_index, humphrey.library),
            partial(_corpus, settings),
            partial(_endpoint, settings),
            partial(_usage, humphrey.database),
            partial(_notices, humphrey),
        )
        return [*checks, *(look() for look in looks)]
    finally:
        humphrey.close()


def _database(database: Database) -> Check:
    try:
        people, documents = account_store.list_people(database), document_store.list_stored(database)
        return Check(
            "database",
            ok=True,
            message=f"{len(people)} people, {len(documents)} documents",
        )
    except HumphreyError as error:
        return Check("database", ok=False, message=str(error))


def _integrity(database: Database) -> Check:
    try:
        found = check_integrity(database)
    except HumphreyError as error:
        return Check("integrity", ok=False, message=str(error))
    if not found.faults:
        return Check("integrity", ok=True, message=f"no damage found: {found.ran}")
    message = f"{found.faults[0]} ({len(found.faults)} in all, by {found.ran}); keep the files and put back a backup"
    return Check("integrity", ok=False, message=message)


def _keys(humphrey: container.Humphrey) -> Check:
    """Check that the next entry can be signed, that none waits, and that no one else reads the private keys."""
    folder, chosen = paths.data_folder(humphrey.settings) / "keys", humphrey.settings.record.key_file
    try:
        newest = ledger_store.find_entries(humphrey.database, EntryFilter(), 1)
        trouble = humphrey.entry_keys.problem(newest[0].n if newest else 0)
        waiting = 0 if trouble else len(humphrey.countersigning.waiting())
    except HumphreyError as error:
        return Check("signing keys", ok=False, message=str(error))
    if trouble:
        return Check("signing keys", ok=False, message=trouble)
    if waiting:
        message = f"{waiting} entries wait to be countersigned; `humphrey ledger countersign` lists them"
        return Check("signing keys", ok=False, message=message)
    if loose := _open_to_others(folder, chosen):
        message = f"other accounts of this machine can use {loose[0]}; `chmod go-rwx {loose[0]}` keeps it to humphrey"
        return Check("signing keys", ok=False, message=message)
    signers = humphrey.entry_keys.signers()
    said = f"{len(signers)} in {folder}, the newest from entry {signers[-1].first} on" if signers else "none needed yet"
    return Check("signing keys", ok=True, message=said)


def _open_to_others(folder: Path, file: Path | None) -> list[Path]:
    """Return the folder of the keys and the private keys that other accounts may read or write."""
    private = [folder, *folder.glob("*.pem"), *folder.glob("*.jsonl"), *([file] if file else [])]
    return [path for path in private if path.exists() and path.stat().st_mode & 0o077]


def _modes(settings: Settings) -> Check:
    found = list(file_modes.open_to_others(paths.data_folder(settings)))
    if not found:
        return Check("file modes", ok=True, message="only humphrey's own account may read its files")
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return Check(
        "file modes",
        ok=False,
        message=f"others may read or write {found[0]}{more}; `humphrey serve` closes what is its own account's, "
        "`chmod -R go= FOLDER` as the owner the rest",
    )


def _record(humphrey: container.Humphrey) -> Check:
    try:
        found = humphrey.verification.verify()
    except HumphreyError as error:
        return Check("ledger", ok=False, message=str(error))
    if found.ok:
        return Check("ledger", ok=True, message=f"whole: {found.entries} entries, {found.reviews} reviews")
    where = f"broken at entry {found.first_broken}: " if found.first_broken else ""
    message = f"{where}{found.faults[0].message}; keep the database as it is; `humphrey ledger verify` names everything"
    return Check("ledger", ok=False, message=message)


def _published(humphrey: container.Humphrey) -> Check:
    try:
        places, trouble = humphrey.publisher.targets, humphrey.publisher.problem(paths.now())
        latest = ledger_store.latest_head(humphrey.database)
    except HumphreyError as error:
        return Check("published heads", ok=False, message=str(error))
    if trouble:
        return Check("published heads", ok=False, message=trouble)
    if not places:
        message = "none: entries cut off at the end would not be missed; set HUMPHREY_RECORD__PUBLISH_FILE"
        return Check("published heads", ok=True, message=message)
    last = f"entry {latest.head.n} on {latest.head.at:%Y-%m-%d}" if latest else "none yet"
    return Check("published heads", ok=True, message=f"{last}, to {' and '.join(places)}")


def _people(people: Accounts, settings: Settings) -> Check:
    if people.demonstration:
        message = "demonstration people, on this machine only; `humphrey users add NAME --role ROLE` adds real ones"
        return Check("people", ok=True, message=message)
    active = [person for person in people.everyone() if not person.disabled]
    reviewers = [person for person in active if may(person, "clear")]
    if len(active) < 2 or not reviewers:
        message = f"{len(active)} people, {len(reviewers)} of them reviewers; two people are needed, one a reviewer"
        return Check("people", ok=False, message=f"{message}: `humphrey users add NAME --role reviewer`")
    if alike := list(account_faults(people.everyone())):
        more = f"; and {len(alike) - 1} more like it" if len(alike) > 1 else ""
        return Check("people", ok=False, message=f"{alike[0]}{more}")
    return Check(
        "people", ok=True, message=f"{len(active)} people, {len(reviewers)} of them reviewers; {settings.host}"
    )


def _index(library: Library) -> Check:
    try:
        library.search("guidance", 1)
    except IndexHeld as held:
        # A server that runs has it open, which is as it should be.
        return Check("index", ok=True, message=f"in use, so it was not opened: {str(held).partition(';')[0]}")
    except HumphreyError as error:
        return Check("index", ok=False, message=str(error))
    return Check("index", ok=True, message="opens and answers")


def _corpus(settings: Settings) -> Check:
    if not settings.corpus.is_dir():
        message = f"HUMPHREY_CORPUS: there is no folder {settings.corpus}; name one, or start from the project's folder"
        return Check("corpus", ok=False, message=message)
    return Check("corpus", ok=True, message=str(settings.corpus))


def _endpoint(settings: Settings) -> Check:
    if settings.fallback_model.base_url and not settings.model.base_url:
        message = "HUMPHREY_MODEL__BASE_URL: a second model is set and no first one; the embedded model writes"
        return Check("model", ok=False, message=message)
    for setting, asked in (("MODEL", settings.model), ("FALLBACK_MODEL", settings.fallback_model)):
        if asked.base_url and not asked.name:
            message = f"HUMPHREY_{setting}__NAME: name the model that the endpoint should use"
            return Check("model", ok=False, message=message)
    named = [asked.name for asked in (settings.model, settings.fallback_model) if asked.base_url]
    return Check("model", ok=True, message=", else ".join(named) or "embedded: it quotes, and needs no network")


def _usage(database: Database) -> Check:
    try:
        taken = usage_store.by_person(database, today())
    except HumphreyError as error:
        return Check("usage", ok=False, message=str(error))
    calls = sum(each.calls for each in taken.values())
    used = sum(each.tokens_in + each.tokens_out for each in taken.values())
    cost = sum(each.cost for each in taken.values())
    message = f"{len(taken)} people today, {calls:,} calls, {used:,} tokens, cost {cost:,.2f}"
    return Check("usage", ok=True, message=message)


def _notices(humphrey: container.Humphrey) -> Check:
    try:
        unsent = humphrey.notifications.unsent()
    except HumphreyError as error:
        return Check("notices", ok=False, message=str(error))
    if unsent.given_up:
        message = f"{unsent.given_up} letters of the last week were given up, the latest because {unsent.failure}"
        return Check("notices", ok=False, message=message)
    if not humphrey.settings.smtp.host:
        return Check("notices", ok=True, message="on the pages alone; HUMPHREY_SMTP__HOST sends them by e-mail too")
    return Check("notices", ok=True, message=f"{unsent.waiting} letters wait to be sent")
