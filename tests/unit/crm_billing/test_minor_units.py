from decimal import Decimal

import pytest

from odoo.addons.crm_billing.lib.minor_units import (
    AmountRefusedError,
    check_payable,
    from_minor,
    to_minor,
)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("3600", "EUR", 360000),
        ("0.50", "eur", 50),
        ("19.99", "USD", 1999),
        ("150000", "JPY", 150000),
        ("1", "XPF", 1),
        ("12.340", "TND", 12340),
        ("100", "UGX", 10000),
        ("100", "ISK", 10000),
        ("250", "HUF", 25000),
    ],
)
def test_amounts_go_as_stripe_counts_them_and_come_back(amount, currency, minor):
    assert to_minor(Decimal(amount), currency) == minor
    assert from_minor(minor, currency) == Decimal(amount)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("0.001", "EUR"), ("10.5", "JPY"), ("1.234", "TND"), ("0.5", "ISK")],
)
def test_decimals_the_currency_lacks_are_refused(amount, currency):
    with pytest.raises(AmountRefusedError) as caught:
        to_minor(Decimal(amount), currency)
    assert caught.value.reason == "too_precise"


@pytest.mark.parametrize(
    ("minor", "currency", "reason", "limit"),
    [
        (0, "EUR", "not_positive", None),
        (-5, "EUR", "not_positive", None),
        (49, "EUR", "too_small", Decimal("0.50")),
        (49, "JPY", "too_small", Decimal("50")),
        (100_000_000, "EUR", "too_large", Decimal("999999.99")),
    ],
)
def test_amounts_no_client_could_pay_are_refused(minor, currency, reason, limit):
    with pytest.raises(AmountRefusedError) as caught:
        check_payable(minor, currency)
    assert caught.value.reason == reason
    assert caught.value.limit == limit


def test_limits_themselves_are_payable():
    check_payable(50, "EUR")
    check_payable(99_999_999, "EUR")
    check_payable(1, "XOF")
