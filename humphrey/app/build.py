"""The composition root: the one place that joins all parts of humphrey."""

from datetime import timedelta
from functools import partial

from humphrey.app.accounts import build_accounts
from humphrey.app.clearance import build_clearance, deciding_rules
from humphrey.app.container import Humphrey
from humphrey.app.delivery import build_outlets
from humphrey.app.drafting import Lazy, build_drafter, build_office, build_quotas, build_reviser
from humphrey.app.guidance import (
    build_attachments,
    build_curation,
    build_embeddings,
    build_file_indexes,
    build_library,
    build_search_embeddings,
)
from humphrey.app.ledger import build_countersigning, build_entry_keys
from humphrey.app.paths import data_folder, database_url, now
from humphrey.app.statement_vectors import StatementVectors
from humphrey.checks.registry import CHECKS
from humphrey.database.engine import Database, open_database
from humphrey.errors import HumphreyError
from humphrey.ledger.settings_changes import record_changes
from humphrey.papers.assembly.department import Department
from humphrey.settings import Settings, recorded_settings


def start(settings: Settings) -> Humphrey:
    """Build the container. The index and the models are opened on first use.

    Raises:
        StoreError: the data folder or the database cannot be used.
    """
    from humphrey.papers.loader import load as load_papers

    database = open_database(database_url(settings))
    _sign_entries(settings, database)
    database.before_first_write(record_changes(recorded_settings(settings), now))
    papers, highest, claim = (
        load_papers(CHECKS, own=settings.papers),
        settings.highest_marking,
        timedelta(minutes=settings.claim_minutes),
    )
    people = build_accounts(settings, database, papers)
    # Lazy, so that commands that need no index start without loading a model.
    embed = Lazy(partial(build_embeddings, settings))
    search_embed = Lazy(partial(build_search_embeddings, settings, embed))
    scopes = Lazy(partial(build_file_indexes, settings, database, search_embed))
    library = build_library(settings, database, search_embed, scopes)
    attached = build_attachments(settings, database, library, scopes)
    lease = build_quotas(settings, database)
    drafter = build_drafter(settings, lease, attached.search, library.document, embed)
    revise = build_reviser(settings, lease, library.document, embed)
    every = build_outlets(settings, papers, data_folder(settings) / "released").values()
    outlets = [outlet.name for outlet in every if outlet.send]
    held = drafter, database, people, papers, library.document, library.may_read
    desk = build_clearance(
        *held,
        highest=highest,
        claim=claim,
        deciding=deciding_rules(settings),
        revise=revise,
        outlets=outlets,
        office=build_office(settings),
        department=Department(**settings.department.model_dump()),
    )
    library.on_change(desk.clearance.recheck)
    curator = build_curation(settings, database, people, library)
    statements = StatementVectors(database, embed)
    return Humphrey(settings, database, people, library, *desk, curator, attached, statements)


def _sign_entries(settings: Settings, database: Database) -> None:
    """Have every entry signed; sign those of a ledger from before at the first start."""
    folder = data_folder(settings) / "keys"
    keys = build_entry_keys(settings.record, folder, now)
    database.signatures = keys
    try:
        build_countersigning(settings.record, folder, database, keys, now).begin()
    except HumphreyError:
        database.close()
        raise
