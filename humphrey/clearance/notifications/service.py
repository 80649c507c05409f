"""Notifications: messages to people about their drafts, on their page and by e-mail.

A notification is stored in the transaction of the act it reports, so both exist or neither. An e-mail is claimed before
it is sent. After a crash between sending and recording it is sent again under the same Message-ID: delivery is at least
once. It holds the review's reference and a link, never a title or words of the draft, whatever its marking.
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
"""The number of attempts before an e-mail is given up."""


# Another process sends the e-mail again if this one has not recorded a result by then.
_CLAIM = timedelta(minutes=5)


# The wait doubles from the first to the longest.
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


# A notification older than this is no longer sent by e-mail.
_MAIL_WINDOW = timedelta(days=7)


# E-mails of one run, and the failures in a row that end it, because the server is probably down.
_BATCH_SIZE, _FAILURES_IN_A_ROW = 200, 3


class Notifications:
    """The notifications of people, and their e-mails.

    Args:
        database: the database.
        now: the clock.
        origin: the public address of humphrey, for links in e-mails; if empty, e-mails have no link.
    """

    def __init__(self, database: Database, now: Callable[[], datetime], origin: str = "") -> None:
        self._database = database
        self._now = now
        self._origin = origin.rstrip("/")

    def of(self, person: str, limit: int = 50) -> list[Notification]:
        """Return the notifications of a person, latest first, at most `limit`."""
        return notification_store.notifications_of(self._database, person, limit)

    def unread(self, person: str) -> int:
        """Return the number of unread notifications of a person."""
        return notification_store.count_unread(self._database, person)

    def read(self, person: str, notice_id: str) -> bool:
        """Mark a person's notification as read; False if it is not theirs or was read before."""
        with self._database.transaction() as tx:
            return notification_store.mark_read(tx, person, notice_id, self._now())

    def sentence(self, notice: Notification) -> str:
        """Return the text of a notification."""
        return sentence(notice)

    def unsent(self) -> UnsentMail:
        """Return the numbers of waiting and abandoned e-mails of the last week."""
        return notification_store.count_unsent(self._database, self._now() - _MAIL_WINDOW)

    def mail(self, mail: Mail) -> int:
        """Send the waiting e-mails to people with an address; return the number sent.

        Notifications that were read on the page, or are older than a week, are not sent. A failed e-mail is tried again
        after one minute, then two, at most an hour. It is given up after `MOST_TRIES` attempts, or at once if the
        server refuses it for good. After three failures in a row the rest waits for the next run: the server is
        probably down.
        """
        sent, failing, now = 0, 0, self._now()
        for letter in notification_store.pending_mail(self._database, now, now - _MAIL_WINDOW, _BATCH_SIZE):
            taken = self._send(letter, mail)
            sent, failing = sent + bool(taken), failing + 1 if taken is False else 0
            if failing == _FAILURES_IN_A_ROW:
                break
        return sent

    def _send(self, letter: PendingMail, mail: Mail) -> bool | None:
        """Send one e-mail; return whether the server took it, None if another process has it or the address is bad."""
        with self._database.transaction() as tx:
            if not notification_store.claim_for_mail(tx, letter, self._now() + _CLAIM):
                return None
        notice = letter.notice
        try:
            mail.send(letter.email, subject(notice), self._body(notice), notice.id)
        except DeliveryError as error:
            self._record_failure(letter, error)
            # A bad address is no sign that the server is down, so it does not count as a failure in a row.
            return None if isinstance(error, Undeliverable) else False
        with self._database.transaction() as tx:
            notification_store.mark_mailed(tx, notice.id, self._now())
        return True

    def _record_failure(self, letter: PendingMail, error: DeliveryError) -> None:
        tries = letter.attempts + 1
        wait = min(_FIRST_WAIT * 2 ** min(letter.attempts, 10), _LONGEST_WAIT)
        over = isinstance(error, Undeliverable) or tries >= MOST_TRIES
        logger.warning("notice_not_sent", extra={"notice": letter.notice.id, "tries": tries, "given_up": over})
        with self._database.transaction() as tx:
            notification_store.mark_unmailed(tx, letter.notice.id, str(error), None if over else self._now() + wait)

    def _body(self, notice: Notification) -> str:
        where = f"\n{self._origin}{_page(notice)}\n" if self._origin else ""
        return f"{sentence(notice)}\n{where}\nHumphrey sent this letter by itself; answers to it are not read.\n"


def _page(notice: Notification) -> str:
    """Return the path of the page to link to: the review, or all notifications if it concerns several reviews."""
    return "/notices" if notice.event == "disposal_due" else f"/reviews/{notice.review}"
