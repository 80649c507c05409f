"""Random changes of accounts between writing and clearing: no person clears a draft that they may have written.

Administrators, reviewers and officials add accounts, give passwords, roles, groups, addresses and identities, disable
and enable each other, link accounts at the identity provider and sign in; they send, amend and decide on drafts, and
days pass. A model that shares no code with the product says of each decision and of each sign-in whether it should
succeed. `python -m evals.proofs collusion --count 400 --seed 1`.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from evals.proofs.accounts.hands import Change, Hands
from evals.proofs.acting import Clock, Outcome
from evals.proofs.audit import audit
from evals.proofs.ending import exit_code
from evals.proofs.scene import FIRST_WORDING, asking, furnish, joined
from evals.proofs.sequences import quick_folder
from humphrey.accounts.identity_provider import ProviderClaims
from humphrey.accounts.model import Person, Role
from humphrey.accounts.service import OPERATOR, Accounts
from humphrey.app.container import Humphrey
from humphrey.errors import HumphreyError, NotIndependent, PasswordToChange

_ACTS = 100


_BATCH = 10
"""Sequences that share a database."""


_CAST: tuple[tuple[str, tuple[Role, ...]], ...] = (
    ("sue", ("administrator", "reviewer")),
    ("sam", ("administrator",)),
    ("grace", ("reviewer",)),
    ("david", ("reviewer",)),
    ("amina", ("official",)),
    ("tom", ("official",)),
)


_MOST_ACCOUNTS = 9


NOT_INDEPENDENT = "approve, by one who may be the author"
"""Name of the count of approvals refused for that reason, which are among the refused approvals too."""


class _Plain:
    """Passwords without hashes: the proof signs in thousands of times, and is not about hashes."""

    def hash(self, password: str) -> str:
        """Return what is stored."""
        return f"plain {password}"

    def verify(self, password: str, hashed: str | None) -> bool:
        """Return whether the password is the stored one."""
        return hashed == f"plain {password}"

    def needs_rehash(self, hashed: str) -> bool:
        """Return False: nothing is hashed."""
        return not hashed


class Sequence:
    """One sequence: its accounts, its reviews, and the model of the accounts that each person can use."""

    def __init__(self, humphrey: Humphrey, clock: Clock, seed: str, outcome: Outcome) -> None:
        self.humphrey, self.clock, self.seed, self.outcome = humphrey, clock, seed, outcome
        self.accounts = humphrey.accounts
        self.choose = Random(seed)  # noqa: S311 - choices that can be repeated, not secrets
        self.hands = Hands()
        self.passwords: dict[str, tuple[str, bool]] = {}
        self.authors: dict[str, set[str]] = {}
        self.waiting: dict[str, str] = {}
        self.count = 0

    def run(self) -> None:
        """Add the people, let two months pass, and do random acts."""
        for name, roles in _CAST:
            self.add(Person(self.named(name), roles), OPERATOR)
        self.clock.now += timedelta(days=60)
        acts: list[Callable[[], None]] = [
            *[self.add_somebody, self.password, self.roles, self.groups, self.address, self.identity, self.turn],
            *[self.provider, self.deputies, *[self.send] * 3, self.amend, self.sign_in, self.sign_in, self.wait],
            *[self.decide] * 10,
        ]
        for _ in range(_ACTS):
            self.clock.now += timedelta(seconds=1)
            self.choose.choice(acts)()

    def named(self, name: str) -> str:
        """Return the name of a person of this sequence."""
        return f"{name} {self.seed}"

    def anybody(self) -> str:
        """Return the name of an account."""
        return self.choose.choice(sorted(self.passwords))

    def acting(self) -> str:
        """Return who acts on an account: mostly an administrator, now and then the operator or anybody."""
        if self.choose.random() < 0.15:
            return OPERATOR
        return self.anybody() if self.choose.random() < 0.2 else self.able("administrator")

    def able(self, role: Role) -> str:
        """Return the name of an account with a role, if there is one."""
        held = [each for each in self.held() if role in each.roles and not each.disabled]
        return self.choose.choice(held).name if held else self.anybody()

    def held(self) -> list[Person]:
        """Return the accounts of this sequence."""
        return [each for each in self.accounts.everyone() if each.name in self.passwords]

    def attempt(self, what: str, act: Callable[[], object]) -> HumphreyError | None:
        """Do an act and count whether it was done or refused; return the refusal."""
        try:
            act()
        except HumphreyError as error:
            self.outcome.refused[what] += 1
            return error
        self.outcome.done[what] += 1
        return None

    def changed(self, what: str, whose: str, by: str, act: Callable[[], object], *, way_in: bool = False) -> bool:
        """Let a person change an account, and tell the model if it was done."""
        before = self.humphrey.accounts.everyone()
        done = self.attempt(what, act) is None and (way_in or self.humphrey.accounts.everyone() != before)
        if done and by not in {OPERATOR, whose}:
            self.hands.changes.append(Change(self.clock.now, by, whose, way_in))
        return done

    def add(self, person: Person, by: str) -> None:
        """Add an account with a password that its adder knows."""
        words = self.words()
        if self.changed("add", person.name, by, lambda: self.accounts.add(person, words, by), way_in=True):
            self.passwords[person.name] = (words, True)

    def words(self) -> str:
        """Return a new password."""
        self.count += 1
        return f"three random words {self.seed} {self.count}"

    def add_somebody(self) -> None:
        """Add a second account, as an administrator would for a person or for themselves."""
        if len(self.passwords) < _MOST_ACCOUNTS:
            self.add(Person(self.named(f"new {self.count}"), self.some_roles()), self.acting())

    def some_roles(self) -> tuple[Role, ...]:
        """Return roles of a further account."""
        roles: tuple[tuple[Role, ...], ...] = (("reviewer",), ("official",), ("administrator", "reviewer"))
        return self.choose.choice(roles)

    def password(self) -> None:
        """Give another person a password."""
        whose, by, words = self.anybody(), self.acting(), self.words()
        if whose != by:
            given = self.changed(
                "give a password", whose, by, lambda: self.accounts.set_password(whose, words, by), way_in=True
            )
            self.passwords[whose] = (words, True) if given else self.passwords[whose]

    def roles(self) -> None:
        """Give an account other roles."""
        self.edit("change roles", "roles", self.some_roles())

    def groups(self) -> None:
        """Give an account other groups."""
        self.edit("change groups", "groups", (f"group {self.count}",))

    def deputies(self) -> None:
        """Give an account deputies, which is no power over it."""
        whose, by, other = self.anybody(), self.acting(), self.anybody()
        self.attempt(
            "change deputies",
            lambda: self.accounts.change(whose, lambda held: replace(held, deputies=(other,)), by),
        )

    def address(self) -> None:
        """Give an account another e-mail address."""
        self.edit("change the address", "email", self.choose.choice(("", f"m{self.choose.randrange(4)}@example.org")))

    def identity(self) -> None:
        """Link an account with one of few identities at the provider, which only one account at a time may have."""
        self.edit(
            "change the identity", "identity", self.choose.choice(("", self.named(f"i{self.choose.randrange(4)}")))
        )

    def edit(self, what: str, field: str, value: Any) -> None:  # noqa: ANN401 - the value of any field
        """Change one field of an account."""
        whose, by, changes = self.anybody(), self.acting(), {field: value}
        before = next(each for each in self.accounts.everyone() if each.name == whose)
        done = self.changed(
            what,
            whose,
            by,
            lambda: self.accounts.change(whose, lambda held: replace(held, **changes), by),
            way_in=field == "identity" and getattr(before, field) != value,
        )
        if done and field in {"email", "identity"}:
            self.hands.hold(whose, getattr(before, field), str(value), self.clock.now)

    def turn(self) -> None:
        """Disable an account, or enable it again."""
        whose, by = self.anybody(), self.acting()
        held = next(each for each in self.accounts.everyone() if each.name == whose)
        if not held.disabled and self.choose.random() < 0.7:
            return
        act = self.accounts.enable if held.disabled else self.accounts.disable
        self.changed("enable" if held.disabled else "disable", whose, by, lambda: act(whose, by))

    def provider(self) -> None:
        """Let the provider change the groups of a linked account, which is no person's act."""
        linked = [each for each in self.accounts.everyone() if each.identity and each.name in self.passwords]
        if linked:
            person = self.choose.choice(linked)
            claims = ProviderClaims(person.identity, person.name, "", None, (f"there {self.count}",))
            self.attempt("claims of the provider", lambda: self.accounts.apply_provider_claims(person, claims))

    def sign_in(self) -> None:
        """Sign in; a password that another person gave must be changed before anything else."""
        name = self.anybody()
        words, given = self.passwords[name]
        if next(each for each in self.accounts.everyone() if each.name == name).disabled:
            return
        token = self.accounts.sign_in(name, words, "127.0.0.1")
        refused = self.attempt("use a page", lambda: self.accounts.visitor(token))
        if isinstance(refused, PasswordToChange) != given:
            side = self.outcome.unsafe if given else self.outcome.stuck
            side.append(f"{self.seed}: {name} signed in with a password that is {'not ' * given}their own")
        if given and self.choose.random() < 0.7:
            own = self.words()
            self.accounts.change_password(token, words, own)
            self.passwords[name] = (own, False)

    def send(self) -> None:
        """Send a draft."""
        name = self.anybody()

        def act() -> None:
            review = self.humphrey.clearance.take(asking(name, about=f"{self.seed} {self.count}"))
            self.authors[review.id], self.waiting[review.id] = {name}, review.draft.digest

        self.attempt("send", act)

    def amend(self) -> None:
        """Give a draft other words."""
        self.count += 1
        if not self.waiting:
            return
        review, name = self.choose.choice(list(self.waiting)), self.anybody()

        def act() -> None:
            amended = self.humphrey.clearance.amend(review, f"{FIRST_WORDING} {self.count}", name)
            self.authors[review].add(name)
            self.waiting[review] = amended.draft.digest

        self.attempt("amend", act)

    def decide(self) -> None:
        """Decide on a draft, and compare with what the model expects."""
        if not self.waiting:
            return
        review, name = (
            self.choose.choice(list(self.waiting)),
            self.able("reviewer") if self.choose.random() < 0.9 else self.anybody(),
        )
        authors, digest = self.authors[review], self.waiting[review]
        person = next(each for each in self.accounts.everyone() if each.name == name)
        able = "reviewer" in person.roles and not person.disabled and name not in authors
        apart = self.hands.independent(name, authors, self.clock.now)
        refused = self.attempt("approve", lambda: self.humphrey.clearance.decide(review, "approve", name, digest))
        if refused is None:
            self.outcome.released += 1
            del self.waiting[review]
        if refused is None and not (able and apart):
            self.outcome.unsafe.append(f"{self.seed}: {name} approved {review} of {sorted(authors)}")
        if refused is not None and able and (apart or not isinstance(refused, NotIndependent)):
            self.outcome.stuck.append(f"{self.seed}: {name} could not approve {review} of {sorted(authors)}: {refused}")
        self.outcome.refused[NOT_INDEPENDENT] += isinstance(refused, NotIndependent)

    def wait(self) -> None:
        """Let some days pass."""
        self.clock.now += timedelta(days=self.choose.choice((1, 1, 1, 2, 16)))


