"""What a month may cost, and when it will be used up."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil

from .messages import Usage

WARNING_RATIO = 0.8
_MILLION = Decimal(1_000_000)


@dataclass(frozen=True)
class Prices:
    """What a model costs, in the company's currency.

    :param cached_per_million: of tokens read from the vendor's cache; None: as others
    :param audio_per_minute: of sound transcribed
    """

    in_per_million: Decimal = Decimal(0)
    out_per_million: Decimal = Decimal(0)
    cached_per_million: Decimal | None = None
    audio_per_minute: Decimal = Decimal(0)


def cost_of(usage: Usage, prices: Prices) -> Decimal:
    """Return what a call cost, not rounded.

    >>> cost_of(Usage(1_000_000, 500_000), Prices(Decimal("0.4"), Decimal(2)))
    Decimal('1.4')
    """
    cached_price = prices.cached_per_million
    if cached_price is None:
        cached_price = prices.in_per_million
    fresh = max(usage.tokens_in - usage.tokens_cached, 0)
    tokens = fresh * prices.in_per_million + usage.tokens_cached * cached_price
    tokens += usage.tokens_out * prices.out_per_million
    minutes = Decimal(str(usage.audio_seconds)) / 60
    return (tokens / _MILLION + minutes * prices.audio_per_minute).normalize()


@dataclass(frozen=True)
class BudgetState:
    """Where a budget stands.

    :param ratio: used / limit
    :param exhausted_on: day it ends at this pace, None: not within the month
    """

    used: float
    ratio: float
    is_warning: bool
    is_exhausted: bool
    exhausted_on: date | None


def month_of(day: date) -> tuple[date, date]:
    """Return the first day of the month and of the next one.

    >>> month_of(date(2026, 12, 5))
    (datetime.date(2026, 12, 1), datetime.date(2027, 1, 1))
    """
    first = day.replace(day=1)
    return first, first + timedelta(days=monthrange(day.year, day.month)[1])


def budget_state(used: float, limit: float, today: date) -> BudgetState:
    """Judge a monthly budget.

    The day of exhaustion is that of the same pace kept up (days counted whole).

    >>> budget_state(80, 100, date(2026, 11, 16)).exhausted_on
    datetime.date(2026, 11, 20)
    """
    first, next_month = month_of(today)
    ratio = used / limit if limit > 0 else 1.0
    is_exhausted = ratio >= 1
    exhausted_on = None
    if is_exhausted:
        exhausted_on = today
    elif used > 0:
        per_day = used / today.day
        day = first + timedelta(days=ceil(limit / per_day) - 1)
        exhausted_on = max(day, today) if day < next_month else None
    return BudgetState(used, ratio, ratio >= WARNING_RATIO, is_exhausted, exhausted_on)
