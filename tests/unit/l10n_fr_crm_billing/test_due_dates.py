import csv
from datetime import date
from pathlib import Path

import pytest

from odoo.addons.l10n_fr_crm_billing.lib.due_dates import (
    DAYS_THEN_END,
    DECADE_THEN_DAYS,
    END_THEN_DAYS,
    NET,
    compute_due_date,
    get_latest_due_date,
)

VECTORS = Path(__file__).resolve().parents[4] / "shared/france/due_dates.csv"
WAYS = {
    "net_30": (NET, 30),
    "net_30_then_end_of_month": (DAYS_THEN_END, 30),
    "net_45": (NET, 45),
    "net_60": (NET, 60),
    "eom_then_45_days": (END_THEN_DAYS, 45),
    "45_days_then_eom": (DAYS_THEN_END, 45),
}
GENERAL = [(NET, 60), (END_THEN_DAYS, 45), (DAYS_THEN_END, 45)]


def test_vectors():
    if not VECTORS.exists():
        pytest.skip("the vectors are not beside the checkout")
    with VECTORS.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 18
    for row in rows:
        day = date.fromisoformat(row["issue_date"])
        for column, (count, days) in WAYS.items():
            assert compute_due_date(day, count, days).isoformat() == row[column]
        latest = get_latest_due_date(day, GENERAL)
        assert latest.isoformat() == row["latest_lawful_due_date_B2B"]


@pytest.mark.parametrize(
    ("agreed", "latest"),
    [
        (None, date(2026, 3, 31)),
        (END_THEN_DAYS, date(2026, 3, 17)),
        (DAYS_THEN_END, date(2026, 3, 31)),
        (NET, date(2026, 3, 31)),
    ],
)
def test_the_agreed_month_end_closes_the_other(agreed, latest):
    assert get_latest_due_date(date(2026, 1, 15), GENERAL, agreed) == latest


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("2026-02-01", "2026-02-10"),
        ("2026-02-10", "2026-02-10"),
        ("2026-02-11", "2026-02-20"),
        ("2026-02-21", "2026-02-28"),
        ("2028-02-29", "2028-02-29"),
    ],
)
def test_decades(day, end):
    due = compute_due_date(date.fromisoformat(day), DECADE_THEN_DAYS, 0)
    assert due == date.fromisoformat(end)