def batch(seeds: list[str]) -> Outcome:
    """Run some sequences on one database, and check the whole of it at the end."""
    outcome, clock = Outcome(), Clock()
    folder = Path(tempfile.mkdtemp(prefix="proof-", dir=quick_folder()))
    humphrey = joined(
        folder, now=clock, people=lambda whole: Accounts(whole.database, _Plain(), demonstration=False, now=clock)
    )
    try:
        furnish(humphrey)
        for seed in seeds:
            Sequence(humphrey, clock, seed, outcome).run()
            outcome.sequences += 1
        outcome.unsafe += [f"{seeds[0]} to {seeds[-1]}: {said}" for said in audit(humphrey)]
    finally:
        humphrey.close()
        shutil.rmtree(folder)
    return outcome


def prove(count: int, seed: int) -> Outcome:
    """Run some number of sequences."""
    names, whole = [f"{seed}.{n}" for n in range(count)], Outcome()
    for first in range(0, count, _BATCH):
        whole.add(batch(names[first : first + _BATCH]))
    return whole


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--count", type=int, default=400, help="How many sequences.")
    parser.add_argument("--seed", type=int, default=1)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print the counts; exit with 1 if anything did not hold."""
    began = time.monotonic()
    outcome = prove(asked.count, asked.seed)
    acts = sum(outcome.done.values()) + sum(outcome.refused.values()) - outcome.refused[NOT_INDEPENDENT]
    print(f"sequences {outcome.sequences}, acts {acts}, {time.monotonic() - began:.0f} s")
    for name in sorted(outcome.done | outcome.refused):
        print(f"{name}\tdone {outcome.done[name]}\trefused {outcome.refused[name]}")
    print(f"approved\t{outcome.released}\nunsafe\t{len(outcome.unsafe)}\nstuck\t{len(outcome.stuck)}")
    return exit_code((*outcome.unsafe, *outcome.stuck))
