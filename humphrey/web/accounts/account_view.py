"""HTML of a person's own account page: roles, groups and open sessions."""

from collections.abc import Mapping, Sequence

from humphrey.accounts.model import Person, Session
from humphrey.accounts.roles import roles_in_words
from humphrey.digests import sha256
from humphrey.web import layout
from humphrey.web.accounts.people_view import banner, session_list
from humphrey.web.escaping import safe

_SAID: Mapping[str, str] = {
    "revoked": "That sign-in has ended.",
    "elsewhere": "You are signed out everywhere but here.",
    "password": "You have another password, and are signed out everywhere but here.",
}
"""Confirmation shown once after each action, by the name of the action."""


def page(person: Person, sessions: Sequence[Session], token: str, *, said: str, error: str, password: bool) -> str:
    """Return the account page as HTML.

    Args:
        person: the signed-in person.
        sessions: their open sessions, latest first.
        token: session token of this browser.
        said: name of the action just done; empty for none.
        error: message of the action that just failed; empty for none.
        password: whether they have a humphrey password that they can change.
    """
    elsewhere = (
        '<form method="post" action="/account/elsewhere"><p><button class="go quiet">Sign out everywhere else</button>'
        "</p></form>"
        if len(sessions) > 1
        else ""
    )
    body = (
        f"<h1>Your account</h1>{banner(_SAID, said, error)}{_about(person)}"
        f"<h2>Where you are signed in</h2>{session_list(sessions, '/account/revoke', {}, sha256(token))}{elsewhere}"
        f"{_CHANGING if password else ''}"
    )
    return layout.page("Your account", body, person=person, path="/account", wide=True)


def password_page(error: str = "") -> str:
    """Return the page of a person who must change the password that another person gave them.

    Args:
        error: message of the attempt that just failed; empty for none.
    """
    body = (
        f"<h1>Choose a password of your own</h1>{banner(_SAID, '', error)}"
        "<p>Another person gave you the password that you signed in with, and knows it. "
        "Change it now. Until then you can do nothing else here.</p>"
        f'{_FORM}<form method="post" action="/sign-out"><p><button class="go quiet">Sign out</button></p></form>'
    )
    return layout.page("Choose a password", body)


def _about(person: Person) -> str:
    parts = {
        "Name": safe(person.name),
        "Roles": roles_in_words(person),
        "Groups": safe(", ".join(person.groups)) or "none",
        "Notices": safe(person.email) or "on the page only",
        "Deputies": safe(", ".join(person.deputies)) or "none",
    }
    if "reviewer" in person.roles:
        kinds = ", ".join(kind.replace("_", " ") for kind in person.kinds) or "every kind"
        parts["You may clear"] = f"{safe(kinds)}, marked {safe(' or '.join(person.markings))}"
    items = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in parts.items())
    return f'<dl class="facts">{items}</dl><p>An administrator changes what you may do.</p>'


_FORM = (
    '<form method="post" action="/account/password">'
    '<p><label for="old">Your password now</label><input id="old" name="old" type="password" '
    'autocomplete="current-password" required maxlength="200"></p>'
    '<p><label for="new">Another one</label><span class="hint" id="new-hint">At least 12 characters, three random '
    'words for example. </span><input id="new" name="new" type="password" aria-describedby="new-hint" '
    'autocomplete="new-password" required maxlength="200"></p>'
    '<p><button class="go quiet">Change it</button></p></form>'
)


_CHANGING = f"<h2>Change your password</h2>{_FORM}"
