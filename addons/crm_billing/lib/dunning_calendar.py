"""Days on which a reminder may leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

# A year and a day without one open day is a mistake in the closures.
LONGEST_CLOSURE_DAYS = 366


@dataclass(frozen=True)
class Calendar:
    """Weekends and closed days of one company.

    :param weekend: weekday numbers, Monday is 0
    :param closed: public holidays and closures chosen by the company
    """

    weekend: frozenset[int] = frozenset({5, 6})
    closed: frozenset[date] = frozenset()

    def is_open(self, day: date) -> bool:
        """Tell whether somebody works that day.

        >>> Calendar().is_open(date(2026, 4, 18))
        False
        """
        return day.weekday() not in self.weekend and day not in self.closed

    def next_open(self, day: date) -> date | None:
        """Return the first open day from `day` on, `day` included.

        >>> Calendar().next_open(date(2026, 4, 18))
        datetime.date(2026, 4, 20)

        :return: None when nothing opens within a year
        """
        for shift in range(LONGEST_CLOSURE_DAYS):
            candidate = day + timedelta(days=shift)
            if self.is_open(candidate):
                return candidate
        return None


def expand_closures(spans: list[tuple[date, date]]) -> frozenset[date]:
    """Return the days of closures whose first and last days are both closed."""
    return frozenset(
        first + timedelta(days=shift)
        for first, last in spans
        for shift in range((last - first).days + 1)
    )
