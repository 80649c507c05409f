"""Build accounts and OIDC sign-in."""

from datetime import timedelta
from ipaddress import ip_address

from humphrey.accounts.identity_provider import ClaimMapping
from humphrey.accounts.model import SessionLifetime
from humphrey.accounts.oidc.sign_in import OidcSignIn
from humphrey.accounts.service import Accounts
from humphrey.database.engine import Database
from humphrey.errors import SettingsError
from humphrey.papers.kind import Papers
from humphrey.settings import Settings


def build_accounts(settings: Settings, database: Database, papers: Papers) -> Accounts:
    """Build the accounts. Demonstration people are added only if nobody else can reach humphrey."""
    from humphrey.accounts.passwords import Argon2Passwords

    lasting = SessionLifetime(timedelta(hours=settings.session_hours), timedelta(minutes=settings.idle_minutes))
    return Accounts(
        database, Argon2Passwords(), demonstration=only_loopback(settings), kinds=tuple(papers), lifetime=lasting
    )


def only_loopback(settings: Settings) -> bool:
    """Return whether made-up people may be used: only loopback reaches humphrey, and no provider is set."""
    return loopback(settings.host) and not settings.oidc.issuer


def build_oidc(settings: Settings, people: Accounts, database: Database) -> OidcSignIn | None:
    """Build OIDC sign-in with the department's identity provider; None if the settings name none.

    Raises:
        SettingsError: humphrey serves beyond loopback, and the origin for the provider's redirect is not set.
    """
    if not settings.oidc.issuer:
        return None
    from humphrey.accounts.oidc.client import OpenIdProvider

    asked = settings.oidc
    if not settings.origin and not loopback(settings.host):
        raise SettingsError("HUMPHREY_OIDC__ISSUER needs HUMPHREY_ORIGIN, where the provider sends people back to")
    rules = ClaimMapping(asked.identity_claim, asked.name_claim, asked.groups_claim, asked.roles, asked.groups)
    provider = OpenIdProvider(asked.issuer, asked.client_id, asked.client_secret.get_secret_value(), asked.scopes)
    return OidcSignIn(people, database, provider, rules, asked.title)


def loopback(host: str) -> bool:
    """Return whether an address can be reached only from this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
