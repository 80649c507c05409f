"""Build accounts and OIDC sign-in."""

from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

from humphrey.accounts.identity_provider import Rules
from humphrey.accounts.model import Lasting
from humphrey.accounts.oidc.sign_in import Vouching
from humphrey.accounts.service import People
from humphrey.database.engine import Database
from humphrey.errors import SettingsError
from humphrey.papers.kind import Papers
from humphrey.settings import Settings

if TYPE_CHECKING:
    pass


def join_people(settings: Settings, database: Database, papers: Papers) -> People:
    """Who may use humphrey; demonstration people stand in only where nobody else can reach it."""
    from humphrey.accounts.passwords import Argon2Passwords

    lasting = Lasting(timedelta(hours=settings.session_hours), timedelta(minutes=settings.idle_minutes))
    return People(database, Argon2Passwords(), demonstration=alone(settings), kinds=tuple(papers), lasting=lasting)


def alone(settings: Settings) -> bool:
    """Whether nobody else can reach humphrey, and no provider knows who people are: made-up people may stand in."""
    return loopback(settings.host) and not settings.oidc.issuer


def join_vouching(settings: Settings, people: People, database: Database) -> Vouching | None:
    """The department's identity provider, None where the settings name none.

    Raises:
        SettingsError: others can reach humphrey, and the address that the provider sends them back to is not set.
    """
    if not settings.oidc.issuer:
        return None
    from humphrey.accounts.oidc.client import OpenIdProvider

    asked = settings.oidc
    if not settings.origin and not loopback(settings.host):
        raise SettingsError("HUMPHREY_OIDC__ISSUER needs HUMPHREY_ORIGIN, where the provider sends people back to")
    rules = Rules(asked.identity_claim, asked.name_claim, asked.groups_claim, asked.roles, asked.groups)
    provider = OpenIdProvider(asked.issuer, asked.client_id, asked.client_secret.get_secret_value(), asked.scopes)
    return Vouching(people, database, provider, rules, asked.title)


def loopback(host: str) -> bool:
    """Whether an address can be reached from this machine alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
