"""Quarters and working days."""

from datetime import date, datetime

import pytest

from odoo.addons.crm_demo.lib.workdays import (
    Quarter,
    instant,
    last_told_quarter,
    next_workday,
    previous_workday,
    workdays,
)


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), Quarter(2026, 1)),
        (date(2026, 3, 31), Quarter(2026, 1)),
        (date(2026, 4, 1), Quarter(2026, 2)),
        (date(2026, 12, 31), Quarter(2026, 4)),
    ],
)
def test_quarter_of_a_day(day, quarter):
    assert Quarter.of(day) == quarter
    assert quarter.start <= day < quarter.end


def test_quarters_shift_over_years():
    assert Quarter(2026, 1).shift(-1) == Quarter(2025, 4)
    assert Quarter(2026, 4).shift(1) == Quarter(2027, 1)
    assert Quarter(2026, 2).shift(-8) == Quarter(2024, 2)


@pytest.mark.parametrize(
    ("today", "quarter"),
    [
        (date(2026, 10, 1), Quarter(2026, 3)),
        (date(2026, 10, 30), Quarter(2026, 3)),
        (date(2026, 10, 31), Quarter(2026, 4)),
        (date(2026, 12, 31), Quarter(2026, 4)),
    ],
)
def test_the_current_quarter_is_told_after_thirty_days(today, quarter):
    assert last_told_quarter(today) == quarter


def test_weekends_are_left_to_the_side_asked_for():
    saturday = date(2026, 11, 21)
    assert previous_workday(saturday) == date(2026, 11, 20)
    assert next_workday(saturday) == date(2026, 11, 23)
    assert workdays(saturday, date(2026, 11, 25)) == [
        date(2026, 11, 23),
        date(2026, 11, 24),
    ]


def test_instants_follow_summer_time():
    assert instant(date(2026, 7, 1), 9) == datetime(2026, 7, 1, 7)
    assert instant(date(2026, 12, 1), 9, 30) == datetime(2026, 12, 1, 8, 30)
