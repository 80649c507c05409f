"""Disguised words at every door: characters that cannot be seen, and letters that look like others.

Every default-ignorable and bidirectional control, tag and filler stands inside a word, and every confusable character
that is no Latin letter in place of a letter of one. Each is typed as a question, a fact, an amendment, an instruction
and a comment, written by a model, and given as a title, a file's name, a recipient and the name of an account. It got
through if it was taken and nothing forbids that it leaves. `python -m evals.proofs disguise`.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import regex

from evals.proofs.scene import BOTH, FIRST_WORDING, asking, drafted, furnish, joined
from humphrey.accounts.identity_provider import ProviderClaims
from humphrey.accounts.model import Person
from humphrey.app.container import Humphrey
from humphrey.checks.registry import check
from humphrey.clearance.model import Review
from humphrey.errors import HumphreyError
from humphrey.papers.draft import Commission, Draft
from humphrey.text.look_alikes import prototypes

IGNORABLE = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u2800]")


# Latin letters of other alphabets than the English one are of the same script as the rest of the word.
_LATIN = regex.compile(r"[\p{Script=Latin}&&\p{L}--[\uff21-\uff5a]]", regex.V1)


_PEOPLE = (Person("amina", ("official",)), Person("grace", ("reviewer",), markings=BOTH))


_FACTS = {
    "case_reference": "FOI2026/00123",
    "requester_name": "Jo",
    "requester_address": "1 High Street",
    "date_received": "2026-11-23",
    "request_text": "Please send the plan of the new office.",
    "contact": "The information team",
}


_AMENDED_EVERY = 25
"""Amendments of one review before a new one is opened; each stores a further wording."""


@dataclass
class Door:
    """One way in: what was tried, what was refused at once, what a finding forbids, and what got through."""

    name: str
    tries: int = 0
    refused: int = 0
    forbidden: int = 0
    dropped: int = 0
    through: list[str] = field(default_factory=list)


Taken = str
"""What became of a disguise: "forbidden" by a finding, "dropped" from what was taken, or "through"."""


def disguises(every: int = 1) -> tuple[list[str], list[str]]:
    """Return words with a character that cannot be seen, and words with a letter that looks like another.

    Args:
        every: take every so many of them.
    """
    unseen = [f"pay{sign}ment" for sign in map(chr, range(0x110000)) if IGNORABLE.match(sign)]
    alike = [f"no{sign}te" for sign, letter in prototypes().items() if _disguises(sign, letter)]
    return unseen[::every], alike[::every]


def _disguises(sign: str, letter: str) -> bool:
    """Return whether a character that is no Latin letter looks like one English letter."""
    english = len(letter) == 1 and letter.isascii() and letter.isalpha()
    return english and not sign.isascii() and not _LATIN.match(sign)


def prove(folder: Path, every: int = 1) -> list[Door]:
    """Bring every disguise to every door."""
    humphrey = joined(folder)
    try:
        furnish(humphrey, _PEOPLE)
        words = [word for kind in disguises(every) for word in kind]
        return [_tried(name, act, words) for name, act in _doors(humphrey).items()]
    finally:
        humphrey.close()


def _doors(humphrey: Humphrey) -> Mapping[str, Callable[[str], Taken]]:
    desk = _Desk(humphrey)
    return {
        "question": desk.question,
        "fact": desk.fact,
        "amendment": desk.amendment,
        "instruction": desk.instruction,
        "comment": desk.comment,
        "model": lambda word: desk.draft(replace(drafted(asking("amina")), text=f"{FIRST_WORDING} The {word}.")),
        "title": lambda word: desk.cited(title=f"The {word}"),
        "recipient": desk.recipient,
        "file name": desk.file_name,
        "account name": desk.account,
    }


def _tried(name: str, act: Callable[[str], Taken], words: Sequence[str]) -> Door:
    door = Door(name)
    for word in words:
        door.tries += 1
        try:
            taken = act(word)
        except HumphreyError:
            door.refused += 1
            continue
        if taken == "through":
            door.through.append(" ".join(f"U+{ord(sign):04X}" for sign in word if not sign.isascii()))
        door.forbidden += taken == "forbidden"
        door.dropped += taken == "dropped"
    return door


class _Desk:
    """The doors of one humphrey."""

    def __init__(self, humphrey: Humphrey) -> None:
        self._humphrey = humphrey
        self._conversation = humphrey.conversations.new_conversation("amina").id
        self._review: Review | None = None
        self._amended = 0

    def question(self, word: str) -> Taken:
        asked = asking("amina", about=f"And what of the {word}?")
        return self._asked(asked, word)

    def fact(self, word: str) -> Taken:
        facts = {**_FACTS, "requester_name": f"Jo {word}"}
        return self._asked(Commission("foi_acknowledgement", "", "amina", "file", facts=facts), word)

    def recipient(self, word: str) -> Taken:
        by_mail = Commission("answer", asking("amina").text, "amina", "email", reply_to=f"{word}@office.example")
        return self._asked(by_mail, word)

    def instruction(self, word: str) -> Taken:
        return _kept(self._humphrey.drafting.accept_instruction(f"Say more of the {word}."), word)

    def comment(self, word: str) -> Taken:
        review = self._open()
        said = self._humphrey.assignment.comment(review.id, "grace", f"Look at the {word}.")
        return _kept(said.comments[-1].text, word)

    def amendment(self, word: str) -> Taken:
        review = self._open()
        text = f"{FIRST_WORDING} This is wording {self._amended} of the {word}."
        amended = self._humphrey.clearance.amend(review.id, text, "amina")
        self._amended += 1
        # Approved by another person: refused, unless the words got through.
        return self._approved(amended)

    def draft(self, draft: Draft) -> Taken:
        """Send for clearance a draft as an earlier version may have stored it, without findings, and approve it."""
        found = check(draft, self._humphrey.drafting.papers["answer"], self._humphrey.library.document)
        if not any(each.level == "block" for each in found):
            return "through"
        return self._approved(self._humphrey.clearance.open_review(replace(draft, findings=())))

    def cited(self, title: str) -> Taken:
        draft = drafted(asking("amina"))
        [citation] = draft.citations
        return self.draft(replace(draft, citations=(replace(citation, title=title),)))

    def file_name(self, word: str) -> Taken:
        held = self._humphrey.attachments.attach("amina", self._conversation, f"{word}.txt", b"The plan of the office.")
        if held.refused and held.name == f"{word}.txt":
            return "forbidden"
        return _kept(held.name, word)

    def account(self, word: str) -> Taken:
        claims = ProviderClaims(f"subject of {word}", f"Jo {word}", "", ("official",), None)
        return _kept(self._humphrey.accounts.apply_provider_claims(None, claims).name, word)

    def _asked(self, commission: Commission, word: str) -> Taken:
        draft = self._humphrey.drafting.compose(commission)
        if draft.status == "refused" or draft.blocked:
            return "forbidden"
        asked = draft.commission
        return _kept(" ".join((asked.text, asked.recipient, *asked.facts.values())), word)

    def _approved(self, review: Review) -> Taken:
        try:
            self._humphrey.clearance.decide(review.id, "approve", "grace", review.draft.digest)
        except HumphreyError:
            return "forbidden"
        self._review = None
        return "through"

    def _open(self) -> Review:
        if self._review is None or self._amended % _AMENDED_EVERY == 0:
            self._amended += 1
            self._review = self._humphrey.clearance.take(asking("amina"))
        return self._review


def _kept(held: str, word: str) -> Taken:
    return "through" if word in held else "dropped"


def _told(doors: Sequence[Door]) -> Iterator[str]:
    for door in doors:
        counts = f"refused {door.refused}\tforbidden {door.forbidden}\tdropped {door.dropped}"
        yield f"{door.name}\ttries {door.tries}\t{counts}\tthrough {len(door.through)}"
    yield from (f"{door.name}: {', '.join(door.through[:20])}" for door in doors if door.through)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--every", type=int, default=1, help="Try every so many characters; 1 tries them all.")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print the counts; exit with 1 if anything got through."""
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        doors = prove(Path(folder), asked.every)
    unseen, alike = disguises(asked.every)
    print(f"{len(unseen)} characters that cannot be seen, {len(alike)} that look like a letter of the English alphabet")
    print("\n".join(_told(doors)))
    return 1 if any(door.through for door in doors) else 0
