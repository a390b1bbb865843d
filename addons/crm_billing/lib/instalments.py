"""Paying in several times: shares to the cent, dates, who has paid what."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum


class InstalmentState(str, Enum):
    """Where an instalment is; the values are shown and searched."""

    TO_COME = "to_come"
    DUE = "due"
    PENDING = "pending"
    PAID = "paid"
    LATE = "late"


def split_equally(total: Decimal, count: int, decimals: int = 2) -> list[Decimal]:
    """Share a total in equal parts; the cents that are left go to the last ones.

    >>> split_equally(Decimal("100"), 3)
    [Decimal('33.33'), Decimal('33.33'), Decimal('33.34')]

    :param total: positive, already rounded to ``decimals``
    :raise ValueError: when there is less than one unit for each part
    """
    step = Decimal(1).scaleb(-decimals)
    units = int((total / step).to_integral_value(rounding=ROUND_HALF_UP))
    if count < 1 or units < count:
        raise ValueError("not enough to share")
    share, rest = divmod(units, count)
    return [
        (share + (1 if position >= count - rest else 0)) * step
        for position in range(count)
    ]


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, the month's last day at most.

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    position = day.year * 12 + day.month - 1 + months
    year, month = divmod(position, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def due_dates(first: date, count: int, every: int, unit: str) -> list[date]:
    """Return the dates of a plan, each counted from the first one.

    >>> [str(day) for day in due_dates(date(2026, 1, 31), 3, 1, "month")]
    ['2026-01-31', '2026-02-28', '2026-03-31']

    :param unit: ``month``, ``week`` or ``day``
    """
    if unit == "month":
        return [add_months(first, position * every) for position in range(count)]
    days = {"week": 7, "day": 1}[unit] * every
    return [first + timedelta(days=position * days) for position in range(count)]


def allocate(amounts: Sequence[Decimal], paid: Decimal) -> list[Decimal]:
    """Give what came in to the oldest instalments first.

    >>> allocate([Decimal(10), Decimal(10), Decimal(10)], Decimal(14))
    [Decimal('10'), Decimal('4'), Decimal('0')]

    :param amounts: oldest first
    :return: what each has received; never more than its amount
    """
    left = max(paid, Decimal(0))
    shares = []
    for amount in amounts:
        share = min(amount, left)
        shares.append(share)
        left -= share
    return shares


def instalment_state(
    date_due: date, today: date, *, is_paid: bool, is_pending: bool
) -> InstalmentState:
    """Return the state a person sees.

    A debit on its way is neither late nor failed: it is pending.
    """
    if is_paid:
        return InstalmentState.PAID
    if is_pending:
        return InstalmentState.PENDING
    if date_due > today:
        return InstalmentState.TO_COME
    return InstalmentState.DUE if date_due == today else InstalmentState.LATE
