"""Layout of every page: header, navigation and style around a body; also the message, starting and sign-in pages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from humphrey.accounts.model import Person, called
from humphrey.accounts.roles import Right, may, roles_in_words
from humphrey.errors import HumphreyError
from humphrey.web.escaping import safe

PAGES = {
    "/home": "Home",
    "/ask": "Ask",
    "/papers": "Papers",
    "/clear": "Clear",
    "/outbox": "Outbox",
    "/guidance": "Guidance",
    "/figures": "Figures",
    "/record": "Record",
    "/disclosures": "Disclosure",
    "/people": "People",
}
"""Pages and their names in the navigation."""


_REQUIRED_RIGHTS: Mapping[str, tuple[Right, ...]] = {
    "/clear": ("clear",),
    "/outbox": ("clear", "administer"),
    "/figures": ("clear", "figures"),
    "/record": ("audit",),
    "/disclosures": ("audit",),
    "/people": ("administer",),
}
"""Rights that show the link to a page, any one of which is enough; the other links are shown to everybody."""


_SCRIPTS = {
    "/ask": ("copy", "here", "history", "suggestions", "ask"),
    "/papers": ("copy", "here", "papers"),
    "/clear": ("desk", "panes", "reconnect", "opened"),
}
"""Our own scripts in `static` that a Gradio page runs."""


_CONFIG = re.compile(r"<script>(window\.gradio_config = .*?;)</script>", re.DOTALL)


_API = re.compile(r"<script>(window\.gradio_api_info = .*?;)</script>", re.DOTALL)


_MODULE = re.compile(r'<script type="module" crossorigin src="\./(assets/[\w.-]+\.js)"></script>')


_STYLE = re.compile(r'<link rel="stylesheet" crossorigin href="\./(assets/[\w.-]+\.css)">')


@dataclass(frozen=True)
class Visitor(Person):
    """The signed-in person of a request, with the number of unread notices."""

    unread: int = 0


def page(
    title: str, body: str, *, person: Person | None = None, path: str = "", head: str = "", wide: bool = False
) -> str:
    """Return a whole HTML page.

    Args:
        title: its title, plain text.
        body: content of `<main>`, HTML.
        person: the signed-in person; None before sign-in.
        path: its path in `PAGES`; empty for any other page.
        head: more content of `<head>`, HTML.
        wide: whether it is laid out for a table instead of running text.
    """
    css = "plain-page wide" if wide else "plain-page"
    return _document(title, f'<main id="content" class="{css}" tabindex="-1">{body}</main>', person, path, head)


def message_page(title: str, said: str) -> str:
    """Return a page with one message."""
    body = f'<h1>{safe(title)}</h1><p>{safe(said)}</p><p><a href="/ask">Go to humphrey</a></p>'
    return page(title, body)


def forbidden_page(said: object = "") -> str:
    """Return the page for what a person may not see or do, worded one way everywhere; `said` says what is missing."""
    why = str(said) or "ask a humphrey administrator if you need it for your work"
    return message_page("You do not have permission for this", f"{why[:1].upper()}{why[1:].rstrip('.')}.")


def starting_page() -> str:
    """Return the page shown while Gradio starts; it reloads itself."""
    body = '<h1>Humphrey is starting</h1><p role="status">The pages will be here in a few seconds.</p>'
    return page("Humphrey is starting", body, head='<meta http-equiv="refresh" content="1">')


def sign_in_page(
    demonstration: Sequence[Person], next_page: str, error: str = "", name: str = "", provider: str = ""
) -> str:
    """Return the sign-in page: a choice of demonstration people, or else a form for name and password.

    Args:
        demonstration: demonstration people to choose from; empty outside demonstration mode.
        next_page: path to go to after sign-in.
        error: message of the last attempt; empty if there is none.
        name: name typed in the last attempt.
        provider: title of the identity provider; empty if there is none.
    """
    onwards = f'<input type="hidden" name="next" value="{safe(next_page)}">'
    said = f'<div class="alert" role="alert"><p>{safe(error)}</p></div>' if error else ""
    form = _choice(demonstration, onwards) if demonstration else _credentials(onwards, name)
    return page("Sign in", f"<h1>Sign in</h1>{said}{_provider_link(provider, next_page)}{form}")


def gradio_page(html: str, person: Person, path: str, nonce: str) -> str:
    """Return a Gradio page in our layout: its scripts and style, without its meta tags, frames and inline layout.

    Raises:
        HumphreyError: the HTML of the installed Gradio differs from what this function expects.
    """
    parts = [pattern.search(html) for pattern in (_CONFIG, _API, _MODULE, _STYLE)]
    if None in parts:
        raise HumphreyError("the installed gradio makes pages humphrey cannot read; install the pinned version")
    config, api, module, style = (part[1] for part in parts if part)
    head = (
        f'<script nonce="{nonce}">window.__gradio_mode__ = "app"; {config} {api}</script>'
        f'<script type="module" src="/{module}" nonce="{nonce}"></script><link rel="stylesheet" href="/{style}">'
        f"{_scripts(path, person, nonce)}"
    )
    body = (
        '<div id="content" tabindex="-1"><gradio-app control_page_title="true" embed="false" eager="true" '
        'theme_mode="light"></gradio-app><noscript><p>This page needs JavaScript.</p></noscript></div>'
    )
    return _document(PAGES[path], body, person, path, head)


def _scripts(path: str, person: Person, nonce: str) -> str:
    return "".join(
        f'<script src="/static/{name}.js" data-person="{safe(person.name)}" nonce="{nonce}" defer></script>'
        for name in _SCRIPTS.get(path, ())
    )


def _document(title: str, body: str, person: Person | None, path: str, head: str) -> str:
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f'<title>{safe(title)} - humphrey</title><link rel="icon" href="/static/humphrey.svg">'
        f'{head}<link rel="stylesheet" href="/static/humphrey.css"></head><body>'
        '<a class="skip" href="#content">Skip to the content</a>'
        f"{_header(person, path)}{body}</body></html>"
    )


def _header(person: Person | None, path: str) -> str:
    if person is None:
        return '<header class="band"><div><span class="name">humphrey</span></div></header>'
    shown = [(to, name) for to, name in PAGES.items() if _shows_link(person, to)]
    links = "".join(
        f'<li><a href="{to}"{" aria-current=page" if to == path else ""}>{name}</a></li>' for to, name in shown
    )
    here = " aria-current=page" if path == "/account" else ""
    return (
        '<header class="band"><div><a class="name" href="/ask">humphrey</a>'
        f'<nav aria-label="Pages"><ul>{links}</ul></nav>{_notices(person, path)}'
        f'<form method="post" action="/sign-out"><a href="/account"{here}>{safe(called(person))}, '
        f"{roles_in_words(person)}</a>"
        "<button>Sign out</button></form></div></header>"
    )


def _notices(person: Person, path: str) -> str:
    unread = person.unread if isinstance(person, Visitor) else 0
    how_many = f' ({unread}<span class="unseen"> not read</span>)' if unread else ""
    here = " aria-current=page" if path == "/notices" else ""
    return f'<a class="notices" href="/notices"{here}>Notices{how_many}</a>'


def _provider_link(provider: str, next_page: str) -> str:
    if not provider:
        return ""
    return (
        f'<p><a class="go" href="/sign-in/provider?next={quote(next_page)}">Sign in with {safe(provider)}</a></p>'
        "<h2>With a password of humphrey's own</h2>"
    )


def _shows_link(person: Person, path: str) -> bool:
    return path not in _REQUIRED_RIGHTS or any(may(person, right) for right in _REQUIRED_RIGHTS[path])


def _choice(people: Sequence[Person], onwards: str) -> str:
    buttons = "".join(
        f'<li><button class="go" name="name" value="{safe(p.name)}">'
        f"{safe(p.name.title())}, {roles_in_words(p)}</button></li>"
        for p in people
    )
    return (
        '<div class="warning"><p><strong>Demonstration people.</strong> Anyone on this computer can be any of them. '
        "For real work, add people with <code>humphrey users add</code>.</p></div>"
        f'<form method="post" action="/sign-in">{onwards}<ul class="plain choice">{buttons}</ul></form>'
    )


def _credentials(onwards: str, name: str) -> str:
    return (
        f'<form method="post" action="/sign-in">{onwards}'
        f'<p><label for="name">Name</label><input id="name" name="name" value="{safe(name)}" '
        'autocomplete="username" required maxlength="200"></p>'
        '<p><label for="password">Password</label><input id="password" name="password" type="password" '
        'autocomplete="current-password" required maxlength="1000"></p>'
        '<p><button class="go">Sign in</button></p></form>'
    )
