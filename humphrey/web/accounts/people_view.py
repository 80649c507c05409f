"""HTML of the People page: the list of people, and one person with roles, grants and sessions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, cast, get_args
from urllib.parse import urlencode

from humphrey.accounts.model import Person, Role, Session, called
from humphrey.accounts.roles import roles_in_words
from humphrey.text.markings import CLASSIFICATIONS
from humphrey.web import layout
from humphrey.web.draft_view import format_time
from humphrey.web.escaping import safe

T = TypeVar("T")


_SAID: Mapping[str, str] = {
    "added": "Added. Give them their password by another way than e-mail; they change it when they first sign in.",
    "changed": "Changed. It counts from now on, wherever they are signed in.",
    "disabled": "Disabled. They may do nothing from now on, and are signed out everywhere.",
    "enabled": "Enabled. They can sign in again.",
    "password": "They have another password, which they change when they sign in, and are signed out everywhere.",
    "revoked": "That sign-in has ended.",
}
"""Confirmation shown once after each action, by the name of the action."""


_ROLES: Mapping[Role, str] = {
    "official": "asks, and sends drafts for clearance, as everybody may",
    "reviewer": "clears what others sent, of the kinds and markings granted below",
    "guidance_owner": "changes the guidance",
    "analyst": "sees figures, as sums over everybody",
    "auditor": "reads the record and searches it for disclosure",
    "disclosure_officer": "does the same, for words that rest on any group's guidance too",
    "administrator": "looks after people, retention and what is stuck on its way out",
}


@dataclass(frozen=True)
class EnteredPerson:
    """Values entered in the form of a person; groups and deputies are one per line."""

    name: str = ""
    roles: tuple[str, ...] = ("official",)
    groups: str = ""
    kinds: tuple[str, ...] = ()
    markings: tuple[str, ...] = ("OFFICIAL",)
    email: str = ""
    deputies: str = ""
    identity: str = ""
    own_name: str = ""

    def made_of(self) -> Person:
        """Return a new person with the entered values, without validation."""
        return self.changed(Person(self.name.strip(), ()))

    def changed(self, person: Person) -> Person:
        """Return a copy of a person with the entered values; the name stays."""
        return replace(
            person,
            roles=_same(person.roles, cast("tuple[Role, ...]", self.roles)),
            groups=_lines(self.groups),
            kinds=_same(person.kinds, self.kinds),
            markings=_same(person.markings, self.markings),
            email=self.email.strip(),
            deputies=_lines(self.deputies),
            identity=self.identity.strip(),
            own_name=" ".join(self.own_name.split()),
        )


@dataclass(frozen=True)
class Wrong:
    """What was wrong with what was entered, as a sentence, and the field that it is about; both may be empty."""

    message: str = ""
    field: str = ""

    def summary(self) -> str:
        """Return the error for the top of the page, with a link to its field; empty if nothing was wrong."""
        if not self.message:
            return ""
        said = safe(_sentence(self.message))
        linked = f'<a href="#{safe(self.field)}">{said}</a>' if self.field else said
        return f'<div class="alert" role="alert"><p>{linked}</p></div>'

    def beside(self, field: str) -> str:
        """Return the error beside its field; empty beside any other."""
        if field != self.field:
            return ""
        return f'<span class="wrong" id="{field}-wrong">{safe(_sentence(self.message))} </span>'

    def described(self, field: str) -> str:
        """Return the attributes by which a screen reader reads the hint of a field, and the error if it is its own."""
        if field != self.field:
            return f'aria-describedby="{field}-hint"'
        return f'aria-describedby="{field}-hint {field}-wrong" aria-invalid="true"'


def address(name: str, said: str = "") -> str:
    """Return the address of a person's page."""
    return "/people/one?" + urlencode({"name": name, **({"said": said} if said else {})})


def banner(said: Mapping[str, str], which: str, error: str) -> str:
    """Return the error or the confirmation for the top of a page; empty if there is neither."""
    if error:
        return f'<div class="alert" role="alert"><p>{safe(_sentence(error))}</p></div>'
    return f'<div class="notice" role="status"><p>{said[which]}</p></div>' if which in said else ""


