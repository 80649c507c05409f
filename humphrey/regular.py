"""What regular work there is, and in which order: one line for each piece."""

from collections.abc import Iterator
from datetime import timedelta

from humphrey.app import Humphrey, join_mail, now
from humphrey.core.timekeeping import Pace
from humphrey.notices import Notices
from humphrey.rounds import Piece, Rounds
from humphrey.timekeeping import Timekeeping


def rounds(humphrey: Humphrey) -> Rounds:
    """The regular work of one humphrey.

    Letters come last, so that what the other pieces have to tell goes out in the same round.
    """
    return Rounds((*_clock(humphrey), *_letters(humphrey)))


def timekeeping(humphrey: Humphrey) -> Timekeeping:
    """What the clock does to reviews, at the pace that the settings name."""
    chosen = humphrey.settings
    approval = timedelta(hours=chosen.approval_hours)
    pace = Pace(chosen.reminders, chosen.escalate_at, chosen.undated_days, approval)
    return Timekeeping(humphrey.store, humphrey.people, humphrey.library.may_read, pace, now)


def _clock(humphrey: Humphrey) -> Iterator[Piece]:
    keeping = timekeeping(humphrey)
    yield Piece("remind reviewers", keeping.remind)
    yield Piece("tell deputies", keeping.escalate)
    yield Piece("end approvals that ran out", keeping.expire)


def _letters(humphrey: Humphrey) -> Iterator[Piece]:
    mail = join_mail(humphrey.settings)
    if mail is not None:
        notices = Notices(humphrey.store, now, humphrey.settings.origin)
        yield Piece("mail notices", lambda: notices.mail(mail))
