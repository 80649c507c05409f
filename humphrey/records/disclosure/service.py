"""Disclosure: an auditor searches the record, decides on every redaction, and a second person clears the pack.

Rule: the ledger records searches and decisions as digests only. An auditor is shown the texts that rest on what they
may read; a disclosure officer is shown the others too, and the ledger names each use of that right with its pack. What
leaves is a draft like any other, which another person must approve; it contains no redacted word.
"""

import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Literal

from humphrey.accounts.model import Person
from humphrey.accounts.roles import may, require
from humphrey.accounts.service import Accounts
from humphrey.clearance.model import Review
from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.digests import canonical, sha256
from humphrey.documents.audiences import MayRead
from humphrey.errors import CommissionError, NotPermitted, RecordError, ReviewError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.attempts import REFUSALS, Attempts
from humphrey.ledger.model import Act
from humphrey.papers.draft import Commission, Draft, Finding, ModelName
from humphrey.records.disclosure import store as disclosure_store
from humphrey.records.disclosure.model import (
    KIND,
    REGIMES,
    DisclosurePack,
    Excerpt,
    PackItem,
    Redaction,
    Regime,
    SearchCriteria,
    SearchResult,
    apply_decision,
    disclosed_text,
    fits,
    left_out,
    redact_words,
    redaction_working,
    to_item,
)
from humphrey.text.redaction import suggest
from humphrey.text.validation import validate_text

# Limits in characters. The last is for the whole text of a pack.
_LONGEST_CRITERION, _LONGEST_REFERENCE, _LONGEST_REASON, _LONGEST_TEXT = 200, 60, 200, 200_000


# The model name of a pack's draft: no language model writes any of it.
_BY_RULE = ModelName("humphrey", "disclosure")


OpenReview = Callable[[Draft, Callable[[Transaction, Review], None]], Review]
"""Open a review of a draft; the callback runs in the same transaction."""


logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class OpenedPack:
    """A pack with the texts of its items, by item number."""

    pack: DisclosurePack
    texts: Mapping[int, str]


