"""When a signer is reminded, and when a request ends by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True)
class ReminderPlan:
    """The reminders of a request.

    :param interval_days: days between two reminders, 0: none
    :param max_count: how many at most
    :param count: how many went out
    :param date_expiry: last day on which signing is possible, None: no end
    """

    interval_days: int
    max_count: int
    count: int = 0
    date_expiry: date | None = None


def next_reminder(plan: ReminderPlan, last_at: datetime) -> datetime | None:
    """Return when to remind next, None when nobody is to be reminded any more.

    Nobody is reminded on a Saturday or Sunday: it waits for Monday.

    :param last_at: instant of the last mail, in the zone of the company
    """
    if plan.interval_days <= 0 or plan.count >= plan.max_count:
        return None
    at = last_at + timedelta(days=plan.interval_days)
    while at.weekday() in (SATURDAY, SUNDAY):
        at += timedelta(days=1)
    if plan.date_expiry and at.date() > plan.date_expiry:
        return None
    return at


def is_expired(date_expiry: date | None, today: date) -> bool:
    """Tell whether the last day is over; on that day itself signing is possible."""
    return bool(date_expiry) and today > date_expiry
