"""What regular work there is, and in which order: one line for each piece."""

from collections.abc import Iterator

from humphrey.accounts.roles import may
from humphrey.app.container import Humphrey
from humphrey.app.delivery import join_mail
from humphrey.app.paths import now
from humphrey.app.scheduler import Piece, Rounds
from humphrey.clearance.notifications.service import Notices
from humphrey.clearance.spot_checks.service import Seeds


def rounds(humphrey: Humphrey) -> Rounds:
    """The regular work of one humphrey.

    Letters come last, so that what the other pieces have to tell goes out in the same round.
    """
    deliver = Piece("deliver what was approved", lambda: len(humphrey.delivery.deliver_all().delivered))
    seed = Piece("seed drafts", join_seeds(humphrey).plant)
    return Rounds((*_clock(humphrey), deliver, seed, *_disposal(humphrey), *_record(humphrey), *_letters(humphrey)))


def join_seeds(humphrey: Humphrey) -> Seeds:
    """What plants seeded drafts, at the share that the settings name."""

    def clears(name: str) -> bool:
        known = {person.name: person for person in humphrey.people.everyone()}
        return name in known and may(known[name], "clear")

    return Seeds(humphrey.database, humphrey.drafting.found, clears, humphrey.settings.seeded_share, now)


def _clock(humphrey: Humphrey) -> Iterator[Piece]:
    keeping = humphrey.timekeeping
    yield Piece("remind reviewers", keeping.remind)
    yield Piece("tell deputies", keeping.escalate)
    yield Piece("end approvals that ran out", keeping.expire)


def _disposal(humphrey: Humphrey) -> Iterator[Piece]:
    retention = humphrey.retention
    if retention.periods:
        yield Piece("announce disposals", lambda: retention.warn(now()))
        if humphrey.settings.retention.dispose:
            yield Piece("dispose of words", lambda: retention.dispose_due(now()))


def _record(humphrey: Humphrey) -> Iterator[Piece]:
    if humphrey.publishing.places:
        yield Piece("publish the head of the record", lambda: humphrey.publishing.publish(now()))


def _letters(humphrey: Humphrey) -> Iterator[Piece]:
    mail = join_mail(humphrey.settings)
    if mail is not None:
        notices = Notices(humphrey.database, now, humphrey.settings.origin)
        yield Piece("mail notices", lambda: notices.mail(mail))