class Disclosure:
    """Searches of the record, and disclosure packs made from them.

    Args:
        database: the database of the record.
        people: the accounts, for the auditor's role.
        may_read: decides which documents a group may read.
        checked: returns the findings of the checks in a draft.
        open_review: opens a review of a draft.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        people: Accounts,
        may_read: MayRead,
        checked: Callable[[Draft], tuple[Finding, ...]],
        open_review: OpenReview,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._people = people
        self._may_read = may_read
        self._checked = checked
        self._open_review = open_review
        self._now = now
        self._attempts = Attempts(database, now, (*REFUSALS, RecordError))

    def search(self, user: str, criteria: SearchCriteria) -> SearchResult:
        """Return every text that matches, with the ids of those that could not be searched, or not by this person.

        Raises:
            CommissionError: the criteria are empty, too long or not text.
            IdentityError: the user is unknown or disabled.
            NotPermitted: the user is not an auditor.
        """
        with self._trying("disclosure:search", "record", user):
            valid = _validated(criteria)
            found = self._run_search(valid, self._people.person(user))
            self._record(user, "record", valid, found)
        return found

    def open(self, user: str, criteria: SearchCriteria, regime: Regime, reference: str) -> DisclosurePack:
        """Make a pack of every text that matches, with suggested redactions.

        Raises:
            CommissionError: the criteria are empty, or a text is empty, too long or not text.
            IdentityError: the user is unknown or disabled.
            NotPermitted: the user is not an auditor.
            RecordError: nothing was found.
        """
        pack_id = secrets.token_hex(8)
        with self._trying("disclosure:search", pack_id, user):
            valid, called = _validated(criteria), validate_text(reference, "the reference", _LONGEST_REFERENCE)
            found = self._run_search(valid, self._people.person(user))
            if not found.pieces:
                raise RecordError("nothing in the record matches, so no pack was made; give fewer criteria")
            items = tuple(to_item(n, piece) for n, piece in enumerate(found.pieces, start=1))
            marks = tuple(self._suggestions(found.pieces, valid.person))
            pack = DisclosurePack(pack_id, user, self._now(), regime, called, valid, items, marks)
            self._record(user, pack_id, valid, found, lambda tx: disclosure_store.add_pack(tx, pack))
        return pack

    def packs(self, user: str) -> Sequence[DisclosurePack]:
        """Return every pack, the latest first.

        Raises:
            IdentityError: the user is unknown or disabled.
            NotPermitted: the user is not an auditor.
        """
        self._auditor(user)
        return disclosure_store.list_packs(self._database)

    def pack(self, user: str, pack_id: str) -> OpenedPack:
        """Return a pack with its texts.

        Raises:
            IdentityError: the user is unknown or disabled.
            NotPermitted: the user is not an auditor, or may not read what one of its texts rests on.
            RecordError: there is no such pack, or one of its texts has changed since the search.
        """
        self._auditor(user)
        opened = self._with_texts(disclosure_store.pack(self._database, pack_id))
        with self._attempts.trying("disclosure:read", pack_id, user):
            by_right = self._require_words(user, opened.pack)
        if by_right:
            with self._database.transaction() as tx:
                ledger_store.enter(tx, user, "disclosure:read", pack_id, _used(by_right), self._now())
        return opened

    def decide(
        self, user: str, pack_id: str, numbers: Sequence[int], standing: Literal["confirmed", "removed"]
    ) -> DisclosurePack:
        """Confirm or remove redactions.

        Raises:
            IdentityError: the user is unknown or disabled.
            NotPermitted: the user is not an auditor.
            RecordError: there is no such pack or redaction, or the pack was sent.
        """
        return self._change(user, pack_id, lambda pack: apply_decision(pack, numbers, standing, user))

    def add(self, user: str, pack_id: str, words: str, reason: str) -> DisclosurePack:
        """Redact every occurrence of some words in a pack.

        Raises:
            CommissionError: the words or the reason are empty, too long or not text.
            IdentityError: the user is unknown or disabled.
            NotPermitted: the user is not an auditor.
            RecordError: there is no such pack, it was sent, or it does not contain the words.
        """
        with self._trying("disclosure:redact", pack_id, user):
            phrase = validate_text(words, "the words", _LONGEST_CRITERION, checked_later=True)
            why = _reason(reason)
            pack = disclosure_store.pack(self._database, pack_id)
            self._require_words(user, pack)
            texts = self._with_texts(pack).texts
        return self._change(user, pack_id, lambda pack: redact_words(pack, texts, phrase, why, user))

    def leave_out(self, user: str, pack_id: str, item: int, reason: str) -> DisclosurePack:
        """Leave an item out of a pack; the reason is given out instead. An empty reason includes the item again.

        Raises:
            CommissionError: the reason is too long or not text, or contains square brackets.
            IdentityError: the user is unknown or disabled.
            NotPermitted: the user is not an auditor.
            RecordError: there is no such pack or item, or the pack was sent.
        """
        with self._trying("disclosure:redact", pack_id, user):
            why = _reason(reason) if reason.strip() else ""
        return self._change(user, pack_id, lambda pack: left_out(pack, item, why))

    def drop(self, user: str, pack_id: str) -> DisclosurePack:
        """Empty a pack, so that it no longer keeps words from disposal.

        Raises:
            IdentityError: the user is unknown or disabled.
            NotPermitted: the user is not an auditor.
            RecordError: there is no such pack, or it was sent.
        """
        return self._change(user, pack_id, _emptied)

    def send(self, user: str, pack_id: str, outlet: str = "file", recipient: str = "") -> Review:
        """Open a review of the redacted pack in the sender's name; nothing leaves before it is approved.

        Args:
            user: the auditor who sends it, and who cannot approve it.
            pack_id: the pack.
            outlet: the outlet it goes to once approved.
            recipient: the address within the outlet; empty means the sender.

        Raises:
            IdentityError: the user is unknown or disabled.
            NotPermitted: the user is not an auditor.
            RecordError: a suggestion is undecided, or redacted words occur unredacted elsewhere.
        """
        with self._trying("review:open", pack_id, user):
            opened = self._with_texts(_require_editable(disclosure_store.pack(self._database, pack_id)))
            self._require_words(user, opened.pack)
            draft = self._draft(opened, user, outlet, recipient)

        def close(tx: Transaction, review: Review) -> None:
            if disclosure_store.pack(tx, pack_id) != opened.pack:
                raise ReviewError(f"pack {pack_id} was changed meanwhile; read it again, then send it")
            disclosure_store.save_pack(tx, replace(opened.pack, review=review.id))

        return self._open_review(draft, close)

    def _draft(self, opened: OpenedPack, user: str, outlet: str, recipient: str) -> Draft:
        pack, texts = opened.pack, opened.texts
        text = disclosed_text(pack, texts)
        if len(text) > _LONGEST_TEXT:
            raise RecordError(
                f"pack {pack.id} has {len(text):,} characters, more than {_LONGEST_TEXT:,}; make two, by dates"
            )
        # One sensitive text makes the pack sensitive. Handling instructions of a text do not carry over.
        sensitive = any("SENSITIVE" in item.marking for item in pack.items if not item.left_out)
        commission = Commission(
            KIND,
            f"Disclosure for a {REGIMES[pack.regime]}: {pack.reference}",
            user,
            outlet,
            facts={"case_reference": pack.reference, "pack": pack.id},
            reply_to=recipient,
            marking="OFFICIAL-SENSITIVE" if sensitive else "OFFICIAL",
        )
        # A reviewer of the pack must be allowed to read all that the texts in it rest on.
        held = self._held(item for item in pack.items if not item.left_out)
        given = tuple(dict.fromkeys(each for piece in held.values() for each in piece.rests_on))
        draft = Draft(commission, "answered", text, _BY_RULE, workings=(redaction_working(pack, texts),), given=given)
        return replace(draft, findings=self._checked(draft))

    def _run_search(self, criteria: SearchCriteria, person: Person) -> SearchResult:
        lost: dict[str, list[str]] = {"unreadable": [], "disposed": [], "withheld": []}
        looked_at, by_right, pieces = 0, 0, []
        for piece in disclosure_store.excerpts(self._database, lambda id_, why: lost[why].append(id_)):
            readable = self._reads(piece, person)
            if not readable and not may(person, "disclose"):
                # Withheld whether it matches or not: a match would tell that a word is in it.
                lost["withheld"].append(piece.id.split("/")[1])
                continue
            looked_at += 1
            if fits(piece, criteria):
                pieces.append(piece)
                by_right += not readable
        in_order = sorted(pieces, key=lambda each: (each.at, each.id))
        gone, withheld = (tuple(lost["unreadable"]), tuple(lost["disposed"])), tuple(dict.fromkeys(lost["withheld"]))
        return SearchResult(tuple(in_order), looked_at, *gone, withheld, by_right)

    def _reads(self, piece: Excerpt, person: Person) -> bool:
        """Return whether an auditor may read what a text rests on; files of its asker are open to auditors."""
        rested = (each for each in piece.rests_on if not each.attached)
        return all(self._may_read(each.id, person.groups, each.version) for each in rested)

    def _require_words(self, user: str, pack: DisclosurePack) -> int:
        """Require that a person may see the texts of a pack; return the number seen by the right to disclose alone.

        Raises:
            NotPermitted: a text rests on what they may not read, and they are no disclosure officer.
        """
        person = self._people.person(user)
        closed = sum(not self._reads(piece, person) for piece in self._held(pack.items).values())
        if closed and not may(person, "disclose"):
            raise NotPermitted(
                f"pack {pack.id} has texts that rest on guidance that {user} may not read; ask a disclosure officer"
            )
        return closed

    def _held(self, items: Iterable[PackItem]) -> Mapping[str, Excerpt]:
        return disclosure_store.excerpts_by_id(self._database, [item.id for item in items])

    def _suggestions(self, pieces: Sequence[Excerpt], subject: str) -> Iterator[Redaction]:
        known, n = [person.name for person in self._people.everyone()], 0
        for item, piece in enumerate(pieces, start=1):
            for mark in suggest(piece.text, known, subject):
                n += 1
                yield Redaction(n, item, mark.start, mark.end, mark.reason)

    def _with_texts(self, pack: DisclosurePack) -> OpenedPack:
        held = self._held(pack.items)
        for item in pack.items:
            if item.id not in held or sha256(held[item.id].text) != item.digest:
                raise RecordError(
                    f"item {item.n} of pack {pack.id} has changed since it was found; "
                    "search again and make another pack"
                )
        return OpenedPack(pack, {item.n: held[item.id].text for item in pack.items})

    def _change(self, user: str, pack_id: str, change: Callable[[DisclosurePack], DisclosurePack]) -> DisclosurePack:
        with self._trying("disclosure:redact", pack_id, user), self._database.transaction() as tx:
            if change is not _emptied:
                self._require_words(user, disclosure_store.pack(tx, pack_id))
            changed = change(_require_editable(disclosure_store.pack(tx, pack_id)))
            disclosure_store.save_pack(tx, changed)
            said = canonical([[asdict(mark) for mark in changed.marks], [item.left_out for item in changed.items]])
            detail = {"undecided": str(len(changed.undecided)), "digest": sha256(said)}
            ledger_store.enter(tx, user, "disclosure:redact", pack_id, detail, self._now())
        return changed

    def _record(
        self,
        user: str,
        subject: str,
        criteria: SearchCriteria,
        found: SearchResult,
        along: Callable[[Transaction], None] = lambda _act: None,
    ) -> None:
        digest = sha256(canonical({name: str(value or "") for name, value in asdict(criteria).items()}))
        detail = {"sought": digest, "looked_at": str(found.looked_at), "found": str(len(found.pieces))}
        detail |= _used(found.by_right)
        with self._database.transaction() as tx:
            along(tx)
            ledger_store.enter(tx, user, "disclosure:search", subject, detail, self._now())
        logger.info("record_searched", extra={"subject": subject, "found": len(found.pieces)})

    def _auditor(self, user: str) -> None:
        require(self._people.person(user), "audit")

    @contextmanager
    def _trying(self, tried: Act, subject: str, user: str) -> Iterator[None]:
        """Check the auditor's role, and enter a refused attempt in the ledger."""
        with self._attempts.trying(tried, subject, user):
            self._auditor(user)
            yield


