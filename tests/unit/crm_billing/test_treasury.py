"""Forecasts by hand: percentiles, dates, ages, recurrence, the curve."""

from datetime import date
from decimal import Decimal

import pytest

from odoo.addons.crm_billing.lib.treasury import (
    Delay,
    age_of,
    choose_delay,
    cumulate,
    days_sales_outstanding,
    expected_date,
    occurrences,
    percentile,
)

D = Decimal
TODAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("values", "p50", "p90"),
    [
        ([7], 7, 7),
        ([1, 2], 1, 2),
        ([5, 1, 3], 3, 5),
        (list(range(1, 11)), 5, 9),
        ([-3, -3, 0, 0, 40], 0, 40),
    ],
)
def test_nearest_rank(values, p50, p90):
    assert percentile(values, D("0.5")) == p50
    assert percentile(values, D("0.9")) == p90


def test_who_speaks_for_the_client():
    assert choose_delay([3] * 5, [9] * 50) == Delay(3, 3, "client")
    assert choose_delay([3] * 4, [9] * 50) == Delay(9, 9, "company")
    assert choose_delay([3] * 4, [9] * 9) == Delay(0, 0, "terms")
    assert choose_delay([], []) == Delay()


def test_money_that_should_be_there_is_expected_today():
    assert expected_date(date(2026, 7, 10), 5, TODAY) == date(2026, 7, 15)
    assert expected_date(date(2026, 5, 1), 10, TODAY) == TODAY
    assert expected_date(date(2026, 7, 10), -20, TODAY) == TODAY


@pytest.mark.parametrize(
    ("due", "age"),
    [
        (date(2026, 7, 1), "not_due"),
        (date(2026, 6, 30), "not_due"),
        (date(2026, 6, 29), "0_30"),
        (date(2026, 5, 31), "0_30"),
        (date(2026, 5, 30), "31_60"),
        (date(2026, 5, 1), "31_60"),
        (date(2026, 4, 30), "61_90"),
        (date(2026, 4, 1), "61_90"),
        (date(2026, 3, 31), "over_90"),
    ],
)
def test_ages(due, age):
    assert age_of(due, TODAY) == age


def test_days_sales_outstanding():
    assert days_sales_outstanding(D(7200), D(15600)) == D("41.5")
    assert days_sales_outstanding(D(7200), D(0)) is None
    assert days_sales_outstanding(D(7200), D(-5)) is None


def test_a_single_movement():
    args = (date(2026, 7, 5), None, None)
    assert list(occurrences(*args, TODAY, date(2026, 9, 28))) == [date(2026, 7, 5)]
    assert not list(occurrences(*args, date(2026, 7, 6), date(2026, 9, 28)))


@pytest.mark.parametrize(
    ("every", "count"), [("week", 13), ("month", 3), ("quarter", 1), ("year", 0)]
)
def test_repeated_movements(every, count):
    days = list(occurrences(date(2025, 10, 31), every, None, TODAY, date(2026, 9, 28)))
    assert len(days) == count
    assert all(TODAY <= day <= date(2026, 9, 28) for day in days)


def test_a_repeated_movement_ends():
    days = occurrences(
        date(2026, 1, 5), "month", date(2026, 8, 5), TODAY, date(2026, 12, 31)
    )
    assert list(days) == [date(2026, 7, 5), date(2026, 8, 5)]


def test_the_curve_adds_up():
    flows = [
        (date(2026, 6, 1), D(5)),
        (date(2026, 7, 1), D(-30)),
        (date(2026, 7, 3), D(100)),
        (date(2026, 8, 30), D(1000)),
    ]
    assert cumulate(D(10), flows, TODAY, 4) == [15, -15, -15, 85, 85]
