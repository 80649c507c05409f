"""The caller of a handler and their roles, always from the session on the server, never from values of a page."""

import gradio as gr

from humphrey.accounts.model import Person
from humphrey.accounts.roles import may
from humphrey.errors import IdentityError, NotPermitted


def signed_in_person(request: gr.Request) -> Person:
    """Return the signed-in person behind a call of a page's handler.

    Raises:
        IdentityError: the session has ended.
    """
    # Looked up again here: the session may have ended while the call waited in Gradio's queue.
    still = getattr(request.request.state, "still", None)
    person = still() if still else None
    if not isinstance(person, Person):
        raise IdentityError("your sign-in has ended; reload this page and sign in again")
    return person


def is_signed_in(request: gr.Request) -> bool:
    """Return whether the session behind a call still stands."""
    try:
        signed_in_person(request)
    except IdentityError:
        return False
    return True


def signed_in_reviewer(request: gr.Request) -> Person:
    """Return the signed-in person, who must be a reviewer.

    Raises:
        IdentityError: the session has ended.
        NotPermitted: the person is not a reviewer.
    """
    person = signed_in_person(request)
    if not may(person, "clear"):
        raise NotPermitted(f"{person.name} is not a reviewer; ask the humphrey administrator for the reviewer role")
    return person
