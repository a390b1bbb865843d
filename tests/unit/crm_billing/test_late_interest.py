"""Nine cases with known results, and what lies between them."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from odoo.addons.crm_billing.lib.late_interest import (
    Due,
    MissingRateError,
    RatePeriod,
    compute_late_interest,
    compute_late_interest_of,
    derived_rates,
    fixed_rate,
)

VECTORS = Path(__file__).resolve().parents[4] / "shared" / "france"
D = Decimal
UNTIL = date(2026, 6, 30)


def period(start, end, rate):
    return RatePeriod(date.fromisoformat(start), date.fromisoformat(end), D(rate))


LEGAL = (
    period("2025-01-01", "2025-06-30", "3.71"),
    period("2025-07-01", "2025-12-31", "2.76"),
    period("2026-01-01", "2026-06-30", "2.62"),
)
ECB = (
    period("2025-01-01", "2025-06-30", "3.15"),
    period("2025-07-01", "2025-12-31", "2.15"),
    period("2026-01-01", "2026-06-30", "2.15"),
)
TABLES = {
    "three times the legal rate": derived_rates(LEGAL, D(3), D(0)),
    "ECB refinancing rate": derived_rates(ECB, D(1), D(10)),
    "fixed contract rate": fixed_rate(D(12)),
    "legal rate, professional creditor": LEGAL,
}
THREE, TEN, CONTRACT, CONSUMER = TABLES
# name, amount, due date, payments, rule, (base, rate, days), interest, fee
CASES = [
    ("one rate", "1200", "2026-01-31", [("2026-03-17", "1200")], THREE,
     [("1200", "7.86", 45)], "11.63", "40"),
    ("ECB + 10", "1200", "2026-01-31", [("2026-03-17", "1200")], TEN,
     [("1200", "12.15", 45)], "17.98", "40"),
    ("half-year change", "5000", "2025-06-15", [("2025-07-20", "5000")], TEN,
     [("5000", "13.15", 15), ("5000", "12.15", 20)], "60.31", "40"),
    ("half-year change, 3x", "5000", "2025-12-20", [("2026-01-29", "5000")], THREE,
     [("5000", "8.28", 11), ("5000", "7.86", 29)], "43.70", "40"),
    ("two payments", "3000", "2026-02-28",
     [("2026-03-15", "1000"), ("2026-04-29", "2000")], THREE,
     [("3000", "7.86", 15), ("2000", "7.86", 45)], "29.07", "40"),
    ("on the due date", "800", "2026-03-31", [("2026-03-31", "800")], THREE,
     [], "0.00", "0"),
    ("one day late", "100", "2026-03-31", [("2026-04-01", "100")], THREE,
     [("100", "7.86", 1)], "0.02", "40"),
    ("contract rate", "2500", "2026-04-15", [("2026-06-14", "2500")], CONTRACT,
     [("2500", "12", 60)], "49.32", "40"),
    ("consumer", "600", "2026-02-10", [("2026-04-11", "600")], CONSUMER,
     [("600", "2.62", 60)], "2.58", "0"),
]  # fmt: skip


def run(amount, due_date, payments, rule):
    return compute_late_interest(
        D(amount),
        date.fromisoformat(due_date),
        [(date.fromisoformat(day), D(paid)) for day, paid in payments],
        UNTIL,
        TABLES[rule],
        fee=D(40),
        is_business=rule != CONSUMER,
    )


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_known_results_to_the_cent(case):
    _name, amount, due, payments, rule, segments, interest, fee = case
    late = run(amount, due, payments, rule)
    found = [(s.base, s.rate, s.days) for s in late.segments]
    assert found == [(D(base), D(rate), days) for base, rate, days in segments]
    assert (late.interest, late.fee) == (D(interest), D(fee))
    assert late.total == D(interest) + D(fee)


def test_the_shared_file_says_the_same():
    path = VECTORS / "late_payment.json"
    if not path.exists():
        pytest.skip("the vectors are kept beside the checkout")
    examples = json.loads(path.read_text())["examples"]
    assert len(examples) >= len(CASES)
    for case in examples:
        rule = next(name for name in TABLES if case["rule"].startswith(name))
        late = run(
            case["amount_incl_tax"],
            case["due_date"],
            [(p["date"], p["amount"]) for p in case["payments"]],
            rule,
        )
        expected = [(D(s["base"]), D(s["rate"]), s["days"]) for s in case["segments"]]
        assert [(s.base, s.rate, s.days) for s in late.segments] == expected
        assert late.interest == D(case["interest"]), case["case"]
        assert late.fee == D(case["recovery_fee"]), case["case"]
        assert late.total == D(case["total_due_on_top"]), case["case"]


def test_thirty_days_of_an_unpaid_invoice():
    late = compute_late_interest(
        D(1200), date(2026, 4, 13), [], date(2026, 5, 13), TABLES[TEN], fee=D(40)
    )
    assert (late.interest, late.fee, late.days) == (D("11.98"), D(40), 30)


def test_nothing_is_owed_up_to_the_due_date():
    for until in (date(2026, 4, 12), date(2026, 4, 13)):
        late = compute_late_interest(
            D(1200), date(2026, 4, 13), [], until, LEGAL, fee=D(40)
        )
        assert (late.interest, late.fee, late.segments) == (D(0), D(0), ())


@pytest.mark.parametrize(
    ("due", "until", "missing"),
    [
        (date(2026, 6, 15), date(2026, 7, 2), date(2026, 7, 1)),
        (date(2026, 7, 15), date(2026, 7, 20), date(2026, 7, 16)),
        (date(2024, 12, 1), date(2025, 2, 1), date(2024, 12, 2)),
    ],
)
def test_a_missing_half_year_is_an_error_not_the_last_rate(due, until, missing):
    with pytest.raises(MissingRateError) as caught:
        compute_late_interest(D(100), due, [], until, LEGAL)
    assert caught.value.date == missing


def test_a_hole_between_two_periods_is_found():
    table = (LEGAL[0], LEGAL[2])
    with pytest.raises(MissingRateError) as caught:
        compute_late_interest(D(100), date(2025, 6, 1), [], UNTIL, table)
    assert caught.value.date == date(2025, 7, 1)


def test_no_rate_is_asked_for_days_without_delay():
    paid = [(date(2026, 8, 1), D(100))]
    late = compute_late_interest(D(100), date(2026, 8, 1), paid, date(2027, 1, 1), ())
    assert late.total == 0


def test_a_payment_before_the_due_date_lowers_the_base():
    paid = [(date(2026, 1, 10), D(1000))]
    late = compute_late_interest(
        D(3000), date(2026, 2, 28), paid, date(2026, 3, 10), TABLES[THREE]
    )
    assert [(s.base, s.days) for s in late.segments] == [(D(2000), 10)]


def test_two_payments_of_one_day_and_too_much_paid():
    paid = [(date(2026, 3, 5), D(60)), (date(2026, 3, 5), D(60))]
    late = compute_late_interest(
        D(100), date(2026, 2, 28), paid, UNTIL, TABLES[THREE], fee=D(40)
    )
    assert [(s.base, s.days) for s in late.segments] == [(D(100), 5)]


def test_later_payments_than_the_day_asked_change_nothing():
    paid = [(date(2026, 5, 1), D(100))]
    asked = date(2026, 3, 10)
    with_it = compute_late_interest(D(100), date(2026, 2, 28), paid, asked, LEGAL)
    without = compute_late_interest(D(100), date(2026, 2, 28), [], asked, LEGAL)
    assert with_it == without


def test_claimed_days_are_not_counted_again():
    paid = [(date(2026, 3, 20), D(400))]
    args = (D(1000), date(2026, 2, 28), paid)
    whole = compute_late_interest(*args, date(2026, 4, 30), TABLES[TEN])
    first = compute_late_interest(*args, date(2026, 3, 31), TABLES[TEN])
    rest = compute_late_interest(
        *args, date(2026, 4, 30), TABLES[TEN], claimed_until=date(2026, 3, 31)
    )
    assert first.days + rest.days == whole.days
    exact = sum(s.amount for s in first.segments + rest.segments)
    assert exact == sum(s.amount for s in whole.segments)


def test_everything_claimed_leaves_nothing():
    late = compute_late_interest(
        D(100), date(2026, 2, 28), [], date(2026, 3, 31), LEGAL,
        claimed_until=date(2026, 3, 31),
    )  # fmt: skip
    assert (late.interest, late.segments) == (D(0), ())


def test_a_document_due_in_parts_is_rounded_once_and_owes_one_fee():
    dues = [Due(D("33.33"), date(2026, 3, day)) for day in (1, 2, 3)]
    late = compute_late_interest_of(dues, date(2026, 3, 31), TABLES[TEN], fee=D(40))
    exact = sum(s.amount for s in late.segments)
    assert late.interest == round(exact, 2)
    assert late.fee == D(40)
    assert late.days == 30


def test_a_currency_without_decimals():
    late = compute_late_interest(
        D(100000), date(2026, 2, 28), [], date(2026, 3, 31), TABLES[TEN], decimals=0
    )
    assert late.interest == D(1032)


def test_half_a_cent_is_rounded_up():
    # 365 x 1 day x 0.5 / 100 / 365 = 0.005 exactly
    late = compute_late_interest(
        D(365), date(2026, 2, 1), [], date(2026, 2, 2), fixed_rate(D("0.5") / 5)
    )
    assert late.interest == D("0.00")
    late = compute_late_interest(
        D(365), date(2026, 2, 1), [], date(2026, 2, 2), fixed_rate(D("0.5"))
    )
    assert late.interest == D("0.01")
