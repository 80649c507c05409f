"""The rules for new passwords: long enough, and not among those that are tried first.

Lists of leaked passwords, common words, names and keyboard patterns come with the library `zxcvbn` (MIT); nothing is
asked elsewhere. A password from before these rules still signs in.
"""

from collections.abc import Iterator

from humphrey.accounts.model import Person
from humphrey.errors import IdentityError

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
"""Lengths of a new password, in characters."""


_FEWEST_GUESSES = 10**8
"""Guesses that a new password must outlast. At one a minute, which is what an address gets, they take 190 years."""


# The estimate of a longer text takes the time of its square, and adds nothing.
_LOOKED_AT = 72


def validate_password(password: str, person: Person) -> None:
    """Check a new password of a person.

    Raises:
        IdentityError: it is too short, too long, common, or made of the person's name or address.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise IdentityError(
            f"the password has {len(password)} characters; "
            f"use {SHORTEST_PASSWORD} to {LONGEST_PASSWORD}, such as three random words",
            field="password",
        )
    if _guesses(password, [*_own_words(person), "humphrey"]) < _FEWEST_GUESSES:
        raise IdentityError(
            "the password is one of those that are guessed first: a common one, a pattern, or the person's own name; "
            "use another, such as three random words",
            field="password",
        )


def _own_words(person: Person) -> Iterator[str]:
    for said in (person.name, person.email):
        plain = said.casefold()
        yield from (plain, "".join(filter(str.isalnum, plain)))
        yield from "".join(each if each.isalnum() else " " for each in plain).split()


def _guesses(password: str, own_words: list[str]) -> float:
    # Its lists of words take a tenth of a second to load, which no other command should wait for.
    from zxcvbn import zxcvbn

    return float(zxcvbn(password[:_LOOKED_AT], [word for word in own_words if word])["guesses"])
