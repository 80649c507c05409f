"""The composition root: the one place that joins all parts of humphrey."""

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from humphrey.app.drafting import Lazy, embeddings, join_clearance, join_drafter, join_reviser, join_turn
from humphrey.checks.registry import CHECKS
from humphrey.database.engine import open_database
from humphrey.ledger.settings_changes import on_record
from humphrey.settings import Settings, recorded_settings

if TYPE_CHECKING:
    pass
from humphrey.app.accounts import build_accounts
from humphrey.app.container import Humphrey
from humphrey.app.guidance import build_attachments, build_curation, build_file_indexes, build_library
from humphrey.app.paths import database_url, now


def start(settings: Settings) -> Humphrey:
    """Build the container. The index and the models are opened on first use.

    Raises:
        StoreError: the data folder or the database cannot be used.
    """
    from humphrey.papers.loader import load as load_papers

    database = open_database(database_url(settings))
    database.begin_with(on_record(recorded_settings(settings), now))
    papers, highest, claim = load_papers(CHECKS), settings.highest_marking, timedelta(minutes=settings.claim_minutes)
    people = build_accounts(settings, database, papers)
    # Lazy, so that commands that need no index start without loading a model.
    embed = Lazy(partial(embeddings, settings))
    scopes = Lazy(partial(build_file_indexes, settings, database, embed))
    library = build_library(settings, database, embed, scopes)
    attached = build_attachments(settings, database, library, scopes)
    turn = join_turn(settings, database)
    drafter = join_drafter(settings, turn, attached.search, library.document, embed)
    revise = join_reviser(settings, turn, library.document, embed)
    outlets = ("web", "file", *(("email",) if settings.smtp.host else ()))
    held = drafter, database, people, papers, library.document, library.may_read
    desk = join_clearance(*held, highest=highest, claim=claim, revise=revise, outlets=outlets)
    library.heed(desk.clearance.recheck)
    curator = build_curation(settings, database, people, library)
    return Humphrey(settings, database, people, library, *desk, curator, attached)
