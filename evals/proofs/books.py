"""A second, simple model of what may happen to a review, to compare the product with.

It takes nothing from the gate. Its rules of who may do what come from the documentation.
"""

from dataclasses import dataclass, field
from datetime import datetime

from humphrey.accounts.model import Person
from humphrey.clearance.gate import Release

OPEN, RETURNED, REFUSED, RELEASED, DELIVERED = "open", "returned", "refused", "released", "delivered"


CLOSED = "closed"


@dataclass
class Book:
    """One review as its history should have left it.

    Args:
        asker: the person who asked for it.
        marking: its protective marking.
        closed: whether it cites a document that only the group `inner` may read.
        texts: the text of each version by its digest.
        digest: the digest of the current version.
        authors: the people who asked for it or changed its words.
        state: its state.
        approved: the digest and the reviewer of the approval in force, None without one.
        approved_at: when that was.
        holder: who claimed it last, and `until` when.
        until: see `holder`.
        sent: the digest of the text that left.
        seeded: whether it is a spot check, which may never leave.
    """

    asker: str
    marking: str
    closed: bool
    texts: dict[str, str]
    digest: str
    authors: set[str]
    state: str = OPEN
    approved: tuple[str, str] | None = None
    approved_at: datetime | None = None
    holder: str = ""
    until: datetime | None = None
    sent: list[str] = field(default_factory=list)
    seeded: bool = False

    def clears(self, person: Person | None) -> bool:
        """Return whether a person is granted to clear such a draft, and may read what it cites."""
        return (
            person is not None
            and not person.disabled
            and "reviewer" in person.roles
            and (not person.kinds or "answer" in person.kinds)
            and self.marking in person.markings
            and (not self.closed or "inner" in person.groups)
        )

    def free_for(self, name: str, now: datetime) -> bool:
        """Return whether no other person has claimed it."""
        return self.holder in {"", name} or self.until is None or self.until <= now

    def may_claim(self, person: Person | None, now: datetime) -> bool:
        """Return whether a person may claim it now."""
        stranger = person is not None and self.clears(person) and person.name not in self.authors
        return stranger and self.state == OPEN and person is not None and self.free_for(person.name, now)

    def may_hand_over(self, person: Person | None, deputy: Person | None, now: datetime) -> bool:
        """Return whether a person may hand it over to another now."""
        able = deputy is not None and self.clears(deputy) and deputy.name not in self.authors
        return self.may_claim(person, now) and able and person != deputy

    def may_hand_back(self, person: Person | None, now: datetime) -> bool:
        """Return whether a person has the claim, so that they may hand it back."""
        mine = person is not None and not person.disabled and self.holder == person.name
        return mine and self.until is not None and self.until > now

    def at_hand(self, person: Person | None) -> bool:
        """Return whether a person takes part in it and it can still change; a spot check was sent by nobody."""
        author = person is not None and person.name in self.authors and not self.seeded
        concerned = author or self.clears(person)
        return concerned and person is not None and not person.disabled and self.state in {OPEN, RETURNED}

    def may_decide(self, person: Person | None, now: datetime, digest: str) -> bool:
        """Return whether a person may decide on it now, having seen the words of that digest."""
        return self.may_claim(person, now) and digest == self.digest

    def may_undo(self, person: Person | None) -> bool:
        """Return whether a person may take back its approval: their own, of a text that has not left."""
        mine = person is not None and self.approved is not None and self.approved[1] == person.name
        return mine and person is not None and not person.disabled and self.state == RELEASED

    def may_amend(self, person: Person | None, now: datetime, text: str) -> bool:
        """Return whether a person may give it these words now."""
        others = person is not None and self.free_for(person.name, now)
        return self.at_hand(person) and others and text != self.texts[self.digest]

    def worded(self, digest: str, text: str, editor: str) -> None:
        """Record new words, which end a claim."""
        self.texts[digest], self.digest, self.state = text, digest, OPEN
        self.authors.add(editor)
        self.holder, self.until = "", None

    def expired(self) -> None:
        """Record an expired approval: it must be read and approved again."""
        self.state, self.approved, self.approved_at = OPEN, None, None

    def ruled(self, verdict: str, reviewer: str, at: datetime) -> None:
        """Record a decision, which ends a claim."""
        self.approved_at = at
        self.state = {"approve": RELEASED, "return": RETURNED, "refuse": REFUSED}[verdict]
        self.approved = (self.digest, reviewer) if verdict == "approve" else None
        self.holder, self.until = "", None
        if self.seeded:
            self.state, self.approved = CLOSED, None

    def fault(self, release: Release) -> str:
        """Return why a text that leaves should not have left; empty if another person approved it."""
        if self.state != RELEASED or self.approved is None:
            return f"left while it was {self.state}"
        digest, reviewer = self.approved
        if (release.digest, release.approved_by, release.text) != (digest, reviewer, self.texts[digest]):
            return "is not in the words that were approved, or not by whom it says"
        if reviewer in self.authors:
            return f"was approved by {reviewer}, who is an author of it"
        return "left twice" if self.sent else ""
