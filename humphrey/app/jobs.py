"""The scheduled jobs and their order: one line for each job."""

from collections.abc import Iterator

from humphrey.accounts.roles import may
from humphrey.app.container import Humphrey
from humphrey.app.delivery import build_mailer
from humphrey.app.paths import now
from humphrey.app.scheduler import Job, Scheduler
from humphrey.clearance.notifications.service import Notifications
from humphrey.clearance.spot_checks.service import SpotChecks


def build_scheduler(humphrey: Humphrey) -> Scheduler:
    """Return the scheduler with all jobs.

    Mail comes last, so that notifications of the other jobs go out in the same run.
    """
    deliver = Job("deliver what was approved", lambda: len(humphrey.delivery.deliver_all().delivered))
    seed = Job("seed drafts", build_spot_checks(humphrey).create)
    return Scheduler(
        (
            *_reminder_jobs(humphrey),
            deliver,
            seed,
            *_disposal_jobs(humphrey),
            *_publishing_jobs(humphrey),
            *_mail_jobs(humphrey),
        )
    )


def build_spot_checks(humphrey: Humphrey) -> SpotChecks:
    """Build the spot checks, at the share that the settings name."""

    def clears(name: str) -> bool:
        known = {person.name: person for person in humphrey.accounts.everyone()}
        return name in known and may(known[name], "clear")

    return SpotChecks(humphrey.database, humphrey.drafting.findings, clears, humphrey.settings.seeded_share, now)


def _reminder_jobs(humphrey: Humphrey) -> Iterator[Job]:
    keeping = humphrey.reminders
    yield Job("remind reviewers", keeping.remind)
    yield Job("tell deputies", keeping.escalate)
    yield Job("end approvals that ran out", keeping.expire)


def _disposal_jobs(humphrey: Humphrey) -> Iterator[Job]:
    retention = humphrey.retention
    if retention.periods:
        yield Job("announce disposals", lambda: retention.warn(now()))
        if humphrey.settings.retention.dispose:
            yield Job("dispose of words", lambda: retention.dispose_due(now()))


def _publishing_jobs(humphrey: Humphrey) -> Iterator[Job]:
    if humphrey.publisher.targets:
        yield Job("publish the head of the record", lambda: humphrey.publisher.publish(now()))


def _mail_jobs(humphrey: Humphrey) -> Iterator[Job]:
    mail = build_mailer(humphrey.settings)
    if mail is not None:
        notices = Notifications(humphrey.database, now, humphrey.settings.origin)
        yield Job("mail notices", lambda: notices.mail(mail))
