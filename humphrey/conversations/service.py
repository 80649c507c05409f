"""Conversations: questions with their drafts, edited questions, and feedback.

Every call names the owner. Another person's conversation is reported as missing.
"""

import secrets
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from humphrey.accounts.service import Accounts
from humphrey.conversations import attachment_store
from humphrey.conversations import store as conversation_store
from humphrey.conversations.model import UNTITLED, Conversation, Edit, Exchange, Feedback
from humphrey.database.engine import Database
from humphrey.drafting.ledger_entries import record_draft
from humphrey.drafting.pipeline import require_not_refused
from humphrey.ledger import store as ledger_store
from humphrey.papers.draft import Draft
from humphrey.text.sentences import folded
from humphrey.text.validation import validate_text

# Most characters of a title, of a search, and of the reason of feedback.
_LONGEST_TITLE, _LONGEST_SEARCH, _LONGEST_REASON = 200, 200, 2_000


# Words of a search that are looked up; each is one more condition on every exchange.
_MOST_WORDS = 12


class ConversationService:
    """Keeps conversations for their owners.

    Args:
        database: holds the conversations.
        people: the accounts.
        now: the clock.
    """

    def __init__(self, database: Database, people: Accounts, now: Callable[[], datetime]) -> None:
        self._database = database
        self._people = people
        self._now = now

    def conversations(self, owner: str) -> Sequence[Conversation]:
        """Return a person's conversations, latest first."""
        return conversation_store.list_conversations(self._database, owner)

    def find_conversations(self, owner: str, words: str) -> Sequence[Conversation]:
        """Return a person's conversations with all the words in titles, questions or answers, latest first.

        Case and accents are ignored. Without a word, all conversations are returned.

        Raises:
            CommissionError: the words are too long or not text.
        """
        query = (
            validate_text(words, "the words to look for", _LONGEST_SEARCH, checked_later=True) if words.strip() else ""
        )
        return conversation_store.list_conversations(self._database, owner, folded(query).split()[:_MOST_WORDS])

    def new_conversation(self, owner: str, title: str = "") -> Conversation:
        """Open an empty conversation; without a title, its first question becomes the title.

        Raises:
            CommissionError: the title is too long or not text.
            IdentityError: the owner is unknown or disabled.
        """
        title = _title(title) if title.strip() else ""
        opened = Conversation(secrets.token_hex(8), self._people.person(owner).name, title or UNTITLED, self._now())
        with self._database.transaction() as tx:
            conversation_store.open_conversation(tx, opened.id, opened.owner, title, opened.latest)
        return opened

    def rename(self, conversation_id: str, owner: str, title: str) -> None:
        """Give one of the owner's conversations another title; its place in the list stays.

        Raises:
            CommissionError: the owner has no such conversation, or the title is empty, too long or not text.
        """
        title = _title(title)
        with self._database.transaction() as tx:
            conversation_store.rename(tx, conversation_id, owner, title)

    def pin(self, conversation_id: str, owner: str, pinned: bool) -> None:
        """Keep one of the owner's conversations at the top of their list, or let it go.

        Raises:
            CommissionError: the owner has no such conversation.
        """
        with self._database.transaction() as tx:
            conversation_store.pin(tx, conversation_id, owner, pinned)

    def exchanges(self, conversation_id: str, owner: str) -> Sequence[Exchange]:
        """Return the exchanges of one of the owner's conversations, oldest first, replaced ones included.

        Raises:
            CommissionError: the owner has no such conversation.
        """
        return conversation_store.list_exchanges(self._database, conversation_id, owner)

    def files(self, conversation_id: str, owner: str) -> Collection[str]:
        """Return the ids of the documents given to one of the owner's conversations; empty if it is not theirs."""
        return (
            attachment_store.attached_documents(self._database, conversation_id)
            if conversation_store.is_owner(self._database, conversation_id, owner)
            else ()
        )

    def edit(self, exchange_id: str, owner: str) -> Edit:
        """Return a question to edit, with its context; pass the exchange's id to `save` as `replacing`.

        Raises:
            CommissionError: the owner has no such exchange.
        """
        return conversation_store.edit(self._database, exchange_id, owner)

    def save(self, draft: Draft, conversation_id: str | None, *, replacing: str = "") -> Exchange:
        """Save a draft for its asker, in one of their conversations or a new one.

        Args:
            draft: the draft.
            conversation_id: one of the asker's conversations; None opens one.
            replacing: the exchange that this one replaces, with all after it; replaced exchanges stay stored.

        Raises:
            CommissionError: the asker has no such conversation or exchange, or the draft was refused.
            IdentityError: the asker is unknown or disabled.
        """
        require_not_refused(draft)
        owner, at = self._people.person(draft.commission.asked_by).name, self._now()
        exchange = Exchange(secrets.token_hex(8), conversation_id or secrets.token_hex(8), draft, "", at)
        with self._database.transaction() as tx:
            if not conversation_id:
                conversation_store.open_conversation(tx, exchange.conversation, owner, "", at)
            if replacing:
                conversation_store.replace_from(tx, replacing, exchange.conversation, owner)
            conversation_store.add_exchange(tx, exchange, owner)
            record_draft(tx, exchange.id, draft, at)
        return exchange

    def save_feedback(self, exchange_id: str, owner: str, good: bool, reason: str = "") -> Feedback:
        """Save the asker's feedback on a draft, in place of any earlier feedback.

        Raises:
            CommissionError: the owner has no such exchange, or the reason is too long or not text.
            IdentityError: the owner is unknown or disabled.
        """
        name = self._people.person(owner).name
        words = validate_text(reason, "the reason", _LONGEST_REASON) if reason.strip() else ""
        said = Feedback(good, words, self._now())
        with self._database.transaction() as tx:
            conversation_store.save_feedback(tx, exchange_id, name, said)
            ledger_store.enter(tx, name, "feedback:give", exchange_id, {"good": "yes" if good else "no"}, said.at)
        return said


def _title(title: str) -> str:
    return " ".join(validate_text(title, "the title", _LONGEST_TITLE).split())
