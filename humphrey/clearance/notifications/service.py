"""Notices: what people are told of the drafts they have to do with, on their page and by e-mail.

A notice is kept in the transaction of the act it tells of, so that neither is without the other. A letter is claimed
before it is sent; killed between the sending and the note of it, it is sent again under the same Message-ID: at least
once. It holds the review's id and a link, and never a title or a word of the draft, whatever its marking.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from humphrey.clearance.notifications import store as notification_store
from humphrey.clearance.notifications.model import Notification, sentence, subject
from humphrey.clearance.notifications.store import PendingMail, UnsentMail
from humphrey.database.engine import Database
from humphrey.errors import DeliveryError, Undeliverable
from humphrey.mail.model import Mail

logger = logging.getLogger(__name__)


MOST_TRIES = 8
"""How often a letter is tried before it is given up."""


_CLAIM = timedelta(minutes=5)


_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


_NEWS = timedelta(days=7)


_AT_ONCE, _FAILED_RUNNING = 200, 3


class Notifications:
    """What people were told, and the letters that tell it.

    Args:
        database: where they are kept.
        now: the clock.
        origin: the address that people reach humphrey at, for links in letters; empty: letters have none.
    """

    def __init__(self, database: Database, now: Callable[[], datetime], origin: str = "") -> None:
        self._database = database
        self._now = now
        self._origin = origin.rstrip("/")

    def of(self, person: str, limit: int = 50) -> list[Notification]:
        """What somebody was told, latest first, at most `limit`."""
        return notification_store.of_person(self._database, person, limit)

    def unread(self, person: str) -> int:
        """How many notices somebody has not read."""
        return notification_store.count_unread(self._database, person)

    def read(self, person: str, notice_id: str) -> bool:
        """Note that somebody read a notice of theirs; False when it is not theirs, or was read before."""
        with self._database.transaction() as tx:
            return notification_store.mark_read(tx, person, notice_id, self._now())

    def sentence(self, notice: Notification) -> str:
        """What a notice says."""
        return sentence(notice)

    def unsent(self) -> UnsentMail:
        """What of the last week waits to be sent by e-mail, and what was given up."""
        return notification_store.count_unsent(self._database, self._now() - _NEWS)

    def mail(self, mail: Mail) -> int:
        """Send what waits to be sent, to whoever has an address; how many letters were taken.

        What was read on the page is not sent any more, nor what is older than a week. A letter that fails is tried
        again after a minute, then two, at most an hour, and given up after 8 tries, or at once where the server says
        that it will never take it. When three in a row fail, the rest waits for the next round.
        """
        sent, failing, now = 0, 0, self._now()
        for letter in notification_store.to_mail(self._database, now, now - _NEWS, _AT_ONCE):
            taken = self._send(letter, mail)
            sent, failing = sent + bool(taken), failing + 1 if taken is False else 0
            if failing == _FAILED_RUNNING:
                break
        return sent

    def _send(self, letter: PendingMail, mail: Mail) -> bool | None:
        """Whether the server took it; None when another round has it."""
        with self._database.transaction() as tx:
            if not notification_store.claim_for_mail(tx, letter, self._now() + _CLAIM):
                return None
        notice = letter.notice
        try:
            mail.send(letter.email, subject(notice), self._words(notice), notice.id)
        except DeliveryError as error:
            self._failed(letter, error)
            # An address that is none says nothing of the server.
            return None if isinstance(error, Undeliverable) else False
        with self._database.transaction() as tx:
            notification_store.mark_mailed(tx, notice.id, self._now())
        return True

    def _failed(self, letter: PendingMail, error: DeliveryError) -> None:
        tries = letter.attempts + 1
        wait = min(_FIRST_WAIT * 2 ** min(letter.attempts, 10), _LONGEST_WAIT)
        over = isinstance(error, Undeliverable) or tries >= MOST_TRIES
        logger.warning("notice_not_sent", extra={"notice": letter.notice.id, "tries": tries, "given_up": over})
        with self._database.transaction() as tx:
            notification_store.mark_unmailed(tx, letter.notice.id, str(error), None if over else self._now() + wait)

    def _words(self, notice: Notification) -> str:
        where = f"\n{self._origin}{_page(notice)}\n" if self._origin else ""
        return f"{sentence(notice)}\n{where}\nHumphrey sent this letter by itself; answers to it are not read.\n"


def _page(notice: Notification) -> str:
    """Where to read on: the page of the review, or that of all notices where it is of several."""
    return "/notices" if notice.event == "disposal_due" else f"/reviews/{notice.review}"