def session_list(sessions: Sequence[Session], act: str, hidden: Mapping[str, str], here: str = "") -> str:
    """Return the list of sessions, each with a button that ends it; the session of this browser has a label instead."""
    if not sessions:
        return "<p>Not signed in anywhere.</p>"
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Signed in", "Last used", "Ends at", "How", "End it"))
    rows = "".join(_sign_in(session, act, hidden, here) for session in sessions)
    return (
        f'<table class="held figures"><caption class="unseen">Sign-ins</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def people_page(everyone: Sequence[Person], person: Person, *, demonstration: bool) -> str:
    """Return the page that lists all people."""
    heads = ("Name", "Roles", "Groups", "May clear", "Notices", "Deputies")
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    rows = "".join(_row(each, linked=not demonstration) for each in everyone)
    table = (
        f'<table class="held figures"><caption class="unseen">People</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )
    label = "Add the first administrator" if demonstration else "Add a person"
    first = f'{_DEMONSTRATION if demonstration else ""}<p><a class="go" href="/people/new">{label}</a></p>'
    return layout.page("People", f"<h1>People</h1>{first}{table}", person=person, path="/people", wide=True)


def new_person_page(given: EnteredPerson, person: Person, kinds: Collection[str], wrong: Wrong | None = None) -> str:
    """Return the page with the form for a new person; `wrong` is what the last attempt got wrong, if anything."""
    wrong = wrong or Wrong()
    name = (
        '<p><label for="name">Name</label><span class="hint" id="name-hint">What the record will call them, for good. '
        f'</span>{wrong.beside("name")}<input id="name" name="name" value="{safe(given.name)}" required '
        f'maxlength="100" {wrong.described("name")} autocomplete="off"></p>'
    )
    hint = "Leave it empty for a person who signs in through the identity provider."
    password = _password("First password", hint, wrong)
    body = (
        f'<p><a href="/people">People</a></p><h1>Add a person</h1>{wrong.summary()}'
        f'<form method="post" action="/people/add">{name}{_fields(given, kinds, wrong)}{password}'
        '<p><button class="go">Add</button></p></form>'
    )
    return layout.page("Add a person", body, person=person, path="/people")


def person_page(
    found: Person,
    person: Person,
    kinds: Collection[str],
    sessions: Sequence[Session],
    *,
    said: str = "",
    wrong: Wrong | None = None,
    given: EnteredPerson | None = None,
) -> str:
    """Return the page of one person; `given` is what was typed when something was wrong with it."""
    title, wrong = f"{safe(called(found))}{_state(found)}", wrong or Wrong()
    own = found.name == person.name
    mine = (
        "<p>This is you: another administrator changes what you may do. Your address and your deputies are yours "
        'to change. <a href="/account">Your account</a></p>'
        if own
        else ""
    )
    body = (
        f'<p><a href="/people">People</a></p><h1>{title}</h1>{wrong.summary() or banner(_SAID, said, "")}{mine}'
        f'<form method="post" action="/people/change">{_hidden(found.name)}'
        f"{_fields(given or _given(found), kinds, wrong)}"
        f'<p><button class="go">Save</button></p></form>'
        f"<h2>Sign-ins</h2>{session_list(sessions, '/people/revoke', {'name': found.name})}"
        f"{'' if own else _password_form(found, wrong)}{'' if own else _turning(found)}"
    )
    return layout.page(found.name, body, person=person, path="/people", wide=True)


_DEMONSTRATION = (
    '<div class="warning"><p><strong>Demonstration people.</strong> Nobody was added yet. Add an administrator here, '
    "or with <code>humphrey users add NAME --role administrator</code>; then these people leave.</p></div>"
)


def _row(each: Person, *, linked: bool) -> str:
    name = f'<a href="{safe(address(each.name))}">{safe(called(each))}</a>' if linked else safe(called(each))
    cells = (
        ("Roles", roles_in_words(each)),
        ("Groups", safe(", ".join(each.groups)) or "–"),
        ("May clear", _clears(each)),
        ("Notices", safe(each.email) or "on the page"),
        ("Deputies", safe(", ".join(each.deputies)) or "–"),
    )
    rest = "".join(f'<td data-label="{label}">{value}</td>' for label, value in cells)
    return f'<tr><th scope="row">{name}{_state(each)}</th>{rest}</tr>'


def _state(each: Person) -> str:
    return ' <strong class="tag">disabled</strong>' if each.disabled else ""


def _clears(each: Person) -> str:
    if "reviewer" not in each.roles:
        return "–"
    kinds = ", ".join(kind.replace("_", " ") for kind in each.kinds) or "every kind"
    return f"{safe(kinds)}; {safe(', '.join(each.markings))}"


def _fields(given: EnteredPerson, kinds: Collection[str], wrong: Wrong) -> str:
    roles = {role: f"{role.replace('_', ' ')}: {_ROLES[role]}" for role in get_args(Role)}
    known = {kind: kind.replace("_", " ") for kind in kinds}
    markings = {each: each for each in CLASSIFICATIONS}
    return (
        f"{_line('own_name', 'Own name', 'As people call them; pages show it beside the name.', given.own_name, wrong)}"
        f"{_boxes('roles', 'Roles', roles, given.roles, wrong)}"
        f"{_area('groups', 'Groups', 'One a line. They decide what guidance a person may read.', given.groups, wrong)}"
        f"{_boxes('kinds', 'Kinds they may clear as a reviewer; none chosen: every kind', known, given.kinds, wrong)}"
        f"{_boxes('markings', 'Markings they may clear', markings, given.markings, wrong)}"
        f"{_line('email', 'E-mail address for notices', 'Empty: notices are on the page only.', given.email, wrong)}"
        f"{_area('deputies', 'Deputies', 'One name a line: who stands in for them, in order.', given.deputies, wrong)}"
        f"{_line('identity', 'Identity at the provider', 'Empty: a password signs them in.', given.identity, wrong)}"
    )


def _boxes(name: str, legend: str, offered: Mapping[str, str], chosen: Sequence[str], wrong: Wrong) -> str:
    boxes = "".join(
        f'<p class="box"><input type="checkbox" id="{name}-{safe(value)}" name="{name}" value="{safe(value)}"'
        f'{" checked" if value in chosen else ""}><label for="{name}-{safe(value)}">{safe(said)}</label></p>'
        for value, said in offered.items()
    )
    return f'<fieldset id="{name}" tabindex="-1"><legend>{legend}</legend>{wrong.beside(name)}{boxes}</fieldset>'


def _line(name: str, label: str, hint: str, value: str, wrong: Wrong) -> str:
    return (
        f'<p><label for="{name}">{label}</label><span class="hint" id="{name}-hint">{hint} </span>{wrong.beside(name)}'
        f'<input id="{name}" name="{name}" value="{safe(value)}" maxlength="400" {wrong.described(name)} '
        'autocomplete="off"></p>'
    )


def _area(name: str, label: str, hint: str, value: str, wrong: Wrong) -> str:
    return (
        f'<p><label for="{name}">{label}</label><span class="hint" id="{name}-hint">{hint} </span>{wrong.beside(name)}'
        f'<textarea id="{name}" name="{name}" rows="3" {wrong.described(name)}>{safe(value)}</textarea></p>'
    )


def _password(label: str, hint: str, wrong: Wrong) -> str:
    return (
        f'<p><label for="password">{label}</label><span class="hint" id="password-hint">{hint} At least 12 characters, '
        f"three random words for example. </span>{wrong.beside('password')}"
        f'<input id="password" name="password" type="password" {wrong.described("password")}'
        ' autocomplete="new-password" maxlength="200"></p>'
    )


def _password_form(found: Person, wrong: Wrong) -> str:
    return (
        f'<h2>Password</h2><form method="post" action="/people/password">{_hidden(found.name)}'
        f"{_password('Another password', 'It ends every sign-in of theirs.', wrong)}"
        '<p><button class="go quiet">Give this password</button></p></form>'
    )


def _turning(found: Person) -> str:
    act, label, css = ("enable", "Enable", "go quiet") if found.disabled else ("disable", "Disable", "go stop")
    told = (
        "They can sign in again, as they were."
        if found.disabled
        else "They may do nothing from then on and are signed out everywhere; what they did stays on the record."
    )
    return (
        f'<h2>{label}</h2><p>{told}</p><form method="post" action="/people/{act}">{_hidden(found.name)}'
        f'<p><button class="{css}">{label} {safe(found.name)}</button></p></form>'
    )


def _sign_in(session: Session, act: str, hidden: Mapping[str, str], here: str) -> str:
    cells = (
        ("Last used", format_time(session.seen)),
        ("Ends at", format_time(session.until)),
        ("How", _WAYS[session.way_in]),
        ("End it", "this one" if session.digest == here else _ending(session, act, hidden)),
    )
    rest = "".join(f'<td data-label="{label}">{value}</td>' for label, value in cells)
    return f'<tr><th scope="row">{format_time(session.opened)}</th>{rest}</tr>'


_WAYS = {"password": "password", "provider": "identity provider", "demonstration": "demonstration"}


def _ending(session: Session, act: str, hidden: Mapping[str, str]) -> str:
    kept = "".join(f'<input type="hidden" name="{name}" value="{safe(value)}">' for name, value in hidden.items())
    return (
        f'<form method="post" action="{act}">{kept}<input type="hidden" name="session" value="{session.id}">'
        f'<button class="go quiet">End<span class="unseen"> the sign-in of '
        f"{format_time(session.opened)}</span></button>"
        "</form>"
    )


def _hidden(name: str) -> str:
    return f'<input type="hidden" name="name" value="{safe(name)}">'


def _given(found: Person) -> EnteredPerson:
    return EnteredPerson(
        found.name,
        found.roles,
        "\n".join(found.groups),
        found.kinds,
        found.markings,
        found.email,
        "\n".join(found.deputies),
        found.identity,
        found.own_name,
    )


def _same(before: tuple[T, ...], chosen: tuple[T, ...]) -> tuple[T, ...]:
    """Return the chosen values, or the previous tuple if only the order of the boxes differs."""
    return before if set(before) == set(chosen) else chosen


def _lines(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip() for line in value.splitlines() if line.strip()))


def _sentence(error: str) -> str:
    return error[:1].upper() + error[1:] + "."
