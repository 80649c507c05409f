"""What may happen to a review, kept a second time: simple books beside the product's, to compare it with.

Nothing here is taken from the gate. Who may do what is worked out from the sentences of the documentation.
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
        asker: who asked for it.
        marking: its protective marking.
        closed: whether it cites a document that only the group `inner` may read.
        texts: the text of each wording by its digest.
        digest: of the wording that stands.
        authors: whoever asked for it or changed its words.
        state: where it stands.
        approved: the digest and the reviewer of the approval that stands, None where there is none.
        approved_at: when that was.
        holder: who claimed it last, and `until` when.
        until: see `holder`.
        sent: the digest of what left.
        seeded: whether it was planted with an error, so that it may never leave.
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
        """Whether it was granted to somebody to clear such a draft, and they may read what it cites."""
        return (
            person is not None
            and not person.disabled
            and "reviewer" in person.roles
            and (not person.kinds or "answer" in person.kinds)
            and self.marking in person.markings
            and (not self.closed or "inner" in person.groups)
        )

    def free_for(self, name: str, now: datetime) -> bool:
        """Whether nobody else has it before them."""
        return self.holder in {"", name} or self.until is None or self.until <= now

    def may_claim(self, person: Person | None, now: datetime) -> bool:
        """Whether somebody may take it before them now."""
        stranger = person is not None and self.clears(person) and person.name not in self.authors
        return stranger and self.state == OPEN and person is not None and self.free_for(person.name, now)

    def may_hand_over(self, person: Person | None, deputy: Person | None, now: datetime) -> bool:
        """Whether somebody may give it to another now."""
        able = deputy is not None and self.clears(deputy) and deputy.name not in self.authors
        return self.may_claim(person, now) and able and person != deputy

    def may_hand_back(self, person: Person | None, now: datetime) -> bool:
        """Whether somebody has it, so that they may give it back."""
        mine = person is not None and not person.disabled and self.holder == person.name
        return mine and self.until is not None and self.until > now

    def at_hand(self, person: Person | None) -> bool:
        """Whether somebody has to do with it, and it can still change; a planted draft was sent by nobody."""
        author = person is not None and person.name in self.authors and not self.seeded
        concerned = author or self.clears(person)
        return concerned and person is not None and not person.disabled and self.state in {OPEN, RETURNED}

    def may_decide(self, person: Person | None, now: datetime, digest: str) -> bool:
        """Whether somebody may rule on it now, having seen the words of that digest."""
        return self.may_claim(person, now) and digest == self.digest

    def may_amend(self, person: Person | None, now: datetime, text: str) -> bool:
        """Whether somebody may give it these words now."""
        others = person is not None and self.free_for(person.name, now)
        return self.at_hand(person) and others and text != self.texts[self.digest]

    def worded(self, digest: str, text: str, editor: str) -> None:
        """Somebody gave it other words, which ends a claim."""
        self.texts[digest], self.digest, self.state = text, digest, OPEN
        self.authors.add(editor)
        self.holder, self.until = "", None

    def expired(self) -> None:
        """Its approval ran out: it has to be read and approved again."""
        self.state, self.approved, self.approved_at = OPEN, None, None

    def ruled(self, verdict: str, reviewer: str, at: datetime) -> None:
        """Somebody ruled on it, which ends a claim."""
        self.approved_at = at
        self.state = {"approve": RELEASED, "return": RETURNED, "refuse": REFUSED}[verdict]
        self.approved = (self.digest, reviewer) if verdict == "approve" else None
        self.holder, self.until = "", None
        if self.seeded:
            self.state, self.approved = CLOSED, None

    def fault(self, release: Release) -> str:
        """Why a text that leaves should not have left; empty when it is what another person approved."""
        if self.state != RELEASED or self.approved is None:
            return f"left while it was {self.state}"
        digest, reviewer = self.approved
        if (release.digest, release.approved_by, release.text) != (digest, reviewer, self.texts[digest]):
            return "is not in the words that were approved, or not by whom it says"
        if reviewer in self.authors:
            return f"was approved by {reviewer}, who is an author of it"
        return "left twice" if self.sent else ""
