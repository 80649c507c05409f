"""Independence: two accounts that may be one person do not write and clear the same draft.

Rule: who made an account, gave it a password or linked it to the identity provider can act as its person, and who
changed what a reviewer may do chose their own reviewer. So a reviewer does not decide on a draft if, within a set time,
an author made or changed the reviewer's account; if the reviewer can act as an author; or if the two have one identity
at the provider or one e-mail address. Accounts pass this on: what an account did while an author could act as its
person counts as done by the author. All of it is read from the ledger.

Acts of the operator at the machine are no person's. They refuse nobody and are named, as are those of a third person
who could act as both.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from humphrey.accounts.model import Person
from humphrey.digests import sha256
from humphrey.ledger.model import OPERATOR, PROVIDER, Act, Entry
from humphrey.text.dates import say_moment

ACCOUNT_ACTS: frozenset[Act] = frozenset({"person:add", "person:change", "person:disable"})
"""The acts that change an account."""


# Deputies give a reviewer no right and nobody a way into the account.
_WITHOUT_POWER = frozenset({"deputies"})


_WAYS_IN = frozenset({"password", "identity"})
"""The fields that let the person who sets them act as the person of the account."""


_NOT_PEOPLE = frozenset({OPERATOR, PROVIDER})


_WORDS: Mapping[str, str] = {
    "password": "password",
    "roles": "roles",
    "groups": "groups",
    "kinds": "kinds of paper",
    "markings": "markings",
    "email": "e-mail address",
    "identity": "identity at the provider",
    "disabled": "right to sign in",
}


@dataclass(frozen=True)
class Independence:
    """What the ledger says of a reviewer and the authors of a draft, in sentences.

    Attributes:
        against: why the reviewer may not decide; empty if they may.
        named: changes of their accounts by the operator or by one third person, which the approver should know.
    """

    against: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def independence(
    reviewer: str, authors: Collection[str], acts: Sequence[Entry], people: Iterable[Person]
) -> Independence:
    """Return what stands against a decision of a reviewer, and what is to be named with it.

    Args:
        reviewer: the reviewer.
        authors: the authors of the draft.
        acts: the ledger's entries of account acts within the set time, in order.
        people: the accounts as they are, for their identities and addresses.
    """
    others, effective = frozenset(authors) - {reviewer}, [entry for entry in acts if _changed(entry)]
    chosen = [_sentence(entry) for entry in _by(effective, others, reviewer)]
    acted_as = [_sentence(entry) for each in sorted(others) for entry in _by(_giving(effective), {reviewer}, each)]
    shared = _shared(reviewer, others, effective, people)
    named = [_sentence(entry) for entry in _named(effective, reviewer, others)]
    return Independence(tuple(dict.fromkeys((*chosen, *acted_as, *shared))), tuple(dict.fromkeys(named)))


def _by(acts: Iterable[Entry], first: Collection[str], whose: str) -> Iterator[Entry]:
    """Yield the acts on an account by some people, or by accounts that they could act as by then."""
    hands = set(first)
    for entry in acts:
        if entry.actor not in hands or entry.actor == entry.subject:
            continue
        if entry.subject == whose:
            yield entry
        elif _gives_way_in(entry):
            hands.add(entry.subject)


def _giving(acts: Iterable[Entry]) -> Iterator[Entry]:
    return (entry for entry in acts if _gives_way_in(entry))


def _named(acts: Sequence[Entry], reviewer: str, authors: Collection[str]) -> Iterator[Entry]:
    """Yield the operator's acts on these accounts, and those of a third person who could act as both."""
    given = list(_giving(acts))
    of_reviewer = {entry.actor for entry in given if entry.subject == reviewer}
    of_authors = {entry.actor for entry in given if entry.subject in authors}
    both = (of_reviewer & of_authors) - {reviewer, *authors} - _NOT_PEOPLE
    for entry in acts:
        by_third = entry.actor in both and _gives_way_in(entry)
        if (entry.subject == reviewer or entry.subject in authors) and (entry.actor == OPERATOR or by_third):
            yield entry


def _shared(reviewer: str, authors: Collection[str], acts: Iterable[Entry], people: Iterable[Person]) -> Iterator[str]:
    """Yield a sentence for each identity or address that the reviewer and an author have or had in that time."""
    held: dict[tuple[str, str], set[str]] = {}
    for name, field, digest in (*_held_now(people), *_held_then(acts)):
        held.setdefault((field, digest), set()).add(name)
    for (field, _digest), names in sorted(held.items()):
        if reviewer in names and (both := names.intersection(authors)):
            yield f"{reviewer} and {', '.join(sorted(both))} have or had one {_WORDS[field]}"


def _held_now(people: Iterable[Person]) -> Iterator[tuple[str, str, str]]:
    for person in people:
        for field, value in (("identity", person.identity), ("email", person.email.casefold())):
            if value:
                yield person.name, field, sha256(value)


def _held_then(acts: Iterable[Entry]) -> Iterator[tuple[str, str, str]]:
    for entry in acts:
        for field in ("identity", "email"):
            for said in (field, f"{field}_before"):
                if digest := entry.detail.get(said):
                    yield entry.subject, field, digest


def _changed(entry: Entry) -> bool:
    """Return whether an act on an account changed more than its deputies."""
    fields = set(entry.detail.get("changed", "").split())
    return entry.act in ACCOUNT_ACTS and (entry.act != "person:change" or bool(fields - _WITHOUT_POWER))


def _gives_way_in(entry: Entry) -> bool:
    return entry.act == "person:add" or bool(_WAYS_IN.intersection(entry.detail.get("changed", "").split()))


def _sentence(entry: Entry) -> str:
    actor = "the operator at the machine" if entry.actor == OPERATOR else entry.actor
    return f"{actor} {_done(entry)} at {say_moment(entry.at)}"


def _done(entry: Entry) -> str:
    if entry.act == "person:add":
        return f"added the account {entry.subject}"
    if entry.act == "person:disable":
        return f"disabled the account {entry.subject}"
    fields = [_WORDS[field] for field in entry.detail.get("changed", "").split() if field in _WORDS]
    return f"changed the {', '.join(fields) or 'account'} of {entry.subject}"
