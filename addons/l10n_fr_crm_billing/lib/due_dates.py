"""Due dates between professionals, France: ways to count and legal ceilings.

L441-10 C.com: 60 days from the issue date at most, or "45 days end of month" when
the contract says so; both ways to compute the latter are lawful. Calendar days, no
shift for week-ends.
"""

import calendar
from collections.abc import Callable
from datetime import date, timedelta

NET = "net"  # n days
DAYS_THEN_END = "days_then_end"  # n days, then to the end of that month
END_THEN_DAYS = "end_then_days"  # to the end of the month, then n days
DECADE_THEN_DAYS = "decade_then_days"  # to the end of the ten days, then n days


def end_of_month(day: date) -> date:
    """Last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def end_of_decade(day: date) -> date:
    """The 10th, the 20th or the last day of the month."""
    if day.day <= 20:
        return day.replace(day=10 if day.day <= 10 else 20)
    return end_of_month(day)


COUNTS: dict[str, Callable[[date, timedelta], date]] = {
    NET: lambda day, delay: day + delay,
    DAYS_THEN_END: lambda day, delay: end_of_month(day + delay),
    END_THEN_DAYS: lambda day, delay: end_of_month(day) + delay,
    DECADE_THEN_DAYS: lambda day, delay: end_of_decade(day) + delay,
}


def compute_due_date(day: date, count: str, days: int) -> date:
    """Return the due date of a document.

    :param day: issue or delivery date
    :param count: one of ``COUNTS``
    :param days: number of days

    >>> compute_due_date(date(2026, 1, 15), END_THEN_DAYS, 45)
    datetime.date(2026, 3, 17)
    >>> compute_due_date(date(2026, 1, 15), DAYS_THEN_END, 45)
    datetime.date(2026, 3, 31)
    """
    return COUNTS[count](day, timedelta(days=days))


def get_latest_due_date(
    day: date, ways: list[tuple[str, int]], agreed: str | None = None
) -> date:
    """Return the latest lawful due date: the latest of several lawful ways.

    :param day: issue (or delivery) date
    :param ways: lawful (count, days)
    :param agreed: the month-end count the contract names; the other one is then
        no longer open. None when the contract is not known.
    """
    month_ends = {DAYS_THEN_END, END_THEN_DAYS}
    open_ways = [
        (count, days)
        for count, days in ways
        if agreed not in month_ends or count not in month_ends or count == agreed
    ]
    return max(compute_due_date(day, count, days) for count, days in open_ways)