def _emptied(pack: DisclosurePack) -> DisclosurePack:
    return replace(pack, items=(), marks=(), criteria=SearchCriteria())


def _used(by_right: int) -> dict[str, str]:
    """Return the detail of an entry about texts that a person was shown by the right to disclose alone."""
    return {"right": "disclose", "by_right": str(by_right)} if by_right else {}


def _validated(criteria: SearchCriteria) -> SearchCriteria:
    """Return the criteria with blanks trimmed.

    Raises:
        CommissionError: the criteria are empty, too long or not text.
    """
    if criteria == SearchCriteria():
        raise CommissionError("say what to look for: a person, words, a kind, or days")

    def trimmed(text: str, what: str) -> str:
        return validate_text(text, what, _LONGEST_CRITERION, checked_later=True) if text.strip() else ""

    return replace(criteria, person=trimmed(criteria.person, "the person"), words=trimmed(criteria.words, "the words"))


def _reason(reason: str) -> str:
    why = " ".join(validate_text(reason, "the reason", _LONGEST_REASON).split())
    if set(why) & set("[]"):
        raise CommissionError("the reason stands between square brackets; write it without any")
    return why


def _require_editable(pack: DisclosurePack) -> DisclosurePack:
    if pack.review:
        raise RecordError(f"pack {pack.id} was sent for clearance as review {pack.review}; it cannot be changed")
    if not pack.items:
        raise RecordError(f"pack {pack.id} was given up; search again and make another")
    return pack
