"""What money comes in and goes out when, from what clients did before.

A client who paid enough invoices is expected to pay as he did: in half of the cases
by the P50 date, in nine cases out of ten by the P90 date. With too little history
the whole company's clients speak for him, and without any the terms do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import ceil

from dateutil.relativedelta import relativedelta

# Paid due dates needed before they say something; documented in docs/fr/tresorerie.md.
CLIENT_HISTORY = 5
COMPANY_HISTORY = 10
# How far back payments count.
HISTORY_DAYS = 365
DSO_DAYS = 90
HORIZONS = (30, 60, 90)
AGE_LIMITS = (("not_due", 0), ("0_30", 30), ("31_60", 60), ("61_90", 90))
OLDEST_AGE = "over_90"
STEPS = {
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
    "year": relativedelta(years=1),
}


@dataclass(frozen=True)
class Delay:
    """Days between due date and payment, and whose history says so.

    :param source: ``client``, ``company`` or ``terms``
    """

    p50: int = 0
    p90: int = 0
    source: str = "terms"


@dataclass(frozen=True)
class ForecastLine:
    """Money expected in or out.

    :param date: when half of the cases are there; for an expense, its day
    :param date_p90: when nine cases out of ten are there
    :param amount: in its currency; negative goes out
    :param currency: ISO 4217 code
    :param kind: row of the forecast: ``order``, ``contract``, ``bill``, ``planned`` ...
    :param res_model: record behind it, with ``res_id``
    """

    date: date
    date_p90: date
    amount: Decimal
    currency: str
    kind: str
    label: str
    partner_id: int = 0
    res_model: str = ""
    res_id: int = 0


def percentile(values: Sequence[int], share: Decimal) -> int:
    """Return the smallest value that at least that share of the values reach.

    The nearest-rank method, that of ``percentile_disc`` in the database.

    >>> percentile([0, 2, 4, 30], Decimal("0.5"))
    2
    """
    ordered = sorted(values)
    return ordered[max(ceil(share * len(ordered)), 1) - 1]


def choose_delay(client: Sequence[int], company: Sequence[int]) -> Delay:
    """Return the delay expected of a client from what was paid before.

    >>> choose_delay([1, 2, 3, 4, 20], []).p90
    20
    >>> choose_delay([1], [5] * 10)
    Delay(p50=5, p90=5, source='company')
    """
    rules = (
        (client, CLIENT_HISTORY, "client"),
        (company, COMPANY_HISTORY, "company"),
    )
    for values, minimum, source in rules:
        if len(values) >= minimum:
            return Delay(
                percentile(values, Decimal("0.5")),
                percentile(values, Decimal("0.9")),
                source,
            )
    return Delay()


def expected_date(due: date, delay: int, today: date) -> date:
    """Return when the money is expected: what should be there already comes today."""
    return max(due + timedelta(days=delay), today)


def age_of(due: date, today: date) -> str:
    """Return the column of the aged balance.

    >>> age_of(date(2026, 5, 1), date(2026, 6, 1))
    '31_60'
    """
    days = (today - due).days
    for key, limit in AGE_LIMITS:
        if days <= limit:
            return key
    return OLDEST_AGE


def days_sales_outstanding(owed: Decimal, invoiced: Decimal) -> Decimal | None:
    """Return owed / invoiced over 90 days x 90, None when nothing was invoiced.

    Both tax included. One decimal, half up.

    >>> days_sales_outstanding(Decimal(5000), Decimal(9000))
    Decimal('50.0')
    """
    if invoiced <= 0:
        return None
    return (owed / invoiced * DSO_DAYS).quantize(Decimal("0.1"), ROUND_HALF_UP)


def occurrences(
    first: date, every: str | None, last: date | None, start: date, end: date
) -> Iterator[date]:
    """Yield the days of a planned movement between two days, both included.

    Each is counted from the first one: the 31st stays the last day of each month.

    :param every: ``week``, ``month``, ``quarter``, ``year``; none happens once
    :param last: no occurrence after it

    >>> [str(d) for d in occurrences(date(2026, 1, 31), "month", None,
    ...     date(2026, 2, 1), date(2026, 3, 31))]
    ['2026-02-28', '2026-03-31']
    """
    until = min(end, last) if last else end
    if not every:
        if start <= first <= until:
            yield first
        return
    number = 0
    while (day := first + STEPS[every] * number) <= until:
        if day >= start:
            yield day
        number += 1


def cumulate(
    opening: Decimal, flows: Iterable[tuple[date, Decimal]], start: date, days: int
) -> list[Decimal]:
    """Return the balance at the end of each day, `days` + 1 of them.

    What is dated before the start counts on the first day.
    """
    by_day = [Decimal(0)] * (days + 1)
    for day, amount in flows:
        position = max((day - start).days, 0)
        if position <= days:
            by_day[position] += amount
    balance, curve = opening, []
    for amount in by_day:
        balance += amount
        curve.append(balance)
    return curve
