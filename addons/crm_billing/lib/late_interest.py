"""Interest on what is paid late, by rates that change with the half-year.

interest = sum over the days of delay of (outstanding, tax included) x rate / 100 / 365

The first day counted is the day after the due date, the last one is the day of the
payment. The exact sum is rounded once, half up, at the end. A day without a known
rate is an error: the last known rate is never carried on silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

DAYS_OF_YEAR = 365
ONE_DAY = timedelta(days=1)
ZERO = Decimal(0)


class MissingRateError(LookupError):
    """No rate is known for a day of delay.

    :param day: the first day without a rate
    """

    def __init__(self, day: date):
        super().__init__(f"no rate for {day.isoformat()}")
        self.date = day


class RatePeriod(NamedTuple):
    """A yearly rate and the days it is for, both included."""

    start: date
    end: date
    rate: Decimal


class Segment(NamedTuple):
    """Days of delay with one base and one rate; `amount` is exact, not rounded."""

    start: date
    end: date
    days: int
    base: Decimal
    rate: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Due:
    """What had to be paid on one date.

    :param amount: tax included, in the currency of the document
    :param date: due date; interest runs from the day after
    :param payments: (day, amount) of each payment, in any order
    """

    amount: Decimal
    date: date
    payments: tuple[tuple[date, Decimal], ...] = ()


@dataclass(frozen=True)
class LateInterest:
    """What is owed on top of a document, in its currency.

    :param interest: rounded once
    :param fee: fixed compensation for recovery costs, outside interest
    :param segments: the calculation, oldest first
    """

    interest: Decimal = ZERO
    fee: Decimal = ZERO
    segments: tuple[Segment, ...] = ()

    @property
    def total(self) -> Decimal:
        """Interest and fee together."""
        return self.interest + self.fee

    @property
    def days(self) -> int:
        """Days of delay counted, once each when several dues overlap."""
        counted = {
            segment.start + offset * ONE_DAY
            for segment in self.segments
            for offset in range(segment.days)
        }
        return len(counted)


def fixed_rate(rate: Decimal) -> tuple[RatePeriod, ...]:
    """Return the table of a rate written in a contract: the same for ever."""
    return (RatePeriod(date.min, date.max, rate),)


def derived_rates(
    table: Iterable[RatePeriod], factor: Decimal, points: Decimal
) -> tuple[RatePeriod, ...]:
    """Return a table computed from a reference: rate x factor + points.

    >>> table = [RatePeriod(date(2026, 1, 1), date(2026, 6, 30), Decimal("2.15"))]
    >>> derived_rates(table, Decimal(1), Decimal(10))[0].rate
    Decimal('12.15')
    """
    return tuple(
        RatePeriod(row.start, row.end, row.rate * factor + points) for row in table
    )


def compute_late_interest(
    amount: Decimal,
    due_date: date,
    payments: Iterable[tuple[date, Decimal]],
    until: date,
    rates: Sequence[RatePeriod],
    *,
    fee: Decimal = ZERO,
    is_business: bool = True,
    claimed_until: date | None = None,
    decimals: int = 2,
) -> LateInterest:
    """Return interest and fee of one amount with one due date.

    :param until: last day counted, when something is still unpaid then
    :param rates: periods that do not overlap, in any order
    :param fee: due once when a business pays late; consumers never owe it
    :param claimed_until: days up to this one were claimed before: not counted again
    :param decimals: of the currency
    :raise MissingRateError: a day of delay has no rate

    >>> table = [RatePeriod(date(2026, 1, 1), date(2026, 6, 30), Decimal("7.86"))]
    >>> paid = [(date(2026, 3, 17), Decimal(1200))]
    >>> late = compute_late_interest(Decimal(1200), date(2026, 1, 31), paid,
    ...     date(2026, 12, 31), table, fee=Decimal(40))
    >>> late.interest, late.fee, late.segments[0].days
    (Decimal('11.63'), Decimal('40'), 45)
    """
    return compute_late_interest_of(
        [Due(amount, due_date, tuple(payments))],
        until,
        rates,
        fee=fee,
        is_business=is_business,
        claimed_until=claimed_until,
        decimals=decimals,
    )


def compute_late_interest_of(
    dues: Iterable[Due],
    until: date,
    rates: Sequence[RatePeriod],
    *,
    fee: Decimal = ZERO,
    is_business: bool = True,
    claimed_until: date | None = None,
    decimals: int = 2,
) -> LateInterest:
    """Return interest and fee of one document that falls due in several parts.

    The sum of all parts is rounded once; the fee is due once.
    """
    dues = list(dues)
    table = sorted(rates)
    segments = []
    for due in dues:
        for start, end, base in _split_by_payment(due, until, claimed_until):
            segments.extend(_split_by_rate(start, end, base, table))
    segments.sort(key=lambda segment: (segment.start, segment.end))
    # Divided once: the sum of thirds would hide an exact half.
    products = (s.base * s.rate * s.days for s in segments)
    exact = sum(products, ZERO) / (100 * DAYS_OF_YEAR)
    cent = Decimal(1).scaleb(-decimals)
    owes_fee = is_business and any(is_late(due, until) for due in dues)
    return LateInterest(
        exact.quantize(cent, ROUND_HALF_UP), fee if owes_fee else ZERO, tuple(segments)
    )


def is_late(due: Due, until: date) -> bool:
    """Tell whether something was still owed on the day after the due date."""
    return until > due.date and _outstanding(due, due.date) > 0


def _outstanding(due: Due, day: date) -> Decimal:
    """What is left at the end of a day."""
    return due.amount - sum((paid for when, paid in due.payments if when <= day), ZERO)


def _split_by_payment(
    due: Due, until: date, claimed_until: date | None
) -> Iterator[tuple[date, date, Decimal]]:
    """Yield (first day, last day, base): a payment lowers the base the day after."""
    start = due.date + ONE_DAY
    if claimed_until and claimed_until >= start:
        start = claimed_until + ONE_DAY
    days = {when for when, _paid in due.payments if start <= when < until}
    for end in sorted(days | {until}):
        base = _outstanding(due, start - ONE_DAY)
        if base > 0 and start <= end:
            yield start, end, base
        start = max(start, end + ONE_DAY)


def _split_by_rate(
    start: date, end: date, base: Decimal, table: list[RatePeriod]
) -> Iterator[Segment]:
    """Yield one segment per rate, without a hole."""
    for period in table:
        if period.end < start or period.start > end:
            continue
        if period.start > start:
            break
        last = min(end, period.end)
        days = (last - start).days + 1
        amount = base * period.rate * days / 100 / DAYS_OF_YEAR
        yield Segment(start, last, days, base, period.rate, amount)
        if last == end:
            return
        start = last + ONE_DAY
    raise MissingRateError(start)


def share_payments(
    amounts: Sequence[Decimal],
    payments: Iterable[tuple[date, Decimal]],
    skip: Decimal = ZERO,
) -> list[tuple[tuple[date, Decimal], ...]]:
    """Give payments, oldest first, to the parts of a plan, first part first.

    :param amounts: of the parts, in the order they fall due
    :param skip: paid before the plan existed, counted from the oldest payment
    :return: the payments of each part

    >>> day = date(2026, 5, 1)
    >>> share_payments([Decimal(10), Decimal(10)], [(day, Decimal(14))])[1]
    ((datetime.date(2026, 5, 1), Decimal('4')),)
    """
    shares: list[list[tuple[date, Decimal]]] = [[] for _amount in amounts]
    room = list(amounts)
    for day, paid in sorted(payments):
        before = min(skip, paid)
        skip -= before
        left = paid - before
        for position, free in enumerate(room):
            taken = min(free, left)
            if taken > 0:
                shares[position].append((day, taken))
                room[position] -= taken
                left -= taken
    return [tuple(share) for share in shares]
