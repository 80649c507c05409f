"""What regular work there is, and in which order: one line for each piece."""

from collections.abc import Iterator
from datetime import timedelta

from humphrey.app import Humphrey, join_mail, now
from humphrey.core.rights import may
from humphrey.core.timekeeping import Pace
from humphrey.notices import Notices
from humphrey.rounds import Piece, Rounds
from humphrey.seeds import Seeds
from humphrey.timekeeping import Timekeeping


def rounds(humphrey: Humphrey) -> Rounds:
    """The regular work of one humphrey.

    Letters come last, so that what the other pieces have to tell goes out in the same round.
    """
    return Rounds((*_clock(humphrey), Piece("seed drafts", join_seeds(humphrey).plant), *_letters(humphrey)))


def timekeeping(humphrey: Humphrey) -> Timekeeping:
    """What the clock does to reviews, at the pace that the settings name."""
    chosen = humphrey.settings
    approval = timedelta(hours=chosen.approval_hours)
    pace = Pace(chosen.reminders, chosen.escalate_at, chosen.undated_days, approval)
    return Timekeeping(humphrey.store, humphrey.people, humphrey.library.may_read, pace, now)


def join_seeds(humphrey: Humphrey) -> Seeds:
    """What plants seeded drafts, at the share that the settings name."""

    def clears(name: str) -> bool:
        known = {person.name: person for person in humphrey.people.everyone()}
        return name in known and may(known[name], "clear")

    return Seeds(humphrey.store, humphrey.desk.found, clears, humphrey.settings.seeded_share, now)


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
