"""Working days and calendar quarters, without any clock.

Periods are half open: the end day is the first day after the period.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, order=True)
class Quarter:
    """One calendar quarter; ``number`` runs from 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month + 2) // 3)

    @property
    def start(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        """First day of the next quarter."""
        return self.shift(1).start

    def shift(self, quarters: int) -> "Quarter":
        rank = 4 * self.year + self.number - 1 + quarters
        return Quarter(rank // 4, rank % 4 + 1)


def last_told_quarter(today: date, settled_days: int = 30) -> Quarter:
    """Return the newest quarter of the story.

    It is the current one, except during its first ``settled_days`` days: nobody
    believes sixty deals closed in one week, so the story then ends with the quarter
    before.
    """
    current = Quarter.of(today)
    if (today - current.start).days < settled_days:
        return current.shift(-1)
    return current


def is_workday(day: date) -> bool:
    return day.weekday() < 5


def workdays(start: date, end: date) -> list[date]:
    """Return the Mondays to Fridays of the half-open period [start, end)."""
    days = (start + timedelta(days=rank) for rank in range((end - start).days))
    return [day for day in days if is_workday(day)]


def previous_workday(day: date) -> date:
    """Return ``day``, or the Friday before when it falls on a weekend."""
    while not is_workday(day):
        day -= timedelta(days=1)
    return day


def next_workday(day: date) -> date:
    """Return ``day``, or the Monday after when it falls on a weekend."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def instant(day: date, hour: int, minute: int = 0) -> datetime:
    """Return the UTC instant of an hour of that day in Paris, without tzinfo.

    Naive UTC is what the database columns hold.
    """
    local = datetime.combine(day, time(hour, minute), tzinfo=PARIS)
    return local.astimezone(timezone.utc).replace(tzinfo=None)
