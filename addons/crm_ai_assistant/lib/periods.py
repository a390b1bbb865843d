"""Named periods as days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

Period = Literal[
    "today", "this_week", "last_week", "next_week", "this_month", "last_month",
    "next_month", "this_quarter", "this_year",
]  # fmt: skip


def bounds(period: Period, today: date) -> tuple[date, date]:
    """Return first day and the day after the last.

    >>> bounds("this_month", date(2026, 11, 30))
    (datetime.date(2026, 11, 1), datetime.date(2026, 12, 1))
    """
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    return {
        "today": (today, today + timedelta(days=1)),
        "this_week": (monday, monday + timedelta(days=7)),
        "last_week": (monday - timedelta(days=7), monday),
        "next_week": (monday + timedelta(days=7), monday + timedelta(days=14)),
        "this_month": (first, _later(first, 1)),
        "last_month": (_later(first, -1), first),
        "next_month": (_later(first, 1), _later(first, 2)),
        "this_quarter": (quarter, _later(quarter, 3)),
        "this_year": (date(today.year, 1, 1), date(today.year + 1, 1, 1)),
    }[period]


def _later(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
