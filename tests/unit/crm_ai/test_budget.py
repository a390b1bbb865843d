"""Costs and monthly budgets."""

from datetime import date
from decimal import Decimal

import pytest

from odoo.addons.crm_ai.lib.budget import Prices, budget_state, cost_of, month_of
from odoo.addons.crm_ai.lib.messages import Usage

PRICES = Prices(Decimal("0.4"), Decimal("1.6"), Decimal("0.1"), Decimal("0.006"))


@pytest.mark.parametrize(
    ("usage", "cost"),
    [
        (Usage(), "0"),
        (Usage(1_000_000, 0), "0.4"),
        (Usage(1_000_000, 0, 1_000_000), "0.1"),
        (Usage(2_000, 500, 1_000), "0.0013"),
        (Usage(audio_seconds=90), "0.009"),
    ],
)
def test_cost(usage, cost):
    assert cost_of(usage, PRICES) == Decimal(cost)


def test_cached_tokens_cost_as_others_without_a_price():
    prices = Prices(Decimal(1), Decimal(1))
    assert cost_of(Usage(1_000_000, 0, 400_000), prices) == 1


@pytest.mark.parametrize(
    ("used", "limit", "day", "warned", "exhausted", "on"),
    [
        (0, 100, 15, False, False, None),
        (79, 100, 30, False, False, None),
        (80, 100, 16, True, False, date(2026, 11, 20)),
        (80, 100, 30, True, False, None),
        (50, 100, 5, False, False, date(2026, 11, 10)),
        (100, 100, 7, True, True, date(2026, 11, 7)),
        (1, 0, 7, True, True, date(2026, 11, 7)),
        (99.9, 100, 29, True, False, date(2026, 11, 30)),
    ],
)
def test_state(used, limit, day, warned, exhausted, on):
    state = budget_state(used, limit, date(2026, 11, day))
    assert (state.is_warning, state.is_exhausted, state.exhausted_on) == (
        warned,
        exhausted,
        on,
    )


def test_months():
    assert month_of(date(2028, 2, 29)) == (date(2028, 2, 1), date(2028, 3, 1))
