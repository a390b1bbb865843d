"""Half-open periods; months counted from the first day of a series."""

import random
from datetime import date, timedelta

import pytest

from odoo.addons.crm_base.lib.period import Period, add_months


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 1, 31), 2, date(2027, 3, 31)),
        (date(2027, 1, 31), 12, date(2028, 1, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2027, 3, 31), -1, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2027, 5, 15), 0, date(2027, 5, 15)),
    ],
)
def test_months_at_month_ends(day, months, expected):
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2027, 1, 31), date(2027, 2, 28), 1),
        (date(2027, 1, 31), date(2027, 2, 27), 0),
        (date(2027, 1, 31), date(2027, 3, 30), 1),
        (date(2027, 1, 31), date(2027, 3, 31), 2),
        (date(2027, 1, 1), date(2028, 1, 1), 12),
        (date(2027, 1, 1), date(2027, 12, 31), 11),
        (date(2027, 6, 10), date(2027, 6, 10), 0),
        (date(2028, 2, 29), date(2029, 2, 28), 12),
    ],
)
def test_whole_months(start, end, months):
    assert Period(start, end).months == months


def test_a_period_of_n_months_has_n_months():
    chance = random.Random(3)
    for _ in range(1000):
        start = date(2024, 1, 1) + timedelta(days=chance.randrange(2000))
        months = chance.randrange(60)
        period = Period.of_months(start, months)
        assert period.months == months
        if months:
            shorter = Period(start, period.end - timedelta(days=1))
            assert shorter.months == months - 1


def test_end_is_outside():
    period = Period(date(2027, 1, 1), date(2027, 2, 1))
    assert period.days == 31
    assert period.contains(date(2027, 1, 1))
    assert period.contains(date(2027, 1, 31))
    assert not period.contains(date(2027, 2, 1))
    assert not period.contains(date(2026, 12, 31))


def test_touching_periods_do_not_overlap():
    january = Period.of_months(date(2027, 1, 1))
    february = Period.of_months(date(2027, 2, 1))
    assert not january.overlaps(february)
    assert january.overlaps(Period(date(2027, 1, 31), date(2027, 3, 1)))
    assert january.contains(january)
    assert not january.contains(Period(date(2027, 1, 31), date(2027, 2, 2)))


def test_overlap_is_what_the_days_say():
    chance = random.Random(5)
    origin = date(2027, 1, 1)
    for _ in range(1500):
        spans = []
        for _ in range(2):
            start = origin + timedelta(days=chance.randrange(20))
            spans.append(Period(start, start + timedelta(days=chance.randrange(12))))
        days = [{s.start + timedelta(days=i) for i in range(s.days)} for s in spans]
        shared = days[0] & days[1]
        assert spans[0].overlaps(spans[1]) == bool(shared)
        both = spans[0].intersection(spans[1])
        assert (both.days if both else 0) == len(shared)


def test_month_parts_cover_every_day_once():
    period = Period(date(2027, 11, 20), date(2028, 3, 5))
    parts = list(period.split_months())
    assert [part.days for part in parts] == [11, 31, 31, 29, 4]
    assert sum(part.days for part in parts) == period.days
    assert all(a.end == b.start for a, b in zip(parts, parts[1:], strict=False))
    assert list(Period(date(2027, 1, 1), date(2027, 1, 1)).split_months()) == []


def test_backwards_is_refused():
    with pytest.raises(ValueError):
        Period(date(2027, 1, 2), date(2027, 1, 1))
