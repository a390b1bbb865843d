from datetime import date
from decimal import Decimal

import pytest

from odoo.addons.crm_billing.lib.instalments import (
    InstalmentState,
    add_months,
    allocate,
    due_dates,
    instalment_state,
    split_equally,
)

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("total", "count", "decimals"),
    [("100", 3, 2), ("15000", 7, 2), ("0.07", 3, 2), ("1001", 4, 0), ("9.999", 4, 3)],
)
def test_parts_add_up_to_the_last_cent_and_differ_by_one_at_most(
    total, count, decimals
):
    parts = split_equally(Decimal(total), count, decimals)
    assert sum(parts) == Decimal(total)
    assert len(parts) == count
    assert max(parts) - min(parts) <= Decimal(1).scaleb(-decimals)
    assert parts == sorted(parts)


@pytest.mark.parametrize(("total", "count"), [("0.02", 3), ("0", 1), ("10", 0)])
def test_nothing_to_share_is_refused(total, count):
    with pytest.raises(ValueError, match="not enough"):
        split_equally(Decimal(total), count)


def test_months_end_where_they_end_and_come_back():
    days = due_dates(date(2027, 12, 31), 4, 1, "month")
    assert [str(day) for day in days] == [
        "2027-12-31",
        "2028-01-31",
        "2028-02-29",
        "2028-03-31",
    ]
    assert add_months(date(2026, 1, 30), 13) == date(2027, 2, 28)


def test_weeks_and_days():
    assert due_dates(TODAY, 2, 2, "week") == [TODAY, date(2026, 3, 16)]
    assert due_dates(TODAY, 2, 10, "day") == [TODAY, date(2026, 3, 12)]


@pytest.mark.parametrize(
    ("paid", "shares"),
    [
        ("0", ["0", "0"]),
        ("-5", ["0", "0"]),
        ("10", ["10", "0"]),
        ("12.5", ["10", "2.5"]),
        ("99", ["10", "20"]),
    ],
)
def test_the_oldest_is_paid_first(paid, shares):
    amounts = [Decimal(10), Decimal(20)]
    assert allocate(amounts, Decimal(paid)) == [Decimal(share) for share in shares]


@pytest.mark.parametrize(
    ("day", "is_paid", "is_pending", "state"),
    [
        (date(2026, 3, 3), False, False, InstalmentState.TO_COME),
        (TODAY, False, False, InstalmentState.DUE),
        (date(2026, 3, 1), False, False, InstalmentState.LATE),
        (date(2026, 3, 1), False, True, InstalmentState.PENDING),
        (date(2026, 3, 1), True, False, InstalmentState.PAID),
        (date(2026, 3, 9), True, True, InstalmentState.PAID),
    ],
)
def test_states(day, is_paid, is_pending, state):
    found = instalment_state(day, TODAY, is_paid=is_paid, is_pending=is_pending)
    assert found is state
