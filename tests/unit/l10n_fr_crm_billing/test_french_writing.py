"""How amounts, rates and registers are written."""

from datetime import date
from decimal import Decimal

import pytest

from odoo.addons.l10n_fr_crm_billing.lib.legal_forms import (
    FORMS,
    SOLE_TRADERS,
    describe_registry,
)
from odoo.addons.l10n_fr_crm_billing.lib.typography import (
    describe_rate,
    format_amount,
    format_day,
    format_rate,
)


@pytest.mark.parametrize(
    ("amount", "decimals", "text"),
    [
        ("10000", 0, "10 000 €"),
        ("10000.5", 2, "10 000,50 €"),
        ("0.005", 2, "0,01 €"),
        ("-1234567.891", 2, "-1 234 567,89 €"),
    ],
)
def test_amounts(amount, decimals, text):
    written = format_amount(Decimal(amount), "EUR", decimals)
    assert written.replace("\u00a0", " ") == text


def test_rates_and_days():
    assert format_rate(Decimal("12.1500")).replace("\u00a0", " ") == "12,15 %"
    assert format_day(date(2026, 1, 2)) == "02/01/2026"
    assert format_day(None) == ""
    assert describe_rate("la BCE", 1, 0) == "la BCE"
    assert describe_rate("la BCE", 1.5, 2.5) == (
        "1,5 fois le taux de la BCE majoré de 2,5 points de pourcentage"
    )


@pytest.mark.parametrize(
    ("kind", "town", "other", "text"),
    [
        ("rcs", "Paris", "", "RCS Paris"),
        ("rcs", "", "", ""),
        ("rm", "Lyon", "", "RM Lyon"),
        ("rne", "", "", "RNE"),
        ("other", "", "RSAC 12", "RSAC 12"),
        ("none", "Paris", "", ""),
    ],
)
def test_registers(kind, town, other, text):
    assert describe_registry(kind, town, other) == text


def test_a_sole_trader_prints_no_capital():
    assert set(FORMS) >= SOLE_TRADERS
    assert not any(FORMS[code].has_capital for code in SOLE_TRADERS)
