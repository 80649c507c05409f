"""What people asked and were given, kept for them: their conversations, questions asked again, and what they thought.

Rule: everything is asked for in its owner's name. Another person's conversation is not there.
"""

import secrets
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from humphrey.composing import require_taken
from humphrey.core.conversations import UNTITLED, Conversation, Edit, Exchange, Feedback, folded
from humphrey.core.drafts import Draft
from humphrey.core.words import fit
from humphrey.people import People
from humphrey.store import attachments as attachment_store
from humphrey.store import conversations as conversation_store
from humphrey.store import ledger as ledger_store
from humphrey.store.engine import Database
from humphrey.writing import record_writing

_LONGEST_TITLE, _LONGEST_SEARCH, _LONGEST_REASON = 200, 200, 2_000
_MOST_WORDS = 12


class ConversationService:
    """The conversations of everybody.

    Args:
        database: where they are kept.
        people: who may have one.
        now: the clock.
    """

    def __init__(self, database: Database, people: People, now: Callable[[], datetime]) -> None:
        self._database = database
        self._people = people
        self._now = now

    def conversations(self, owner: str) -> Sequence[Conversation]:
        """A person's conversations, latest first."""
        return conversation_store.list_conversations(self._database, owner)

    def find_conversations(self, owner: str, words: str) -> Sequence[Conversation]:
        """A person's conversations that hold all of some words in titles, questions or answers, latest first.

        Capitals and accents make no difference; all of them where no word is given.

        Raises:
            CommissionError: the words are too long or not text.
        """
        sought = fit(words, "the words to look for", _LONGEST_SEARCH) if words.strip() else ""
        return conversation_store.list_conversations(self._database, owner, folded(sought).split()[:_MOST_WORDS])

    def new_conversation(self, owner: str, title: str = "") -> Conversation:
        """A conversation without exchanges; without a title it is called by what is asked in it first.

        Raises:
            CommissionError: the title is too long or not text.
            IdentityError: the owner is unknown or disabled.
        """
        title = " ".join(fit(title, "the title", _LONGEST_TITLE).split()) if title.strip() else ""
        opened = Conversation(secrets.token_hex(8), self._people.person(owner).name, title or UNTITLED, self._now())
        with self._database.transaction() as tx:
            conversation_store.open_conversation(tx, opened.id, opened.owner, title, opened.latest)
        return opened

    def exchanges(self, conversation_id: str, owner: str) -> Sequence[Exchange]:
        """The exchanges of one of the owner's conversations, oldest first, those that were replaced among them.

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
        """A question to be asked again in other words, with what completes it; `keep` then says what it replaces.

        Raises:
            CommissionError: the owner has no such exchange.
        """
        return conversation_store.edit(self._database, exchange_id, owner)

    def keep(self, draft: Draft, conversation_id: str | None, *, replacing: str = "") -> Exchange:
        """Keep a draft for whoever asked, in one of their conversations or a new one.

        Args:
            draft: what they were given.
            conversation_id: one of theirs; None opens one.
            replacing: an exchange of it that, with all after it, no longer holds; nothing of it is lost.

        Raises:
            CommissionError: they have no such conversation or exchange, or the draft was refused.
            IdentityError: whoever asked is unknown or disabled.
        """
        require_taken(draft)
        owner, at = self._people.person(draft.commission.asked_by).name, self._now()
        exchange = Exchange(secrets.token_hex(8), conversation_id or secrets.token_hex(8), draft, "", at)
        with self._database.transaction() as tx:
            if not conversation_id:
                conversation_store.open_conversation(tx, exchange.conversation, owner, "", at)
            if replacing:
                conversation_store.replace_from(tx, replacing, exchange.conversation, owner)
            conversation_store.add_exchange(tx, exchange, owner)
            record_writing(tx, exchange.id, draft, at)
        return exchange

    def feedback(self, exchange_id: str, owner: str, good: bool, reason: str = "") -> Feedback:
        """What whoever asked thinks of a draft, instead of what they said of it before.

        Raises:
            CommissionError: the owner has no such exchange, or the reason is too long or not text.
            IdentityError: the owner is unknown or disabled.
        """
        name = self._people.person(owner).name
        words = fit(reason, "the reason", _LONGEST_REASON) if reason.strip() else ""
        said = Feedback(good, words, self._now())
        with self._database.transaction() as tx:
            conversation_store.give_feedback(tx, exchange_id, name, said)
            ledger_store.enter(tx, name, "feedback:give", exchange_id, {"good": "yes" if good else "no"}, said.at)
        return said
