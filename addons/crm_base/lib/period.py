"""Periods of whole days, half open: the start belongs to them, the end does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of a shorter month.

    Always count from the first day of a series: 31 January plus one month is
    28 February, plus two months is 31 March.

    >>> add_months(date(2027, 1, 31), 1)
    datetime.date(2027, 2, 28)
    """
    return day + relativedelta(months=months)


@dataclass(frozen=True, order=True)
class Period:
    """The days from ``start`` (included) to ``end`` (not included)."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("a period cannot end before it starts")

    @classmethod
    def of_months(cls, start: date, months: int = 1) -> Period:
        """Return the period of that many months from ``start``."""
        return cls(start, add_months(start, months))

    @property
    def days(self) -> int:
        """Number of days; zero for an empty period."""
        return (self.end - self.start).days

    @property
    def months(self) -> int:
        """Number of whole months, counted from the start."""
        years = self.end.year - self.start.year
        count = years * 12 + self.end.month - self.start.month
        return count - (add_months(self.start, count) > self.end)

    def contains(self, other: date | Period) -> bool:
        """Tell whether a day, or every day of another period, is inside."""
        if isinstance(other, Period):
            return self.start <= other.start and other.end <= self.end
        return self.start <= other < self.end

    def overlaps(self, other: Period) -> bool:
        """Tell whether the periods share a day; those that only touch do not."""
        return self.intersection(other) is not None

    def intersection(self, other: Period) -> Period | None:
        """Return the shared days, None when there are none."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else None

    def split_months(self) -> Iterator[Period]:
        """Yield the parts that lie in each calendar month, in order."""
        start = self.start
        while start < self.end:
            end = min(self.end, add_months(start.replace(day=1), 1))
            yield Period(start, end)
            start = end
